from django.urls import path

from members.cards import views

urlpatterns = [
    path("cards/", views.cards, name="cards"),
    path("cards/issue/", views.cards_issue, name="cards_issue"),
    path("cards/print/", views.cards_print, name="cards_print"),
    path("cards/<int:pk>/revoke/", views.card_revoke, name="card_revoke"),
    path("<int:pk>/cards/", views.member_cards, name="member_cards"),
]
