"""Members at home on a phone: the whole way at 360 px without scripts, and every page for everybody's eyes."""

import pytest
from playwright.sync_api import expect

from members.inbox import tell
from members.models import Consent, Member, User
from members.privacy.consents import give_consent
from tests.browser.test_pages import look  # noqa: F401 (a fixture)
from tests.make import make_appointment, make_body, make_meeting, make_member, make_term
from tests.members.portal.test_home import in_days
from tests.members.portal.test_own_photo import striped

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def register(site):
    """Two members who can sign in: a full record with all that the pages show, and the sample's own account."""
    association = site.association
    site.member = make_member(
        "欧阳明华",
        association=association,
        user=User.objects.get(email="member@example.org"),
        employer="重庆某某科技有限公司",
        position="总经理",
    )
    user = User.objects.create_user(email="member2@example.org", password="correct horse battery")
    site.passwords["member2@example.org"] = "correct horse battery"
    site.other = make_member(
        "王小明", association=association, user=user, wechat="wang-wx", email="wang@example.org"
    )
    council = make_body(association=association, name="理事会")
    make_appointment(site.other, "会长", term=make_term(council, starts_on=in_days(-900)))
    make_meeting(council, on=in_days(9), name="第一届理事会第三次会议")
    return site


def on_phone(browser, register, email, **options):
    """A page of a phone of its own on which `email` has signed in."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN", **options).new_page()
    register.sign_in(page, email)
    return page


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def go(page, label):
    """By the bar at the bottom, within the thumb's reach."""
    page.get_by_role("navigation", name="我的主页").get_by_role("link", name=label).click()


def test_a_member_shows_and_hides_again_what_the_others_see(register, browser):
    member = on_phone(browser, register, "member@example.org", java_script_enabled=False)
    other = on_phone(browser, register, "member2@example.org", java_script_enabled=False)

    # what is missing leads to where it is filled in
    expect(member.get_by_role("heading", name="欧阳明华，您好")).to_be_visible()
    go(member, "我的资料")
    member.get_by_role("link", name="修改 联系方式", exact=True).click()
    member.get_by_label("手机", exact=True).fill("1390000")
    member.get_by_role("button", name="保存").click()
    expect(member.get_by_role("alert")).to_contain_text("不是手机号")
    member.get_by_label("手机", exact=True).fill("139 0000 0009")
    member.get_by_label("微信号").fill("ouyang-wx")
    member.get_by_role("button", name="保存").click()
    expect(member.get_by_text("已保存：手机、微信号。")).to_be_visible()

    # a wide picture, its right part
    member.get_by_role("link", name="上传照片").click()
    member.get_by_label("照片").set_input_files(
        {"name": "合影.jpg", "mimeType": "image/jpeg", "buffer": striped((1600, 900))}
    )
    member.get_by_role("button", name="上传").click()
    member.get_by_label("右侧").check()
    member.get_by_role("button", name="保存").click()
    expect(member.get_by_text("照片已保存。")).to_be_visible()

    # before anything is agreed to nobody finds anything
    go(other, "通讯录")
    expect(other.get_by_text("还没有会员列入通讯录")).to_be_visible()
    go(member, "通讯录")
    for label in ("列入通讯录：姓名、工作单位、职务、所属类别、协会职务", "手机号", "照片"):
        member.get_by_label(label).check()
    member.get_by_role("button", name="保存").click()

    other.get_by_label("姓名、拼音或工作单位").fill("oymh")
    other.get_by_role("button", name="搜索").click()
    other.get_by_role("link", name="欧阳明华").click()
    expect(other.get_by_role("link", name="13900000009")).to_have_attribute("href", "tel:13900000009")
    expect(other.get_by_role("img", name="欧阳明华的照片")).to_be_visible()
    assert "ouyang-wx" not in other.content()
    seen = other.url

    member.get_by_text("我公开的内容").click()
    member.get_by_label("列入通讯录：姓名、工作单位、职务、所属类别、协会职务").uncheck()
    member.get_by_role("button", name="保存").click()

    expect(member.get_by_text("通讯录中不再显示您的信息")).to_be_visible()
    assert [other.request.get(each).status for each in (seen, f"{seen}photo/")] == [404, 404]
    other.goto(f"{register.url}/my/directory/?q=13900000009")
    expect(other.get_by_text("没有找到")).to_be_visible()


def pages_of(register):
    """{name: address} of a member's own pages with something on each."""
    for purpose in Consent.Purpose:
        give_consent(register.other, purpose, way=Consent.Way.SELF, actor=None)
    message = tell(register.other, title="您的资料修改申请已处理", text="姓名已更新。", link="/my/profile/")
    tell(register.other, title="会员证已发放")
    return {
        "home": "/my/",
        "record": "/my/profile/",
        "contact data": "/my/profile/contact/",
        "work": "/my/profile/work/",
        "photo": "/my/profile/photo/",
        "posts": "/my/profile/posts/",
        "attendance": "/my/activities/record/",
        "code awaited": "/my/profile/sign-in/",
        "directory": "/my/directory/",
        "found": "/my/directory/?q=wang",
        "nobody found": "/my/directory/?q=查无此人",
        "somebody": f"/my/directory/{register.other.pk}/",
        "messages": "/my/inbox/",
        "message": f"/my/inbox/{message.pk}/",
        "messages, one read": "/my/inbox/",
    }


def test_all_pages_are_accessible_chinese_and_fit_the_screen(register, page, look):  # noqa: F811
    register.sign_in(page, "member2@example.org")

    look.at_each(register.url, pages_of(register))
    page.goto(f"{register.url}/my/profile/contact/")
    Member.objects.get(pk=register.other.pk).save()
    changed = Member.objects.get(pk=register.other.pk)
    changed.address = "滨江路1号"
    changed.save()
    page.get_by_label("地址").fill("滨江路2号")
    page.get_by_role("button", name="保存").click()
    look.at("changed by two")
    page.get_by_label("手机", exact=True).fill("x")
    page.get_by_role("button", name="保存").click()
    look.at("refused")
    page.goto(f"{register.url}/my/profile/photo/")
    page.get_by_label("照片").set_input_files(
        {"name": "合影.jpg", "mimeType": "image/jpeg", "buffer": striped((1600, 900))}
    )
    page.get_by_role("button", name="上传").click()
    look.at("choose the part")

    look.passes()


def test_twice_as_large_text_breaks_no_page(register, page):
    page.set_viewport_size(PHONE)
    register.sign_in(page, "member2@example.org")
    # as the browser's own setting does: all sizes of the style sheets are in rem
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})

    faults = []
    for name, address in pages_of(register).items():
        page.goto(register.url + address)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        widest = page.evaluate("document.documentElement.scrollWidth")
        if widest > PHONE["width"]:
            faults.append(f"{name}: {widest} wide")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        foot = page.locator(".foot").bounding_box()
        bar = page.locator(".portal-bar").bounding_box()
        if bar["y"] < PHONE["height"] / 2 and bar["y"] + bar["height"] > PHONE["height"] / 2:
            faults.append(f"{name}: the bar covers half of the screen")
        is_fixed = page.locator(".portal-bar").evaluate("e => getComputedStyle(e).position") == "fixed"
        if is_fixed and foot["y"] + foot["height"] > bar["y"] + 1:
            faults.append(f"{name}: the end of the page lies under the bar")

    assert faults == []


def test_the_name_on_wechat_is_copied(register, browser):
    page = on_phone(
        browser, register, "member2@example.org", permissions=["clipboard-read", "clipboard-write"]
    )
    give_consent(register.other, Consent.Purpose.DIRECTORY, way=Consent.Way.SELF, actor=None)
    give_consent(register.other, Consent.Purpose.DIRECTORY_WECHAT, way=Consent.Way.SELF, actor=None)
    page.goto(f"{register.url}/my/directory/{register.other.pk}/")

    page.get_by_role("button", name="复制微信号，加微信").click()

    expect(page.get_by_text("已复制，请到微信中添加好友。")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "wang-wx"
