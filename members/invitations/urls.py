from django.urls import path

from members.invitations import views

urlpatterns = [
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/new/", views.invite, name="invite"),
    path("invitations/sheet/", views.invitation_sheet, name="invitation_sheet"),
    path("<int:pk>/account/", views.invitation, name="invitation"),
    path("<int:pk>/account/invite/", views.invite_one, name="invite_one"),
    path("<int:pk>/account/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("<int:pk>/account/disconnect/", views.account_disconnect, name="account_disconnect"),
]
