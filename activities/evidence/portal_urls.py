from django.urls import path

from activities.evidence import portal_views

urlpatterns = [
    path("record/", portal_views.record, name="record"),
    path("record/<int:year>/", portal_views.year, name="record_year"),
    path("record/remarks/", portal_views.objections, name="objections"),
    path("record/remarks/new/", portal_views.objection_new, name="objection_new"),
    path("record/remarks/<int:pk>/withdraw/", portal_views.objection_withdraw, name="objection_withdraw"),
]
