from django.urls import path

from activities.signing_up import views

urlpatterns = [
    path("<int:pk>/invite/", views.invitation, name="invite"),
    path("<int:pk>/sign-ups/", views.sign_ups, name="sign_ups"),
    path("<int:pk>/sign-ups/members/", views.members_new, name="sign_up_members"),
    path("<int:pk>/sign-ups/guests/", views.guests_new, name="guests_new"),
    path("<int:pk>/sign-ups/<int:row_pk>/", views.sign_up, name="sign_up"),
    path("<int:pk>/answers/", views.answers, name="answers"),
]
