from django.urls import path

from members.privacy import views_notices

urlpatterns = [
    path("notices/", views_notices.notices, name="notices"),
    path("notices/<int:pk>/", views_notices.notice, name="notice"),
    path("notices/<int:pk>/publish/", views_notices.notice_publish, name="notice_publish"),
    path("notices/draft/<int:association_pk>/", views_notices.notice_edit, name="notice_edit"),
]
