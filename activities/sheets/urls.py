from django.urls import path

from activities.sheets import views

urlpatterns = [
    path("<int:pk>/sheet/", views.sheet_upload, name="sheet_upload"),
    path("meetings/<int:pk>/sheet/", views.meeting_sheet_upload, name="meeting_sheet_upload"),
    path("sheets/<int:pk>/", views.sheet, name="sheet"),
    path("sheets/<int:pk>/column/", views.sheet_column, name="sheet_column"),
    path("sheets/<int:pk>/strangers/", views.sheet_strangers, name="sheet_strangers"),
]
