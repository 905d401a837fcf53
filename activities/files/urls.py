from django.urls import path

from activities.files import views

urlpatterns = [
    path("<int:pk>/files/", views.files, name="files"),
    path("files/<int:pk>/", views.file, name="file"),
    path("files/<int:pk>/small/", views.file_small, name="file_small"),
    path("files/<int:pk>/edit/", views.file_edit, name="file_edit"),
    path("files/<int:pk>/move/", views.file_move, name="file_move"),
    path("files/<int:pk>/delete/", views.file_delete, name="file_delete"),
]
