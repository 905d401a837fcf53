"""Meetings in the browser: who was there is entered by taps, and the pages are readable for everybody."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from members.models import User
from organizations.meetings.holding import Entry, new_vote, record_attendance, save_item, save_vote
from organizations.meetings.resolving import carry_out, plan_resolution, save_resolution
from organizations.models import AgendaItem, Attendance, MeetingRule, Resolution
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_appointment, make_body, make_meeting, make_member, make_term

NAMES = ["周建国", "吴秀英", "郑海涛", "王丽华", "冯志强", "陈晓梅"]


@pytest.fixture
def meeting(site):
    """A council of six people that met on 20 March 2026."""
    body = make_body(association=site.association, name="理事会")
    term = make_term(body, starts_on=dt.date(2022, 1, 1))
    for name in NAMES:
        make_appointment(make_member(name, association=site.association), "理事", term=term)
    return make_meeting(body, held=True, notice_on=dt.date(2026, 3, 15), place="江津会堂")


def test_the_counts_follow_each_tap(site, meeting, page):
    site.sign_in(page)
    page.goto(f"{site.url}{meeting.get_absolute_url()}attendance/")
    quorum = page.locator("[data-quorum]")
    expect(quorum).to_contain_text("还差4人")

    for name in NAMES[:3]:
        page.get_by_role("radiogroup", name=name).get_by_label("出席").check()
    expect(page.locator("[data-count=present]")).to_have_text("3")
    expect(quorum).to_contain_text("还差1人")
    page.get_by_role("radiogroup", name=NAMES[3]).get_by_label("迟到").check()
    expect(quorum.get_by_text("已达到")).to_be_visible()
    page.get_by_label("查找姓名").fill(NAMES[4][:2])
    expect(page.locator(".sheet li:visible")).to_have_count(1)
    page.get_by_role("radiogroup", name=NAMES[4]).get_by_label("请假").check()
    page.get_by_role("button", name="其余全部出席并保存").click()

    expect(page.get_by_text("已保存6项")).to_be_visible()
    stored = dict(meeting.attendances.values_list("member__name", "presence"))
    kinds = Attendance.Presence
    assert stored == dict.fromkeys(NAMES, kinds.ATTENDED) | {NAMES[3]: kinds.LATE, NAMES[4]: kinds.LEAVE}


def addresses(site, meeting):
    """{name: address} of the pages of meetings, with something on each."""
    MeetingRule.objects.create(
        association=site.association, kind="council", quorum="2/3", majority="2/3", proxies_allowed=True,
        notice_days=10,
    )  # fmt: skip
    record_attendance(
        meeting,
        {row.member_id: Entry(Attendance.Presence.ATTENDED) for row in meeting.attendances.all()[:5]},
    )
    vote = new_vote(save_item(meeting, AgendaItem(title="审议增补副会长", presenter="秘书处")))
    vote.in_favour = 4
    save_vote(vote)
    post = site.association.posts.get(title="副会长")
    plan = {
        "body": meeting.body_id,
        "post": post.pk,
        "starts_on": "2026-03-20",
        "how": "elected",
        "is_acting": False,
    }
    rows = [
        save_resolution(meeting, Resolution(kind="appoint", title=f"关于增补{name}的决议", vote=vote))
        for name in NAMES[:2]
    ]
    for row, member in zip(rows, meeting.attendances.values_list("member", flat=True), strict=False):
        plan_resolution(row, {**plan, "members": [member]})
    carry_out(rows[0], actor=User.objects.get(email="secretary@example.org"))
    planned = make_meeting(meeting.body, on=dt.date(2027, 1, 15))
    of = meeting.get_absolute_url()
    return {
        "meetings": "/organizations/meetings/",
        "none fits": "/organizations/meetings/?state=cancelled",
        "plan": "/organizations/meetings/new/",
        "meeting": of,
        "planned meeting": planned.get_absolute_url(),
        "edit": f"{of}edit/",
        "attendance": f"{of}attendance/",
        "sign": f"{of}sign/",
        "cancel": f"{of}cancel/",
        "print": f"{of}print/",
        "history": f"{of}history/",
        "vote": f"/organizations/votes/{vote.pk}/",
        "new resolution": f"{of}resolutions/new/",
        "resolution carried out": rows[0].get_absolute_url(),
        "resolution planned": rows[1].get_absolute_url(),
        "rules": "/organizations/meetings/rules/",
        "rule": f"/organizations/meetings/rules/{site.association.pk}/council/",
        "body": meeting.body.get_absolute_url(),
    }


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_meetings_are_accessible_chinese_and_fit_the_screen(site, meeting, page, screen):
    look = Look(page, *SCREENS[screen])
    site.sign_in(page, "manager@example.org")

    look.at_each(site.url, addresses(site, meeting))
    page.goto(f"{site.url}/organizations/meetings/new/")
    page.get_by_role("button", name="保存").click()
    look.at("refused plan")

    look.passes()
