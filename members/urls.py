from django.urls import path

from members import views, views_statistics, views_template, workbench
from members.admin import photo, rights_page
from members.imports import views as imports

app_name = "members"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("statistics/", views_statistics.statistics, name="statistics"),
    path("statistics/sheet/", views_statistics.statistics_sheet, name="statistics_sheet"),
    path("<int:pk>/photo/", photo.photo, name="photo"),
    path("rights/", rights_page.rights, name="rights"),
    path("workbench/birthdays/", workbench.birthdays_switch, name="birthdays_switch"),
    path("import/", imports.import_upload, name="import_upload"),
    path("import/template/", views_template.import_template, name="import_template"),
    path("import/<int:pk>/", imports.import_batch, name="import_batch"),
    path("import/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("import/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
]
