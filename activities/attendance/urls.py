from django.urls import path

from activities.attendance import views

urlpatterns = [
    path("<int:pk>/attendance/", views.attendance, name="attendance"),
    path("<int:pk>/people/", views.people, name="people"),
    path("<int:pk>/people/export/", views.people_export, name="people_export"),
]
