"""A template of the association's own: looked at, refused, corrected, tried, used; then a paper of a body."""

import datetime as dt
import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import expect

from organizations.services import begin_term, establish_body
from tests.browser.test_pages import WCAG
from tests.make import make_appointment, make_member
from tests.organizations.papers.documents import pdf_text, template


@pytest.fixture
def council(site):
    body = establish_body(site.association, kind="council", name="理事会", established_on="2019-12")
    term = begin_term(body, starts_on=dt.date(2024, 12, 24), planned_end_on=dt.date(2029, 12, 23))
    make_appointment(make_member("王一", association=site.association), "会长", term=term)
    return body


def upload(page, text):
    file = {"name": "本会名册.docx", "mimeType": "application/octet-stream", "buffer": template(text)}
    page.get_by_label("本会模板").set_input_files(file)
    page.get_by_role("button", name="检查并保存").click()


def downloaded(page, name):
    """The bytes of the file that the link or button of that name gives."""
    with page.expect_download() as found:
        page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).last.click()
    with open(found.value.path(), "rb") as file:
        return file.read()


def assert_accessible(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_own_template_from_upload_to_paper(site, council, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    site.sign_in(page, "manager@example.org")
    page.goto(f"{site.url}/organizations/papers/")
    assert_accessible(page)
    page.get_by_role("link", name="机构名册").click()

    upload(page, "{{ 机构名 }}")
    expect(page.get_by_text("该文书没有字段“机构名”，是否应为“机构名称”？").first).to_be_visible()
    upload(page, "本会自己的{{ 机构名称 }}：{% for 人 in 名单 %}{{ 人.姓名 }}{% endfor %}")
    expect(page.get_by_text("模板已通过检查并保存")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert "本会自己的理事会：王一一刘二" in pdf_text(downloaded(page, "PDF"))
    page.get_by_role("button", name="启用").click()
    page.goto(f"{site.url}{council.get_absolute_url()}")
    page.get_by_role("link", name="机构名册 …").click()
    assert_accessible(page)
    page.get_by_label("事由").fill("报区民政局")
    made = Document(io.BytesIO(downloaded(page, "生成 Word 文件")))
    assert [paragraph.text for paragraph in made.paragraphs] == ["本会自己的理事会：王一"]
