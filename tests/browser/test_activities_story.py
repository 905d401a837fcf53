"""An activity from its plan to the evidence record: invited, signed up on a phone, at the door, by a sheet, in figures.

And the meeting after it: those entitled come through the same door, quorum, minutes.
"""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, Participation
from members.models import User
from organizations.models import Attendance, Meeting
from tests.browser.test_portal import fits, go, on_phone
from tests.make import make_appointment, make_body, make_member, make_term
from tests.members.imports.sheets import workbook

PRESENCE = Attendance.Presence
TITLE = "秋季国情考察"


@pytest.fixture
def register(site):
    """Two members with phones, and two whom only the sheet of paper will know."""
    association = site.association
    site.people = {}
    for name, email in (
        ("欧阳明华", "member@example.org"),
        ("王小明", "member2@example.org"),
        ("李建国", ""),
        ("赵秀英", ""),
    ):
        user = User.objects.filter(email=email).first() if email else None
        if email and user is None:
            user = User.objects.create_user(email=email, password="correct horse battery")
            site.passwords[email] = "correct horse battery"
        site.people[name] = make_member(name, association=association, user=user)
    council = make_body(association=association, name="理事会")
    term = make_term(council, starts_on=timezone.localdate() - dt.timedelta(days=400))
    for name in ("欧阳明华", "王小明", "李建国"):
        make_appointment(site.people[name], "理事", term=term)
    site.council = council
    return site


def plan(site, page):
    """The secretary plans the activity with one place, announces it and invites; returns it."""
    page.goto(f"{site.url}/activities/new/")
    begins = timezone.localtime() + dt.timedelta(days=1)
    page.get_by_label("名称", exact=True).fill(TITLE)
    page.get_by_label("类别", exact=True).select_option("research_visit")
    page.get_by_label("开始时间").fill(begins.strftime("%Y-%m-%dT09:00"))
    page.get_by_label("地点").fill("滨江新城规划展览馆")
    page.get_by_label("名额").fill("1")
    page.get_by_role("button", name="保存").click()
    activity = Activity.objects.get()
    page.wait_for_url(f"**{activity.get_absolute_url()}")

    page.goto(f"{site.url}{activity.get_absolute_url()}publish/")
    page.locator("#content-main form button[type=submit]").first.click()
    page.goto(f"{site.url}{activity.get_absolute_url()}invite/")
    expect(page.get_by_role("heading", name="将邀请 4 名会员")).to_be_visible()
    page.get_by_role("button", name="确认邀请").click()
    page.wait_for_load_state()
    return Activity.objects.get()


def sign_up(phone, button):
    go(phone, "活动")
    phone.get_by_role("link", name=TITLE).first.click()
    phone.get_by_role("button", name=button).click()
    fits(phone)


def scan(page, site, phone):
    """The code that stands on the screen of the room is typed on the phone."""
    code = page.locator("[data-code]").inner_text()
    phone.goto(f"{site.url}/my/activities/check-in/")
    phone.get_by_role("textbox").fill(code)
    phone.get_by_role("button", name="签到", exact=True).click()
    expect(phone.get_by_text("您已于").or_(phone.get_by_text("签到时间")).first).to_be_visible()
    fits(phone)


def test_from_the_invitation_to_the_year_in_figures(register, page, browser):
    site = register
    site.sign_in(page)
    activity = plan(site, page)
    first = on_phone(browser, site, "member@example.org")
    second = on_phone(browser, site, "member2@example.org")

    # signed up; the line; moved up
    sign_up(first, "我要报名")
    sign_up(second, "排队候补")
    first.get_by_role("button", name="取消报名").click()
    go(second, "消息")
    second.get_by_role("link", name=f"您已由候补转为正式报名：{TITLE}").click()

    # the day has come: through the door by the code on the screen
    now = timezone.now()
    Activity.objects.update(
        starts_at=now - dt.timedelta(minutes=5), ends_at=now + dt.timedelta(hours=2), sign_up_until=None
    )
    page.goto(f"{site.url}{activity.get_absolute_url()}")
    page.get_by_role("button", name="开放签到").click()
    expect(page.locator("[data-live=present]")).to_have_text("0")
    scan(page, site, second)
    expect(page.locator("[data-live=present]")).to_have_text("1")

    # the rest signed on paper
    sheet = workbook(
        ["李建国", "√", None],
        ["赵秀英", None, "请假"],
        header=["姓名", "签名", "备注"],
        name="签到表.xlsx",
    )
    page.goto(f"{site.url}{activity.get_absolute_url()}sheet/")
    page.locator("input[type=file]").set_input_files(
        {"name": sheet.name, "mimeType": "application/octet-stream", "buffer": sheet.read()}
    )
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name=re.compile(r"^导入 2")).click()
    expect(page.get_by_text("已导入 2 行")).to_be_visible()
    found = dict(activity.participations.exclude(presence="").values_list("member__name", "presence"))
    assert found == {"王小明": PRESENCE.ATTENDED, "李建国": PRESENCE.ATTENDED, "赵秀英": PRESENCE.LEAVE}
    assert activity.participations.get(member__name="欧阳明华").state == Participation.State.WITHDRAWN

    # settled: from now on it counts
    page.goto(f"{site.url}{activity.get_absolute_url()}settle/")
    page.locator("#content-main form button[type=submit]").first.click()
    page.wait_for_url(f"**{activity.get_absolute_url()}")
    assert Activity.objects.get().state == Activity.State.CLOSED

    # the member sees the line, where it comes from, and the year it makes
    second.goto(f"{site.url}/my/activities/record/")
    line = second.locator(".evidence-lines li").filter(has_text=TITLE)
    expect(line).to_contain_text("出席")
    fits(second)
    second.get_by_role("link", name=re.compile("年度汇总")).first.click()
    expect(second.locator("main")).to_contain_text(TITLE)
    fits(second)


def test_a_meeting_of_the_council_reaches_its_quorum_at_the_door(register, page, browser):
    site = register
    site.sign_in(page)
    page.goto(f"{site.url}/organizations/meetings/new/?body={site.council.pk}&on={timezone.localdate()}")
    page.get_by_role("button", name="保存").click()
    meeting = Meeting.objects.get()
    page.wait_for_url(f"**{meeting.get_absolute_url()}")

    page.locator("#check-in").get_by_role("button").click()
    quorum = page.locator("[data-quorum]")
    expect(quorum).to_contain_text("还差2")
    for email, missing in (("member@example.org", "还差1"), ("member2@example.org", "已达到")):
        scan(page, site, on_phone(browser, site, email))
        expect(quorum).to_contain_text(missing)

    page.goto(f"{site.url}{meeting.get_absolute_url()}attendance/")
    page.get_by_role("radiogroup", name="李建国").get_by_label("缺席").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存1项")).to_be_visible()
    page.goto(f"{site.url}{meeting.get_absolute_url()}edit/")
    page.get_by_label("会议记录").fill("会议听取了工作报告。")
    page.get_by_role("button", name="保存").click()
    page.goto(f"{site.url}{meeting.get_absolute_url()}sign/")
    page.get_by_label("签字人").fill("欧阳明华、王小明")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**{meeting.get_absolute_url()}")
    assert Meeting.objects.get().state == Meeting.State.SIGNED

    page.get_by_role("link", name="会议纪要").or_(page.get_by_text("会议纪要")).first.wait_for()
    member = on_phone(browser, site, "member@example.org")
    member.goto(f"{site.url}/my/activities/record/")
    expect(member.locator(".evidence-lines li").filter(has_text=meeting.name)).to_contain_text("出席")
