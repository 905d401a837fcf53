from django.urls import path

from activities.planning import views, views_steps

urlpatterns = [
    path("", views.activities, name="activities"),
    path("new/", views_steps.activity_new, name="activity_new"),
    path("<int:pk>/", views.activity, name="activity"),
    path("<int:pk>/print/", views.activity_print, name="activity_print"),
    path("<int:pk>/history/", views.activity_history, name="activity_history"),
    path("<int:pk>/edit/", views_steps.activity_edit, name="activity_edit"),
    path("<int:pk>/copy/", views_steps.activity_copy, name="activity_copy"),
    path("<int:pk>/publish/", views_steps.activity_publish, name="activity_publish"),
    path("<int:pk>/cancel/", views_steps.activity_cancel, name="activity_cancel"),
    path("<int:pk>/delete/", views_steps.activity_delete, name="activity_delete"),
    path("<int:pk>/settle/", views_steps.activity_settle, name="activity_settle"),
    path("<int:pk>/reopen/", views_steps.activity_reopen, name="activity_reopen"),
]
