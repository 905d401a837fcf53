"""An application on a phone: begun, left, resumed, handed in; reviewed, decided by a meeting, numbered."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from members.applications.deciding import pass_review, send_back
from members.models import Application, Member, User
from organizations.meetings.resolving import save_resolution
from organizations.models import Resolution
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_appointment, make_body, make_meeting, make_member, make_term
from tests.members.applications.people import ANSWERS, make_draft, make_submitted, publish_notice

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_site(site):
    """The site of an association that takes applications with one introducer and numbers its members."""
    home = site.association
    home.takes_applications, home.introducers, home.number_pattern = True, 1, "JJ{year}{serial:04}"
    home.save()
    publish_notice(home)
    site.member = make_member("李四", association=home)
    site.member.user = User.objects.get(email="member@example.org")
    site.member.save()
    return site


def resolution_to_admit(home):
    body = make_body(association=home, name="理事会")
    term = make_term(body, starts_on=dt.date(2024, 1, 1))
    make_appointment(make_member("张三", association=home), term=term)
    meeting = make_meeting(body, on=timezone.localdate(), held=True)
    return save_resolution(meeting, Resolution(kind="admit", title="吸收新会员", is_passed=True))


def test_from_the_public_form_to_the_member_number(open_site, browser, page):
    home = open_site.association
    page.on("console", open_site._complain)
    page.set_viewport_size(PHONE)
    page.goto(f"{open_site.url}/apply/")
    page.get_by_label("姓名").fill("赵六")
    page.get_by_label("手机").fill("13900000001")
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="开始填写").click()
    link = page.locator(".address a").get_attribute("href")
    page.get_by_role("link", name="已保存，开始填写").click()
    page.get_by_label("证件号码").fill(ANSWERS["id_number"])
    page.get_by_role("button", name="保存，以后再填").click()
    expect(page.get_by_text("待补充").first).to_be_visible()

    # another phone, nobody signed in
    page = browser.new_context(locale="zh-CN", viewport=PHONE).new_page()
    page.goto(link)
    page.get_by_role("link", name="继续填写").click()
    expect(page.get_by_label("证件号码")).to_have_value(ANSWERS["id_number"])
    for label, value in [("民族", "汉族"), ("政治面貌", "群众")]:
        page.get_by_label(label).select_option(value)
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("所属类别").select_option(ANSWERS["category"])
    page.get_by_label("工作单位").fill(ANSWERS["employer"])
    page.get_by_label("职务", exact=True).fill("主编")
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("学历").select_option("大学本科")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.get_by_label("手机")).to_have_value("13900000001")
    page.get_by_role("button", name="保存并继续").click()
    page.get_by_label("申请理由").fill("愿意参加社会服务。")
    page.get_by_label("介绍人1：姓名").fill("李四")
    page.get_by_role("button", name="保存并核对").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", name="已提交")).to_be_visible()

    # the introducer confirms on the own phone
    introducer = browser.new_context(locale="zh-CN", viewport=PHONE).new_page()
    introducer.goto(f"{open_site.url}/accounts/login/")
    introducer.get_by_label("邮箱或手机号").fill("member@example.org")
    introducer.get_by_label("密码", exact=True).fill(open_site.passwords["member@example.org"])
    introducer.get_by_role("button", name="登录", exact=True).click()
    introducer.wait_for_url("**/my/**")
    introducer.goto(f"{open_site.url}{reverse('portal:introductions')}")
    introducer.get_by_role("link", name="赵六").click()
    introducer.get_by_role("button", name="愿意介绍").click()
    expect(introducer.get_by_text("您的答复已登记")).to_be_visible()

    # the office passes it, the meeting admits
    office = browser.new_context(locale="zh-CN").new_page()
    open_site.sign_in(office)
    office.get_by_role("link", name="1份入会申请待初审").click()
    office.get_by_role("link", name="赵六").click()
    expect(office.get_by_text("已确认 1/1")).to_be_visible()
    office.get_by_role("button", name="通过，提请会议审议").click()
    expect(office.get_by_text("申请状态为“初审通过，待审议”")).to_be_visible()
    resolution = resolution_to_admit(home)
    office.goto(f"{open_site.url}{resolution.get_absolute_url()}")
    office.get_by_label("赵六").check()
    office.get_by_role("button", name="保存实施内容").or_(
        office.locator("form.narrow [type=submit]")
    ).first.click()
    expect(office.get_by_text("依次编会员编号")).to_be_visible()
    office.get_by_role("button", name="实施", exact=True).click()
    expect(office.get_by_text("决议已实施")).to_be_visible()

    number = f"JJ{timezone.localdate().year}0001"
    page.reload()
    expect(page.get_by_text(number)).to_be_visible()
    assert Member.objects.get(name="赵六").number == number


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def look(request, page):
    return Look(page, *request.param)


def test_pages_of_applicants_are_accessible_chinese_and_fit_the_screen(open_site, page, look):
    home = open_site.association
    draft = make_draft(home, mobile="110", reason="")
    submitted = make_submitted(home, name="钱七", introducer1_name="李四")
    returned = make_submitted(home, name="孙八")
    send_back(returned, version=returned.version, answer="请补充", actor=None)
    token = draft.token

    look.at_each(open_site.url, {
        "begin": "/apply/jiangjin/",
        "draft": draft.draft_url,
        "link": reverse("application_link", args=[token]),
        **{step: reverse("application_step", args=[token, step])
           for step in ("person", "work", "education", "contact", "reason")},
        "review": reverse("application_review", args=[token]),
        "withdraw": reverse("application_withdraw", args=[token]),
        "submitted": submitted.draft_url,
        "returned": returned.draft_url,
        "no link": reverse("application_draft", args=["x"]),
    })  # fmt: skip
    page.goto(f"{open_site.url}{reverse('application_step', args=[token, 'contact'])}")
    page.get_by_role("button", name="保存并继续").click()
    look.at("step with an error")
    home.takes_applications = False
    home.save()
    look.at_each(open_site.url, {"none": "/apply/", "closed": "/apply/jiangjin/"})

    look.passes()


def test_pages_of_the_office_and_of_introducers_are_accessible_chinese_and_fit_the_screen(
    open_site, page, look, browser
):
    home = open_site.association
    secretary = User.objects.get(email="secretary@example.org")
    make_member("赵六", association=home, mobile=ANSWERS["mobile"])
    submitted = make_submitted(home, introducer1_name="李四")
    announced = make_submitted(home, name="周九", introducer1_name="查无此人")
    pass_review(announced, version=announced.version, actor=secretary, reason="副会长推荐")
    Application.objects.filter(pk=announced.pk).update(
        state="notice", announced_on=dt.date(2026, 1, 1), announced_until=dt.date(2026, 1, 7)
    )
    open_site.sign_in(page, "manager@example.org")

    look.at_each(open_site.url, {
        "queue": reverse("members:applications"),
        "announced ones": f"{reverse('members:applications')}?state=notice",
        "application": submitted.get_absolute_url(),
        "announced": announced.get_absolute_url(),
        "announcement": reverse("members:announcement", args=[home.pk]),
        "number": reverse("members:number", args=[open_site.member.pk]),
        "numbers": reverse("members:numbers"),
    })  # fmt: skip
    page.goto(f"{open_site.url}{submitted.get_absolute_url()}")
    page.get_by_role("button", name="退回", exact=True).click()
    look.at("refused decision")

    look.passes()


def test_pages_of_introducers_are_accessible_chinese_and_fit_the_screen(open_site, page, look):
    submitted = make_submitted(open_site.association, introducer1_name="李四")
    open_site.sign_in(page, "member@example.org")
    asked = submitted.introductions.get()
    page.goto(f"{open_site.url}{reverse('portal:introductions')}")
    look.at("introductions")
    page.get_by_label("被介绍人姓名").fill("钱七")
    page.get_by_role("button", name="生成链接").click()
    look.at("link")
    page.goto(f"{open_site.url}{reverse('portal:introduction', args=[asked.pk])}")
    look.at("question")

    look.passes()
