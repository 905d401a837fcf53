"""Applications for membership, for the staff."""

from django.urls import path

from members.applications import number_views, views

urlpatterns = [
    path("applications/", views.applications, name="applications"),
    path("applications/<int:pk>/", views.application, name="application"),
    path("applications/announcement/<int:pk>/", views.announcement, name="announcement"),
    path("numbers/", number_views.numbers, name="numbers"),
    path("<int:pk>/number/", number_views.number, name="number"),
]
