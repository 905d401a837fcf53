from django.urls import path

from activities.contributions import views_donations, views_honours, views_services

urlpatterns = [
    path("donations/", views_donations.donations, name="donations"),
    path("donations/new/", views_donations.donation_new, name="donation_new"),
    path("donations/note/", views_donations.donations_note, name="donations_note"),
    path("donations/print/", views_donations.donations_print, name="donations_print"),
    path("donations/export/", views_donations.donations_export, name="donations_export"),
    path("donations/<int:pk>/", views_donations.donation, name="donation"),
    path("donations/<int:pk>/edit/", views_donations.donation_edit, name="donation_edit"),
    path("donations/<int:pk>/void/", views_donations.donation_void, name="donation_void"),
    path("services/", views_services.services, name="services"),
    path("services/new/", views_services.service_new, name="service_new"),
    path("services/confirm/", views_services.services_confirm, name="services_confirm"),
    path("services/<int:pk>/", views_services.service, name="service"),
    path("honours/", views_honours.honours, name="honours"),
    path("honours/new/", views_honours.honour_new, name="honour_new"),
    path("honours/<int:pk>/", views_honours.honour, name="honour"),
    path("honours/<int:pk>/edit/", views_honours.honour_edit, name="honour_edit"),
]
