"""Addresses of meetings, below those of the organization."""

from django.urls import path

from organizations.meetings import views as meetings
from organizations.meetings import views_agenda, views_attendance, views_resolutions, views_rules

urlpatterns = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new_meeting, name="meeting_new"),
    path("meetings/rules/", views_rules.rules, name="meeting_rules"),
    path("meetings/rules/<int:pk>/", views_rules.rules, name="meeting_rules_of"),
    path("meetings/rules/<int:pk>/<slug:kind>/", views_rules.rule_edit, name="meeting_rule"),
    path("meetings/rules/<int:pk>/<slug:kind>/reset/", views_rules.rule_reset, name="meeting_rule_reset"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("meetings/<int:pk>/print/", meetings.meeting_print, name="meeting_print"),
    path("meetings/<int:pk>/history/", meetings.meeting_history, name="meeting_history"),
    path("meetings/<int:pk>/hold/", meetings.meeting_hold, name="meeting_hold"),
    path("meetings/<int:pk>/sign/", meetings.meeting_sign, name="meeting_sign"),
    path("meetings/<int:pk>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("meetings/<int:pk>/attendance/", views_attendance.attendance, name="meeting_attendance"),
    path("meetings/<int:pk>/observers/", views_attendance.observers, name="meeting_observers"),
    path("meetings/<int:pk>/items/new/", views_agenda.item_new, name="item_new"),
    path("meetings/<int:pk>/resolutions/new/", views_resolutions.resolution_new, name="resolution_new"),
    path("items/<int:pk>/", views_agenda.item_edit, name="item"),
    path("items/<int:pk>/delete/", views_agenda.item_delete, name="item_delete"),
    path("items/<int:pk>/votes/new/", views_agenda.vote_new, name="vote_new"),
    path("votes/<int:pk>/", views_agenda.vote_edit, name="vote"),
    path("votes/<int:pk>/delete/", views_agenda.vote_delete, name="vote_delete"),
    path("resolutions/<int:pk>/", views_resolutions.resolution, name="resolution"),
    path("resolutions/<int:pk>/edit/", views_resolutions.resolution_edit, name="resolution_edit"),
    path("resolutions/<int:pk>/delete/", views_resolutions.resolution_delete, name="resolution_delete"),
    path(
        "resolutions/<int:pk>/carry-out/", views_resolutions.resolution_carry_out, name="resolution_carry_out"
    ),
    path(
        "resolutions/<int:pk>/take-back/", views_resolutions.resolution_take_back, name="resolution_take_back"
    ),
]
