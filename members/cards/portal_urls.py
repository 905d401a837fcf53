from django.urls import path

from members.cards import portal_views as views

urlpatterns = [
    path("card/", views.card, name="card"),
    path("card/print/", views.card_pdf, name="card_pdf"),
]
