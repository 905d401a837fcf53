"""A secretary's first day: the roster goes in, a person is found and corrected, the roster comes out."""

from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from members.models import Member

ROSTERS = Path(__file__).resolve().parent.parent / "data" / "rosters"


def import_roster(site, page, path):
    page.goto(f"{site.url}/admin/members/member/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_label("名册文件").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()


def test_a_roster_goes_in_a_person_is_found_and_corrected_and_the_roster_comes_out(site, page, tmp_path):
    site.sign_in(page)

    # upload: the preview says what would happen, nothing is written
    import_roster(site, page, ROSTERS / "jiangjin-139.xlsx")
    expect(page.get_by_text("139 行可以导入")).to_be_visible()
    assert Member.objects.exclude(name="示例会员").filter(number__startswith="JJ").count() == 0

    # confirm
    page.get_by_role("button", name="导入 139 行").click()
    expect(page.get_by_text("已导入 139 行")).to_be_visible()
    assert Member.objects.filter(number__startswith="JJ").count() == 139

    # found by two characters and by pinyin initials
    member = Member.objects.filter(number__startswith="JJ").order_by("number").first()
    for text in (member.name[:2], member.initials):
        page.goto(f"{site.url}/admin/members/member/")
        page.locator("#searchbar").fill(text)
        page.keyboard.press("Enter")
        expect(
            page.locator("#result_list").get_by_role("link", name=member.name, exact=True).first
        ).to_be_visible()

    # opened and corrected
    page.goto(f"{site.url}/admin/members/member/?q={member.number}")
    expect(page.locator("#result_list").get_by_role("link", name=member.name, exact=True)).to_be_visible()
    page.goto(f"{site.url}{member.get_absolute_url()}edit/work/")
    page.locator("[name=position]").fill("首席顾问")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text(member.name)
    member.refresh_from_db()
    assert member.position == "首席顾问"

    # the history says who, from what, to what
    page.goto(f"{site.url}/admin/members/member/{member.pk}/history/")
    expect(page.locator("#content")).to_contain_text("首席顾问")
    expect(page.locator("#content")).to_contain_text("secretary@example.org")

    # exported with all columns …
    page.goto(f"{site.url}/admin/members/member/export/")
    page.get_by_role("button", name="全部字段").click()
    page.get_by_role("button", name="下一步：核对并导出").click()
    page.get_by_label("事由").fill("存档")
    page.get_by_label("确需导出身份信息").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="导出", exact=True).click()
    exported = tmp_path / "export.xlsx"
    download.value.save_as(exported)
    assert openpyxl.load_workbook(exported).active.max_row > 139

    # … and imported again: nothing changes
    import_roster(site, page, exported)
    expect(page.get_by_text("没有需要写入名册的内容")).to_be_visible()


def test_doubtful_cells_are_named_and_nothing_is_imported_after_discarding(site, page):
    site.sign_in(page)

    import_roster(site, page, ROSTERS / "identity-numbers.xlsx")
    page.get_by_role("link", name="有疑问的单元格").click()
    expect(page.locator(".level-refused").first).to_be_visible()

    before = Member.objects.count()
    page.get_by_role("link", name="放弃").click()
    page.get_by_role("button", name="放弃本次导入").click()
    expect(page.get_by_text("本次导入已放弃").first).to_be_visible()
    assert Member.objects.count() == before


def test_a_file_that_is_no_roster_gets_a_sentence(site, page, tmp_path):
    wrong = tmp_path / "名册.xlsx"
    wrong.write_bytes(b"PK\x03\x04 this is no workbook")
    site.sign_in(page)

    import_roster(site, page, wrong)

    expect(page.locator(".errorlist")).to_contain_text("名册.xlsx")


def test_the_import_works_on_a_phone(site, page):
    page.set_viewport_size({"width": 360, "height": 780})
    site.sign_in(page)

    import_roster(site, page, ROSTERS / "values.xlsx")
    expect(page.get_by_text("行可以导入")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
