from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("language/", views.set_language, name="set_language"),
    path("unsent/<str:key>/", views.unsent_form, name="unsent"),
    path("accounts/", include("allauth.urls")),
    path("organizations/", include("organizations.urls")),
    path("members/", include("members.urls")),
    path("admin/", admin.site.urls),
]
