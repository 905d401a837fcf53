"""The frame of the staff screens: search by a key, menu, colours; what becomes of a form when the session is gone."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from members.models import Employer
from tests.make import make_member

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def without_scripts(site, page, browser, browser_context_args):
    """A page of the secretary, signed in, whose scripts do not run."""
    site.sign_in(page)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    yield context.new_page()
    context.close()


def test_the_slash_leads_to_the_search_box_unless_one_is_typing(site, page):
    make_member("示例会员", association=site.association)
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/employer/add/")
    search = page.get_by_role("searchbox", name="查找会员")
    name = page.locator("#id_name")

    name.press("/")
    expect(name).to_have_value("/")
    expect(search).not_to_be_focused()

    name.blur()
    page.keyboard.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_value("")

    search.fill("示例")
    search.press("Enter")
    page.wait_for_url("**/admin/members/member/?q=*")
    expect(page.locator("#content")).to_contain_text("示例会员")


def test_the_search_box_works_without_scripts(site, without_scripts):
    make_member("示例会员", association=site.association)
    without_scripts.goto(f"{site.url}/admin/members/employer/")

    without_scripts.get_by_role("searchbox", name="查找会员").fill("示例")
    without_scripts.keyboard.press("Enter")

    expect(without_scripts.locator("#content")).to_contain_text("示例会员")


def test_the_menu_folds_away_and_stays_so(site, page):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/")
    toggle, menu = page.get_by_role("button", name="菜单"), page.locator("#nav-sidebar")
    expect(toggle).to_have_attribute("aria-expanded", "true")

    toggle.press("Space")
    expect(menu).to_be_hidden()
    page.reload()
    expect(menu).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")

    toggle.press("Enter")
    expect(menu).to_be_visible()


def test_on_a_phone_the_menu_opens_by_the_keyboard_and_gives_the_focus_back(site, page):
    page.set_viewport_size(PHONE)
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/")
    toggle, menu = page.get_by_role("button", name="菜单"), page.locator("#nav-sidebar")
    expect(menu).to_be_hidden()

    toggle.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()

    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(toggle).to_be_focused()


def test_on_a_phone_the_menus_open_without_scripts(site, without_scripts):
    page = without_scripts
    page.set_viewport_size(PHONE)
    page.goto(f"{site.url}/admin/members/member/")
    menu = page.locator("#nav-sidebar")
    expect(menu).to_be_hidden()

    page.get_by_role("link", name="菜单", exact=True).click()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name="收起菜单").click()
    expect(menu).to_be_hidden()

    page.locator("#user-tools summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/")


def test_the_choice_of_colours_holds_on_all_pages(site, page):
    page.emulate_media(color_scheme="light")
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/")

    page.locator("#user-tools summary").click()
    page.get_by_role("button", name="外观：跟随系统").click()

    expect(page.get_by_role("button", name="外观：深色")).to_be_visible()
    page.goto(f"{site.url}/my/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    expect(page.get_by_role("button", name="外观：深色")).to_be_visible()


def test_paper_is_light_whatever_the_screen(site, page):
    page.emulate_media(color_scheme="dark")
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/add/")

    page.emulate_media(color_scheme="dark", media="print")

    colours = page.locator("#id_name").evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    assert colours == ["rgb(31, 35, 40)", "rgb(255, 255, 255)"]
    assert page.locator("#header").is_hidden()


@pytest.mark.parametrize("width", [360, 768, 1024, 1920])
def test_the_frame_fits_all_widths(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    site.sign_in(page)

    for address in ("/admin/members/member/", "/admin/members/member/add/"):
        page.goto(site.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("#content").bounding_box()["width"] <= 1760


def test_a_form_sent_after_the_session_ran_out_comes_back_after_signing_in(site, page):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/employer/add/")
    page.locator("#id_name").fill("重庆某某会计师事务所")
    Session.objects.all().delete()

    page.locator("[name=_save]").click()
    expect(page.get_by_text("所填内容尚未保存，已为您保留半小时")).to_be_visible()
    page.get_by_label("邮箱或手机号").fill("secretary@example.org")
    page.get_by_label("密码", exact=True).fill(site.passwords["secretary@example.org"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="您填写的内容还在")).to_be_visible()
    assert not Employer.objects.filter(name="重庆某某会计师事务所").exists()
    page.get_by_role("button", name="再次提交").click()

    page.wait_for_url("**/admin/members/employer/")
    assert Employer.objects.filter(name="重庆某某会计师事务所").count() == 1


# A fragment asked for by htmx, as any page of ours may have one
ASK = "htmx.ajax('GET', '/admin/members/employer/', {target: '#content', swap: 'innerHTML'})"


def test_a_fragment_asked_for_after_the_session_ran_out_leads_to_sign_in_and_back(site, page):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/?q=1")
    Session.objects.all().delete()

    page.evaluate(f"() => {{ {ASK} }}")

    page.wait_for_url("**/accounts/login/?next=/admin/members/member/*")
    expect(page.get_by_role("heading", name="登录")).to_have_count(1)


def test_waiting_shows_and_a_failure_is_said(site, page):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/")
    held = []
    page.route("**/admin/members/employer/", lambda route: held.append(route))

    page.evaluate(f"() => {{ {ASK} }}")

    expect(page.locator("body[data-waiting]")).to_be_attached()
    expect(page.locator("#content")).to_have_attribute("aria-busy", "true")
    # the browser notes the failure as an error of its own
    page.remove_listener("console", site._complain)
    held[0].abort()
    expect(page.locator("body[data-waiting]")).not_to_be_attached()
    expect(page.get_by_role("alert")).to_contain_text("请勿视为已保存")
