from django.urls import path

from members.change_requests import portal_views

urlpatterns = [
    path("requests/", portal_views.requests, name="requests"),
    path("requests/new/", portal_views.request_new, name="request_new"),
    path("requests/<int:pk>/", portal_views.request_page, name="request"),
]
