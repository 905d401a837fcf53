from django.urls import path

from activities.contributions import portal_views

urlpatterns = [
    path("contributions/", portal_views.contributions, name="contributions"),
    path("contributions/services/new/", portal_views.service_claim, name="service_claim"),
    path("contributions/services/<int:pk>/", portal_views.service_edit, name="service_edit"),
    path("contributions/services/<int:pk>/withdraw/", portal_views.service_withdraw, name="service_withdraw"),
    path("contributions/certificate/", portal_views.service_certificate, name="service_certificate"),
    path("contributions/honours/new/", portal_views.honour_claim, name="honour_claim"),
    path("contributions/honours/<int:pk>/", portal_views.honour_edit, name="honour_edit"),
    path("contributions/honours/<int:pk>/withdraw/", portal_views.honour_withdraw, name="honour_withdraw"),
]
