from django.urls import include, path

from organizations import association_file
from organizations.bodies import views as bodies
from organizations.charter import views as charter
from organizations.papers import views as papers

app_name = "organizations"
urlpatterns = [
    path("elections/", include("organizations.elections.urls")),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.body_new, name="body_new"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<int:pk>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<int:pk>/dissolve/", bodies.body_dissolve, name="body_dissolve"),
    path("bodies/<int:pk>/terms/new/", bodies.term_new, name="term_new"),
    path("bodies/<int:pk>/appoint/", bodies.appoint, name="appoint"),
    path("terms/<int:pk>/edit/", bodies.term_edit, name="term_edit"),
    path("terms/<int:pk>/end/", bodies.term_end, name="term_end"),
    path("appointments/<int:pk>/edit/", bodies.appointment_edit, name="appointment_edit"),
    path("appointments/<int:pk>/end/", bodies.appointment_end, name="appointment_end"),
    path("appointments/<int:pk>/void/", bodies.appointment_void, name="appointment_void"),
    path("charter/", charter.findings, name="findings"),
    path("charter/rules/", charter.rules, name="charter_rules"),
    path(
        "charter/rules/<int:association_pk>/<slug:kind>/<slug:body_kind>/", charter.rule, name="charter_rule"
    ),
    path("", include("organizations.meetings.urls")),
    path("file/", association_file.files, name="files"),
    path("file/<int:pk>/", association_file.file, name="file"),
    path("papers/", papers.papers, name="papers"),
    path("papers-of/<slug:source>/<int:pk>/<slug:kind>/", papers.make, name="paper_make"),
    path("papers/<int:association_pk>/<slug:kind>/", papers.paper, name="paper"),
    path("papers/<int:association_pk>/<slug:kind>/use/", papers.use, name="paper_use"),
    path("papers/<int:association_pk>/<slug:kind>/template/", papers.template_file, name="paper_template"),
    path("papers/<int:association_pk>/<slug:kind>/sample.<slug:form>", papers.sample, name="paper_sample"),
]
