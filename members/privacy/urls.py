from django.urls import path

from members.privacy import views_consents, views_disclosures, views_notices, views_requests

urlpatterns = [
    path("notices/", views_notices.notices, name="notices"),
    path("notices/<int:pk>/", views_notices.notice, name="notice"),
    path("notices/<int:pk>/publish/", views_notices.notice_publish, name="notice_publish"),
    path("notices/draft/<int:association_pk>/", views_notices.notice_edit, name="notice_edit"),
    path("<int:pk>/consents/", views_consents.member_consents, name="consents"),
    path("person-requests/", views_requests.person_requests, name="person_requests"),
    path("person-requests/new/", views_requests.person_request_new, name="person_request_new"),
    path("person-requests/<int:pk>/", views_requests.person_request, name="person_request"),
    path("person-requests/<int:pk>/copy/", views_requests.person_request_copy, name="person_request_copy"),
    path("person-requests/<int:pk>/lift/", views_requests.person_request_lift, name="person_request_lift"),
    path("disclosures/", views_disclosures.disclosures, name="disclosures"),
    path("disclosures/sheet/", views_disclosures.disclosures_sheet, name="disclosures_sheet"),
    path("disclosures/<int:pk>/", views_disclosures.disclosure, name="disclosure"),
]
