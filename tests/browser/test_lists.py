"""From a filter to a saved list, back to it another day, and on to a change of all its members."""

import pytest
from playwright.sync_api import expect

from members.models import Member, SavedList
from tests.make import make_member


@pytest.fixture
def register(site):
    """A register of six, three of whom are women with no township."""
    for number, name in enumerate(("张一", "李二", "王三", "赵四", "孙五", "周六")):
        make_member(
            name,
            association=site.association,
            sex="女" if number % 2 else "男",
            birth=f"{1960 + 10 * number}-06",
            category="自由职业人员" if number < 4 else "新媒体从业人员",
        )
    return site


def shows(page, *names):
    """Waits until the list shows these members in this order."""
    expect(page.locator("#result_list tbody .field-name")).to_have_text(list(names))


def add_condition(page, field):
    page.get_by_label("项目").select_option(field)
    page.get_by_role("button", name="添加条件").click()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_filter_saved_list_reopened_bulk_change(register, browser, browser_context_args, width, scripts):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    register.sign_in(page)
    page.goto(f"{register.url}/admin/members/member/")

    page.get_by_label("所属类别").first.select_option("自由职业人员")
    page.get_by_role("button", name="筛选").click()
    shows(page, "张一", "李二", "王三", "赵四")

    page.get_by_text("更多条件").click()
    add_condition(page, "性别")
    page.get_by_role("checkbox", name="女").check()
    page.get_by_role("button", name="应用条件").click()
    shows(page, "李二", "赵四")
    expect(page.get_by_role("group", name="条件", exact=True)).to_contain_text("性别为女")

    page.get_by_role("link", name="保存为名单").click()
    page.get_by_label("名称").fill("女自由职业")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("女自由职业")

    page.goto(f"{register.url}/admin/members/member/lists/")
    page.get_by_role("link", name="女自由职业", exact=True).click()
    shows(page, "李二", "赵四")
    page.get_by_role("link", name="移除条件：性别为女").click()
    expect(page.get_by_text("已修改")).to_be_visible()
    page.get_by_role("link", name="恢复为已保存的名单").click()
    shows(page, "李二", "赵四")

    for box in page.locator("tbody .action-checkbox input").all():
        box.check()
    page.get_by_label("动作").select_option("指定所属镇街")
    page.get_by_role("button", name="执行").click()
    page.locator("input[name=township]").fill("几江街道")
    page.get_by_role("button", name="下一步：查看汇总").click()
    expect(page.get_by_text("将更改2名会员")).to_be_visible()
    page.get_by_role("button", name="确认更改").click()

    expect(page.get_by_text("指定所属镇街：已更改2名会员。")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("女自由职业")
    assert SavedList.objects.get().groups == ["category:is:自由职业人员;sex:is:女"]
    assert sorted(Member.objects.filter(township="几江街道").values_list("name", flat=True)) == [
        "李二",
        "赵四",
    ]
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_page_before_is_one_key_away_after_a_filter(register, page):
    register.sign_in(page)
    page.goto(f"{register.url}/admin/members/member/?g=sex:is:女&order=-name")

    page.get_by_role("link", name="周六").click()
    page.go_back()

    shows(page, "周六", "赵四", "李二")


def test_eight_columns_stand_beside_the_navigation_without_scrolling(register, page):
    register.sign_in(page)
    page.goto(f"{register.url}/admin/members/member/")

    results = page.locator(".results")
    assert page.locator("#result_list thead th[class*=column-]").count() >= 9
    assert results.evaluate("element => element.scrollWidth <= element.clientWidth")
    assert page.locator("#nav-sidebar").is_visible()
