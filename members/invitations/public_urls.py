from django.urls import path

from members.invitations import views_join

urlpatterns = [
    path("", views_join.join_code, name="join_code"),
    path("<str:token>/", views_join.join, name="join"),
    path("<str:token>/account/", views_join.join_account, name="join_account"),
    path("<str:token>/passkey/", views_join.join_passkey, name="join_passkey"),
    path("<str:token>/again/", views_join.join_again, name="join_again"),
]
