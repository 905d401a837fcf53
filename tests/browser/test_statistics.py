"""Figures to hand in: today's, those of another day, two days beside each other, and the workbook of them."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from members.models import RoleGrant
from members.rights import Role
from tests.browser.test_pages import SCREENS, Look, registry
from tests.make import PASSWORD, make_user

__all__ = ["registry"]


def total(page):
    return page.get_by_role("row", name=re.compile("^合计")).get_by_role("cell").first


def test_figures_of_a_day_compared_with_another_and_taken_along(registry, page, tmp_path):
    registry.sign_in(page)
    page.goto(f"{registry.url}/admin/members/member/")

    page.get_by_role("link", name="统计", exact=True).click()
    expect(page.get_by_role("heading", name="所属类别与性别")).to_be_visible()
    expect(total(page)).to_have_text("139")

    page.get_by_label("统计日期").fill("2020-12-31")
    page.get_by_role("button", name="查询").click()
    expect(total(page)).to_have_text("63")
    page.get_by_role("link", name="年龄", exact=True).click()
    expect(page.get_by_role("heading", name="年龄")).to_be_visible()
    expect(total(page)).to_have_text("63")

    page.get_by_label("对比日期").fill("2019-12-31")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("row", name=re.compile("^合计 46 63 \\+17"))).to_be_visible()
    expect(page.get_by_role("img", name="年龄")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel 表格").click()
    download.value.save_as(tmp_path / "sheet.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "sheet.xlsx").active
    assert [cell.value for cell in sheet[sheet.max_row]][:4] == ["合计", 46, 63, 17]


def test_a_day_that_has_not_come_is_refused_beside_its_field(registry, page):
    registry.sign_in(page)
    page.goto(f"{registry.url}/members/statistics/")

    page.get_by_label("统计日期").fill("2999-12-31")
    page.get_by_role("button", name="查询").click()

    expect(page.get_by_text("该日期在今天之后，尚无数字。")).to_be_visible()
    expect(total(page)).to_have_text("139")


@pytest.mark.parametrize(("width", "narrowest"), SCREENS.values(), ids=SCREENS)
def test_the_department_sees_figures_and_nothing_else(registry, page, width, narrowest):
    user = make_user("department@example.org")
    RoleGrant.objects.create(user=user, role=Role.DEPARTMENT, association=registry.association)
    registry.passwords[user.email] = PASSWORD
    look = Look(page, width, narrowest)

    page.goto(f"{registry.url}/")
    page.get_by_label("邮箱或手机号").fill(user.email)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/members/statistics/")
    look.at("figures")
    page.goto(f"{registry.url}/members/statistics/?cut=political&day=2999-01-01")
    look.at("refused day")

    expect(page.locator("#nav-sidebar li")).to_have_count(2)
    assert not look.faults, "\n".join(look.faults)


def test_tables_and_charts_print_without_the_controls(registry, page):
    registry.sign_in(page)
    page.goto(f"{registry.url}/members/statistics/?cut=all")

    page.emulate_media(media="print")

    for selector, shown in {
        ".cut table": True,
        ".chart svg": True,
        ".about p": True,
        ".question": False,
        ".statistics .tabs": False,
        ".about button": False,
        "#nav-sidebar": False,
    }.items():
        assert page.locator(selector).first.is_visible() == shown, selector
