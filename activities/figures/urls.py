from django.urls import path

from activities.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/sheet/", views.figures_sheet, name="figures_sheet"),
    path("figures/members/", views.figures_members, name="figures_members"),
]
