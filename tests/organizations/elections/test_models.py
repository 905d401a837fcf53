"""What the database keeps of elections, and who sees them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from members.merging import CannotMerge, merge_members
from members.rights import Role
from organizations.models import Body, Candidate, Change, Contest, Election, Round, Scrutineer
from tests.make import grant, make_association, make_body, make_member, make_term, make_user

pytestmark = pytest.mark.django_db
D = dt.date


def bare_election(*bodies, **fields):
    """An election with nothing in it but `bodies`."""
    fields = {
        "name": "换届",
        "day": D(2024, 12, 24),
        "starts_on": D(2024, 12, 24),
        "planned_end_on": D(2029, 12, 23),
    } | fields
    election = Election.objects.create(association=bodies[0].association, **fields)
    for body in bodies:
        election.bodies.create(body=body, term=body.terms.first(), number=2)
    return election


@pytest.fixture
def council():
    body = make_body()
    make_term(body)
    return body


@pytest.fixture
def contest(council):
    post = council.association.posts.get(title="理事")
    body = bare_election(council).bodies.get()
    return Contest.objects.create(body=body, post=post, seats=3, electorate="assembly")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"state": "unknown"},
        {"planned_end_on": D(2024, 12, 23)},
        {"starts_on": D(2024, 12, 23)},
        {"mark_against": "√"},
        {"mark_for": ""},
        {"state": "final"},
        {"minutes_signed_on": D(2025, 1, 1)},
    ],
)
def test_an_election_that_cannot_be_is_refused_by_the_database(council, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        bare_election(council, **fields)


def test_a_ballot_without_a_mark_against_and_for_abstention_will_do(council):
    assert bare_election(council, mark_for="○", mark_against="×", mark_abstain="")


@pytest.mark.parametrize(
    "numbers",
    [
        {"seats": 0},
        {"number": 0},
        {"issued": 10, "returned": 11},
        {"returned": 10, "valid": 11, "invalid": 0},
        {"returned": 10, "valid": 9, "invalid": 0},
        {"entitled": 10, "present": 11},
        {"issued": -1},
    ],
)
def test_numbers_of_a_ballot_that_cannot_be_are_refused_by_the_database(contest, numbers):
    with pytest.raises(IntegrityError), transaction.atomic():
        contest.rounds.create(**{"number": 1, "seats": 3} | numbers)


def test_a_void_ballot_is_kept_as_it_was(contest):
    assert contest.rounds.create(number=1, seats=3, issued=10, returned=11, is_void=True)


def test_once_is_once(contest):
    member = make_member()
    Candidate.objects.create(contest=contest, member=member)
    first = contest.rounds.create(number=1, seats=3)
    first.tallies.create(candidate=Candidate.objects.get(), in_favour=1)

    for again in (
        lambda: Candidate.objects.create(contest=contest, member=member),
        lambda: Contest.objects.create(body=contest.body, post=contest.post, seats=1, electorate="assembly"),
        lambda: contest.rounds.create(number=1, seats=3),
        lambda: first.tallies.create(candidate=Candidate.objects.get()),
        lambda: contest.body.election.bodies.create(body=contest.body.body),
        lambda: first.tallies.filter(in_favour=1).update(in_favour=-1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def test_marks_that_are_the_same_are_said_on_the_form(council):
    election = bare_election(council)
    election.mark_abstain = "×"
    with translation.override("zh-hans"), pytest.raises(ValidationError, match="符号不能相同"):
        election.full_clean()


def seen(user, ability=""):
    user.__dict__.pop("rights", None)
    rows = Election.objects.where_may(user, ability) if ability else Election.objects.visible_to(user)
    return sorted(rows.values_list("name", flat=True))


def test_who_does_not_see_a_body_does_not_see_its_election(council):
    home = council.association
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    bare_election(council, name="理事会")
    bare_election(branch, name="党支部")
    bare_election(council, branch, name="两者")
    manager, secretary, viewer, of_branch, stranger = (make_user() for _ in range(5))
    grant(manager, Role.MANAGER, home)
    grant(secretary, Role.SECRETARY, home)
    grant(viewer, Role.VIEWER, home)
    grant(of_branch, Role.SECRETARY, home, body=branch)
    grant(stranger, Role.MANAGER, make_association())

    everything = ["两者", "党支部", "理事会"]
    assert [seen(user) for user in (manager, secretary, viewer, of_branch, stranger)] == [
        sorted(everything), ["理事会"], ["理事会"], ["党支部"], [],
    ]  # fmt: skip
    assert [seen(user, "edit") for user in (manager, secretary, viewer, of_branch)] == [
        sorted(everything), ["理事会"], [], ["党支部"],
    ]  # fmt: skip


def test_an_election_without_bodies_is_nobodys(council):
    election = bare_election(council)
    election.bodies.all().delete()
    manager = make_user()
    grant(manager, Role.MANAGER, council.association)

    assert seen(manager) == []


def test_candidates_and_scrutineers_move_when_their_records_become_one(contest):
    one, other, actor = make_member("张三"), make_member("张叁"), make_user()
    Candidate.objects.create(contest=contest, member=other)
    Scrutineer.objects.create(election=contest.body.election, role="teller", name="张叁", member=other)

    merge_members(
        other, into=one, taken=[], seen={each.pk: each.version for each in (one, other)}, actor=actor
    )

    assert (Candidate.objects.get().member, Scrutineer.objects.get().member) == (one, one)


def test_two_candidates_of_one_post_do_not_become_one_person(contest):
    one, other, actor = make_member("张三"), make_member("张叁"), make_user()
    for member in (one, other):
        Candidate.objects.create(contest=contest, member=member)

    with translation.override("zh-hans"), pytest.raises(CannotMerge, match=r"都是“.*理事”的候选人"):
        merge_members(
            other, into=one, taken=[], seen={each.pk: each.version for each in (one, other)}, actor=actor
        )

    assert Candidate.objects.count() == 2


def test_the_history_of_an_election_tells_of_its_parts(contest):
    candidate = Candidate.objects.create(contest=contest, member=make_member())
    ballot = Round.objects.create(contest=contest, number=1, seats=3)
    ballot.tallies.create(candidate=candidate, in_favour=12)

    kinds = {change.content_type.model for change in Change.objects.of(contest.body.election)}
    assert kinds == {"election", "electionbody", "contest", "candidate", "round", "tally"}
