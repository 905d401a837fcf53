from django.urls import path

from members.privacy import own_views

urlpatterns = [
    path("data/", own_views.data, name="data"),
    path("data/copy/", own_views.data_copy, name="data_copy"),
    path("data/consents/", own_views.consents, name="consents"),
    path("data/requests/", own_views.person_requests, name="person_requests"),
    path("data/requests/new/", own_views.person_request_new, name="person_request_new"),
]
