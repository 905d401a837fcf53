"""From the invitation into the portal on a phone: a password, a passkey; the cards on paper."""

import re

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect

from members.models import Invitation, Member, Notice
from tests.browser.test_pages import SETTLED, WCAG
from tests.make import PASSWORD, make_member

PHONE = {"viewport": {"width": 390, "height": 780}, "locale": "zh-CN", "has_touch": True}


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    cache.clear()


@pytest.fixture
def member(site):
    Notice.objects.create(
        association=site.association,
        version=1,
        valid_from="2026-01-01",
        text="本会仅为会员服务处理个人信息。",
    )
    return make_member("欧阳一", association=site.association, mobile="13800000007", status="在册")


@pytest.fixture
def phone(browser):
    """A page on a phone of somebody who was never here."""
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


def look(page):
    """Nobody is shut out of the page by how it is made, and nothing sticks out at 360 px."""
    page.evaluate(SETTLED)
    assert Axe().run(page, options=WCAG).response["violations"] == []
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(size)


def make_link(site, page, member):
    """The address that the secretary copies from the member's page."""
    site.sign_in(page)
    page.goto(site.url + member.get_absolute_url())
    page.locator(".member-account").get_by_role("link", name="邀请").click()
    page.get_by_role("button", name="转交链接").click()
    text = page.locator("#hand-on").inner_text()
    return re.search(r"http\S+/join/[a-z0-9-]+/", text)[0]


def begin(phone, link):
    phone.goto(link)
    look(phone)
    phone.locator("summary", has_text="个人信息告知书").click()
    expect(phone.get_by_text("本会仅为会员服务处理个人信息。")).to_be_visible()
    look(phone)
    phone.get_by_label("我已阅读").check()
    phone.get_by_role("button", name="开始").click()


def test_a_member_sets_a_password_and_is_in(site, page, phone, member):
    page.set_viewport_size(PHONE["viewport"])
    link = make_link(site, page, member)
    look(page)

    begin(phone, link)
    look(phone)
    expect(phone.get_by_label("手机号")).to_have_value("13800000007")
    expect(phone.get_by_label("再次输入密码")).to_have_count(0)
    password = phone.get_by_label("密码", exact=True)
    password.fill("12345")
    phone.get_by_role("button", name="用此密码开通账号").click()
    expect(phone.get_by_role("alert").first).to_contain_text("密码")
    look(phone)
    password.fill(PASSWORD)
    phone.get_by_role("button", name="显示").click()
    expect(password).to_have_attribute("type", "text")
    phone.get_by_role("button", name="用此密码开通账号").click()

    phone.wait_for_url("**/my/")
    expect(phone.get_by_role("status")).to_contain_text("欢迎您，欧阳一")
    member.refresh_from_db()
    assert member.user.phone == "13800000007"
    assert member.consents.get().purpose == "notice"
    page.goto(site.url + member.get_absolute_url())
    expect(page.locator(".member-account")).to_contain_text("已开通")
    phone.context.clear_cookies()
    phone.goto(link)
    expect(phone.get_by_role("heading", level=1)).to_have_text("邀请已使用")
    look(phone)


def test_without_scripts_the_password_is_typed_twice(site, page, browser, member):
    link = make_link(site, page, member)
    context = browser.new_context(**PHONE, java_script_enabled=False)
    plain = context.new_page()

    plain.goto(link)
    plain.get_by_label("我已阅读").check()
    plain.get_by_role("button", name="开始").click()
    expect(plain.locator("#passkey")).to_be_hidden()
    for label in ("密码", "再次输入密码"):
        plain.get_by_label(label, exact=True).fill(PASSWORD)
    plain.get_by_role("button", name="用此密码开通账号").click()

    plain.wait_for_url("**/my/")
    assert Member.objects.get(pk=member.pk).user is not None
    context.close()


def test_a_passkey_opens_the_account_and_signs_in_again(site, page, phone, member):
    link = make_link(site, page, member)
    session = phone.context.new_cdp_session(phone)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": False,
        "automaticPresenceSimulation": True,
    }
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    by_passkey = phone.get_by_role("button", name="使用通行密钥")

    begin(phone, link)
    # somebody else's finger: no passkey, and the link is as good as before
    by_passkey.click()
    expect(phone.locator("#passkey [role=alert]")).to_contain_text("没有生成通行密钥")
    look(phone)
    assert Invitation.objects.get().state == "open"
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    by_passkey.click()

    phone.wait_for_url("**/my/")
    user = Member.objects.get(pk=member.pk).user
    assert (user.has_usable_password(), Authenticator.objects.get().user) == (False, user)
    phone.get_by_role("button", name="退出登录").first.click()
    phone.wait_for_url("**/accounts/login/**")
    phone.get_by_role("button", name="通行密钥").first.click()
    phone.wait_for_url(re.compile(r"/my/$"))
    expect(phone.locator("main")).to_contain_text("欧阳一")


def test_the_list_the_summary_and_the_cards(site, page, member):
    for number in range(9):
        make_member(f"李{'一二三四五六七八九'[number]}", association=site.association)
    page.set_viewport_size(PHONE["viewport"])
    site.sign_in(page)
    page.goto(f"{site.url}/members/invitations/")
    look(page)
    page.get_by_role("button", name="邀请本列表全部人员").click()
    look(page)
    page.get_by_label("打印邀请单").check()
    page.get_by_role("button", name="查看汇总").click()
    look(page)
    page.get_by_role("button", name="邀请", exact=True).click()
    expect(page.locator("#content")).to_contain_text("已邀请")
    look(page)
    page.get_by_role("link", name="打印邀请单").click()
    look(page)

    count = page.locator(".invitation-card").count()
    pdf = page.pdf(prefer_css_page_size=True)

    assert count >= 10
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == -(-count // 8)
    [box] = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [round(float(side)) for side in box] == [595, 842]


def test_a_code_from_paper_is_typed(site, page, phone, member):
    make_link(site, page, member)
    code = page.locator(".join-code").inner_text()

    phone.goto(f"{site.url}/join/")
    look(phone)
    phone.get_by_label("邀请码").fill("abcd")
    phone.get_by_role("button", name="继续").click()
    expect(phone.get_by_role("alert")).to_contain_text("邀请码不完整")
    phone.get_by_label("邀请码").fill(code.upper().replace("-", " "))
    phone.get_by_role("button", name="继续").click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("欧*")
