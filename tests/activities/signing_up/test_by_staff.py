"""What staff do with the list: members, guests, places by hand, taking off."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.models import Activity, Participation, Presence
from activities.signing_up.by_staff import (
    add_guests,
    change_guest,
    give_place,
    note_leave,
    remove,
    sign_up_members,
    take_back_leave,
)
from activities.signing_up.services import sign_up
from members.codes import Status
from members.models import Message
from organizations.models import Change
from organizations.services import NotPossible
from tests.make import make_activity, make_member, make_participation

pytestmark = pytest.mark.django_db
GUEST = {"guest_name": "王某某", "guest_from": "区委统战部", "guest_post": "副部长"}


def states(activity):
    return {row.person: row.state for row in activity.participations.select_related("member")}


def test_members_get_the_places_there_are_and_the_others_stand_in_line():
    activity = make_activity(capacity=2)
    invited, declined, other = [make_member() for _ in range(3)]
    make_participation(activity, invited, state="invited", asked_at=None, invited_at=timezone.now())
    make_participation(activity, declined, state="declined", asked_at=None)

    entered = sign_up_members(activity, [invited, declined, other])

    assert (entered.signed_up, entered.waiting, entered.already) == (2, 1, 0)
    assert states(activity) == {"张一": "signed_up", "张二": "signed_up", "张三": "waiting"}
    assert not activity.participations.filter(asked_at=None).exists()
    assert [row.title for row in Message.objects.order_by("member")] == [
        "已为您报名：国情考察", "已为您报名：国情考察", "您已进入候补：国情考察",
    ]  # fmt: skip
    again = sign_up_members(activity, [invited, declined, other])
    assert (again.signed_up, again.waiting, again.already) == (0, 0, 3)
    assert Message.objects.count() == 3


def test_above_the_number_of_places_when_staff_say_so():
    activity = make_activity(capacity=1)
    members = [make_member() for _ in range(3)]

    entered = sign_up_members(activity, members, above=True)

    assert entered.signed_up == 3 and set(states(activity).values()) == {"signed_up"}


def test_signing_many_up_takes_few_statements(django_assert_max_num_queries):
    activity = make_activity(capacity=150)
    members = [make_member() for _ in range(200)]

    with django_assert_max_num_queries(30):
        sign_up_members(activity, members)


def test_who_left_is_not_signed_up_for_what_is_to_come_but_for_what_was():
    gone = make_member("张三", status=Status.WITHDRAWN)
    past = make_activity(starts_at=timezone.now() - dt.timedelta(days=9))

    with pytest.raises(NotPossible, match="张三已不是在册会员"):
        sign_up_members(make_activity(), [gone])
    assert sign_up_members(past, [gone]).signed_up == 1
    assert not Message.objects.exists()


def test_guests_take_places_and_do_not_stand_in_line():
    activity = make_activity(capacity=1)

    with pytest.raises(NotPossible, match="只剩 1 个名额"):
        add_guests(activity, [GUEST, GUEST | {"guest_name": "李某某"}])
    add_guests(activity, [GUEST, GUEST | {"guest_name": "李某某"}], above=True)

    assert states(activity) == {"王某某": "signed_up", "李某某": "signed_up"}
    assert sign_up(activity, make_member()).state == "waiting"


def test_the_history_does_not_name_guests():
    activity = make_activity()
    row = add_guests(activity, [GUEST])[0]

    change_guest(row, **GUEST | {"guest_post": "部长"})

    row.refresh_from_db()
    assert row.guest_post == "部长"
    assert not [change for change in Change.objects.of(row) if "王某某" in str(change.diff)]


def test_a_place_by_hand_goes_above_the_number_of_places():
    activity = make_activity(capacity=1)
    sign_up(activity, make_member())
    row = sign_up(activity, make_member())

    give_place(row)

    assert set(states(activity).values()) == {"signed_up"}
    assert row.member.messages.get().title == "已为您报名：国情考察"


def test_who_is_taken_off_is_told_and_the_next_moves_up():
    activity = make_activity(capacity=1)
    row, waiting = sign_up(activity, make_member()), sign_up(activity, make_member())

    remove(row)

    assert states(activity) == {"张二": "signed_up"}
    assert row.member.messages.get().title == "您已不在名单上：国情考察"
    assert "候补" in waiting.member.messages.get().title


def test_nobody_is_taken_off_about_whom_something_is_entered():
    activity = make_activity()
    row = make_participation(activity, make_member("张三"), presence=Presence.ATTENDED)

    with pytest.raises(NotPossible, match="张三已登记“出席”"):
        remove(row)
    assert Participation.objects.count() == 1


def test_leave_noted_by_staff_makes_room_and_is_taken_back_while_there_is_room():
    activity = make_activity(capacity=1)
    row, waiting = sign_up(activity, make_member()), sign_up(activity, make_member())

    note_leave(row, leave_reason="出差")

    assert states(activity) == {"张一": "signed_up", "张二": "signed_up"}
    with pytest.raises(NotPossible, match="名额"):
        take_back_leave(row)
    remove(activity.participations.get(pk=waiting.pk))
    take_back_leave(row)
    row.refresh_from_db()
    assert (row.presence, row.reason) == ("", "")


def test_once_the_attendance_is_settled_a_reason_is_asked_for():
    activity = make_activity(state=Activity.State.CLOSED, starts_at=timezone.now() - dt.timedelta(days=3))
    member = make_member()

    with pytest.raises(NotPossible, match="更正"):
        sign_up_members(activity, [member])
    sign_up_members(activity, [member], reason="漏登")

    assert "漏登" in Change.objects.get(content_type__model="participation").action.note
