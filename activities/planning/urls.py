from django.urls import path

from activities.planning import views

urlpatterns = [
    path("", views.activities, name="activities"),
    path("<int:pk>/", views.activity, name="activity"),
]
