"""The calendar of staff and of members: what stands in it, for whom, and how much it asks of the database."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Participation
from members.codes import Status
from members.rights import Role
from organizations.models import Body, Meeting
from tests.activities.calendar.make import activity_on, cancelled, council, seat
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_meeting,
    make_member,
    make_participation,
    make_user,
)
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db
D = dt.date
NOVEMBER = "/activities/calendar/?month=2026-11"


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def branch(home):
    """A party branch that hides its people."""
    return council(home, Body.Kind.PARTY_BRANCH, name="某党支部", hides_people=True)


@pytest.fixture
def me(home, client):
    """A member who is signed in."""
    user = make_user()
    grant(user, Role.MEMBER, home)
    client.force_login(user)
    return make_member("张一", association=home, user=user)


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def days(page):
    """{day of the month: what stands there} of a calendar page."""
    found = {}
    for part in page.split("<td ")[1:]:
        on = part.split('datetime="')[1][:10]
        found[on] = part.split("</td>")[0]
    return found


# -- staff


def test_activities_and_meetings_stand_on_their_days(client, home):
    sign_in(client, Role.VIEWER, home)
    activity = activity_on("2026-11-05", "走访企业", place="江津会堂")
    meeting = make_meeting(council(home), on=D(2026, 11, 6), name="十一月理事会")
    activity_on("2026-09-05", "九月的活动")

    page = days(text(client, NOVEMBER))

    assert "走访企业" in page["2026-11-05"]
    assert activity.get_absolute_url() in page["2026-11-05"]
    assert "09:00" in page["2026-11-05"]
    assert "十一月理事会" in page["2026-11-06"]
    assert meeting.get_absolute_url() in page["2026-11-06"]
    assert not any("九月的活动" in each for each in page.values())


def test_drafts_are_marked_and_what_is_cancelled_is_struck(client, home):
    sign_in(client, Role.VIEWER, home)
    activity_on("2026-11-05", "草拟的活动", state="draft")
    activity_on("2026-11-06", "取消的活动", **cancelled())

    page = days(text(client, NOVEMBER))

    assert "草稿" in page["2026-11-05"]
    assert "<s>取消的活动</s>" in page["2026-11-06"]
    assert "已取消" in page["2026-11-06"]


def test_today_is_marked(client, home):
    sign_in(client, Role.VIEWER, home)

    page = days(text(client, "/activities/calendar/"))

    marked = [on for on, part in page.items() if 'aria-current="date"' in part]
    assert marked == [timezone.localdate().isoformat()]


def test_what_a_hidden_body_does_is_seen_by_its_own_people_alone(client, home, branch):
    activity_on("2026-11-05", "支部的活动", host=branch)
    make_meeting(branch, on=D(2026, 11, 6), name="支部大会")
    sign_in(client, Role.SECRETARY, home)

    page = text(client, NOVEMBER)
    of_day = text(client, "/activities/calendar/2026-11-05/")

    assert "支部的活动" not in page + of_day
    assert "支部大会" not in page
    assert "某党支部" not in page

    sign_in(client, Role.MANAGER, home)
    page = text(client, NOVEMBER)
    assert "支部的活动" in page
    assert "支部大会" in page


def test_other_associations_stay_out(client, home):
    activity_on("2026-11-05", "我们的活动", association=home)
    sign_in(client, Role.MANAGER, make_association())

    assert "我们的活动" not in text(client, NOVEMBER)


def test_filters_narrow_the_calendar(client, home):
    sub = make_association("分会", parent=home)
    board = council(home)
    activity_on("2026-11-05", "总会活动", association=home)
    activity_on("2026-11-05", "分会活动", association=sub)
    activity_on("2026-11-05", "理事会活动", host=board)
    make_meeting(board, on=D(2026, 11, 6), name="理事会会议一")
    sign_in(client, Role.SECRETARY, home)

    def shown(query):
        page = text(client, f"{NOVEMBER}&{query}")
        return {
            name for name in ("总会活动", "分会活动", "理事会活动", "理事会会议一") if f">{name}<" in page
        }

    assert shown("") == {"总会活动", "分会活动", "理事会活动", "理事会会议一"}
    assert shown(f"association={sub.pk}") == {"分会活动"}
    assert shown(f"body={board.pk}") == {"理事会活动", "理事会会议一"}
    assert shown("what=activities") == {"总会活动", "分会活动", "理事会活动"}
    assert shown("what=meetings") == {"理事会会议一"}
    assert shown("what=none&body=99999999999999999999&association=%00") == shown("")


def test_who_reads_one_association_is_not_asked_for_it(client, home):
    sign_in(client, Role.VIEWER, home)

    assert 'name="association"' not in text(client, NOVEMBER)


def test_the_filter_goes_along_to_other_months(client, home):
    board = council(home)
    sign_in(client, Role.VIEWER, home)

    page = text(client, f"{NOVEMBER}&body={board.pk}&what=meetings")

    assert f"?body={board.pk}&amp;what=meetings&amp;month=2026-12" in page
    assert f"?body={board.pk}&amp;what=meetings&amp;month=2026-10" in page


def test_only_who_may_add_is_offered_it(client, home):
    sign_in(client, Role.VIEWER, home)
    assert "?on=2026-11-05" not in text(client, "/activities/calendar/2026-11-05/") + text(client, NOVEMBER)

    sign_in(client, Role.SECRETARY, home)
    page = text(client, "/activities/calendar/2026-11-05/")
    assert f"{reverse('organizations:meeting_new')}?on=2026-11-05" in page
    assert f"{reverse('activities:activity_new')}?on=2026-11-05" in page
    assert f"{reverse('activities:activity_new')}?on=2026-11-05" in days(text(client, NOVEMBER))["2026-11-05"]


def test_a_full_day_leads_to_its_list(client, home):
    sign_in(client, Role.VIEWER, home)
    for number in range(7):
        activity_on("2026-11-05", f"第{number}场")

    page = days(text(client, NOVEMBER))["2026-11-05"]
    of_day = text(client, "/activities/calendar/2026-11-05/")

    assert "+3" in page
    assert "/activities/calendar/2026-11-05/" in page
    assert all(f"第{number}场" in of_day for number in range(7))


@pytest.mark.parametrize("day", ["2026-02-30", "20261105", "0001-01-01", "9999-12-31", "x", "2026-W01-1"])
def test_no_day_is_no_page(client, home, day):
    sign_in(client, Role.VIEWER, home)

    assert client.get(f"/activities/calendar/{day}/").status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "%00", "9999-12", "１"])
def test_no_month_is_the_present_one(client, home, month):
    sign_in(client, Role.VIEWER, home)

    response = client.get(f"/activities/calendar/?month={month}")

    assert response.context["month"].first == timezone.localdate().replace(day=1)


def test_members_are_refused_the_staffs(client, me):
    assert client.get(NOVEMBER).status_code == 403
    assert client.get("/activities/calendar/subscribe/").status_code == 403


def test_the_calendar_asks_as_often_for_three_as_for_one(client, home, django_assert_max_num_queries):
    sub = make_association("分会", parent=home)
    sign_in(client, Role.SECRETARY, home)
    board = council(home)

    def add(day):
        activity_on(day, "活动", host=board)
        make_meeting(board, on=dt.date.fromisoformat(day), name=f"会议{day}")

    add("2026-11-05")
    client.get(NOVEMBER)
    with django_assert_max_num_queries(60) as first:
        client.get(NOVEMBER)
    for day in ("2026-11-06", "2026-11-07"):
        add(day)
        activity_on(day, "分会活动", association=sub)
    with django_assert_max_num_queries(60) as second:
        client.get(NOVEMBER)

    assert len(first) == len(second)


# -- members


def test_a_members_calendar_has_what_is_shown_and_where_they_vote(client, home, me, branch):
    board = council(home)
    seat(me, board)
    mine = activity_on("2026-11-05", "全会考察")
    make_participation(mine, me)
    activity_on("2026-11-06", "仅限邀请", sign_up="invited")
    activity_on("2026-11-07", "草拟的活动", state="draft")
    activity_on("2026-11-08", "支部的活动", host=branch, sign_up="invited")
    make_meeting(board, on=D(2026, 11, 9), name="理事会会议一")
    make_meeting(council(home, Body.Kind.SUPERVISORS), on=D(2026, 11, 10), name="监事会会议一")
    make_meeting(branch, on=D(2026, 11, 11), name="支部大会")

    page = text(client, "/my/activities/calendar/?month=2026-11")

    assert "全会考察" in page
    assert "已报名" in days(page)["2026-11-05"]
    assert f"/my/activities/{mine.pk}/" in page
    assert "理事会会议一" in page
    for other in ("仅限邀请", "草拟的活动", "支部的活动", "监事会会议一", "支部大会"):
        assert other not in page


def test_meetings_that_took_place_stay_if_one_was_on_the_list(client, home, me):
    board = council(home)
    seat(me, board)
    make_meeting(board, on=D(2026, 3, 20), name="三月理事会", held=True)
    dropped = make_meeting(board, on=D(2026, 3, 21), name="取消的理事会")
    Meeting.objects.filter(pk=dropped.pk).update(state=Meeting.State.CANCELLED)
    other = council(home, Body.Kind.SUPERVISORS)
    seat(make_member("李二", association=home), other, "监事")
    make_meeting(other, on=D(2026, 3, 22), name="三月监事会", held=True)

    page = text(client, "/my/activities/calendar/?month=2026-03")

    assert "三月理事会" in page
    assert "<s>取消的理事会</s>" in page
    assert "三月监事会" not in page


def test_who_left_sees_only_what_they_were_listed_for(client, home, me):
    mine = activity_on("2026-03-05", "去年的活动")
    make_participation(mine, me, presence="attended")
    activity_on("2026-03-06", "别的活动")
    board = council(home)
    seat(me, board)
    make_meeting(board, on=D(2026, 3, 20), name="三月理事会")
    me.status = Status.WITHDRAWN
    me.save()
    assert not me.is_in_force

    page = text(client, "/my/activities/calendar/?month=2026-03")

    assert "去年的活动" in page
    assert "别的活动" not in page
    assert "三月理事会" not in page


def test_a_members_calendar_asks_as_often_for_three_as_for_one(
    client, home, me, django_assert_max_num_queries
):
    def add(number):
        activity = activity_on(f"2026-11-0{number}", "活动")
        make_participation(activity, me, state=Participation.State.INVITED)

    add(1)
    client.get("/my/activities/calendar/?month=2026-11")
    with django_assert_max_num_queries(40) as first:
        client.get("/my/activities/calendar/?month=2026-11")
    add(2)
    add(3)
    with django_assert_max_num_queries(40) as second:
        client.get("/my/activities/calendar/?month=2026-11")

    assert len(first) == len(second)


def test_one_activity_as_a_file_for_who_is_shown_it(client, home, me):
    shown = make_activity("全会考察")
    hidden = make_activity("仅限邀请", sign_up="invited")

    response = client.get(f"/my/activities/{shown.pk}/calendar.ics")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "全会考察" in response.content.decode()
    assert client.get(f"/my/activities/{hidden.pk}/calendar.ics").status_code == 404
    assert f"/my/activities/{shown.pk}/calendar.ics" in text(client, f"/my/activities/{shown.pk}/")
