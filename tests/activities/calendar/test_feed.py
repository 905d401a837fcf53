"""The calendar that telephones read: what it holds for whom, and that its address tells nothing else."""

import datetime as dt
import logging

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from activities.calendar.services import new_feed, note_reading, revoke_feed
from activities.models import CalendarFeed, Participation, Presence
from members.codes import Status
from members.rights import Role
from organizations.models import Body, Meeting
from tests.activities.calendar.make import cancelled, council, in_days, seat
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_participation,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Participation.State


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def me(home):
    user = make_user()
    grant(user, Role.MEMBER, home)
    return make_member("张一", association=home, user=user)


@pytest.fixture
def anybody():
    """A telephone: nobody is signed in."""
    return Client()


def address_of(user):
    return reverse("calendar_feed", args=[new_feed(user).token])


def events(anybody, address):
    """{title: event} of the calendar at `address`."""
    response = anybody.get(address)
    assert response.status_code == 200, response.status_code
    calendar = Calendar.from_ical(response.content)
    return {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}


def staff(role, *associations, **fields):
    user = make_user()
    for association in associations:
        grant(user, role, association, **fields)
    return user


# -- what is in it


def test_a_member_has_what_concerns_them_and_nothing_else(anybody, home, me):
    board = council(home)
    seat(me, board)
    for state in State:
        asked = make_activity(f"活动{state.value}", starts_at=in_days(3))
        make_participation(asked, me, state=state)
    on_leave = make_activity("请了假")
    make_participation(on_leave, me, presence=Presence.LEAVE, reason="住院")
    make_activity("谁都可以报名")
    make_participation(make_activity("别人的"), make_member("李二", association=home))
    make_meeting(board, on=in_days(5).date(), name="理事会会议一")
    make_meeting(council(home, Body.Kind.SUPERVISORS), on=in_days(5).date(), name="监事会会议一")

    found = events(anybody, address_of(me.user))

    assert set(found) == {"活动invited", "活动signed_up", "活动waiting", "活动walk_in", "理事会会议一"}
    assert str(found["活动signed_up"]["STATUS"]) == "CONFIRMED"
    assert str(found["活动waiting"]["STATUS"]) == "TENTATIVE"
    assert "候补" in str(found["活动waiting"]["DESCRIPTION"])


def test_staff_have_what_is_in_sight_drafts_too(anybody, home):
    make_activity("本会活动", association=home)
    make_activity("草拟的活动", association=home, state="draft")
    make_activity("别会活动", association=make_association())
    branch = council(home, Body.Kind.PARTY_BRANCH, hides_people=True)
    make_activity("支部的活动", host=branch)
    make_meeting(branch, on=in_days(5).date(), name="支部大会")
    make_meeting(council(home), on=in_days(5).date(), name="理事会会议一")

    viewer = events(anybody, address_of(staff(Role.VIEWER, home)))
    manager = events(anybody, address_of(staff(Role.MANAGER, home)))

    assert set(viewer) == {"本会活动", "草稿：草拟的活动", "理事会会议一"}
    assert str(viewer["草稿：草拟的活动"]["STATUS"]) == "TENTATIVE"
    assert set(manager) == set(viewer) | {"支部的活动", "支部大会"}


def test_a_role_in_one_body_has_what_that_body_does(anybody, home):
    board = council(home)
    make_activity("理事会考察", host=board)
    make_activity("本会活动", association=home)

    found = events(anybody, address_of(staff(Role.SECRETARY, home, body=board)))

    assert set(found) == {"理事会考察"}


def test_who_reads_figures_only_or_has_no_role_has_nothing(anybody, home):
    make_activity("本会活动", association=home)

    assert events(anybody, address_of(staff(Role.DEPARTMENT, home))) == {}
    assert events(anybody, address_of(make_user())) == {}


def test_an_own_activity_in_sight_stands_there_once_and_says_how_things_stand(anybody, home, me):
    grant(me.user, Role.SECRETARY, home)
    activity = make_activity("本会活动")
    make_participation(activity, me)

    found = events(anybody, address_of(me.user))

    assert len(found) == 1
    assert "已报名" in str(found["本会活动"]["DESCRIPTION"])


def test_it_reaches_from_90_days_back_to_400_ahead(anybody, home):
    for days in (-92, -88, 398, 402):
        make_activity(f"第{days}天", starts_at=in_days(days))
        make_meeting(
            make_body(Body.Kind.COMMITTEE, association=home), on=in_days(days).date(), name=f"会{days}"
        )

    found = events(anybody, address_of(staff(Role.VIEWER, home)))

    assert set(found) == {"第-88天", "第398天", "会-88", "会398"}


def test_what_was_cancelled_says_so(anybody, home, me):
    activity = make_activity("山区义诊", **cancelled())
    make_participation(activity, me)

    found = events(anybody, address_of(me.user))["已取消：山区义诊"]

    assert str(found["STATUS"]) == "CANCELLED"
    assert str(found["TRANSP"]) == "TRANSPARENT"
    assert "暴雨" not in found.to_ical().decode()


def test_no_names_of_others_are_in_it(anybody, home, me):
    activity = make_activity("本会活动", contact="王某某", contact_phone="13800000099", about="详情")
    make_participation(activity, make_member("李二", association=home))
    make_participation(activity, me)

    text = anybody.get(address_of(me.user)).content.decode()

    assert "本会活动" in text
    for hidden in ("王某某", "13800000099", "李二", "张一", "详情"):
        assert hidden not in text


def test_times_are_those_of_shanghai(anybody, home, me):
    activity = make_activity("本会活动", starts_at=in_days(3, hour=0), place="会堂, 二楼; 东\n侧")
    make_participation(activity, me)

    address = address_of(me.user)
    event = events(anybody, address)["本会活动"]
    text = anybody.get(address).content.decode()

    assert event["DTSTART"].dt == activity.starts_at
    assert f"DTSTART;TZID=Asia/Shanghai:{in_days(3):%Y%m%d}T000000" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai" in text
    assert str(event["LOCATION"]) == "会堂, 二楼; 东\n侧"
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_a_meeting_without_a_time_is_of_the_whole_day(anybody, home):
    on = in_days(5).date()
    make_meeting(council(home), on=on, name="不知几点")
    make_meeting(
        make_body(Body.Kind.COMMITTEE, association=home), on=on, name="两点", starts_at=dt.time(14),
        ends_at=dt.time(13),
    )  # fmt: skip

    found = events(anybody, address_of(staff(Role.VIEWER, home)))

    assert (found["不知几点"]["DTSTART"].dt, found["不知几点"]["DTEND"].dt) == (on, on + dt.timedelta(days=1))
    assert "DTEND" not in found["两点"]


def test_an_event_keeps_its_uid_and_counts_its_changes(anybody, home, settings):
    settings.SITE_URL = "https://registry.example.org"
    activity = make_activity("本会活动")
    address = address_of(staff(Role.VIEWER, home))
    before = events(anybody, address)["本会活动"]

    activity.place = "江津会堂"
    activity.save()
    after = events(anybody, address)["本会活动"]

    assert before["UID"] == after["UID"] == f"activity-{activity.pk}@registry.example.org"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert str(after["URL"]) == f"https://registry.example.org/activities/{activity.pk}/"


# -- who may still read


def test_rights_are_those_of_the_moment(anybody, home):
    make_activity("本会活动", association=home)
    user = staff(Role.VIEWER, home)
    address = address_of(user)
    assert set(events(anybody, address)) == {"本会活动"}

    user.role_grants.update(ends_on=timezone.localdate() - dt.timedelta(days=1))

    assert events(anybody, address) == {}


def test_a_closed_account_and_who_left_read_an_empty_calendar(anybody, home, me):
    make_participation(make_activity("本会活动"), me)
    address = address_of(me.user)
    assert set(events(anybody, address)) == {"本会活动"}

    me.status = Status.WITHDRAWN
    me.save()
    assert events(anybody, address) == {}

    me.status = Status.ACTIVE
    me.save()
    me.user.is_active = False
    me.user.save()
    assert events(anybody, address) == {}


def test_a_revoked_address_is_dead_in_words(anybody, me):
    make_participation(make_activity("本会活动"), me)
    address = address_of(me.user)

    assert revoke_feed(me.user) is True
    response = anybody.get(address)

    assert response.status_code == 410
    assert "此地址已作废" in response.content.decode()
    assert "本会活动" not in response.content.decode()
    assert revoke_feed(me.user) is False


def test_a_new_address_kills_the_old_one(anybody, me):
    old, new = address_of(me.user), address_of(me.user)

    assert anybody.get(old).status_code == 410
    assert anybody.get(new).status_code == 200
    assert CalendarFeed.objects.in_force().count() == 1


@pytest.mark.parametrize("token", ["0", "k7mq-x2dh-9tfp-a3bc", "%00%00", "张一", "k" * 3000])
def test_an_unknown_address_is_not_there(anybody, token):
    response = anybody.get(f"/calendar/{token}.ics")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert "此地址没有日历" in response.content.decode()


def test_guessing_is_stopped(anybody, settings, me):
    settings.LIMITS = settings.LIMITS | {"calendar": "3/1h/ip"}
    address = address_of(me.user)

    codes = [anybody.get("/calendar/k7mq-x2dh-9tfp-a3bc.ics").status_code for _time in range(4)]

    assert codes == [404, 404, 404, 429]
    # whoever knows an address is not kept from it
    assert anybody.get(address).status_code == 200


def test_the_table_holds_no_token(me):
    feed = new_feed(me.user)

    row = CalendarFeed.objects.filter(pk=feed.pk).values().get()

    assert feed.token.count("-") == 3
    assert feed.token not in repr(row)
    assert feed.token.encode() not in bytes(row["token_sealed"])
    assert CalendarFeed.objects.get(pk=feed.pk).token == feed.token


def test_the_log_holds_no_token(anybody, me, caplog):
    from config.logs import HideTokens

    record = logging.LogRecord("x", 20, "", 0, "GET %s", (address_of(me.user),), None)
    HideTokens().filter(record)

    assert record.getMessage() == "GET /calendar/…"


# -- how it is read


def test_it_is_read_without_signing_in_and_kept_by_nobody(anybody, me):
    response = anybody.get(address_of(me.user))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies


def test_what_has_not_changed_is_not_sent_again(anybody, home):
    activity = make_activity("本会活动", association=home)
    user = staff(Role.VIEWER, home)
    address = address_of(user)
    first = anybody.get(address)

    again = anybody.get(address, headers={"If-None-Match": first["ETag"]})
    activity.title = "改了名"
    activity.save()
    changed = anybody.get(address, headers={"If-None-Match": first["ETag"]})
    # by time alone nobody is told that nothing changed: what went out of sight leaves no later change
    user.role_grants.all().delete()
    by_time = anybody.get(address, headers={"If-Modified-Since": changed["Last-Modified"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert by_time.status_code == 200
    assert b"VEVENT" not in by_time.content


def test_head_tells_that_it_is_there_and_post_is_refused(anybody, me):
    address = address_of(me.user)

    head = anybody.head(address)

    assert (head.status_code, head.content) == (200, b"")
    assert "ETag" in head
    assert anybody.post(address).status_code == 405


def test_the_last_reading_is_written_at_most_once_an_hour(me, django_assert_num_queries):
    feed, now = new_feed(me.user), timezone.now()

    note_reading(feed, now)
    feed.refresh_from_db()
    with django_assert_num_queries(0):
        note_reading(feed, now + dt.timedelta(minutes=59))
    note_reading(feed, now + dt.timedelta(minutes=61))

    feed.refresh_from_db()
    assert feed.read_at == now + dt.timedelta(minutes=61)


def test_it_asks_as_often_for_three_as_for_one(anybody, home, me, django_assert_max_num_queries):
    grant(me.user, Role.SECRETARY, home)
    board = council(home)
    seat(me, board)
    address = address_of(me.user)

    def add(days):
        make_participation(make_activity("活动", host=board, starts_at=in_days(days)), me)
        make_meeting(board, on=in_days(days).date(), name=f"会议{days}")

    add(1)
    anybody.get(address)
    with django_assert_max_num_queries(25) as first:
        anybody.get(address)
    add(2)
    add(3)
    with django_assert_max_num_queries(25) as second:
        anybody.get(address)

    assert len(first) == len(second)
    assert len(events(anybody, address)) == 4  # three activities have the same title


# -- the page


@pytest.mark.parametrize("screen", ["/activities/calendar/subscribe/", "/my/activities/calendar/subscribe/"])
def test_the_page_makes_shows_renews_and_revokes(client, anybody, home, me, screen):
    grant(me.user, Role.SECRETARY, home)
    client.force_login(me.user)
    assert "生成地址" in client.get(screen).content.decode()
    assert not CalendarFeed.objects.exists()

    def press(do):
        response = client.post(screen, {"do": do}, follow=True)
        assert response.redirect_chain == [(screen, 302)]
        feed = CalendarFeed.objects.in_force().first()
        return feed, response.content.decode()

    feed, shown = press("make")
    address = reverse("calendar_feed", args=[feed.token])
    assert f"http://testserver{address}" in shown
    assert f"webcal://testserver{address}" in shown
    assert "尚未被读取" in shown
    anybody.get(address)
    assert "最近读取" in client.get(screen).content.decode()

    renewed, shown = press("renew")
    assert feed.token not in shown
    assert renewed.token in shown

    gone, shown = press("revoke")
    assert gone is None
    assert "生成地址" in shown
    assert anybody.get(reverse("calendar_feed", args=[renewed.token])).status_code == 410
    press("nonsense")
    assert not CalendarFeed.objects.in_force().exists()


def test_the_meetings_of_a_hidden_body_are_in_the_feed_of_its_people(anybody, home, me):
    branch = council(home, Body.Kind.PARTY_BRANCH, hides_people=True)
    seat(me, branch, "党员")
    me.political_status = "中共党员"
    me.save()
    meeting = make_meeting(branch, on=in_days(5).date(), name="支部大会")
    other = make_member("李二", association=home, user=make_user())

    assert set(events(anybody, address_of(me.user))) == {"支部大会"}
    assert events(anybody, address_of(other.user)) == {}

    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.CANCELLED)
    assert set(events(anybody, address_of(me.user))) == {"已取消：支部大会"}
