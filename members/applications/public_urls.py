"""Applications, open to everybody: to begin one, and under its secret link to go on."""

from django.urls import path

from members.applications import public_views as views

urlpatterns = [
    path("", views.apply, name="apply"),
    path("<slug:code>/", views.apply_to, name="apply_to"),
    path("d/<str:token>/", views.application_draft, name="application_draft"),
    path("d/<str:token>/link/", views.application_link, name="application_link"),
    path("d/<str:token>/review/", views.application_review, name="application_review"),
    path("d/<str:token>/withdraw/", views.application_withdraw, name="application_withdraw"),
    path("d/<str:token>/<slug:key>/", views.application_step, name="application_step"),
]
