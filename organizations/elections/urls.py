from django.urls import path

from organizations.elections import views, views_votes

urlpatterns = [
    path("", views.elections, name="elections"),
    path("new/", views.new_election, name="election_new"),
    path("<int:pk>/", views.election, name="election"),
    path("<int:pk>/setup/", views.setup, name="election_setup"),
    path("<int:pk>/setup/bodies/", views.setup_bodies, name="election_bodies"),
    path("<int:pk>/drop/", views.drop, name="election_drop"),
    path("<int:pk>/preparations/", views.preparations, name="election_preparations"),
    path("<int:pk>/contests/", views.contests, name="election_contests"),
    path("<int:pk>/contests/change/", views.contests_change, name="election_contests_change"),
    path("<int:pk>/candidates/", views_votes.candidates, name="election_candidates"),
    path("<int:pk>/candidates/<int:contest_pk>/", views_votes.candidates, name="election_contest"),
    path("<int:pk>/ballots/", views.ballots, name="election_ballots"),
    path("<int:pk>/results/", views_votes.results, name="election_results"),
    path("<int:pk>/results/<int:contest_pk>/", views_votes.results, name="election_result"),
    path(
        "<int:pk>/results/<int:contest_pk>/change/", views_votes.result_change, name="election_result_change"
    ),
    path("<int:pk>/office/", views_votes.office, name="election_office"),
    path("<int:pk>/office/undo/", views_votes.undo, name="election_undo"),
    path("<int:pk>/filing/", views_votes.file, name="election_filing"),
]
