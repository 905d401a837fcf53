"""Account pages of our own, under /accounts/ before those of allauth: some take the place of one of them."""

from django.urls import path

from members.signing_in import views

urlpatterns = [
    path("second-factor/", views.set_up, name="second_factor"),
    path("2fa/", views.TwoSteps.as_view(), name="mfa_index"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("sessions/", views.devices, name="usersessions_list"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
]
