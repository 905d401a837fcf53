from django.urls import path

from activities.attendance import views

urlpatterns = [
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
]
