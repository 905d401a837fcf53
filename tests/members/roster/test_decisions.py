"""What staff decide goes before what the reader thinks."""

import json

import pytest

from members.roster.decisions import ASIDE, IGNORE, NO_HEADER, Decisions, SheetDecision
from members.roster.workbook import Cell, Sheet
from tests.members.roster.books import fields, read, read_sheets, skipped, told, values

N = None


def decided(header_row=None, columns=None, headers=None, is_read=None):
    return Decisions({"Sheet1": SheetDecision(is_read, header_row, columns or {})}, headers or {})


def test_decisions_survive_being_kept_as_json():
    decisions = Decisions(
        {"花名册": SheetDecision(False, 3, {"C": "employer+position"}), "草稿": SheetDecision()},
        {"衣服尺码": ASIDE},
    )

    assert Decisions.from_json(json.loads(json.dumps(decisions.to_json()))) == decisions
    assert Decisions.from_json({}) == Decisions()


def test_sheets_are_read_as_decided():
    rows = [["姓名", "手机"], ["张三", "13800000001"]]
    sheets = [
        Sheet("甲", rows=rows),
        Sheet("乙", hidden=True, rows=rows),
        Sheet("丙", hidden=True, rows=rows),
    ]
    decisions = Decisions({"甲": SheetDecision(is_read=False), "乙": SheetDecision(is_read=True)})

    roster = read_sheets(*sheets, decisions=decisions)

    assert [len(sheet.rows) for sheet in roster.sheets] == [0, 1, 0]


def test_header_row_pointed_at_is_read_whatever_its_words():
    rows = [
        ["某某商会通讯录"],
        ["企业家", "号码", "地区"],
        ["张三", "13800000001", "江津"],
        ["李四", "13900000002", "永川"],
    ]
    assert read(rows).rows == []

    reading = read(rows, decisions=decided(2, {"A": "name", "B": "mobile"}))

    assert (reading.header_rows, fields(reading)) == ([2], {"企业家": "name", "号码": "mobile"})
    assert values(reading) == [
        {"name": "张三", "mobile": "13800000001"},
        {"name": "李四", "mobile": "13900000002"},
    ]
    assert [row.kept for row in reading.rows] == [{"C": "江津"}, {"C": "永川"}]
    assert (skipped(reading), told(reading.messages)) == (
        [(1, "title")],
        [("C2", "warning", "header_unknown")],
    )


def test_header_row_pointed_at_goes_before_the_one_found():
    rows = [
        ["姓名", "手机", "备注"],
        ["旧表头", N, N],
        ["负责人", "号码", "单位"],
        ["张三", "13800000001", "甲"],
    ]

    reading = read(rows, decisions=decided(3, {"A": "name", "B": "mobile"}))

    assert values(reading) == [{"name": "张三", "mobile": "13800000001", "employer": "甲"}]
    assert skipped(reading) == [(1, "title"), (2, "title")]


def test_last_of_two_header_rows_pointed_at():
    rows = [
        ["企业家", "全日制教育", N],
        [N, "学历", "学位"],
        ["张三", "大学本科", "学士"],
    ]

    reading = read(
        rows, merged=[(0, 0, 1, 0), (0, 1, 0, 2)], decisions=decided(2, headers={"企业家": "name"})
    )

    assert reading.header_rows == [1, 2]
    assert values(reading) == [
        {"name": "张三", "full_time_education": "大学本科", "full_time_degree": "学士"}
    ]


def test_list_without_header():
    rows = [["张三", "13800000001", "甲"], ["李四", "13900000002", "乙"]]

    reading = read(rows, decisions=decided(NO_HEADER, {"A": "name", "B": "mobile"}))

    assert values(reading) == [
        {"name": "张三", "mobile": "13800000001"},
        {"name": "李四", "mobile": "13900000002"},
    ]
    assert (reading.header_rows, skipped(reading)) == ([], [])
    assert [(message.cell, message.code) for message in reading.messages] == [("C1", "header_unknown")]


@pytest.mark.parametrize("header_row", [1, NO_HEADER])
def test_without_names_there_are_no_rows_but_a_question(header_row):
    rows = [["甲", "乙"], ["张三", "13800000001"]]

    reading = read(rows, decisions=decided(header_row, {"B": "mobile"}))

    assert reading.rows == []
    assert told(reading.messages)[-1] == ("A1", "question", "name_column_missing")


def test_names_that_staff_leave_out_are_missing():
    rows = [["姓名", "手机"], ["张三", "13800000001"]]

    for choice in (IGNORE, ASIDE, "mobile"):
        reading = read(rows, decisions=decided(columns={"A": choice}))

        assert reading.rows == []
        assert ("A1", "question", "name_column_missing") in told(reading.messages)


def test_header_row_that_is_not_there_is_looked_for():
    rows = [["姓名", "手机"], ["张三", "13800000001"]]

    assert len(read(rows, decisions=decided(99)).rows) == 1


def test_sheet_of_errors_without_header():
    assert read([[Cell(N, error="#N/A")]], decisions=decided(NO_HEADER, {"A": "name"})).rows == []


def test_header_row_of_a_csv_is_its_line():
    sheet = Sheet("Sheet1", rows=[["企业家"], ["张三"]], lines=[1, 4])

    reading = read_sheets(sheet, decisions=decided(2, {"A": "name"})).sheets[0]

    assert (reading.header_rows, [row.row for row in reading.rows]) == ([1], [4])


def test_fused_choice_is_divided():
    rows = [["姓名", "在哪里做什么"], ["张三", "重庆甲律师事务所 主任"]]

    reading = read(rows, decisions=decided(columns={"B": "employer+position"}))

    assert values(reading) == [{"name": "张三", "employer": "重庆甲律师事务所", "position": "主任"}]


def test_column_kept_aside_by_choice_is_kept_without_a_remark_and_one_left_out_is_not():
    rows = [["姓名", "车牌号", "衣服尺码"], ["张三", "渝A·T0000", "XL"]]

    reading = read(rows, decisions=decided(headers={"车牌号": ASIDE, "衣服尺码": IGNORE}))

    assert reading.messages == []
    assert reading.rows[0].kept == {"B": "渝A·T0000"}


def test_choice_for_a_letter_goes_before_the_one_for_its_header():
    rows = [["姓名", "号码"], ["张三", "13800000001"]]

    reading = read(rows, decisions=decided(columns={"B": "mobile"}, headers={"号码": "number"}))

    assert values(reading) == [{"name": "张三", "mobile": "13800000001"}]


def test_choice_that_no_longer_exists_is_none():
    rows = [["姓名", "手机"], ["张三", "13800000001"]]

    reading = read(rows, decisions=decided(columns={"B": "pager"}))

    assert values(reading) == [{"name": "张三", "mobile": "13800000001"}]


def test_chosen_column_wins_over_one_that_says_so_more_clearly():
    rows = [["姓名", "手机", "号码"], ["张三", "13800000001", "13900000002"]]

    reading = read(rows, decisions=decided(columns={"C": "mobile"}))

    assert values(reading) == [{"name": "张三", "mobile": "13900000002"}]
    assert told(reading.messages) == [("B1", "question", "header_ambiguous")]


def test_chosen_column_wins_over_a_fused_one():
    rows = [["姓名", "工作单位及职务", "任何职"], ["张三", "甲有限公司总经理", "理事"]]

    reading = read(rows, decisions=decided(columns={"C": "position"}))

    assert values(reading) == [{"name": "张三", "position": "理事"}]
    assert told(reading.messages) == [("B1", "question", "header_ambiguous")]
    assert reading.rows[0].kept == {"B": "甲有限公司总经理"}


def test_two_columns_chosen_for_one_field_need_another_choice():
    rows = [["姓名", "号码一", "号码二"], ["张三", "13800000001", "13900000002"]]

    reading = read(rows, decisions=decided(columns={"B": "mobile", "C": "mobile"}))

    assert values(reading) == [{"name": "张三"}]
    assert told(reading.messages) == [
        ("B1", "question", "header_ambiguous"),
        ("C1", "question", "header_ambiguous"),
    ]


def test_column_without_header_takes_the_chosen_field():
    rows = [["姓名", "性别"], ["张三", "男", "13800000001"]]

    reading = read(rows, decisions=decided(columns={"C": "mobile"}))

    assert values(reading) == [{"name": "张三", "sex": "男", "mobile": "13800000001"}]
    assert reading.messages == []


def test_choice_for_a_letter_is_not_meant_for_another_header_below():
    rows = [
        ["姓名", "编码"],
        ["张三", "13800000001"],
        ["姓名", "手机"],
        ["李四", "13900000002"],
    ]

    reading = read(rows, decisions=decided(columns={"B": IGNORE}))

    assert values(reading) == [{"name": "张三"}, {"name": "李四", "mobile": "13900000002"}]


def test_header_chosen_for_names_before_is_recognised_in_the_next_file():
    rows = [["某某商会通讯录"], ["企业家", "手机"], ["张三", "13800000001"], ["企业家", "手机"], ["李四", N]]

    reading = read(rows, decisions=decided(headers={" 企 业 家": "name"}))

    assert values(reading) == [{"name": "张三", "mobile": "13800000001"}, {"name": "李四"}]
    assert skipped(reading) == [(1, "title"), (4, "repeated_header")]


def test_header_of_two_levels_is_chosen_as_a_whole():
    rows = [["姓名", "性别", "证件", N], [N, N, "有效期", "编码"], ["张三", "男", "2030.01", "JJ001"]]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)]

    reading = read(rows, merged=merged, decisions=decided(headers={"证件-编码": "number"}))

    assert values(reading) == [{"name": "张三", "sex": "男", "number": "JJ001"}]
    assert [message.cell for message in reading.messages] == ["C2"]


def test_form_takes_choices_by_label():
    rows = [
        ["姓名", "张三", "性别", "男"],
        ["何处高就", "重庆甲律师事务所 主任", "工作单位", "乙公司"],
        ["手机", "13800000001"],
        ["衣服尺码", "XL", "车牌", "渝A·T0000"],
    ]
    headers = {"何处高就": "employer+position", "衣服尺码": IGNORE, "车牌": ASIDE}

    reading = read(rows, decisions=decided(headers=headers))

    assert values(reading) == [
        {
            "name": "张三",
            "sex": "男",
            "employer": "重庆甲律师事务所",
            "position": "主任",
            "mobile": "13800000001",
        }
    ]
    assert told(reading.messages) == [("C2", "question", "header_ambiguous")]
    assert reading.rows[0].kept == {"D2": "乙公司", "D4": "渝A·T0000"}


def test_form_is_found_by_a_label_chosen_for_the_name():
    rows = [["企业家", "张三"], ["性别", "男"], ["手机", "13800000001"]]

    reading = read(rows, decisions=decided(headers={"企业家": "name"}))

    assert (reading.layout, values(reading)) == (
        "form",
        [{"name": "张三", "sex": "男", "mobile": "13800000001"}],
    )
