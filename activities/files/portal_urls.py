from django.urls import path

from activities.files import portal_views as views

urlpatterns = [
    path("files/<int:pk>/", views.file, name="file"),
    path("files/<int:pk>/small/", views.file_small, name="file_small"),
]
