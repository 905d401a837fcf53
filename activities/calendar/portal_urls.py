from django.urls import path

from activities.calendar import portal_views as views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/subscribe/", views.subscribe, name="calendar_subscribe"),
    path("<int:pk>/calendar.ics", views.activity_ics, name="activity_ics"),
]
