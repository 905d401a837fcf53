"""Filling templates and drawing PDF: what comes out of what goes in."""

import base64
import io

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK
from docx.shared import Mm, Pt

from organizations.papers import making
from organizations.papers.kinds import KINDS, LANDSCAPE, schema
from organizations.papers.making import NotMade, make, to_pdf
from tests.organizations.papers.documents import (
    opened,
    paragraphs,
    pdf_pages,
    pdf_sizes,
    pdf_text,
    rows,
    saved,
    template,
)

NOTICE = KINDS["notice"].sample
HOSTILE = "=1+1 <b>&amp; {{ 姓名 }} {% x %} #set *粗* $a$ \\ ]]> 𠮷\x00\x0b\ud800"
HARMLESS = "=1+1 <b>&amp; {{ 姓名 }} {% x %} #set *粗* $a$ \\ ]]> 𠮷"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)


def roster(*people):
    """A context of the roster with rows of these names."""
    row = dict.fromkeys(schema(KINDS["roster"].fields)["名单"], "")
    listed = [{**row, "序号": str(place), "姓名": name} for place, name in enumerate(people, 1)]
    return {**KINDS["roster"].sample, "名单": listed}


@pytest.mark.parametrize("kind", KINDS)
def test_the_default_template_of_each_kind_is_filled_and_has_no_problem(kind):
    assert making.problems_of(kind, making.default_template(kind)) == []

    filled = make(kind, KINDS[kind].sample).content

    document = opened(filled)
    text = document.element.xml
    section = document.sections[0]
    assert "{{" not in text and "{%" not in text
    assert KINDS[kind].sample["协会名称"] in text.replace("</w:t><w:t>", "")
    width, height = sorted(
        [section.page_width.mm, section.page_height.mm], reverse=KINDS[kind].orientation == LANDSCAPE
    )
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (round(width), round(height))
    assert {round(width), round(height)} == {210, 297}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_pdf_on_a4_without_loss(kind):
    sample = KINDS[kind].sample

    made = make(kind, sample, as_pdf=True)

    expected = (842, 595) if KINDS[kind].orientation == LANDSCAPE else (595, 842)
    assert set(pdf_sizes(made.content)) == {expected}
    assert made.notes == ()
    text = pdf_text(made.content)
    words = pdf_text(to_pdf(make(kind, sample).content).content)
    assert text == words
    assert sample["协会名称"] in text or sample["选举名称"] in text or sample["会议名称"] in text


def test_a_list_has_a_row_for_each_person_in_the_order_given():
    filled = make("roster", roster("王一", "刘二", "欧阳三三")).content

    assert [row[1] for row in rows(filled)] == ["姓名", "王一", "刘二", "欧阳三三"]


def test_hostile_names_stand_as_they_are_written():
    context = roster(HOSTILE)

    filled = make("roster", context).content
    drawn = make("roster", context, as_pdf=True).content

    assert rows(filled)[1][1] == HARMLESS
    assert "".join(HARMLESS.split()) in pdf_text(drawn)


def test_lines_of_a_value_stay_lines():
    filled = make("minutes", {**KINDS["minutes"].sample, "法定人数": "第一行\r\n第二行"}).content

    assert "第一行\n第二行" in paragraphs(filled)


def test_letters_stand_one_a_page():
    made = make("letter", KINDS["letter"].sample, as_pdf=True)

    pages = ["".join(page.extract_text().split()) for page in pdf_pages(made.content)]
    assert len(pages) == 2
    assert "王一一先生" in pages[0] and "刘二女士" in pages[1]


def test_the_template_given_takes_the_place_of_the_default_one():
    own = template(
        "本会专用：{{ 会议名称 }}",
        "{%p for 题 in 议题列表 %}",
        "{{ loop.index }}.{{ 题.内容 }}",
        "{%p endfor %}",
    )

    made = make("notice", NOTICE, template=own)

    assert paragraphs(made.content) == [
        "本会专用：第一届理事会第三次会议",
        "1.听取2026年度工作报告",
        "2.审议新会员入会事项",
        "3.研究2027年工作计划",
    ]


def test_five_hundred_rows_are_made_quickly_with_headings_on_each_page(settings):
    settings.PAPER_MAX_SECONDS = 8  # of CPU; it takes two
    context = roster(*(f"张{place}" for place in range(1, 501)))

    filled = make("roster", context).content
    drawn = make("roster", context, as_pdf=True)

    assert len(rows(filled)) == 501
    pages = [page.extract_text() for page in pdf_pages(drawn.content)]
    assert len(pages) > 20
    assert all("单位职务" in page for page in pages)
    assert "张500" in "".join(pages)


def test_a_template_that_never_ends_is_stopped_with_a_sentence(settings):
    settings.PAPER_MAX_SECONDS = 1
    inner = "".join(f"{{% for a{depth} in 议题列表 %}}" for depth in range(24))
    outer = "{% endfor %}" * 24

    with pytest.raises(NotMade):
        make("notice", NOTICE, template=template(f"{inner}x{outer}"))


def test_what_cannot_be_filled_is_a_sentence():
    with pytest.raises(NotMade, match="模板"):
        make("notice", NOTICE, template=b"PK not a document")


# -- drawing -----------------------------------------------------------------------------------------------------


def drawn(document):
    return to_pdf(saved(document))


def test_sections_keep_their_paper_and_pages_break_where_they_are_told_to():
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    document.add_paragraph("第一页").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("第二页")
    wide = document.add_section(WD_SECTION.NEW_PAGE)
    wide.page_width, wide.page_height = Mm(297), Mm(210)
    document.add_paragraph("横页")

    made = drawn(document)

    assert pdf_sizes(made.content) == [(595, 842), (595, 842), (842, 595)]
    assert ["".join(page.extract_text().split()) for page in pdf_pages(made.content)] == [
        "第一页",
        "第二页",
        "横页",
    ]


def test_merged_cells_are_drawn_once():
    document = Document()
    table = document.add_table(rows=3, cols=3, style="Table Grid")
    for place, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{place}"
    table.cell(0, 0).merge(table.cell(0, 2)).text = "横并"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "竖并"

    assert pdf_text(drawn(document).content) == "横并格4格5竖并格7格8"


def test_numbers_of_lists_and_of_pages_are_drawn():
    document = Document()
    document.add_paragraph("甲", style="List Number")
    document.add_paragraph("乙", style="List Number")

    assert pdf_text(drawn(document).content) == "1.甲2.乙"
    assert pdf_text(make("agenda", KINDS["agenda"].sample, as_pdf=True).content).endswith("—1—")


def test_pictures_in_the_line_are_drawn_and_others_named():
    document = Document()
    document.add_paragraph("章").add_run().add_picture(io.BytesIO(PIXEL), width=Pt(40))

    made = drawn(document)

    assert made.notes == ()
    assert len(pdf_pages(made.content)[0].images) == 1


def test_what_is_left_out_is_named():
    document = Document()
    paragraph = document.add_paragraph("公式前")
    paragraph._p.append(paragraph._p.makeelement(
        "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath", {}
    ))  # fmt: skip
    document.add_paragraph("公式后")

    made = drawn(document)

    assert made.notes == ("formula",)
    assert [str(remark) for remark in made.remarks] == ["公式未包含在内。"]
    assert pdf_text(made.content) == "公式前公式后"


def test_an_empty_document_is_an_empty_page():
    assert len(pdf_pages(drawn(Document()).content)) == 1
