"""A member claims a service on a phone, staff confirm it, the member sees it; goods are booked."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Donation
from members.models import User
from tests.browser.test_pages import Look
from tests.make import make_member


@pytest.fixture
def member(site):
    user = User.objects.get(email="member@example.org")
    return make_member("李勇", association=site.association, user=user)


def test_claimed_on_a_phone_confirmed_by_staff_and_seen_by_the_member(site, page, browser, member):
    look = Look(page, 390, 360)
    site.sign_in(page, "member@example.org")
    page.goto(f"{site.url}/my/activities/contributions/")
    look.at("nothing yet")
    page.get_by_role("link", name="申报服务").click()
    look.at("claiming")
    page.get_by_label("日期").fill(timezone.localdate().isoformat())
    page.get_by_label("时长").fill("3.5")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写服务内容。")
    look.at("refused")
    page.get_by_label("服务内容").fill("社区义诊")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("status")).to_contain_text("已提交秘书处")
    expect(page.get_by_text("社区义诊").first).to_be_visible()
    look.at("claimed")

    context = browser.new_context(locale="zh-CN")
    desk = context.new_page()
    site.sign_in(desk)
    desk.get_by_role("link", name="1 条服务待确认").click()
    staff = Look(desk, 1280, 360)
    staff.at("queue")
    desk.get_by_role("link", name="李勇").click()
    staff.at("one claim")
    desk.get_by_label("时长").fill("3")
    desk.get_by_role("button", name="确认", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("已确认李勇的服务。")

    page.reload()
    expect(page.get_by_role("heading", name="3.0 小时")).to_be_visible()
    look.at("confirmed")
    assert look.faults + staff.faults == []


def test_goods_are_booked_and_the_ledger_adds_up(site, page, member):
    site.sign_in(page)
    look = Look(page, 1280, 360)
    page.goto(f"{site.url}/activities/donations/new/")
    look.at("a new donation")
    page.get_by_label("捐赠方式").select_option("goods")
    page.get_by_label("捐赠单位或个人").fill("李勇")
    page.locator("[name=goods-0-name]").fill("大米")
    page.locator("[name=goods-0-quantity]").fill("20")
    page.locator("[name=goods-0-unit]").fill("袋")
    page.locator("[name=goods-0-value]").fill("2400")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("收据编号")
    look.at("the donation")
    assert Donation.objects.get().amount == 2400
    page.goto(f"{site.url}/activities/donations/?state=unreported")
    expect(page.get_by_text("合计 2400.00 元")).to_be_visible()
    look.at("the ledger")
    page.goto(f"{site.url}/activities/donations/print/")
    look.at("on paper")
    assert look.faults == []
