"""The files as such: texts come back as they were, no cell is a formula, the sheet is ready to be printed."""

import csv
import io

import pytest
from openpyxl import load_workbook

from members.formats import Csv, Xlsx
from members.imports.pipeline import read_file


class Heading:
    maker = "李秘书"

    def title(self):
        return "某<&>联合会会员名册"

    def note(self, count):
        return f"共 {count} 人"


def workbook(headers, rows, heading=None):
    file = io.BytesIO()
    Xlsx().write(file, headers, iter(rows), heading)
    return load_workbook(file)


def csv_rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "＝1",
        "'=1",
        "''=1",
        "'x",
        '<&>"',
        " 前",
        "后 ",
        "两\n行",
        "𠮷野",
        "@title@",
        "\x0b控制",
        "零\0字符",
    ],
)
def test_workbook_gives_any_text_back(text):
    book = workbook(["备注", "空"], [[text, ""], ["甲", text]], Heading())

    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]
    kept = text.replace("\x0b", "").replace("\0", "")
    assert rows == [[kept, None], ["甲", kept]]


def test_the_sheet_is_ready_to_be_handed_in():
    headers = ["会员编号", "姓名", "工作单位", "备注"]

    book = workbook(headers, [["1", "张一", "", "好"], ["2", "李二", "某公司", ""]], Heading())

    sheet = book.active
    assert [sheet["A1"].value, sheet["A2"].value] == ["某<&>联合会会员名册", "共 2 人"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:D1", "A2:D2"]
    assert [cell.value for cell in sheet[3]] == headers
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C4", "A3:D5", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert (book.sheetnames, book.properties.creator) == (["会员名册"], "李秘书")
    assert book.defined_names == {}
    # empty cells have lines too
    assert {
        (cell.number_format, cell.border.left.style, cell.alignment.wrap_text)
        for row in sheet.iter_rows(min_row=4)
        for cell in row
    } == {("@", "thin", True)}
    assert {cell.data_type for row in sheet.iter_rows(min_row=4) for cell in row if cell.value} == {"s"}


def test_lines_above_a_narrow_table_are_not_merged_into_it():
    sheet = workbook(["姓名"], [["张一"]], Heading()).active

    assert (sheet["A2"].value, list(sheet.merged_cells.ranges), sheet.freeze_panes) == ("共 1 人", [], "B4")


def test_without_a_heading_the_header_comes_first():
    sheet = workbook(["姓名", "性别"], [["张一", "女"]]).active

    assert [[cell.value for cell in row] for row in sheet.rows] == [["姓名", "性别"], ["张一", "女"]]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B2")


@pytest.mark.parametrize(
    "text", ["=1+1", "+852 91234567", "-1", "@x", "\t=1", "＝1", "＋1", "'=1", "''=1", " =1", "'+"]
)
def test_csv_holds_no_formula_and_reads_back(text, tmp_path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        Csv().write(file, ["姓名", "备注"], [["张一", text]])

    written = csv_rows(path.read_bytes())[1][1]
    read = read_file(path).sheets[0].rows[0].values["remarks"]

    assert written == f"'{text}"
    assert read == text.strip()


@pytest.mark.parametrize("text", ["张一", "1985.06", "'abc", "a=b", "—", "013-1"])
def test_csv_leaves_other_texts_alone(text):
    file = io.BytesIO()

    Csv().write(file, ["备注"], [[text]], Heading())

    assert csv_rows(file.getvalue()) == [["备注"], [text]]


@pytest.mark.parametrize("heading", [None, Heading()])
def test_number_of_rows_is_told(heading):
    rows = [["张一"], ["张二"], ["张三"]]

    counts = [
        form().write(io.BytesIO(), ["姓名"], iter(rows[:size]), heading)
        for form in (Xlsx, Csv)
        for size in (0, 3)
    ]

    assert counts == [0, 3, 0, 3]
