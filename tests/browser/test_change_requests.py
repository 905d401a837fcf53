"""A member asks for changes on a phone, a secretary decides them, the member reads what became of it."""

import pytest
from playwright.sync_api import expect

from members.models import ChangeRequest, Member, User
from tests.browser.test_pages import Look
from tests.make import make_member


@pytest.fixture
def member(site):
    """The record of the first member's account."""
    user = User.objects.get(email="member@example.org")
    return make_member(
        "李勇",
        association=site.association,
        user=user,
        political_status="群众",
        employer="重庆某某律师事务所",
    )


def test_asked_on_a_phone_decided_by_staff_and_read_by_the_member(site, page, browser, member):
    look = Look(page, 390, 360)
    site.sign_in(page, "member@example.org")
    page.goto(f"{site.url}/my/requests/")
    look.at("no request yet")
    page.get_by_role("link", name="申请修改").click()
    look.at("asking")
    page.get_by_label("姓名", exact=True).fill("李玮")
    page.get_by_label("政治面貌").select_option("九三学社社员")
    page.get_by_label("出生年月").fill("1985-13")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("出生年月")
    look.at("refused")
    page.get_by_label("出生年月").fill("")
    page.get_by_label("事由").fill("身份证上是“玮”。")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("status")).to_contain_text("申请已提交秘书处。")
    expect(page.get_by_text("李玮")).to_be_visible()
    look.at("asked")

    context = browser.new_context(locale="zh-CN")
    desk = context.new_page()
    site.sign_in(desk)
    desk.get_by_role("link", name="1 份修改申请待处理").click()
    staff = Look(desk, 1280, 360)
    staff.at("queue")
    desk.get_by_role("link", name="李勇").click()
    staff.at("request")
    name = desk.locator("li", has=desk.get_by_role("heading", name="姓名"))
    status = desk.locator("li", has=desk.get_by_role("heading", name="政治面貌"))
    name.get_by_label("采纳", exact=True).check()
    status.get_by_label("不采纳").check()
    desk.get_by_role("button", name="保存处理结果").click()
    expect(status.locator(".errorlist")).to_have_text("请写明不采纳的原因。")
    staff.at("refused decision")
    status.get_by_role("textbox").fill("请先提供社员证明")
    desk.get_by_role("button", name="保存处理结果").click()
    expect(desk.locator(".messagelist")).to_contain_text("李玮的申请已处理。")
    desk.get_by_role("link", name="已处理").click()
    desk.get_by_role("link", name="李玮").click()
    staff.at("decided request")
    context.close()

    page.goto(f"{site.url}/my/")
    page.get_by_role("link", name="的修改申请已处理").first.click()
    expect(page.locator("#main")).to_contain_text("请先提供社员证明")
    page.goto(f"{site.url}/my/requests/{ChangeRequest.objects.get().pk}/")
    expect(page.locator("#main")).to_contain_text("已采纳")
    look.at("decided")
    current = Member.objects.get()
    assert (current.name, current.political_status) == ("李玮", "群众")
    look.passes()
    staff.passes()


def test_a_request_is_made_and_taken_back_without_scripts(site, browser, member):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, "member@example.org")

    page.goto(f"{site.url}/my/requests/new/")
    page.get_by_label("姓名", exact=True).fill("李玮")
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("button", name="撤回整份申请").click()

    expect(page.get_by_role("status")).to_contain_text("已撤回。")
    assert ChangeRequest.objects.get().state == "withdrawn"
    context.close()
