from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("language/", views.set_language, name="set_language"),
    path("unsent/<str:key>/", views.unsent_form, name="unsent"),
    path("accounts/", include("members.signing_in.urls")),
    path("accounts/", include("allauth.urls")),
    path("organizations/", include("organizations.urls")),
    path("members/", include("members.urls")),
    path("activities/", include("activities.urls")),
    path("my/activities/", include("activities.portal_urls")),
    path("my/", include("members.portal.urls")),
    path("join/", include("members.invitations.public_urls")),
    path("apply/", include("members.applications.public_urls")),
    path("notice/", include("members.privacy.public_urls")),
    path("card/", include("members.cards.public_urls")),
    path("calendar/", include("activities.calendar.public_urls")),
    path("admin/", admin.site.urls),
]

# allauth shows this one when something was tried too often
handler429 = "members.signing_in.limits.too_many"
