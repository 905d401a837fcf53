"""Check-in at meetings of bodies: entitled persons, observers, the quorum on the screen."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Door, Scan
from members.rights import Role
from organizations.meetings.checking_in import NotEntitled, check_in
from organizations.meetings.holding import hold_meeting
from organizations.models import Attendance, Change, Meeting
from organizations.services import NotPossible
from tests.activities.check_in.make import address, make_door, make_person, signed_in
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
Presence = Attendance.Presence


@pytest.fixture
def council():
    body = make_body(association=make_association(), name="理事会")
    term = make_term(body, starts_on=timezone.localdate() - dt.timedelta(days=30))
    body.people = [make_person(f"理事{n}") for n in "甲乙丙"]
    for person in body.people:
        make_appointment(person, "理事", term=term)
    return body


@pytest.fixture
def meeting(council):
    return make_meeting(council, on=timezone.localdate(), starts_at=dt.time(9))


def moment(minute):
    return timezone.make_aware(dt.datetime.combine(timezone.localdate(), dt.time(9, minute)))


@pytest.fixture
def desk(council):
    user = make_user()
    grant(user, Role.SECRETARY, council.association)
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode()


def test_who_comes_is_present_or_late_and_only_that_row_changes(council, meeting):
    held = hold_meeting(meeting, today=meeting.on)
    first, second, third = council.people

    assert check_in(held, first, at=moment(10)).row.presence == Presence.ATTENDED
    assert check_in(held, second, at=moment(11)).row.presence == Presence.LATE
    assert check_in(held, second, at=moment(20)).again

    assert held.attendances.get(member=third).presence == ""
    changed = Change.objects.of(held).filter(kind="~").exclude(object_id=held.pk, diff__has_key="state")
    assert changed.count() == 2


def test_leave_is_taken_back_by_coming_and_observers_observe(council, meeting):
    held = hold_meeting(meeting, today=meeting.on)
    first, guest = council.people[0], make_member("列席人")
    held.attendances.filter(member=first).update(presence=Presence.LEAVE, reason="出差")
    held.attendances.create(member=guest, is_entitled=False, place=9)

    row = check_in(held, first, at=moment(0)).row
    assert (row.presence, row.reason) == (Presence.ATTENDED, "")
    assert check_in(held, guest, at=moment(0)).row.presence == Presence.OBSERVER


def test_before_the_list_is_fixed_and_after_signing_nobody_checks_in(council, meeting):
    with pytest.raises(NotPossible):
        check_in(meeting, council.people[0])
    held = hold_meeting(meeting, today=meeting.on)
    with pytest.raises(NotEntitled):
        check_in(held, make_member())
    Meeting.objects.update(state="signed", signed_on=meeting.on)
    with pytest.raises(NotPossible):
        check_in(held, council.people[0])


def test_opening_fixes_the_list_and_the_screen_follows_the_quorum(desk, council, meeting):
    page = text_of(desk.get(meeting.get_absolute_url()))
    assert "会议开始：确定名单并开放签到" in page
    desk.post(reverse("activities:check_in_open_meeting", args=[meeting.pk]))
    door = Door.objects.with_event().get()
    screen = reverse("activities:check_in_screen", args=[door.pk])
    meeting.refresh_from_db()

    assert meeting.state == Meeting.State.HELD
    assert "还差2" in text_of(desk.get(screen))
    for person in council.people[:2]:
        signed_in(Client, person).post(address(door))
    live = desk.get(screen)
    assert live.context["live"].present == 2 and "已达到" in text_of(live)
    assert "扫会员码" in text_of(desk.get(meeting.get_absolute_url()))


def test_a_meeting_of_another_day_is_not_opened(desk, council):
    later = make_meeting(council, on=timezone.localdate() + dt.timedelta(days=3))

    desk.post(reverse("activities:check_in_open_meeting", args=[later.pk]))

    assert not Door.objects.exists()


def test_who_is_not_entitled_waits_and_becomes_an_observer(desk, council, meeting):
    door = make_door(meeting)
    member = make_person("不在名单")
    phone = signed_in(Client, member)

    phone.post(address(door))
    assert Scan.objects.get().outcome == "waiting"
    assert not door.meeting.attendances.filter(member=member).exists()

    desk.post(reverse("activities:check_in_waiting", args=[door.pk]), {"do": "accept", "every": "on"})
    assert door.meeting.attendances.get(member=member).presence == Presence.OBSERVER


def test_staff_put_somebody_scanned_on_the_list_as_observer(desk, council, meeting):
    door = make_door(meeting)
    make_member("不在名单", number="0099")
    scan = reverse("activities:check_in_scan", args=[door.pk])

    answer = text_of(desk.post(scan, {"text": "0099"}))
    assert "登记为列席" in answer
    member = desk.post(scan, {"text": "0099"}).context["found"].member
    answer = desk.post(scan, {"text": "0099", "member": member.pk, "do": "observe"})

    assert "列席" in text_of(answer)
    assert door.meeting.attendances.get(member=member).presence == Presence.OBSERVER


def test_an_outsider_of_a_hidden_body_learns_nothing(council):
    branch = make_body("party_branch", association=council.association, name="某支部", hides_people=True)
    seat = branch.association.posts.filter(body_kind=branch.kind).first()
    make_appointment(
        make_member(), seat.title, body=branch, term=make_term(branch) if branch.has_terms else None
    )
    door = make_door(make_meeting(branch, on=timezone.localdate()))
    phone = signed_in(Client, make_person())

    answer = phone.post(address(door))

    assert answer.status_code == 422 and "某支部" not in text_of(answer)
    assert not Scan.objects.exists()
