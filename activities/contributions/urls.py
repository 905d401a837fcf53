from django.urls import path

from activities.contributions import views_honours, views_services

urlpatterns = [
    path("services/", views_services.services, name="services"),
    path("services/new/", views_services.service_new, name="service_new"),
    path("services/confirm/", views_services.services_confirm, name="services_confirm"),
    path("services/<int:pk>/", views_services.service, name="service"),
    path("honours/", views_honours.honours, name="honours"),
    path("honours/new/", views_honours.honour_new, name="honour_new"),
    path("honours/<int:pk>/", views_honours.honour, name="honour"),
    path("honours/<int:pk>/edit/", views_honours.honour_edit, name="honour_edit"),
]
