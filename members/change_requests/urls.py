from django.urls import path

from members.change_requests import views

urlpatterns = [
    path("requests/", views.change_requests, name="change_requests"),
    path("requests/<int:pk>/", views.change_request, name="change_request"),
    path("requests/<int:pk>/number/", views.change_request_number, name="change_request_number"),
]
