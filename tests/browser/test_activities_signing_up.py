"""Signing up on a telephone: the last place, the line, moving up; every page for everybody's eyes."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Question
from activities.signing_up.services import sign_up
from members.models import User
from tests.browser.test_pages import SCREENS, Look
from tests.browser.test_portal import fits, go, on_phone
from tests.make import make_activity, make_member, make_participation


@pytest.fixture
def register(site):
    """Two members who can sign in, and an activity with one place."""
    association = site.association
    user = User.objects.get(email="member@example.org")
    site.member = make_member("欧阳明华", association=association, user=user)
    user = User.objects.create_user(email="member2@example.org", password="correct horse battery")
    site.passwords["member2@example.org"] = "correct horse battery"
    site.other = make_member("王小明", association=association, user=user)
    site.activity = make_activity(
        "春季国情考察", association=association, capacity=1, place="江津会堂", contact_phone="023-47000000"
    )
    return site


def test_who_waits_in_line_moves_up_and_is_told(register, browser):
    Question.objects.create(
        activity=register.activity, text="衣服尺码", kind="choice", choices="M\nL", is_required=True
    )
    first = on_phone(browser, register, "member@example.org", java_script_enabled=False)
    second = on_phone(browser, register, "member2@example.org")

    go(first, "活动")
    first.get_by_role("link", name="春季国情考察").click()
    expect(first.get_by_text("剩余 1 个名额")).to_be_visible()
    fits(first)
    first.get_by_role("button", name="我要报名").click()
    expect(first.get_by_role("alert")).to_contain_text("衣服尺码")
    first.get_by_label("衣服尺码").select_option("L")
    first.get_by_role("button", name="我要报名").click()
    expect(first.get_by_text("报名成功")).to_be_visible()
    fits(first)

    go(second, "活动")
    expect(second.get_by_text("名额已满，可候补")).to_be_visible()
    second.get_by_role("link", name="春季国情考察").click()
    second.get_by_label("衣服尺码").select_option("M")
    second.get_by_role("button", name="排队候补").click()
    expect(second.get_by_text("候补第 1 位").first).to_be_visible()
    fits(second)

    first.get_by_role("button", name="取消报名").click()
    expect(first.get_by_text("您已取消报名。")).to_be_visible()

    go(second, "消息")
    second.get_by_role("link", name="您已由候补转为正式报名：春季国情考察").click()
    second.locator("main").get_by_role("link").last.click()
    expect(second.locator("#own .badge")).to_have_text("已报名")
    states = dict(register.activity.participations.values_list("member__name", "state"))
    assert states == {"欧阳明华": "withdrawn", "王小明": "signed_up"}


def test_leave_is_asked_for_with_a_reason(register, browser):
    activity = register.activity
    activity.sign_up_until = timezone.now() + dt.timedelta(seconds=1)
    activity.save()
    sign_up(activity, register.member)
    type(activity).objects.update(sign_up_until=timezone.now() - dt.timedelta(hours=1))
    page = on_phone(browser, register, "member@example.org")
    page.goto(f"{register.url}/my/activities/{activity.pk}/")

    page.get_by_text("请假", exact=True).click()
    page.get_by_label("请假原因").fill("出差")
    page.get_by_role("button", name="提交请假").click()

    expect(page.get_by_text("已登记请假。")).to_be_visible()
    expect(page.get_by_role("button", name="我可以参加了")).to_be_visible()


def fill(register):
    """Something on each page; the addresses of the staff's pages by name."""
    activity = register.activity
    question = Question.objects.create(activity=activity, text="是否乘车", kind="yes_no")
    row = sign_up(activity, register.member, answers={question.pk: "是"})
    waiting = sign_up(activity, make_member("李四", association=register.association))
    make_participation(activity, guest_name="王某某", guest_from="区委统战部", guest_post="副部长")
    make_participation(
        activity, make_member("赵六", association=register.association), presence="leave", reason="出差"
    )
    make_participation(make_activity("同时的活动", association=register.association), register.member)
    guest = activity.participations.get(member=None)
    of = activity.get_absolute_url()
    return {
        "activity": of,
        "list": f"{of}sign-ups/",
        "person": f"{of}sign-ups/{row.pk}/",
        "waiting": f"{of}sign-ups/{waiting.pk}/",
        "guest": f"{of}sign-ups/{guest.pk}/",
        "members": f"{of}sign-ups/members/",
        "guests": f"{of}sign-ups/guests/",
        "invite": f"{of}invite/",
        "answers": f"{of}answers/",
    }


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_staff_are_accessible_chinese_and_fit_the_screen(register, page, screen):
    pages = fill(register)
    look = Look(page, *SCREENS[screen])
    register.sign_in(page, "manager@example.org")

    look.at_each(register.url, pages)
    page.goto(f"{register.url}{pages['members']}")
    page.get_by_role("button", name="加入名单").click()
    look.at("refused members")

    look.passes()


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_members_are_accessible_chinese_and_fit_the_screen(register, page, screen):
    fill(register)
    invited = make_activity("受邀的活动", association=register.association, sign_up="invited")
    make_participation(invited, register.member, state="invited", asked_at=None, invited_at=timezone.now())
    cancelled = make_activity("取消的活动", association=register.association, state="cancelled")
    make_participation(cancelled, register.member)
    past = make_activity(
        "过去的活动", association=register.association, starts_at=timezone.now() - dt.timedelta(days=9)
    )
    make_participation(past, register.member, presence="attended")
    look = Look(page, *SCREENS[screen])
    register.sign_in(page, "member@example.org")

    look.at_each(
        register.url,
        {"list": "/my/activities/", "past": "/my/activities/past/"}
        | {row.title: f"/my/activities/{row.pk}/" for row in (register.activity, invited, cancelled, past)},
    )
    page.goto(f"{register.url}/my/activities/{invited.pk}/")
    page.get_by_text("不参加", exact=True).click()
    look.at("declining")

    look.passes()
