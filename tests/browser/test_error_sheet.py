"""From a messy file to its error sheet, corrected by whoever typed it, and found again in the list of imports."""

import openpyxl
from playwright.sync_api import expect

from tests.members.imports.sheets import person, workbook


def upload(registry, page, path):
    page.goto(f"{registry.url}/members/import/")
    page.get_by_label("名册文件").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/members/import/*/")


def test_the_error_sheet_is_corrected_and_comes_back(site, page, tmp_path):
    path = tmp_path / "双福名册.xlsx"
    rows = [person("张三", mobile="12345"), person("李四", mobile="13800000002")]
    path.write_bytes(workbook(*rows).getvalue())
    site.sign_in(page)
    upload(site, page, path)

    with page.expect_download() as download:
        page.get_by_role("link", name="待核对表（全部疑问）").click()

    assert download.value.suggested_filename == "双福名册-待核对.xlsx"
    corrected = tmp_path / "双福名册-待核对.xlsx"
    download.value.save_as(corrected)
    book = openpyxl.load_workbook(corrected)
    assert "D3" in book["花名册"]["D3"].comment.text
    book["花名册"]["D3"] = "13800000001"
    book.save(corrected)
    upload(site, page, corrected)
    expect(page.get_by_role("link", name="待核对表（全部疑问）")).to_have_count(0)

    # the first one is left and found again
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="导入记录").click()
    page.get_by_role("link", name="我的未完成").click()
    page.get_by_label("文件名").fill("双福名册.")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="双福名册.xlsx").click()
    expect(page.get_by_role("link", name="待核对表（全部疑问）")).to_be_visible()
