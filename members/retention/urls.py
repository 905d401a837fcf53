from django.urls import path

from members.retention import views

urlpatterns = [
    path("retention/", views.retention, name="retention"),
    path("retention/applications/", views.retention_applications, name="retention_applications"),
    path("retention/<int:pk>/", views.retention_run, name="retention_run"),
    path("retention/<int:pk>/anonymise/", views.retention_anonymise, name="retention_anonymise"),
    path("retention/<int:pk>/cancel/", views.retention_cancel, name="retention_cancel"),
    path("retention/<int:pk>/purge/", views.retention_purge, name="retention_purge"),
    path("retention/requests/<int:pk>/", views.retention_request, name="retention_request"),
    path("retention/items/<int:pk>/leave-out/", views.retention_leave_out, name="retention_leave_out"),
    path("retention/items/<int:pk>/restore/", views.retention_restore, name="retention_restore"),
]
