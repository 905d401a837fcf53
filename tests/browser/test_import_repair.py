"""A messy roster on its way: a column explained, cells repaired in place, imported, the rest finished, undone."""

import openpyxl
import pytest
from playwright.sync_api import expect

from members.models import Member
from tests.make import make_member

HEADER = ["姓名", "性别", "出生年月", "手机", "政治面貌", "工作单位", "绿泡泡"]
ROWS = [
    ["张一", "男", "1980.05", "13800000001", "群众", "", "zhangyi"],
    ["李二", "女", "1985.1", "13800000002", "群众", "", "lier"],
    ["王三", "男", "1990.03", "1380000", "无", "", "wangsan"],
    ["赵四", "男", "", "", "", "某某律师事务所", "zhaosi"],
]


@pytest.fixture
def messy(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "花名册"
    for row in (["2026年新会员"], HEADER, *ROWS):
        book.active.append(row)
    path = tmp_path / "messy.xlsx"
    book.save(path)
    return path


def row_of(page, name):
    return page.locator("li.row").filter(has=page.get_by_role("heading", name=name))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_messy_roster_is_explained_repaired_imported_finished_and_undone(
    site, browser, browser_context_args, messy, width, scripts
):
    known = make_member("赵四", association=site.association, employer="某某律师事务所", number="JJ004")
    before = Member.objects.count()
    context = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    site.sign_in(page)
    page.goto(f"{site.url}/members/import/")
    page.get_by_label("名册文件").set_input_files(messy)
    page.get_by_role("button", name="上传并预览").click()

    # the column nobody knows
    page.get_by_role("link", name="去确定").click()
    page.get_by_label("绿泡泡").select_option("微信号")
    page.get_by_role("button", name="重新读取文件").click()
    expect(page.locator(".messagelist")).to_contain_text("已重新读取文件：会员行 4 行")
    expect(page.get_by_role("link", name="需要您处理")).to_contain_text("3")

    # three cells in place; with scripts the page stays and the counts follow
    if scripts:
        page.evaluate("document.body.dataset.stays = 'yes'")
    row_of(page, "李二").get_by_role("button", name="出生年月 1985.10").click()
    if scripts:
        expect(row_of(page, "李二").get_by_role("status")).to_have_text("已核对：该行可以导入。")
        expect(row_of(page, "李二").get_by_role("status")).to_be_focused()
    else:
        expect(page.locator(".messagelist")).to_contain_text("已核对：该行可以导入。")
    expect(page.get_by_text("2 行可以导入")).to_be_visible()
    wang = row_of(page, "王三")
    wang.get_by_label("手机").fill("138 0000 0003")
    wang.get_by_label("政治面貌", exact=True).select_option("民盟盟员")
    wang.get_by_role("button", name="保存并核对").click()
    expect(page.get_by_text("3 行可以导入")).to_be_visible()
    if scripts:
        assert page.evaluate("document.body.dataset.stays") == "yes"

    # what is ready goes in, the rest is finished afterwards
    page.get_by_role("button", name="导入 3 行").click()
    expect(page.locator(".messagelist")).to_contain_text("已导入 3 行")
    assert Member.objects.count() == before + 3
    assert Member.objects.get(name="王三").political_status == "民盟盟员"
    assert Member.objects.get(name="李二").wechat == "lier"
    row_of(page, "赵四").get_by_role("button", name="就是这位赵四").click()
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator(".messagelist")).to_contain_text("已导入 1 行")
    known.refresh_from_db()
    assert (known.wechat, Member.objects.count()) == ("zhaosi", before + 3)

    # and all of it back
    page.get_by_role("link", name="撤销").click()
    page.get_by_role("button", name="撤销导入").click()
    expect(page.locator(".messagelist")).to_contain_text("导入已撤销")
    known.refresh_from_db()
    assert (known.wechat, Member.objects.count()) == ("", before)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
