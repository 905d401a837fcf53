from django.urls import path

from activities.calendar import feed_views

urlpatterns = [path("<str:token>.ics", feed_views.calendar_feed, name="calendar_feed")]
