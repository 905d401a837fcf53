from django.urls import path

from members.privacy import views_notices

urlpatterns = [
    path("<slug:code>/", views_notices.public_notice, name="notice"),
    path("<slug:code>/<int:version>/", views_notices.public_notice, name="notice_version"),
]
