"""Volunteer hours follow the settled attendance."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.attending import Entry, record_presences
from activities.models import Participation, Service, ServiceField
from activities.planning.services import change_activity, reopen_attendance, settle_attendance
from organizations.models import Change
from tests.make import make_activity, make_association, make_member, make_participation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def activity(home):
    field = ServiceField.objects.create(association=home, name="法律援助")
    return make_activity(
        "法律咨询",
        association=home,
        starts_at=timezone.now() - dt.timedelta(days=1),
        hours="2.5",
        field=field,
    )


def came(activity, count=1, presence="attended"):
    members = [make_member(association=activity.association) for _number in range(count)]
    for member in members:
        make_participation(activity, member, presence=presence)
    return members


def told(service):
    return service.state, service.hours, service.what, service.on, str(service.field)


def test_settling_credits_who_came_in_person(home, activity):
    actor = make_user()
    (there,), (late,) = came(activity), came(activity, presence="late")
    for presence in ("leave", "absent", "observer", ""):
        came(activity, presence=presence)
    make_participation(activity, make_member(association=home), presence="proxy", proxy_name="某人")
    make_participation(activity, guest_name="某处长", presence="attended")

    settle_attendance(activity, actor=actor)

    rows = Service.objects.order_by("member__pk")
    assert [row.member for row in rows] == [there, late]
    expected = ("confirmed", Decimal("2.5"), "法律咨询", activity.on, "法律援助")
    assert {told(row) for row in rows} == {expected}
    assert rows[0].decided_by == actor
    history = Change.objects.of(there).filter(content_type__model="service")
    assert [change.diff["hours"] for change in history] == [[None, "2.5"]]


def test_without_hours_nothing_is_credited(activity):
    activity.hours = None
    activity.save()
    came(activity)

    settle_attendance(activity)

    assert not Service.objects.exists()


def test_a_correction_takes_back_and_gives(activity):
    came(activity, 2)
    settle_attendance(activity)
    first, second = activity.participations.order_by("pk")

    record_presences(activity, {first.pk: Entry("absent")}, way="list", reason="认错人")

    states = dict(Service.objects.values_list("member", "state"))
    assert states == {first.member_id: "withdrawn", second.member_id: "confirmed"}
    record_presences(activity, {first.pk: Entry("attended")}, way="list", reason="没有认错")
    assert set(Service.objects.values_list("member", "state")) == {
        (first.member_id, "confirmed"),
        (second.member_id, "confirmed"),
    }


def test_opened_again_all_is_taken_back_and_settled_again_given(activity):
    came(activity, 2)
    settle_attendance(activity)

    reopen_attendance(activity, reason="漏登")
    assert set(Service.objects.values_list("state", flat=True)) == {"withdrawn"}

    settle_attendance(activity)
    assert list(Service.objects.values_list("state", flat=True)) == ["confirmed"] * 2


def test_other_hours_reach_all(activity):
    came(activity)
    settle_attendance(activity)
    activity.refresh_from_db()

    activity.hours, activity.title = Decimal(3), "普法咨询"
    change_activity(activity, reason="时长有误")

    assert Service.objects.values_list("hours", "what").get() == (Decimal(3), "普法咨询")


def test_a_claim_for_the_activity_becomes_the_one_credited(activity):
    (member,) = came(activity)
    claimed = Service.objects.create(
        member=member, activity=activity, on=activity.on, what="我参加了", hours=8
    )
    other = Service.objects.create(member=member, on=activity.on, what="另一件事", hours=1)

    settle_attendance(activity)

    assert set(Service.objects.values_list("pk", "state", "hours")) == {
        (claimed.pk, "confirmed", Decimal("2.5")),
        (other.pk, "claimed", Decimal(1)),
    }


def test_what_was_confirmed_by_hand_stays(activity):
    member = make_member(association=activity.association)
    fields = {"state": "confirmed", "decided_at": timezone.now()}
    Service.objects.create(
        member=member, activity=activity, on=activity.on, what="准备会场", hours=1, **fields
    )

    settle_attendance(activity)
    reopen_attendance(activity, reason="漏登")

    assert Service.objects.get().state == "confirmed"


def test_many_cost_as_few(home):
    def statements(count):
        activity = make_activity(association=home, starts_at=timezone.now() - dt.timedelta(days=1), hours=2)
        came(activity, 1)
        member = make_member(association=home)
        Participation.objects.create(activity=activity, member=member, presence="attended")
        came(activity, count - 2)
        counts = []
        for step in (settle_attendance, lambda row: reopen_attendance(row, reason="漏登"), settle_attendance):
            with CaptureQueriesContext(connection) as queries:
                step(activity)
            counts.append(len(queries))
        assert activity.services.count() == count
        return counts

    statements(3)
    few, many = statements(3), statements(300)

    # SQLite takes so many values a statement, PostgreSQL all at once
    assert all(more - less <= 5 for less, more in zip(few, many, strict=True)), (few, many)
