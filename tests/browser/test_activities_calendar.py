"""The calendar and the files of activities in the browser: by month and by day, subscribed to, readable."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import CalendarFeed
from members.models import User
from tests.activities.calendar.make import activity_on, cancelled
from tests.activities.files.make import kept, picture
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_member, make_participation

MONTH = "?month=2027-02"


@pytest.fixture
def activity(site):
    """What February 2027 holds: three days on end, a full day, a draft, one cancelled."""
    for number in range(7):
        activity_on("2027-02-10", f"座谈会{'一二三四五六七'[number]}", association=site.association)
    activity_on("2027-02-11", "草拟的培训", association=site.association, state="draft")
    activity_on("2027-02-12", "山区义诊", association=site.association, **cancelled())
    activity = activity_on("2027-02-16", "走访企业", until="2027-02-18 17:00", association=site.association)
    kept(activity, name="通知.pdf", readers="invited")
    kept(activity, picture(), "现场.jpg", readers="invited", persons_agreed=True)
    return activity


@pytest.fixture
def member(site, activity):
    """A member with an account who is signed up."""
    user = User.objects.get(email="member@example.org")
    row = user.member if hasattr(user, "member") else make_member(association=site.association, user=user)
    make_participation(activity, row)
    return row


@pytest.mark.parametrize(("width", "narrowest"), SCREENS.values(), ids=SCREENS.keys())
def test_pages_of_staff_are_readable(site, activity, page, width, narrowest):
    site.sign_in(page)
    look = Look(page, width, narrowest)
    page.goto(f"{site.url}/activities/calendar/subscribe/")
    page.get_by_role("button", name="生成地址").click()

    look.at_each(
        site.url,
        {
            "month": f"/activities/calendar/{MONTH}",
            "empty month": "/activities/calendar/?month=2031-05",
            "day": "/activities/calendar/2027-02-10/",
            "subscribe": "/activities/calendar/subscribe/",
            "activity": f"/activities/{activity.pk}/",
            "files": f"/activities/{activity.pk}/files/",
            "file": f"/activities/files/{activity.files.last().pk}/edit/",
            "delete": f"/activities/files/{activity.files.last().pk}/delete/",
        },
    )

    assert look.faults == []


@pytest.mark.parametrize(("width", "narrowest"), SCREENS.values(), ids=SCREENS.keys())
def test_pages_of_members_are_readable(site, activity, member, page, width, narrowest):
    site.sign_in(page, "member@example.org")
    look = Look(page, width, narrowest)
    page.goto(f"{site.url}/my/activities/calendar/subscribe/")
    page.get_by_role("button", name="生成地址").click()

    look.at_each(
        site.url,
        {
            "month": f"/my/activities/calendar/{MONTH}",
            "subscribe": "/my/activities/calendar/subscribe/",
            "activity": f"/my/activities/{activity.pk}/",
        },
    )

    assert look.faults == []


def test_a_grid_on_the_desk_and_a_list_of_days_on_the_phone(site, activity, page):
    site.sign_in(page)
    page.goto(f"{site.url}/activities/calendar/{MONTH}")

    full, free = (
        page.locator("td:has(time[datetime='2027-02-10'])"),
        page.locator("td:has(time[datetime='2027-02-09'])"),
    )
    expect(page.get_by_role("columnheader", name="星期一")).to_be_visible()
    assert free.bounding_box()["y"] == full.bounding_box()["y"]
    full.get_by_role("link", name="还有3项").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("座谈会七")).to_be_visible()

    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{site.url}/activities/calendar/{MONTH}")
    expect(free).to_be_hidden()
    expect(full).to_contain_text("2月10日")
    expect(page.locator(".entry").filter(has_text="走访企业")).to_have_count(3)


def test_a_member_subscribes_and_revokes(site, member, page, context):
    site.sign_in(page, "member@example.org")
    page.goto(f"{site.url}/my/activities/calendar/")
    page.get_by_role("link", name="在手机日历中显示").click()
    page.get_by_role("button", name="生成地址").click()

    address = page.locator("#feed-address").inner_text()
    expect(page.get_by_role("link", name="添加到本机日历")).to_have_attribute(
        "href", address.replace("http://", "webcal://")
    )
    expect(page.get_by_role("img", name="您的日历订阅二维码")).to_be_visible()
    page.get_by_role("button", name="复制地址").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    text = context.request.get(address).text()
    assert text.startswith("BEGIN:VCALENDAR")
    feed = CalendarFeed.objects.in_force().get()
    assert timezone.now() - feed.read_at < dt.timedelta(minutes=5)

    page.get_by_role("button", name="作废地址").click()
    expect(page.get_by_text("地址已作废")).to_be_visible()
    assert context.request.get(address).status == 410
    expect(page.get_by_role("button", name="生成地址")).to_be_visible()
