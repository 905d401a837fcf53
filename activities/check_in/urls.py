from django.urls import path

from activities.check_in import views

urlpatterns = [
    path("<int:pk>/check-in/open/", views.open_activity, name="check_in_open"),
    path("meetings/<int:pk>/check-in/open/", views.open_meeting, name="check_in_open_meeting"),
    path("check-in/<int:pk>/", views.screen, name="check_in_screen"),
    path("check-in/<int:pk>/close/", views.close, name="check_in_close"),
    path("check-in/<int:pk>/scan/", views.scan, name="check_in_scan"),
    path("check-in/<int:pk>/waiting/", views.waiting, name="check_in_waiting"),
]
