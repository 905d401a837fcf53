from django.urls import path

from activities.calendar import views

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/subscribe/", views.subscribe, name="calendar_subscribe"),
    path("calendar/<str:day>/", views.calendar_day, name="calendar_day"),
]
