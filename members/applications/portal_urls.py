"""Introducing applicants, in the members' own pages."""

from django.urls import path

from members.applications import portal_views as views

urlpatterns = [
    path("introductions/", views.introductions, name="introductions"),
    path("introductions/<int:pk>/", views.introduction, name="introduction"),
]
