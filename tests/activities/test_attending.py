"""Who was there: the one place that writes it, and what the database holds of it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.attending import Entry, check_in, put_on_list, record_presences
from activities.models import Activity, Participation, Presence
from organizations.models import Action, Change
from organizations.services import NotPossible
from tests.make import make_activity, make_association, make_member, make_participation, make_user

pytestmark = pytest.mark.django_db
State, Way = Participation.State, Participation.Way


def moment(hour, minute=0):
    return timezone.make_aware(dt.datetime(2026, 11, 20, hour, minute))


@pytest.fixture
def activity():
    make_association()
    return make_activity(starts_at=moment(9))


def entered(activity, row, presence, **fields):
    way = fields.pop("way", Way.LIST)
    by = {"actor": fields.pop("actor", None), "reason": fields.pop("correction", "")}
    count = record_presences(activity, {row.pk: Entry(presence, **fields)}, way=way, **by)
    row.refresh_from_db()
    return count


# -- counting


def test_rates_are_over_those_expected_and_never_over_those_present(activity):
    for presence in ("attended", "late", "proxy", "leave", "absent", ""):
        fields = {"proxy_name": "王代"} if presence == "proxy" else {}
        make_participation(activity, make_member(), presence=presence, **fields)
    make_participation(activity, make_member(), presence="observer")
    make_participation(activity, make_member(), state=State.WALK_IN, presence="attended")
    make_participation(activity, make_member(), state=State.INVITED)
    make_participation(activity, make_member(), state=State.WAITING)
    make_participation(activity, make_member(), state=State.WITHDRAWN)
    make_participation(activity, guest_name="赵部长", presence="attended")

    counts = activity.participations.counts()

    assert (counts.expected, counts.present, counts.late, counts.proxy) == (7, 4, 1, 1)
    assert (counts.leave, counts.absent, counts.open) == (1, 1, 1)
    assert (counts.observers, counts.others, counts.came) == (1, 1, 6)
    assert counts.rate == 4 / 7
    assert counts.waiting == counts.declined == 1


def test_those_invited_are_expected_where_the_activity_says_so(activity):
    make_participation(activity, make_member(), state=State.INVITED)
    assert activity.participations.counts().expected == 0

    activity.is_compulsory = True
    activity.save()

    assert activity.participations.counts().expected == 1
    assert activity.participations.get().is_expected


def test_nobody_expected_is_no_rate(activity):
    assert activity.participations.counts().rate is None


# -- entering


def test_an_entry_says_who_how_and_is_in_the_history(activity):
    actor = make_user()
    row = make_participation(activity, make_member("王一"))

    assert entered(activity, row, "leave", reason="出差", actor=actor) == 1

    assert (row.presence, row.reason, row.way, row.entered_by) == ("leave", "出差", "list", actor)
    change = Change.objects.of(activity).latest("pk")
    # the fact that there is a reason, not what it says
    assert change.diff == {"presence": ["", "leave"], "reason": None, "way": ["", "list"]}


def test_the_same_entry_again_writes_nothing(activity):
    row = make_participation(activity, make_member(), presence="attended", way="list")
    changes = Change.objects.count()

    assert entered(activity, row, "attended") == 0
    assert Change.objects.count() == changes


def test_who_was_only_invited_and_came_is_said_to_have_come_unexpected(activity):
    row = make_participation(activity, make_member(), state=State.INVITED, invited_at=moment(8))

    entered(activity, row, "attended")
    assert row.state == State.WALK_IN
    entered(activity, row, "")
    assert row.state == State.INVITED


def test_who_declined_and_came_nevertheless_loses_it_again_when_it_was_a_slip(activity):
    row = make_participation(activity, make_member(), state=State.DECLINED)

    entered(activity, row, "late")
    assert (row.state, row.presence) == (State.WALK_IN, "late")
    entered(activity, row, "absent")
    assert (row.state, row.presence) == (State.WITHDRAWN, "absent")


def test_a_proxy_is_named(activity):
    row = make_participation(activity, make_member("王一"))

    with pytest.raises(NotPossible, match="王一"):
        entered(activity, row, "proxy")
    entered(activity, row, "proxy", proxy_name="李副总")
    assert row.proxy_name == "李副总"
    entered(activity, row, "attended", proxy_name="李副总")
    assert row.proxy_name == ""


def test_what_is_no_presence_is_refused(activity):
    row = make_participation(activity, make_member())

    with pytest.raises(NotPossible):
        entered(activity, row, "teleported")


def test_a_settled_list_is_corrected_with_a_reason_only(activity):
    row = make_participation(activity, make_member(), presence="absent")
    Activity.objects.filter(pk=activity.pk).update(state="closed", settled_at=moment(12))

    with pytest.raises(NotPossible):
        entered(activity, row, "attended")
    entered(activity, row, "attended", correction="签到表漏记", actor=make_user())

    assert row.presence == "attended"
    assert "签到表漏记" in Action.objects.latest("pk").note


def test_a_cancelled_activity_takes_nothing(activity):
    row = make_participation(activity, make_member())
    Activity.objects.filter(pk=activity.pk).update(state="cancelled")

    with pytest.raises(NotPossible):
        entered(activity, row, "attended")


def test_many_are_entered_in_as_many_statements_as_few(activity, django_assert_max_num_queries):
    rows = [make_participation(activity, make_member()) for _ in range(60)]
    entries = {row.pk: Entry(Presence.ATTENDED) for row in rows}

    with django_assert_max_num_queries(9):
        assert record_presences(activity, entries, way=Way.LIST) == 60


# -- checking in


@pytest.mark.parametrize(
    ("at", "presence"), [((8, 40), "attended"), ((9, 10), "attended"), ((9, 11), "late"), ((23, 0), "late")]
)
def test_late_is_who_comes_later_than_the_activity_allows(activity, at, presence):
    make_participation(activity, member := make_member())

    done = check_in(activity, member, way=Way.SCREEN, at=moment(*at))

    assert (done.again, done.row.presence, done.row.came_at) == (False, presence, moment(*at))


def test_nobody_is_late_where_the_activity_knows_no_lateness(activity):
    Activity.objects.filter(pk=activity.pk).update(late_after=None)
    activity.refresh_from_db()

    assert check_in(activity, make_member(), way=Way.SCREEN, at=moment(23)).row.presence == "attended"


def test_twice_counts_once_and_keeps_the_first_time(activity):
    make_participation(activity, member := make_member())
    check_in(activity, member, way=Way.SCREEN, at=moment(9))
    changes = Change.objects.count()

    again = check_in(activity, member, way=Way.SCANNED, at=moment(9, 30))

    assert (again.again, again.row.came_at, again.row.way) == (True, moment(9), Way.SCREEN)
    assert Change.objects.count() == changes and activity.participations.count() == 1


def test_who_is_not_on_the_list_is_put_there_as_unexpected(activity):
    done = check_in(activity, make_member(), way=Way.SCREEN, at=moment(9))

    assert (done.row.state, done.row.is_expected) == (State.WALK_IN, False)
    assert activity.participations.counts().others == 1


def test_nobody_checks_in_before_it_is_announced(activity):
    Activity.objects.filter(pk=activity.pk).update(state="draft")

    with pytest.raises(NotPossible):
        check_in(activity, make_member(), way=Way.SCREEN)
    assert not activity.participations.exists()


# -- the list


def test_a_guest_and_a_member_are_put_on_the_list_once(activity):
    member = make_member()
    put_on_list(activity, member=member)
    put_on_list(activity, member=member, presence="attended")
    put_on_list(activity, guest={"guest_name": "赵部长", "guest_from": "区委统战部"})

    rows = activity.participations.order_by("pk").values_list("member", "guest_name", "presence")
    assert list(rows) == [(member.pk, "", "attended"), (None, "赵部长", "")]


@pytest.mark.parametrize(
    "fields",
    [
        {"guest_name": "赵部长"},
        {"member": None},
        {"proxy_name": "李四"},
        {"state": State.WAITING, "asked_at": None},
        {"state": State.DECLINED, "presence": "attended"},
    ],
)
def test_the_database_holds_what_a_row_is(activity, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_participation(activity, **{"member": make_member(), **fields})


def test_the_database_knows_a_member_once_at_an_activity(activity):
    make_participation(activity, member := make_member())

    with pytest.raises(IntegrityError), transaction.atomic():
        make_participation(activity, member)
