from django.urls import path

from activities.evidence import views

urlpatterns = [
    path("records/", views.records, name="records"),
    path("records/export/", views.records_export, name="records_export"),
    path("records/<int:pk>/", views.record, name="member_record"),
    path("records/remarks/", views.objections, name="objections"),
    path("records/remarks/<int:pk>/", views.objection, name="objection"),
]
