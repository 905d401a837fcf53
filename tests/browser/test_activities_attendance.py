"""Who was there, entered by keyboard; and the list and the figures, readable for everybody."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.attending import check_in
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_activity, make_member, make_participation

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
NAMES = [f"{surname}建国" for surname in SURNAMES]


@pytest.fixture
def activity(site):
    """It took place yesterday; thirty people had signed up."""
    day = timezone.localdate() - dt.timedelta(days=1)
    starts_at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    activity = make_activity("国情考察", association=site.association, starts_at=starts_at, place="江津")
    for name in NAMES:
        make_participation(activity, make_member(name, association=site.association))
    make_participation(activity, guest_name="来宾", guest_from="区委统战部")
    return activity


def count(page, name):
    return page.locator(f"[data-count={name}]")


def test_thirty_people_are_entered_by_keyboard(site, activity, page):
    site.sign_in(page)
    page.goto(f"{site.url}{activity.get_absolute_url()}attendance/")
    find = page.get_by_label("查找姓名")

    # initials, and a digit for whom they leave first; the field is ready for the next name
    page.keyboard.press("/")
    expect(find).to_be_focused()
    page.keyboard.type("zjg")
    expect(page.locator(".sheet > li:visible")).to_have_count(5)
    page.keyboard.press("Escape")
    for spelling, key in (("qian", "1"), ("sunjianguo", "2"), ("李", "3")):
        find.fill(spelling)
        page.keyboard.press(key)
        expect(find).to_have_value("")
    expect(count(page, "present")).to_have_text("2")
    expect(count(page, "late")).to_have_text("1")
    expect(count(page, "leave")).to_have_text("1")
    # by proxy, with the name
    find.fill("周")
    page.keyboard.press("6")
    page.keyboard.type("代某某")
    page.keyboard.press("Enter")
    expect(find).to_be_focused()
    # line by line: arrows choose the line, a digit enters, Enter goes on
    find.press("ArrowDown")
    for _line in range(8):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("4")
    expect(count(page, "absent")).to_have_text("1")
    # at the door somebody was checked in meanwhile
    last = activity.participations.in_order().filter(member__isnull=False).last()
    check_in(activity, last.member, way="screen", at=activity.starts_at)
    page.get_by_role("button", name="其余全部出席并保存").click()

    expect(page.get_by_text("项。").first).to_be_visible()
    expect(count(page, "open")).to_have_text("0")
    stored = {row.person: row for row in activity.participations.select_related("member")}
    assert stored["孙建国"].presence == "late"
    assert stored["李建国"].presence == "leave"
    assert (stored["周建国"].presence, stored["周建国"].proxy_name) == ("proxy", "代某某")
    presences = [row.presence for row in stored.values()]
    assert presences.count("absent") == 1
    assert presences.count("") == 0
    assert stored[last.person].way == "screen"


def test_who_is_not_on_the_list_is_put_there(site, activity, page):
    make_member("独孤新", association=site.association)
    site.sign_in(page)
    page.goto(f"{site.url}{activity.get_absolute_url()}attendance/")

    page.get_by_label("查找姓名").fill("独孤新")
    page.locator(".nobody").get_by_role("button").click()
    expect(page.get_by_label("会员", exact=True)).to_have_value("独孤新")
    page.get_by_label("未报名到场").check()
    page.locator("#add").get_by_role("button", name="保存").click()

    expect(page.get_by_text("1人已加入名单。")).to_be_visible()
    assert activity.participations.get(member__name="独孤新").state == "walk_in"


@pytest.mark.parametrize("screen", SCREENS)
def test_list_and_figures_are_accessible_chinese_and_fit_the_screen(site, activity, page, screen):
    look = Look(page, *SCREENS[screen])
    for row in activity.participations.all()[:5]:
        activity.participations.filter(pk=row.pk).update(presence="attended", way="list")
    site.sign_in(page, "manager@example.org")
    of = activity.get_absolute_url()

    look.at_each(
        site.url,
        {
            "attendance": f"{of}attendance/",
            "people": f"{of}people/",
            "nobody fits": f"{of}people/?presence=observer",
            "export": f"{of}people/export/",
            "figures": "/activities/figures/",
            "figures of members": "/activities/figures/members/",
            "wrong period": "/activities/figures/?since=2025-02-01&until=2025-01-01",
        },
    )

    look.passes()
