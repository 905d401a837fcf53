"""Reading files as cells: what each kind of file yields, and that no file can do harm."""

import struct
import tracemalloc
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
import xlwt
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.roster.workbook import Cell, Limits, UnreadableFile, read_workbook

from . import hostile

SAMPLES = sorted(
    path
    for path in (Path(__file__).parents[2] / "data" / "rosters").iterdir()
    if path.suffix in {".xlsx", ".xls", ".ods"}
)


@pytest.fixture
def read(tmp_path):
    """Reads bytes as a file and returns the workbook."""

    def read(content, name="名册.xlsx", **options):
        path = tmp_path / name
        path.write_bytes(content)
        return read_workbook(path, **options)

    return read


@pytest.fixture
def refusal(read):
    """Reads bytes as a file that must be refused and returns the exception."""

    def refusal(content, **options):
        with pytest.raises(UnreadableFile) as caught:
            read(content, **options)
        return caught.value

    return refusal


def sheet_of(*rows):
    """sheetData of rows, each the XML of its cells."""
    return (
        "<sheetData>" + "".join(f'<row r="{i}">{row}</row>' for i, row in enumerate(rows, 1)) + "</sheetData>"
    )


# .xlsx: values


def test_general_and_text_cells_are_bare_values(read):
    sheet = sheet_of(
        '<c r="A1" t="s"><v>0</v></c><c r="B1"><v>13800000000.0</v></c><c r="C1"><v>1985.1</v></c>'
        '<c r="D1" s="1"><v>7</v></c><c r="E1" t="b"><v>1</v></c><c r="F1"><v>1.1010119900101E+17</v></c>'
    )

    book = read(hostile.xlsx(sheet, strings="<si><t>张伟</t></si>", formats=["@"]))

    assert book.format == "xlsx"
    assert book.encoding is None
    assert book.properties == {"date1904": False}
    assert book.sheets[0].rows == [["张伟", 13800000000, 1985.1, 7, True, 110101199001010000]]
    assert [type(value) for value in book.sheets[0].rows[0]] == [str, int, float, int, bool, int]


def test_rows_keep_their_place_and_lose_empty_ends(read):
    sheet = (
        '<sheetData><row r="3"><c r="B3"><v>1</v></c><c r="D3" s="1"/><c r="E3" t="s"><v>0</v></c></row>'
        '<row r="5"><c r="A5"><v>2</v></c></row><row r="6"><c r="A6" s="1"/></row></sheetData>'
    )

    sheet = read(hostile.xlsx(sheet, strings="<si><t></t></si>", formats=["@"])).sheets[0]

    assert sheet.rows == [[], [], [None, 1], [], [2]]
    assert sheet.row_number(2) == 3


@pytest.mark.parametrize(
    ("code", "serial", "value"),
    [
        ("yyyy.mm", "31210", date(1985, 6, 12)),
        ('yyyy"年"m"月"'.replace('"', "&quot;"), "31199", date(1985, 6, 1)),
        ("yyyy/m/d;@", "61", date(1900, 3, 1)),
        ("yyyy/m/d", "1", date(1900, 1, 1)),
        ("yyyy/m/d", "2958465", date(9999, 12, 31)),
        ("yyyy/m/d h:mm", "31210.4375", datetime(1985, 6, 12, 10, 30)),
        ("yyyy/m/d", "31210.999999999", date(1985, 6, 13)),
        ("h:mm", "0.4375", time(10, 30)),
        ("[$-804]上午/下午h:mm", "0.75", time(18)),
        ("[$-F800]dddd, mmmm dd, yyyy", "31210", date(1985, 6, 12)),
        ("[DBNum1]e年m月", "31210", date(1985, 6, 12)),
        ("yyyy/m/d", "60", 60),  # 29 February 1900, which Excel believes in
        ("yyyy/m/d", "-5", -5),
        ("yyyy/m/d", "19850612", 19850612),
        ("[h]:mm", "1.5", 1.5),
        ("000000", "408300", 408300),
        ("0.00_ ", "1985.1", 1985.1),
        ("#,##0.00&quot;元/m&quot;", "3", 3),
        ("0.00E+00", "5.0011619850101E+17", 500116198501010000),
    ],
)
def test_number_with_a_format_comes_with_the_format(read, code, serial, value):
    sheet = sheet_of(f'<c r="A1" s="1"><v>{serial}</v></c>')

    rows = read(hostile.xlsx(sheet, formats=[code])).sheets[0].rows

    assert rows == [[Cell(value, format=code.replace("&quot;", '"'))]]
    assert type(rows[0][0].value) is type(value)


def test_built_in_formats_are_those_of_chinese_excel(read):
    parts = dict(
        hostile.workbook_parts(sheet_of('<c r="A1" s="1"><v>31199</v></c><c r="B1" s="2"><v>31199</v></c>'))
    )
    xfs = b'<cellXfs><xf numFmtId="0"/><xf numFmtId="57"/><xf numFmtId="14"/></cellXfs>'
    parts["xl/styles.xml"] = b"<styleSheet>" + xfs + b"</styleSheet>"

    rows = read(hostile.zipped(list(parts.items()))).sheets[0].rows

    assert rows == [[Cell(date(1985, 6, 1), 'yyyy"年"m"月"'), Cell(date(1985, 6, 1), "yyyy/m/d")]]


def test_dates_of_the_1904_system(read):
    sheet = sheet_of('<c r="A1" s="1"><v>29748</v></c><c r="B1" s="1"><v>0</v></c>')

    book = read(hostile.xlsx(sheet, formats=["yyyy-mm-dd"], date1904=True))

    assert book.properties == {"date1904": True}
    assert book.sheets[0].rows == [
        [Cell(date(1985, 6, 12), "yyyy-mm-dd"), Cell(date(1904, 1, 1), "yyyy-mm-dd")]
    ]


def test_formulas_come_with_the_result_saved_in_the_file(read):
    sheet = sheet_of(
        '<c r="A1"><f>ROW()</f><v>1</v></c><c r="B1" t="str"><f>MID(C1,1,2)</f><v>A&amp;B</v></c>'
        '<c r="C1" s="1"><f t="shared" si="0"/><v>31210</v></c><c r="D1"><f>NOW()</f><v></v></c>'
        '<c r="E1"><f>NOW()</f><v/></c><c r="F1"><f>NOW()</f></c><c r="G1" t="b"><f>TRUE()</f><v>1</v></c>'
        '<c r="H1" t="str"><f>IF(TRUE,"")</f><v></v></c><c r="I1"><v>5</v></c>'
    )

    rows = read(hostile.xlsx(sheet, formats=["yyyy-mm-dd"])).sheets[0].rows

    assert rows == [
        [
            Cell(1, formula=True),
            Cell("A&B", formula=True),
            Cell(date(1985, 6, 12), "yyyy-mm-dd", formula=True),
            Cell(None, formula=True),
            Cell(None, formula=True),
            Cell(None, formula=True),
            Cell(True, formula=True),
            Cell("", formula=True),
            5,
        ]
    ]


def test_error_cells_say_which_error(read):
    sheet = sheet_of('<c r="A1" t="e"><f>NA()</f><v>#N/A</v></c><c r="B1" t="e"><v>#REF!</v></c>')

    rows = read(hostile.xlsx(sheet)).sheets[0].rows

    assert rows == [[Cell(None, formula=True, error="#N/A"), Cell(None, error="#REF!")]]


def test_texts_in_every_way_of_writing_them(read):
    strings = (
        "<si><t>出生\r\n年月</t></si>"
        '<si><r><rPr><sz val="9"/></rPr><t>王</t></r><r><t xml:space="preserve"> 芳</t></r>'
        '<rPh sb="0" eb="1"><t>ワン</t></rPh></si>'
        "<si/><si><t>&lt;&#x4E00;&#20108;&gt;_x0041__xD842__xDFB7_</t></si><si><t>𠮷</t><phoneticPr/></si>"
    )
    cells = "".join(f'<c r="{column}1" t="s"><v>{i}</v></c>' for i, column in enumerate("ABCDE"))
    inline = (
        '<c r="F1" t="inlineStr"><is><t>李 勇</t></is></c><c r="G1" t="inlineStr"><is><r><t>a</t></r>'
        '<r><t>&amp;b</t></r></is></c><c r="H1" t="d"><v>1985-06-12</v></c>'
        '<c r="I1" t="d"><v>1985-06-12T08:30:00</v></c>'
    )

    rows = read(hostile.xlsx(sheet_of(cells + inline), strings=strings)).sheets[0].rows

    assert rows == [
        [
            "出生\n年月", "王 芳", None, "<一二>A𠮷", "𠮷", "李 勇", "a&b",
            Cell(date(1985, 6, 12)), Cell(datetime(1985, 6, 12, 8, 30)),
        ]
    ]  # fmt: skip


USUAL = (
    '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>31210</v></c></row>'
    '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="inlineStr"><is><t>a&lt;b</t></is></c></row></sheetData>'
    '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
)
UNUSUAL = {
    "prefixes": '<?xml version="1.0"?><x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="1"><x:c r="A1" t="s">'
    '<x:v>0</x:v></x:c><x:c r="C1" s="1"><x:v>31210</x:v></x:c></x:row><x:row r="3"><x:c r="A3"><x:f>1+1</x:f>'
    '<x:v>2</x:v></x:c><x:c r="B3" t="inlineStr"><x:is><x:t>a&lt;b</x:t></x:is></x:c></x:row></x:sheetData>'
    '<x:mergeCells><x:mergeCell ref="A1:B2"/></x:mergeCells></x:worksheet>',
    "single quotes": USUAL.replace('"', "'"),
    "other order": USUAL.replace('r="A1" t="s"', 't="s" r="A1"').replace('r="C1" s="1"', 's="1" r="C1"'),
    "no addresses": USUAL.replace(' r="A1"', "").replace(' r="A3"', "").replace(' r="B3"', ""),
    "blanks": USUAL.replace("><", ">\n  <").replace('"/>', '" />'),
    "comments": USUAL.replace("<row", '<!-- <c r="A9"><v>9</v></c> --><row'),
    "cdata": USUAL.replace("a&lt;b", "<![CDATA[a<b]]>"),
    "text as value": USUAL.replace("<is><t>a&lt;b</t></is>", "<v>a&lt;b</v>"),
    "cells out of order": USUAL.replace(
        '<c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>31210</v></c>',
        '<c r="C1" s="1"><v>31210</v></c><c r="A1" t="s"><v>0</v></c>',
    ),
    "more attributes": USUAL.replace('r="A3">', 'r="A3" cm="1">').replace(
        "<v>2", '<v xml:space="preserve">2'
    ),
    "greater signs": USUAL.replace("<f>", '<f x=">">'),
}


@pytest.mark.parametrize("sheet", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_xml_reads_like_the_usual(read, sheet):
    usual = read(hostile.xlsx(USUAL, strings="<si><t>张</t></si>", formats=["yyyy-mm-dd"]))

    book = read(hostile.xlsx(sheet, strings="<si><t>张</t></si>", formats=["yyyy-mm-dd"]))

    assert usual.sheets[0].rows == [
        ["张", None, Cell(date(1985, 6, 12), "yyyy-mm-dd")],
        [],
        [Cell(2, formula=True), "a<b"],
    ]
    assert usual.sheets[0].merged == [(0, 0, 1, 1)]
    assert book == usual


def test_parts_in_utf_16(read):
    parts = dict(hostile.workbook_parts(USUAL, strings="<si><t>张</t></si>", formats=["yyyy-mm-dd"]))
    recoded = {
        name: ('<?xml version="1.0" encoding="UTF-16"?>' + content.decode().partition("?>")[2]).encode(
            "utf-16"
        )
        if name.endswith("sheet1.xml")
        else ('<?xml version="1.0" encoding="UTF-16"?>' + content.decode()).encode("utf-16")
        for name, content in parts.items()
    }

    book = read(hostile.zipped(list(recoded.items())))

    assert book == read(hostile.zipped(list(parts.items())))


def test_sheets_that_are_hidden_or_hold_no_cells(read):
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet("名册").write("A1", "姓名")
    hidden = book.add_worksheet("旧数据")
    hidden.write("B2", 1)
    hidden.hide()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=名册!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()

    sheets = read(file.getvalue()).sheets

    assert [(sheet.name, sheet.hidden, sheet.kind, sheet.rows) for sheet in sheets] == [
        ("名册", False, "worksheet", [["姓名"]]),
        ("旧数据", True, "worksheet", [[], [None, 1]]),
        ("图", False, "chart", []),
    ]


def test_merged_cells_of_several_programs(read):
    written = BytesIO()
    book = openpyxl.Workbook()
    book.active.merge_cells("A1:H1")
    book.active.merge_cells("B3:B7")
    book.active["A1"] = "会员名册"
    book.save(written)

    sheet = read(written.getvalue()).sheets[0]

    assert sheet.rows == [["会员名册"]]
    assert sorted(sheet.merged) == [(0, 0, 0, 7), (2, 1, 6, 1)]


def test_workbook_with_macros_is_read_as_data(read):
    book = read(hostile.xlsx(sheet_of('<c r="A1"><v>1</v></c>'), macros=True), name="名册.xlsm")

    assert book.sheets[0].rows == [[1]]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample_rosters_agree_with_calamine(path):
    """Another reader, written by others, as far as it goes: no formats, formulas or errors."""

    def plain(value):
        value = value.value if isinstance(value, Cell) else value
        return "" if value is None else float(value) if type(value) is int else value

    def trimmed(rows):
        rows = [list(map(plain, row)) for row in rows]
        for row in rows:
            while row and row[-1] == "":
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        return rows

    book = read_workbook(path)

    theirs = python_calamine.load_workbook(str(path))
    assert [sheet.name for sheet in book.sheets] == theirs.sheet_names
    for sheet in book.sheets:
        their_sheet = theirs.get_sheet_by_name(sheet.name)
        assert trimmed(sheet.rows) == trimmed(their_sheet.to_python(skip_empty_area=False))
        if book.format != "ods":  # calamine does not know the merged cells of .ods
            ranges = [(*first, *last) for first, last in their_sheet.merged_cell_ranges or []]
            assert sorted(sheet.merged) == sorted(ranges)


# .xls


def test_xls_values_formats_and_merged_cells(read):
    written = BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    sheet.write_merge(0, 1, 0, 2, "会员名册")
    month = xlwt.easyxf(num_format_str="yyyy.mm")
    for column, value in enumerate(["张伟", 13800000000, 1985.1, True, None, 7]):
        sheet.write(2, column, value)
    sheet.write(3, 0, date(1985, 6, 12), month)
    sheet.write(3, 1, 408300, xlwt.easyxf(num_format_str="000000"))
    sheet.write(3, 2, xlwt.Formula("1+1"))
    book.add_sheet("旧").visibility = 1
    book.save(written)

    book = read(written.getvalue(), name="名册.xls")

    assert book.format == "xls"
    assert book.sheets[0].rows == [
        ["会员名册"],
        [],
        ["张伟", 13800000000, 1985.1, True, None, 7],
        [Cell(date(1985, 6, 12), "yyyy.mm"), Cell(408300, "000000"), Cell(None, formula=True)],
    ]
    assert book.sheets[0].merged == [(0, 0, 1, 2)]
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("名册", False), ("旧", True)]


def xls_cell(kind, column, content, style=0):
    return hostile.record(kind, struct.pack("<3H", 0, column, style) + content)


def test_xls_formulas_errors_and_packed_numbers(read):
    formula = bytes(6)
    cells = [
        xls_cell(0x06, 0, struct.pack("<d", 31210) + formula, style=1),
        xls_cell(0x06, 1, b"\0\0\0\0\0\0\xff\xff" + formula),
        hostile.record(0x207, hostile.text("女")),
        xls_cell(0x06, 2, b"\2\0\x2a\0\0\0\xff\xff" + formula),
        xls_cell(0x06, 3, b"\1\0\1\0\0\0\xff\xff" + formula),
        xls_cell(0x06, 4, b"\3\0\0\0\0\0\xff\xff" + formula),
        xls_cell(0x205, 5, b"\x17\1"),
        xls_cell(0x205, 6, b"\1\0"),
        xls_cell(0x27E, 7, struct.pack("<I", 198510 << 2 | 3)),
        xls_cell(0x27E, 8, struct.pack("<i", -5 << 2 | 2)),
        hostile.record(0xBD, struct.pack("<2HHIHIH", 0, 9, 1, 31210 << 2 | 2, 0, 7 << 2 | 2, 10)),
        xls_cell(0x204, 11, hostile.text("文")),
    ]

    rows = read(hostile.xls(*cells, formats=["yyyy/m"])).sheets[0].rows

    assert rows == [
        [
            Cell(date(1985, 6, 12), "yyyy/m", formula=True),
            Cell("女", formula=True),
            Cell(None, formula=True, error="#N/A"),
            Cell(True, formula=True),
            Cell(None, formula=True),
            Cell(None, error="#REF!"),
            True,
            1985.1,
            -5,
            Cell(date(1985, 6, 12), "yyyy/m"),
            7,
            "文",
        ]
    ]


def test_xls_of_the_nineties_in_gbk(read):
    globals_ = hostile.record(0x42, struct.pack("<H", 936)) + hostile.record(0x22, b"\1\0")
    cells = [
        xls_cell(0x204, 0, hostile.text("张伟", 0x0500, "gbk")),
        xls_cell(0x203, 1, struct.pack("<d", 29748), style=1),
    ]

    book = read(
        hostile.xls(*cells, formats=['yyyy"年"m"月"'], globals_=globals_, version=0x0500, encoding="gbk")
    )

    assert book.properties == {"date1904": True}
    assert book.sheets[0].name == "名册"
    assert book.sheets[0].rows == [["张伟", Cell(date(1985, 6, 12), 'yyyy"年"m"月"')]]


def test_xls_texts_torn_over_several_records(read):
    texts = ["会员" * 3000, "abc" * 4000, "𠮷" * 2500, "末"]
    written = BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    for row, value in enumerate(texts):
        sheet.write(row, 0, value)
    book.save(written)

    rows = read(written.getvalue()).sheets[0].rows

    assert rows == [[text] for text in texts]


# .ods

DATE_STYLE = (
    '<number:date-style style:name="N1"><number:year number:style="long"/><number:text>年</number:text>'
    "<number:month/><number:text>月</number:text></number:date-style>"
    '<number:number-style style:name="N2"><number:number number:min-integer-digits="6" number:decimal-places="0"/>'
    "</number:number-style>"
    '<number:number-style style:name="N0"><number:number number:min-integer-digits="1"/></number:number-style>'
    '<style:style style:name="month" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="child" style:family="table-cell" style:parent-style-name="month"/>'
    '<style:style style:name="post" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="general" style:family="table-cell" style:data-style-name="N0"/>'
    '<style:style style:name="out" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


def test_ods_values_and_formats(read):
    table = (
        '<table:table table:name="名册"><table:table-column table:number-columns-repeated="4"/>'
        '<table:table-column table:default-cell-style-name="child"/><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>出生</text:p><text:p>年<text:s text:c="2"/><text:span>月'
        "</text:span></text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell>"
        '<table:table-cell table:style-name="general" office:value-type="float" office:value="13800000000"/>'
        '<table:table-cell table:style-name="post" office:value-type="float" office:value="408300"/>'
        '<table:table-cell table:style-name="month" office:value-type="date" office:date-value="1985-06-12"/>'
        '<table:table-cell office:value-type="date" office:date-value="1985-06-12T08:30:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>'
        "</table:table-row></table:table>"
    )

    book = read(hostile.ods(table, styles=DATE_STYLE), name="名册.ods")

    assert book.format == "ods"
    assert book.sheets[0].rows == [
        [
            "出生\n年  月",
            13800000000,
            Cell(408300, "000000"),
            Cell(date(1985, 6, 12), 'yyyy"年"m"月"'),
            Cell(datetime(1985, 6, 12, 8, 30), 'yyyy"年"m"月"'),
            True,
            Cell(time(8, 30)),
        ]
    ]


def test_ods_repeats_spans_formulas_and_hidden_sheets(read):
    table = (
        '<table:table table:name="旧" table:style-name="out"><table:table-row table:number-rows-repeated="2">'
        '<table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="2"><text:p>同上</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table>'
        '<table:table table:name="名册"><table:table-row><table:table-cell table:number-rows-spanned="3" '
        'table:number-columns-spanned="2" office:value-type="float" office:value="1"/><table:covered-table-cell/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        '<table:table-cell table:formula="of:=NOW()"/>'
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )

    old, roster = read(hostile.ods(table, styles=DATE_STYLE)).sheets

    assert (old.name, old.hidden, old.rows) == ("旧", True, [[None, None, "同上", "同上"]] * 2)
    assert (roster.name, roster.hidden, roster.merged) == ("名册", False, [(0, 0, 2, 1)])
    assert roster.rows == [
        [1, None, Cell(2, formula=True), Cell(None, formula=True), Cell(None, formula=True, error="#N/A")]
    ]


# .csv


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_encodings_and_delimiters(read, codec, encoding, delimiter):
    text = "会员名册，2023\r\n姓名,单位,手机\r\n张伟,甲；乙,13800000000\r\n𠮷田,,019\r\n".replace(
        ",", delimiter
    )

    book = read(text.encode(codec), name="名册.csv")

    assert (book.format, book.encoding) == ("csv", encoding)
    assert book.sheets[0].rows == [
        ["会员名册，2023"],
        ["姓名", "单位", "手机"],
        ["张伟", "甲；乙", "13800000000"],
        ["𠮷田", None, "019"],
    ]
    assert book.sheets[0].lines == [1, 2, 3, 4]


def test_csv_records_know_their_line(read):
    text = '姓名,备注\r\n\r\n张伟,"一\r\n二,""三"""\r\n王芳,\'007\r\n'

    sheet = read(text.encode(), name="名册.csv").sheets[0]

    assert sheet.rows == [["姓名", "备注"], [], ["张伟", '一\n二,"三"'], ["王芳", "'007"]]
    assert sheet.lines == [1, 2, 3, 5]
    assert sheet.row_number(3) == 5


def test_csv_lone_quotation_mark_does_not_swallow_the_rest(read):
    text = '姓名,备注\n"张伟,甲\n王芳,5" 屏\n李静,"丙"\n'

    rows = read(text.encode()).sheets[0].rows

    assert rows == [["姓名", "备注"], ['"张伟', "甲"], ["王芳", '5" 屏'], ["李静", '"丙"']]


def test_csv_separator_line_of_excel(read):
    sheet = read("sep=;\n姓名;备注,注\n张伟;甲,乙,丙\n".encode()).sheets[0]

    assert sheet.rows == [[], ["姓名", "备注,注"], ["张伟", "甲,乙,丙"]]
    assert sheet.lines == [1, 2, 3]


def test_csv_stray_control_character_is_left_to_the_next_step(read):
    text = "姓名,备注\n" + "张伟,甲\n" * 30 + "王\x1f芳,乙\n"

    rows = read(text.encode()).sheets[0].rows

    assert rows[-1] == ["王\x1f芳", "乙"]


@pytest.mark.parametrize("name", ["名册.xlsx", "名册.xls", "名册.ods", "名册.csv", "名册"])
def test_content_decides_not_the_name(read, name):
    sheet = sheet_of('<c r="A1"><v>1</v></c>')
    table = (
        '<table:table><table:table-row><table:table-cell office:value-type="float" office:value="1"/>'
        "</table:table-row></table:table>"
    )

    formats = [
        read(content, name=name).format
        for content in (hostile.xlsx(sheet), hostile.xls(), hostile.ods(table), "姓名\n张伟".encode())
    ]

    assert formats == ["xlsx", "xls", "ods", "csv"]


# files that must not do harm

CELL_AT_THE_CORNER = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
HTML = "<html><head><meta charset=utf-8></head><body><table><tr><td>姓名</td></tr></table></body></html>".encode()
FLAT_XML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
DOCX = hostile.zipped(
    [
        (
            "[Content_Types].xml",
            b'<Types><Override PartName="/word/document.xml" ContentType="word"/></Types>',
        ),
        ("word/document.xml", b"<document/>"),
    ]
)
XLSB = hostile.zipped(
    [
        (
            "[Content_Types].xml",
            b'<Types><Override PartName="/xl/workbook.bin" '
            b'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
    ]
)
GOOD_XLSX = hostile.xlsx(sheet_of('<c r="A1" t="s"><v>0</v></c>'), strings="<si><t>张伟</t></si>")
GOOD_XLS = hostile.xls(xls_cell(0x204, 0, hostile.text("张伟")), *[xls_cell(0x203, 1, bytes(8))] * 300)
GOOD_ODS = hostile.ods("<table:table/>")
LAUGHING_SHEET = hostile.LAUGHS + "<worksheet><sheetData>&j;</sheetData></worksheet>"
LAUGHING_TEXTS = hostile.LAUGHS + "<sst><si><t>&j;</t></si></sst>"
LONG_TEXT = "<si><t>" + "长" * 32767 + "</t></si>"
ALL_COLUMNS = sheet_of("<c><v>1</v></c>" * 16384)
FAR_ROWS = '<sheetData><row r="1"><c><v>1</v></c></row>' + "".join(
    f'<row r="{number}"><c><v>1</v></c></row>' for number in range(5001, 5031)
)
HOSTILE = {
    "nothing": ("empty", lambda: b""),
    "blanks": ("empty", lambda: b" \r\n" * 100),
    "21 MB": ("too_large", lambda: bytes(21 << 20)),
    "bomb of text": ("zip_bomb", lambda: hostile.bomb("xl/sharedStrings.xml", mebibytes=1024)),
    "bomb of rows": ("zip_bomb", lambda: hostile.bomb("xl/worksheets/sheet1.xml", mebibytes=1024)),
    "bomb that lies": (
        "damaged",
        lambda: hostile.bomb("xl/sharedStrings.xml", mebibytes=1024, declared=9999),
    ),
    "one text of 200 MB": ("too_much_text", lambda: hostile.bomb("xl/worksheets/sheet1.xml", mebibytes=200)),
    "text repeated": (
        "too_much_text",
        lambda: hostile.xlsx(sheet_of(*['<c t="s"><v>0</v></c>' * 300] * 100), strings=LONG_TEXT),
    ),
    "1 048 576 rows": ("too_many_rows", lambda: hostile.xlsx(hostile.rows(count=1_048_576))),
    "16 384 columns": ("too_many_columns", lambda: hostile.xlsx(ALL_COLUMNS)),
    "rows far away": ("far_cells", lambda: hostile.xlsx(FAR_ROWS + "</sheetData>")),
    "merged without end": (
        "damaged",
        lambda: hostile.xlsx(
            "<sheetData/><mergeCells>" + '<mergeCell ref="A1:B2"/>' * 200_000 + "</mergeCells>"
        ),
    ),
    "300 sheets": ("too_many_sheets", lambda: many_sheets(300)),
    "laughs in a sheet": ("forbidden_markup", lambda: hostile.xlsx(LAUGHING_SHEET)),
    "laughs in the texts": (
        "forbidden_markup",
        lambda: hostile.xlsx(sheet_of('<c t="s"><v>0</v></c>'), strings=LAUGHING_TEXTS),
    ),
    "laughs in .ods": ("forbidden_markup", lambda: hostile.ods(hostile.LAUGHS + "<a>&j;</a>")),
    "unknown entity": ("damaged", lambda: hostile.xlsx(sheet_of('<c r="A1" t="str"><v>&j;</v></c>'))),
    "deep nesting": ("damaged", lambda: hostile.xlsx("<sheetData>" + "<a>" * 1_000_000)),
    "deep nesting in a cell": ("damaged", lambda: hostile.xlsx(sheet_of("<c><is>" + "<r>" * 300_000))),
    "texts never closed": ("damaged", lambda: hostile.xlsx(sheet_of("<c><is>" * 300_000))),
    "text number too high": ("damaged", lambda: hostile.xlsx(sheet_of('<c r="A1" t="s"><v>9</v></c>'))),
    "encrypted .xlsx": (
        "encrypted",
        lambda: hostile.compound({"EncryptionInfo": bytes(200), "EncryptedPackage": bytes(5000)}),
    ),
    "encrypted .xls": ("encrypted", lambda: hostile.xls(globals_=hostile.record(0x2F, bytes(54)))),
    "encrypted .ods": (
        "encrypted",
        lambda: hostile.ods(
            "x",
            manifest='<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
        ),
    ),
    "half an .xlsx": ("truncated", lambda: GOOD_XLSX[: len(GOOD_XLSX) // 2]),
    "half an .xls": ("truncated", lambda: GOOD_XLS[: len(GOOD_XLS) // 2]),
    "half an .ods": ("truncated", lambda: GOOD_ODS[: len(GOOD_ODS) // 2]),
    "half a .csv": ("truncated", lambda: "姓名,手机\n张伟,13800000000".encode()[:-13]),
    "one byte lost": (
        "damaged",
        lambda: ("姓名,手机\n" + "张伟,138\n" * 30).encode().replace(b"\xe4", b"", 1),
    ),
    "absurd record": ("damaged", lambda: hostile.xls(struct.pack("<2H", 0x204, 3) + b"abc")),
    "record beyond the end": ("truncated", lambda: hostile.xls(struct.pack("<2H", 0x204, 0xFFFF))),
    "texts that are not there": (
        "damaged",
        lambda: hostile.xls(globals_=hostile.record(0xFC, struct.pack("<2I", 1, 0x7FFFFFFF))),
    ),
    "no directory": ("damaged", lambda: no_directory(GOOD_XLS)),
    "sectors in a ring": ("damaged", lambda: ring(GOOD_XLS)),
    "web page": ("html", lambda: HTML),
    "web page in UTF-16": ("html", lambda: HTML.decode().encode("utf-16")),
    "mail with a web page": ("html", lambda: b"MIME-Version: 1.0\r\n\r\n" + HTML),
    "XML of 2003": ("other_spreadsheet", lambda: FLAT_XML),
    ".xlsb": ("other_spreadsheet", lambda: XLSB),
    "Excel 4": ("other_spreadsheet", lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(100)),
    ".docx": ("not_a_spreadsheet", lambda: DOCX),
    ".doc": ("not_a_spreadsheet", lambda: hostile.compound({"WordDocument": bytes(5000)})),
    "any zip": ("not_a_spreadsheet", lambda: hostile.zipped([("/etc/passwd", b"x"), ("../x", b"x")])),
    "a name twice": ("damaged", lambda: hostile.zipped([("a.xml", b"x"), ("/A.xml", b"y")])),
    ".pdf": ("not_a_spreadsheet", lambda: b"%PDF-1.7\n" + bytes(100)),
    "zero bytes": ("not_a_spreadsheet", lambda: "姓名,手机\n张\0伟,138\n".encode()),
    "any bytes": ("not_a_spreadsheet", lambda: bytes((7 * i * i + i) % 251 for i in range(5000))),
}


def many_sheets(count):
    parts = dict(hostile.workbook_parts("<sheetData/>"))
    sheet = b'<sheet name="x" r:id="rId1"/>'
    parts["xl/workbook.xml"] = b'<workbook xmlns:r="urn:r"><sheets>' + sheet * count + b"</sheets></workbook>"
    return hostile.zipped(list(parts.items()))


def no_directory(content):
    directory = 512 * (1 + struct.unpack_from("<I", content, 48)[0])
    return content[:directory] + bytes(512) + content[directory + 512 :]


def ring(content):
    """The compound file with each sector of its first allocation table leading to sector 0."""
    table = 512 * (1 + struct.unpack_from("<I", content, 76)[0])
    return content[:table] + bytes(512) + content[table + 512 :]


@pytest.mark.parametrize(("code", "build"), HOSTILE.values(), ids=HOSTILE)
def test_file_is_refused_with_a_sentence_and_without_harm(refusal, code, build):
    content = build()
    tracemalloc.start()

    try:
        refused = refusal(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refused.code == code
    assert "名册.xlsx" in str(refused)
    assert "{" not in str(refused)
    assert peak < 100 << 20


def test_folder_and_missing_file_are_refused(tmp_path):
    with pytest.raises(UnreadableFile) as folder:
        read_workbook(tmp_path)
    with pytest.raises(UnreadableFile) as missing:
        read_workbook(tmp_path / "没有.xlsx")

    assert (folder.value.code, missing.value.code) == ("not_a_spreadsheet", "not_found")


def test_uploaded_file_is_called_by_its_own_name(refusal):
    with translation.override("en"):
        sentence = str(refusal(b"", filename="会员.xlsx"))

    assert sentence == "The file 会员.xlsx is empty. Please choose the file again."


def test_lone_cell_at_the_far_corner_is_set_aside_and_named(read):
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="KP1"><v>2</v></c></row>' + CELL_AT_THE_CORNER

    sheet = read(hostile.xlsx(sheet)).sheets[0]

    assert sheet.rows == [[1]]
    assert sheet.stray == ["KP1", "XFD1048576"]


def test_a_million_formatted_rows_without_content_are_nothing(read):
    row = '<row r="{0}" spans="1:2" ht="14.25"><c r="A{0}" s="1"/></row>'
    sheet = hostile.rows(count=1_048_575, row=row).replace("</sheetData>", '<row r="1048576"/></sheetData>')
    sheet = sheet.replace('<c r="A3" s="1"/>', '<c r="A3"><v>1</v></c>')

    rows = read(hostile.xlsx(sheet, formats=["@"])).sheets[0].rows

    assert rows == [[], [], [1]]


def test_time_is_limited(refusal):
    slow = "<si><r>" + "<rPh >" * 200_000 + "</r></si>"

    refused = refusal(hostile.xlsx(sheet_of('<c t="s"><v>0</v></c>'), strings=slow), limits=Limits(seconds=1))

    assert (refused.code, refused.params["limit"]) == ("timeout", 1)


def test_memory_is_limited(refusal):
    strings = "".join(f"<si><t>{number:0>200}</t></si>" for number in range(200_000))

    refused = refusal(
        hostile.xlsx(sheet_of('<c t="s"><v>0</v></c>'), strings=strings), limits=Limits(memory=64 << 20)
    )

    assert (refused.code, refused.params["limit"]) == ("memory", 64)


def test_limits_can_be_set(refusal):
    refused = refusal(hostile.xlsx(hostile.rows(count=11)), limits=Limits(max_rows=10))

    assert (refused.code, refused.params["limit"]) == ("too_many_rows", 10)


ROUNDABLE = {
    "xlsx": hostile.workbook_parts(
        USUAL, strings="<si><t>张伟</t></si><si><r><t>a</t></r></si>", formats=["yyyy-mm-dd"]
    ),
    "xls": GOOD_XLS,
    "csv": '姓名,手机\r\n张伟,"138\r\n0000"\r\n'.encode("gb18030"),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_raises_anything_but_unreadable_file(tmp_path, data):
    kind = data.draw(st.sampled_from(list(ROUNDABLE)))
    original = ROUNDABLE[kind]
    if kind == "xlsx" and data.draw(st.booleans()):
        original = hostile.zipped(original)
    if isinstance(original, list):
        parts = [list(part) for part in original]
        part = parts[data.draw(st.integers(0, len(parts) - 1))]
        part[1] = mutate(data, part[1])
        content = hostile.zipped(parts)
    else:
        content = mutate(data, original)
    path = tmp_path / f"mutated.{kind}"
    path.write_bytes(content)

    try:
        book = read_workbook(path, limits=Limits(seconds=10))
    except UnreadableFile as refused:
        assert "mutated" in str(refused)
    else:
        assert book.format in ("xlsx", "xls", "csv")


def mutate(data, content):
    mutated = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=8))
        mutated[at : at + data.draw(st.integers(0, 8))] = piece
    return bytes(mutated)
