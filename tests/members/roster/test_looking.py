"""What staff see of a sheet before they decide about it."""

import datetime as dt

from members.roster.workbook import Cell, Sheet
from tests.members.roster.books import read, read_sheets

N = None


def test_first_filled_rows_of_every_sheet():
    rows = [
        ["通讯录"],
        [],
        [
            N,
            "  一\n二 ",
            3,
            Cell(dt.date(1985, 6, 1), "yyyy.mm"),
            Cell(N, error="#N/A"),
            Cell(N, formula=True),
        ],
        [N, "字" * 41, N],
    ]
    sheets = [Sheet("甲", rows=rows), Sheet("乙", hidden=True, rows=[["草稿"]]), Sheet("丙")]

    roster = read_sheets(*sheets)

    assert [sheet.look for sheet in roster.sheets] == [
        [
            [1, ["通讯录"]],
            [3, ["", "一 二", "3", "1985.06", "#N/A", "="]],
            [4, ["", "字" * 39 + "…"]],
        ],
        [[1, ["草稿"]]],
        [],
    ]


def test_a_look_is_short():
    reading = read([["甲"] * 100] * 50)

    assert (len(reading.look), {len(texts) for _row, texts in reading.look}) == (12, {60})


def test_samples_are_the_first_different_texts_of_each_column():
    rows = [
        ["姓名", "民族", "车牌号"],
        ["张三", "汉族", N],
        ["李四", "汉族", N, "旁"],
        ["王五", "汉族", "渝A·T0000"],
        ["赵六", N, N],
    ]

    assert [column.samples for column in read(rows).columns] == [
        ["张三", "李四", "王五"],
        ["汉族"],
        ["渝A·T0000"],
        ["旁"],
    ]


def test_the_column_of_an_error_sheet_is_left_out_without_a_word():
    reading = read([["姓名", "手机", "问题"], ["张三", "13800000001", "B2：不是电话号码"]])

    assert (reading.columns[2].ignored, reading.messages, reading.rows[0].kept) == (True, [], {})
