from django.urls import path

from activities.check_in import portal_views as views

urlpatterns = [
    path("check-in/", views.type_code, name="type_code"),
    path("check-in/my-code/", views.own_code, name="own_code"),
    path("check-in/<int:door_pk>/", views.checked_in, name="checked_in"),
    path("check-in/<int:door_pk>/<str:code>/", views.check_in, name="check_in"),
]
