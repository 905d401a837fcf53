"""The members' own pages; each part of self-service brings its addresses."""

from django.urls import path

from members.applications import portal_urls as applications
from members.cards import portal_urls as cards
from members.change_requests import portal_urls as change_requests
from members.portal import views, views_directory, views_profile
from members.privacy import portal_urls as privacy
from members.views_seen_by import own_seen_by

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("seen-by/", own_seen_by, name="seen_by"),
    path("profile/", views_profile.profile, name="profile"),
    path("profile/photo/", views_profile.photo, name="photo"),
    path("profile/posts/", views.posts, name="posts"),
    path("profile/taken-part/", views.took_part, name="taken_part"),
    path("profile/sign-in/", views_profile.sign_in_mobile, name="sign_in_mobile"),
    path("profile/sign-in/<str:signed>/", views_profile.sign_in_email, name="sign_in_email"),
    path("profile/<slug:section>/", views_profile.profile_section, name="profile_section"),
    path("directory/", views_directory.directory, name="directory"),
    path("directory/own/", views_directory.directory_entry, name="directory_entry"),
    path("directory/<int:pk>/", views_directory.directory_member, name="directory_member"),
    path("directory/<int:pk>/photo/", views_directory.directory_photo, name="directory_photo"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("inbox/<int:pk>/", views.message, name="message"),
    *change_requests.urlpatterns,
    *applications.urlpatterns,
    *privacy.urlpatterns,
    *cards.urlpatterns,
]
