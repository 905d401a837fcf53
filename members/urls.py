from django.urls import path
from django.views.generic import RedirectView

from members import views_seen_by, views_statistics, views_template, workbench
from members.admin import photo, rights_page
from members.applications import urls as applications
from members.body_rosters import views as body_rosters
from members.cards import urls as cards
from members.change_requests import urls as change_requests
from members.imports import views as imports
from members.imports import views_columns, views_rows
from members.invitations import urls as invitations
from members.privacy import urls as privacy
from members.retention import urls as retention

app_name = "members"
urlpatterns = [
    path("me/", RedirectView.as_view(pattern_name="portal:profile"), name="me"),
    path("statistics/", views_statistics.statistics, name="statistics"),
    path("statistics/sheet/", views_statistics.statistics_sheet, name="statistics_sheet"),
    path("<int:pk>/photo/", photo.photo, name="photo"),
    path("rights/", rights_page.rights, name="rights"),
    path("<int:pk>/seen-by/", views_seen_by.seen_by, name="seen_by"),
    path("accounts/<int:pk>/sees/", views_seen_by.sees, name="sees"),
    path("workbench/birthdays/", workbench.birthdays_switch, name="birthdays_switch"),
    path("import/", imports.import_upload, name="import_upload"),
    path("import/template/", views_template.import_template, name="import_template"),
    path("import/<int:pk>/", imports.import_batch, name="import_batch"),
    path("import/<int:pk>/columns/", views_columns.import_columns, name="import_columns"),
    path("bodies/<int:pk>/export/", body_rosters.body_export, name="body_export"),
    path("bodies/<int:pk>/template/", body_rosters.body_roster_template, name="body_roster_template"),
    path("import/<int:pk>/body/", body_rosters.body_roster, name="body_roster"),
    path("import/<int:pk>/rows/", views_rows.import_rows, name="import_rows"),
    path("import/<int:pk>/rows/<int:row>/", views_rows.import_row, name="import_row"),
    path("import/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("import/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("import/<int:pk>/error-sheet/", imports.import_error_sheet, name="import_error_sheet"),
    path("import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("import/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("import/<int:pk>/again/", imports.import_again, name="import_again"),
    *invitations.urlpatterns,
    *change_requests.urlpatterns,
    *applications.urlpatterns,
    *cards.urlpatterns,
    *privacy.urlpatterns,
    *retention.urlpatterns,
]
