"""The error sheet: the uploaded workbook with its doubts, all else as it was, ready to be imported again."""

import errno
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter
from django.urls import reverse
from django.utils import translation
from openpyxl.comments import Comment

from members.imports.error_sheet import COLOURS, Doubt, doubts_of, error_sheet, notes_of
from members.imports.pipeline import preview_file
from members.models import ImportBatch, ImportRow
from members.rights import Role
from members.roster.contract import DOUBTS, DOUBTS_TITLE, REMARKS
from organizations.models import Action
from tests.make import make_association, make_user
from tests.members.imports.sheets import HEADER, person, workbook
from tests.members.roster import hostile
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
SAMPLES = sorted(path.name for path in ROSTERS.iterdir() if path.suffix in (".xlsx", ".xls", ".ods", ".csv"))
WORKBOOKS = [name for name in SAMPLES if name.endswith(".xlsx")]
COPIED = [name for name in SAMPLES if not name.endswith(".xlsx")]
# mobile number not to be read, name missing, birth that could be two things, nothing wrong
FAULTY = [
    person("张三", mobile="12345"),
    person("", mobile="13800000002"),
    person("李四", birth="1985.1", mobile="13800000003"),
    person("王五", mobile="13800000004"),
]


@pytest.fixture
def home():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def preview(association, content, name):
    return preview_file(io.BytesIO(content), file_name=name, association=association, actor=None)


def preview_sample(association, name):
    return preview(association, (ROSTERS / name).read_bytes(), name)


def sheet_of(batch, **kwargs):
    """The bytes of the batch's error sheet."""
    file, _name = error_sheet(batch, actor=make_user(), **kwargs)
    with file:
        return file.read()


def faulty_batch(association):
    return preview(association, workbook(*FAULTY).getvalue(), "名册.xlsx")


def url_of(batch):
    return reverse("members:import_error_sheet", args=[batch.pk])


def download(client, batch):
    """The response, and what it sends; reading to its end closes it."""
    response = client.get(url_of(batch))
    return response, b"".join(response) if response.streaming else b""


def read(content):
    return openpyxl.load_workbook(io.BytesIO(content), rich_text=True)


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def colour(cell):
    return cell.fill.fgColor.rgb[2:] if cell.fill.patternType == "solid" else ""


def doubtful_cells(batch):
    """{(sheet, address)} of the cells that have a doubt."""
    return {(batch.sheets[doubt.sheet]["name"], doubt.cell) for doubt in doubts_of(batch)}


def ledger(batch):
    """What reading found, without where the rows are in the database."""
    return [(row.sheet, row.row, row.outcome, row.content()) for row in batch.rows.all()]


# -- workbooks that come back as they were


@pytest.mark.parametrize("name", WORKBOOKS)
def test_all_parts_but_those_of_the_marks_stay_byte_for_byte(home, name):
    before = (ROSTERS / name).read_bytes()

    after = parts(sheet_of(preview_sample(home, name)))

    changed = {part for part, content in parts(before).items() if after[part] != content}
    marked = r"xl/(workbook|styles|worksheets/sheet\d+)\.xml|xl/(_rels/workbook|worksheets/_rels/sheet\d+)\.xml\.rels"
    assert all(part == "[Content_Types].xml" or re.fullmatch(marked, part) for part in changed)
    assert "xl/sharedStrings.xml" not in changed


@pytest.mark.parametrize("name", WORKBOOKS)
def test_sheets_differ_by_the_format_of_marked_cells_and_the_reference_to_comments(home, name):
    before = (ROSTERS / name).read_bytes()
    batch = preview_sample(home, name)

    after = parts(sheet_of(batch))

    count = 0
    for part, content in parts(before).items():
        if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", part):
            count += after[part].count(b"<legacyDrawing") - content.count(b"<legacyDrawing")
            assert _unmarked(after[part]) == _unmarked(content)
    assert count == len({sheet for sheet, _cell in doubtful_cells(batch)})


def _unmarked(sheet):
    """The sheet's xml without the reference to comments, the formats of cells, and cells without anything in them."""
    sheet = re.sub(rb"<legacyDrawing [^>]*/>", b"", sheet)
    sheet = re.sub(rb'(<c [^>]*?) s="\d+"', rb"\1", sheet)
    return re.sub(rb'<c r="\w+"\s*/>', b"", sheet)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_marked_cells_keep_all_of_their_format_but_the_colour(home, name):
    batch = preview_sample(home, name)
    before, after = read((ROSTERS / name).read_bytes()), read(sheet_of(batch))
    marked = doubtful_cells(batch)

    assert after.sheetnames == [*before.sheetnames, DOUBTS]
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                other = after[sheet.title][cell.coordinate]
                assert _format(other) == _format(cell)
                if (sheet.title, cell.coordinate) not in marked:
                    assert (colour(other), other.comment) == (colour(cell), cell.comment)
    for title, address in marked:
        assert colour(after[title][address]) in COLOURS.values()
        assert address in after[title][address].comment.text


def _format(cell):
    parts = cell.font, cell.border, cell.alignment, cell.protection
    return cell.value, cell.number_format, [repr(part) for part in parts]


def rich_workbook():
    """A roster with what a library that reads and writes workbooks is apt to lose."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("花名册")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(FAULTY, 1):
            sheet.write_row(number, 0, ["" if value is None else value for value in row])
        sheet.write_rich_string("I2", "普通", bold, "加粗", "文字")
        sheet.write_comment("D2", "填表人：这是旧号码", {"author": "填表人"})
        sheet.write_comment("A5", "另一条批注")
        sheet.data_validation("B2:B99", {"validate": "list", "source": ["男", "女"]})
        sheet.conditional_format("D2:D9", {"type": "duplicate", "format": bold})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column("H:H", None, None, {"hidden": True})
        sheet.freeze_panes(1, 1)
        sheet.autofilter("A1:I5")
        sheet.insert_checkbox("K2", True)
        sheet.write_url("J2", "https://example.org/")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=花名册!$D$2:$D$5"})
        sheet.insert_chart("L2", chart)
        sheet.set_header("&C会员名册")
        book.add_worksheet("隐藏").hide()
        book.define_name("名单", "=花名册!$A$2:$A$5")
    return file.getvalue()


def test_charts_drop_downs_hidden_rows_and_earlier_comments_are_kept(home):
    before = rich_workbook()
    batch = preview(home, before, "名册.xlsx")

    content = sheet_of(batch)

    old, new = parts(before), parts(content)
    commented = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    allowed = {"[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}
    allowed |= commented | {"xl/_rels/workbook.xml.rels"}
    assert {part for part in old if old[part] != new[part]} == allowed
    assert _unmarked(new["xl/worksheets/sheet1.xml"]) == _unmarked(old["xl/worksheets/sheet1.xml"])
    sheet = read(content)["花名册"]
    assert sheet["A5"].comment.text == "另一条批注"
    first, second = sheet["D2"].comment.text.split("\n")
    assert first == "填表人：这是旧号码"
    assert "D2" in second
    assert new["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") == len(
        re.findall(rb"<comment ", new["xl/comments1.xml"])
    )


def test_below_a_comment_without_runs_ours_is_a_run(home):
    book = openpyxl.load_workbook(workbook(*FAULTY))
    book.active["D3"].comment = Comment("原有批注", "填表人")
    file = io.BytesIO()
    book.save(file)
    batch = preview(home, file.getvalue(), "名册.xlsx")

    content = sheet_of(batch)

    [doubt, *_others] = doubts_of(batch)
    assert read(content)["花名册"]["D3"].comment.text == f"原有批注\n{doubt.line}"
    [comments] = [data for name, data in parts(content).items() if "comments/comment" in name]
    assert re.search("<text><r><t[^>]*>原有批注</t></r><r><t".encode(), comments)


def test_a_comment_is_not_written_a_second_time_in_the_next_round(home):
    once = sheet_of(faulty_batch(home))
    batch = preview(home, once, "名册.xlsx")

    twice = sheet_of(batch)

    book = read(twice)
    assert book["花名册"]["D3"].comment.text == read(once)["花名册"]["D3"].comment.text
    assert book.sheetnames == ["花名册", DOUBTS]


def test_a_roster_of_the_same_name_as_the_list_is_a_roster(home):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet(DOUBTS)
        sheet.write_row(0, 0, ["姓名", "手机"])
        sheet.write_row(1, 0, ["张三", "12345"])
    batch = preview(home, file.getvalue(), "名册.xlsx")

    book = read(sheet_of(batch))

    assert batch.counts["rows"] == 1
    assert book.sheetnames == [DOUBTS, f"{DOUBTS}2"]
    assert book[DOUBTS]["B2"].comment is not None


def test_macros_stay_and_the_name_says_so(home):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in parts(workbook(*FAULTY).getvalue()).items():
            data = data.replace(b"spreadsheetml.sheet.main", b"x").replace(
                b"application/vnd.openxmlformats-officedocument.x",
                b"application/vnd.ms-excel.sheet.macroEnabled.main",
            )
            archive.writestr(name, data)
        archive.writestr("xl/vbaProject.bin", b"macros")
    batch = preview(home, content.getvalue(), "名册.xlsx")

    file, name = error_sheet(batch, actor=None)

    with file:
        assert parts(file.read())["xl/vbaProject.bin"] == b"macros"
    assert name == "名册-待核对.xlsm"


def test_a_workbook_written_with_prefixes_is_marked_all_the_same(home):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in parts(workbook(*FAULTY).getvalue()).items():
            if name.startswith("xl/") and name.endswith(".xml") and "theme" not in name:
                data = re.sub(rb"<(/?)(?=[a-zA-Z])(?!\w+:)", rb"<\1x:", data).replace(
                    b" xmlns=", b" xmlns:x="
                )
            archive.writestr(name, data)
    batch = preview(home, content.getvalue(), "名册.xlsx")

    book = read(sheet_of(batch))

    assert batch.counts["rows"] == 4
    assert colour(book["花名册"]["D3"]) == COLOURS["refused"]
    assert book["花名册"]["D3"].comment.text.startswith("【")


def test_a_doubt_about_a_cell_that_is_not_in_the_file_gets_one(home):
    file = workbook(*FAULTY)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in parts(file.getvalue()).items():
            archive.writestr(name, re.sub(rb'<c r="A4"[^>]*?(/>|>.*?</c>)', b"", data))
    batch = preview(home, content.getvalue(), "名册.xlsx")

    sheet = read(sheet_of(batch))["花名册"]

    assert colour(sheet["A4"]) == COLOURS["error"]
    assert sheet["B4"].value == "男"


# -- copies of what we cannot write


@pytest.mark.parametrize("name", COPIED)
def test_a_copy_has_every_cell_and_a_column_of_remarks(home, name):
    batch = preview_sample(home, name)
    content = sheet_of(batch)

    copied = preview(home, content, "待核对.xlsx")

    assert ledger(copied) == ledger(batch)
    book = read(content)
    for doubt in doubts_of(batch):
        sheet = book.worksheets[doubt.sheet]
        assert colour(sheet[doubt.cell]) in COLOURS.values()
        assert doubt.text in sheet[doubt.cell].comment.text
        if doubt.row is not None:
            assert doubt.text in sheet.cell(doubt.row, sheet.max_column).value
    for before, after in zip(batch.sheets, copied.sheets, strict=True):
        assert after["messages"] == before["messages"]
        extra = after["columns"][len(before["columns"]) :]
        assert [column["header"] for column in extra] in ([], [REMARKS])


def test_what_could_be_a_formula_stays_text_in_a_copy(home):
    roster = "姓名,手机,备注\r\n张三,12345,'=1+1\r\n李四,13800000002,=HYPERLINK(1)\r\n".encode()
    batch = preview(home, roster, "名册.csv")

    sheet = read(sheet_of(batch)).worksheets[0]

    assert [(cell.value, cell.data_type) for cell in sheet["C"][1:]] == [
        ("=1+1", "s"),
        ("=HYPERLINK(1)", "s"),
    ]
    assert sheet["D1"].value == REMARKS


def test_rows_of_a_csv_stand_on_their_lines(home):
    roster = '姓名,手机,备注\r\n张三,13800000001,"两\n行"\r\n\r\n李四,12345,\r\n'.encode()
    batch = preview(home, roster, "名册.csv")

    sheet = read(sheet_of(batch)).worksheets[0]

    [doubt] = doubts_of(batch)
    assert (doubt.cell, sheet["A5"].value, sheet["B5"].value) == ("B5", "李四", "12345")


# -- what it says


def test_colours_legend_and_list(home):
    batch = faulty_batch(home)

    book = read(sheet_of(batch))

    sheet, doubts = book["花名册"], book[DOUBTS]
    assert [colour(sheet[address]) for address in ("D3", "A4", "C5", "A6")] == [
        COLOURS["refused"],
        COLOURS["error"],
        COLOURS["question"],
        "",
    ]
    assert doubts["A1"].value == DOUBTS_TITLE
    assert [colour(doubts[f"A{row}"]) for row in range(2, 6)] == list(COLOURS.values())
    listed = [[cell.value for cell in row] for row in doubts.iter_rows(min_row=8, max_row=10)]
    assert [row[:2] for row in listed] == [["花名册", "D3"], ["花名册", "A4"], ["花名册", "C5"]]
    assert listed[0][3] == doubts_of(batch)[0].text


def test_only_what_is_not_imported(home):
    rows = [person("张三", mobile="12345"), person("李四", mobile="13800000001、13800000002")]
    batch = preview(home, workbook(*rows).getvalue(), "名册.xlsx")

    whole, left = (read(sheet_of(batch, all_levels=flag))["花名册"] for flag in (True, False))

    assert [colour(whole[address]) for address in ("D3", "D4")] == [COLOURS["refused"], COLOURS["warning"]]
    assert [colour(left[address]) for address in ("D3", "D4")] == [COLOURS["refused"], ""]
    assert left["D4"].comment is None


def test_rows_that_somebody_left_out_are_no_doubts_any_more(home):
    batch = faulty_batch(home)
    batch.rows.filter(row=4).update(outcome=ImportRow.Outcome.LEFT_OUT)

    assert [doubt.cell for doubt in doubts_of(batch)] == ["D3", "C5"]


def test_header_messages_are_marked_too(home):
    batch = preview(home, workbook(["张三", "红色"], header=["姓名", "喜好"]).getvalue(), "名册.xlsx")

    sheet = read(sheet_of(batch))["花名册"]

    assert [doubt.cell for doubt in doubts_of(batch)] == ["B2"]
    assert "喜好" in sheet["B2"].comment.text


def test_sentences_are_in_the_language_of_the_reader(home):
    batch = faulty_batch(home)

    with translation.override("en"):
        comment = read(sheet_of(batch))["花名册"]["D3"].comment.text

    assert "is not a telephone number" in comment


def test_two_doubts_about_one_cell_share_a_comment_and_the_graver_colour():
    doubts = [
        Doubt(0, 3, "D3", "question", "甲。"),
        Doubt(0, 3, "D3", "error", "乙。"),
        Doubt(0, 3, "D3", "warning", "丙。"),
    ]

    assert notes_of(doubts) == {"D3": ["error", "【请确定】甲。\n【不导入】乙。\n【请留意】丙。"]}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_uploaded_again_it_reads_like_the_original(home, name):
    batch = preview_sample(home, name)

    again = preview(home, sheet_of(batch), "待核对.xlsx")

    assert (ledger(again), again.sheets, again.counts) == (ledger(batch), batch.sheets, batch.counts)


def test_corrected_and_uploaded_again_the_doubt_is_gone(home):
    book = read(sheet_of(faulty_batch(home)))
    book["花名册"]["D3"] = "13800000009"
    file = io.BytesIO()
    book.save(file)

    again = preview(home, file.getvalue(), "改正.xlsx")

    assert [doubt.cell for doubt in doubts_of(again)] == ["A4", "C5"]


# -- the page


def test_the_download_and_its_name(client, home, secretary):
    batch = faulty_batch(home)

    response, content = download(client, batch)

    assert "名册-待核对.xlsx" in unquote(response["Content-Disposition"])
    assert read(content)["花名册"]["D3"].comment is not None


def test_the_page_offers_it_where_there_are_doubts(client, home, secretary):
    doubtful, clean = faulty_batch(home), preview(home, workbook(FAULTY[3]).getvalue(), "好.xlsx")

    pages = [body_of(client.get(batch.get_absolute_url())) for batch in (doubtful, clean)]

    assert [url_of(batch) in page for batch, page in zip((doubtful, clean), pages, strict=True)] == [
        True,
        False,
    ]
    assert f"{url_of(doubtful)}?only=left" in pages[0]


def test_stranger_reader_and_editor(client, home):
    batch = faulty_batch(home)

    statuses = []
    for role, place in (
        (Role.SECRETARY, make_association()),
        (Role.VIEWER, home),
        (Role.SECRETARY, home),
    ):
        sign_in(client, role, place)
        statuses.append(download(client, batch)[0].status_code)

    assert statuses == [404, 403, 200]
    assert client.post(url_of(batch)).status_code == 405


def test_taking_it_out_is_logged_with_the_kinds_of_data_in_it(client, home, secretary):
    batch = faulty_batch(home)

    download(client, batch)

    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.actor, action.association, action.details["count"]) == (secretary, home, 4)
    assert (action.details["identity"], action.details["import"]) == (True, batch.pk)
    assert "名册.xlsx 的待核对表" in body_of(client.get(reverse("members:disclosures")))


def test_a_lost_file_is_said_with_what_to_do(client, home, secretary):
    batch = faulty_batch(home)
    batch.file.storage.delete(batch.file.name)

    response = client.get(url_of(batch))

    assert response.url == batch.get_absolute_url()
    assert messages_of(response) == [
        "上传的文件已删除，无法生成待核对表。请重新上传该文件，新的预览会有自己的待核对表。"
    ]
    assert url_of(batch) not in body_of(client.get(batch.get_absolute_url()))
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()


@pytest.mark.parametrize(
    "content",
    [b"PK\x05\x06", b"", hostile.bomb("xl/workbook.xml", mebibytes=400)],
    ids=["torn", "empty", "bomb"],
)
def test_a_file_spoilt_on_the_disk_is_said(client, home, secretary, content):
    batch = faulty_batch(home)
    Path(batch.file.path).write_bytes(content)

    response = client.get(url_of(batch))

    assert response.url == batch.get_absolute_url()
    [sentence] = messages_of(response)
    assert "名册.xlsx" in sentence


def test_the_sheet_takes_the_same_queries_for_one_doubt_and_three(
    client, home, secretary, django_assert_max_num_queries
):
    counts = []
    for rows in (FAULTY[:1], FAULTY[:3]):
        batch = preview(home, workbook(*rows).getvalue(), "名册.xlsx")
        with django_assert_max_num_queries(30) as captured:
            download(client, batch)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_full_disk_is_said(client, home, secretary, monkeypatch):
    batch = faulty_batch(home)
    monkeypatch.setattr("tempfile.TemporaryFile", full_disk)

    response = client.get(url_of(batch))

    assert response.url == batch.get_absolute_url()
    assert messages_of(response) == ["服务器磁盘已满，无法生成待核对表。请告知服务器管理员，处理后重试。"]


def full_disk():
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_batch_that_was_not_read_has_none(client, home, secretary):
    batch = ImportBatch.objects.create(
        association=home, file_name="名册.xlsx", state="failed", failure="interrupted"
    )

    assert client.get(url_of(batch)).url == batch.get_absolute_url()
