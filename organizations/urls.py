from django.urls import path

from organizations.bodies import views as bodies
from organizations.papers import views as papers

app_name = "organizations"
urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("papers/", papers.papers, name="papers"),
    path("papers/<int:association_pk>/<slug:kind>/", papers.paper, name="paper"),
    path("papers/<int:association_pk>/<slug:kind>/use/", papers.use, name="paper_use"),
    path("papers/<int:association_pk>/<slug:kind>/template/", papers.template_file, name="paper_template"),
    path("papers/<int:association_pk>/<slug:kind>/sample.<slug:form>", papers.sample, name="paper_sample"),
]
