"""The members' own pages; each part of self-service brings its addresses."""

from django.urls import path

from members.applications import portal_urls as applications
from members.cards import portal_urls as cards
from members.change_requests import portal_urls as change_requests
from members.portal import views
from members.privacy import portal_urls as privacy

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    *change_requests.urlpatterns,
    *applications.urlpatterns,
    *privacy.urlpatterns,
    *cards.urlpatterns,
]
