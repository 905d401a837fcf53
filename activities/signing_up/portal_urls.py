from django.urls import path

from activities.signing_up import portal_views

urlpatterns = [
    path("", portal_views.activities, name="activities"),
    path("past/", portal_views.past, name="past"),
    path("<int:pk>/", portal_views.activity, name="activity"),
]
