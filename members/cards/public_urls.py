from django.urls import path

from members.cards import public_views as views

urlpatterns = [
    path("", views.card_find, name="card_find"),
    path("<str:token>/", views.card_check, name="card_check"),
]
