"""From the list to a file in the hand, and back again: the reason, the busy button, the sheet, the log."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from members.imports.pipeline import import_file
from members.models import Member
from organizations.models import Action

ROSTERS = Path(__file__).resolve().parent.parent / "data" / "rosters"


@pytest.fixture
def registry(site):
    import_file(ROSTERS / "jiangjin-139.xlsx", association=site.association, actor=None)
    return site


def test_the_filtered_list_goes_out_with_a_reason_and_comes_back_unchanged(registry, page, tmp_path):
    category = "自由职业人员"
    size = Member.objects.filter(category=category).count()
    registry.sign_in(page)
    page.goto(f"{registry.url}/admin/members/member/?g=category:is:{category}")
    page.get_by_role("link", name="导出", exact=True).click()

    # columns
    expect(page.locator("#content")).to_contain_text(category)
    expect(page.locator("#content")).to_contain_text(f"{size} 人")
    page.get_by_role("button", name="全部字段").click()
    page.get_by_role("button", name="下一步：核对并导出").click()

    # the reason is asked for
    page.get_by_role("button", name="导出", exact=True).click()
    expect(page.locator(".errorlist").first).to_contain_text("请填写事由")
    page.get_by_label("事由").fill("报区委统战部")
    page.get_by_label("确需导出身份信息").check()
    button = page.get_by_role("button", name="导出", exact=True)
    with page.expect_download() as download:
        button.dblclick()
    expect(page.get_by_text("文件已生成，开始下载")).to_be_visible()
    expect(button).to_be_enabled()
    assert Action.objects.filter(kind="export").count() == 1

    # ready to be handed in
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A1"].value == f"{registry.association.name}会员名册"
    assert re.search(rf"共 {size} 人　制表：.*　范围：.*{category}", sheet["A2"].value)
    assert (sheet.freeze_panes, sheet.max_row) == ("C4", size + 3)

    # and back
    page.goto(f"{registry.url}/members/import/")
    page.get_by_label("名册文件").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("没有需要写入名册的内容")).to_be_visible()

    # the log tells
    page.get_by_role("link", name="导出记录").click()
    entry = page.locator(".log > li")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("报区委统战部")
    expect(entry).to_contain_text(category)


def test_columns_are_chosen_and_put_in_order_without_a_script(browser, registry, tmp_path):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    registry.sign_in(page)
    page.goto(f"{registry.url}/admin/members/member/export/?q=张")

    page.get_by_role("button", name="通讯录").click()
    page.get_by_label("微信号").uncheck()
    page.get_by_label("Excel").check()
    page.get_by_role("button", name="下一步：核对并导出").click()
    page.get_by_text("列的次序").click()
    page.get_by_role("button", name="手机：移到最前").click()
    page.get_by_role("button", name="姓名：下移").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出", exact=True).click()

    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    header = [cell.value for cell in openpyxl.load_workbook(path).active[3]]
    assert header == [
        "手机", "性别", "姓名", "工作单位", "职务", "会内职务", "办公电话", "邮箱", "通讯地址",
    ]  # fmt: skip
    context.close()
