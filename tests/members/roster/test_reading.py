"""Cells, rows and files as a whole: what is imported, what is told, what is left out."""

import datetime as dt

import pytest

from members.roster.workbook import Cell, Sheet
from tests.members.roster.books import read, read_cell, read_cells, read_sheets, told, values

N = None
ID = "500116198506150016"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("\u00a0张三\u200b", "张三"),
        ("欧 阳 修", "欧阳修"),
        ("张三*", "张三"),
        ("3、张三", "张三"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・ 买买提", "阿依古丽·买买提"),
        ("Sofia  Maria\u00a0Lindqvist ", "Sofia Maria Lindqvist"),
        ("Ｊｏｈｎ", "John"),
        ("李𠮷", "李𠮷"),
        ("王丹（小）", "王丹（小）"),
    ],
)
def test_names(written, name):
    assert values(read([["姓名", "手机", "备注"], [written, "13800000001", "x"]]))[0]["name"] == name


def test_sex_and_ethnic_group_behind_a_name():
    rows = [["姓名", "性别"], ["张三（女）", N], ["李四(女，回族)", N], ["王五（女）", "男"]]

    assert values(read(rows)) == [
        {"name": "张三", "sex": "女"},
        {"name": "李四", "sex": "女", "ethnicity": "回族"},
        {"name": "王五", "sex": "男"},
    ]


@pytest.mark.parametrize("mark", ["无", "—", "-", "/", "\\", "空", " ", "\u200b", "——"])
def test_marks_for_nothing_are_nothing(mark):
    for header in ("职称", "出生年月", "学历", "手机", "邮箱", "第二党派", "备注"):
        assert read_cell(header, mark) == ({}, [])


def test_none_is_a_title_level_and_a_riddle_as_political_status():
    assert read_cell("职称级别", "无") == ({"title_level": "无"}, [])
    assert read_cell("政治面貌", "无") == ({}, [("B2", "question", "unclear_value")])
    assert read_cell("政治面貌", "—") == ({}, [])


def test_row_without_a_name_is_an_error():
    reading = read(
        [["序号", "姓名", "手机", "单位"], [1, N, "13800000001", "甲"], [2, "—", "13800000002", "乙"]]
    )

    assert [(row.error, told(row.messages)) for row in reading.rows] == [
        (True, [("B2", "error", "name_missing")]),
        (True, [("B3", "error", "name_missing")]),
    ]


@pytest.mark.parametrize(
    ("cell", "values", "messages"),
    [
        (5.00116198506150e17, {}, [("B2", "refused", "id_lost_digits")]),
        (500116198506150016, {}, [("B2", "refused", "id_lost_digits")]),
        ("5.00116E+17", {}, [("B2", "refused", "id_lost_digits")]),
        ("510225198804123000", {}, [("B2", "refused", "id_invalid")]),
        ("500116198506150017", {}, [("B2", "refused", "id_invalid")]),
        (500116850615001, {"id_number": ID}, [("B2", "warning", "id_converted")]),
        (500116850615001.0, {"id_number": ID}, [("B2", "warning", "id_converted")]),
        ("500116850615001", {"id_number": ID}, [("B2", "warning", "id_converted")]),
        ("560101198506150010", {}, [("B2", "refused", "id_invalid")]),
        (f"'{ID}", {"id_number": ID}, []),
        (f'="{ID}"', {"id_number": ID}, []),
        (ID, {"id_number": ID}, []),
    ],
)
def test_identity_numbers(cell, values, messages):
    found, told_messages = read_cell("身份证号", cell)

    assert {key: value for key, value in found.items() if key == "id_number"} == values
    assert told_messages == messages


def test_sex_birth_and_kind_follow_from_the_number_where_the_row_has_none():
    reading = read([["姓名", "身份证号", "性别"], ["张三", ID, N]])

    assert values(reading) == [
        {"name": "张三", "id_number": ID, "id_kind": "居民身份证", "sex": "男", "birth": "1985.06.15"}
    ]
    assert reading.rows[0].derived == {"id_kind", "sex", "birth"}


def test_nothing_follows_from_the_number_where_the_row_says_something_wrong():
    rows = [["姓名", "身份证号", "出生年月", "性别"], ["张三", ID, "见档案", "未知"]]

    assert values(read(rows)) == [{"name": "张三", "id_number": ID, "id_kind": "居民身份证"}]


def test_what_differs_from_the_number_is_told_and_kept():
    rows = [
        ["姓名", "身份证号", "出生年月", "性别"],
        ["张三", ID, "1985.07", "女"],
        ["李四", "50011619860101109X", "1986", "男"],
    ]

    reading = read(rows)

    assert [(row["birth"], row["sex"]) for row in values(reading)] == [("1985.07", "女"), ("1986", "男")]
    assert [told(row.messages) for row in reading.rows] == [
        [("C2", "warning", "birth_differs_from_id"), ("D2", "warning", "sex_differs_from_id")],
        [],
    ]


def test_number_of_a_child_is_left_out():
    from members.identity import check_character

    body = "50011620150615001"

    assert read_cell("身份证号", body + check_character(body)) == ({}, [("B2", "refused", "under_age")])


def test_stated_kind_of_document_decides_how_the_number_is_read():
    rows = [
        ["姓名", "证件类型", "证件号码"],
        ["张三", "身份证", ID],
        ["李四", "护照", "k1234567"],
        ["王五", "台胞证", "12345678"],
        ["赵六", "身份证", "K1234567"],
    ]

    reading = read(rows)

    assert [row.get("id_number") for row in values(reading)] == [ID, "K1234567", "12345678", None]
    assert told(reading.rows[3].messages) == [("C5", "refused", "id_invalid")]


def test_telephones_find_their_fields():
    rows = [
        ["姓名", "手机", "办公电话", "微信号"],
        ["甲一", "13800000001/13900000001"],
        ["甲二", "13800000002、023-47000002"],
        ["甲三", "023-47000003"],
        ["甲四", "023-47000004", "023-47000005"],
        ["甲五", "13800000005（微信同号）"],
        ["甲六", 13800000006.0, 2347000006],
    ]

    reading = read(rows)

    assert [{key: value for key, value in row.items() if key != "name"} for row in values(reading)] == [
        {"mobile": "13800000001", "second_mobile": "13900000001"},
        {"mobile": "13800000002", "office_phone": "023-47000002"},
        {"office_phone": "023-47000003"},
        {"office_phone": "023-47000005"},
        {"mobile": "13800000005", "wechat": "13800000005"},
        {"mobile": "13800000006", "office_phone": "023-47000006"},
    ]
    assert [told(row.messages) for row in reading.rows] == [
        [("B2", "warning", "several_phones")],
        [("B3", "warning", "several_phones")],
        [],
        [("B5", "warning", "several_phones")],
        [],
        [],
    ]


def test_two_parties_and_their_dates():
    rows = [
        ["姓名", "第一党派及加入时间", "第二党派及加入时间"],
        ["张三", "民建 2008.06", "中共 2010.05"],
        ["李四", "中共党员、民盟盟员", "无"],
    ]

    reading = read(rows)

    assert values(reading) == [
        {
            "name": "张三",
            "political_status": "民建会员",
            "party_joined": "2008.06",
            "second_party": "中共党员",
        },
        {"name": "李四", "political_status": "中共党员", "second_party": "民盟盟员"},
    ]
    assert told(reading.rows[0].messages) == [("C2", "warning", "not_split")]


def test_question_whether_somebody_is_in_the_cpc_too():
    rows = [["姓名", "政治面貌", "是否中共党员"], ["张三", "民建会员", "是"], ["李四", "群众", "否"]]

    assert [row.get("second_party") for row in values(read(rows))] == ["中共党员", None]


@pytest.mark.parametrize(
    ("header", "cell", "values", "code"),
    [
        ("民族", "崩龙族", {"ethnicity": "德昂族"}, "outdated_value"),
        ("民族", "华族", {}, "unknown_value"),
        ("学历", "在读", {}, "unclear_value"),
        ("学历学位", "研究生/硕士", {"education": "研究生", "degree": "硕士"}, None),
        ("学历", "大学（学士）", {"education": "大学本科", "degree": "学士"}, None),
        ("职称", "高级工程师", {"title": "高级工程师", "title_level": "副高级"}, None),
        ("职称级别", "一级律师", {"title_level": "正高级"}, None),
        ("职称及级别", "工程师（中级）", {"title": "工程师", "title_level": "中级"}, None),
        ("所属类别", "民企", {"category": "民营企业和外商投资企业管理技术人员"}, "outdated_value"),
        ("邮箱", " Zhang@Example.CN ", {"email": "zhang@example.cn"}, None),
        ("邮箱", "zhang＠example.cn", {"email": "zhang@example.cn"}, None),
        ("邮箱", "a@b.cn;c@d.cn", {}, "unknown_value"),
        ("统一社会信用代码", "51500116mj00000182 ", {"employer_uscc": "51500116MJ00000182"}, None),
        ("统一社会信用代码", "51500116MJ00000183", {}, "id_invalid"),
        ("统一社会信用代码", 915001160000000000, {}, "id_lost_digits"),
        ("会内职务", "副会长/理事", {"association_posts": "副会长、理事"}, None),
        ("荣誉", "1.甲\n2.乙", {"honours": "1.甲；2.乙"}, None),
        ("状态", "已退会", {"status": "退会"}, None),
        ("工作单位及职务", "甲有限公司总经理", {"employer": "甲有限公司", "position": "总经理"}, None),
        ("工作单位及职务", "总经理", {"employer": "总经理"}, "not_split"),
        ("毕业院校及专业", "西南大学 法学", {"school": "西南大学", "major": "法学"}, None),
        ("籍贯", "甲" * 101, {}, "too_long"),
        ("民族", "汉" * 501, {}, "too_long"),
        ("备注", "甲" * 4000, {"remarks": "甲" * 4000}, None),
        ("会员编号", Cell(12, "000000"), {"number": "000012"}, None),
        ("会员编号", Cell(7, '"JJ"0000'), {"number": "JJ0007"}, None),
        ("会员编号", 12.0, {"number": "12"}, None),
        ("备注", 12.5, {"remarks": "12.5"}, None),
        ("备注", Cell(dt.date(2023, 5, 1), "yyyy.mm.dd"), {"remarks": "2023.05.01"}, None),
        ("备注", '含英文逗号, 与"引号"', {"remarks": '含英文逗号, 与"引号"'}, None),
    ],
)
def test_values_of_cells(header, cell, values, code):
    found, messages = read_cell(header, cell)

    assert found == values
    assert [message[2] for message in messages] == ([code] if code else [])


def test_formulas_and_errors():
    cells = [Cell("男", "", True), Cell(N, "", True), Cell(N, "", False, "#N/A"), "#REF!", Cell("", "", True)]

    assert read_cells("性别", *cells) == [
        ({"sex": "男"}, [("B2", "warning", "formula")]),
        ({}, [("B3", "refused", "formula")]),
        ({}, [("B4", "refused", "formula")]),
        ({}, [("B5", "refused", "formula")]),
        ({}, []),
    ]


def test_open_question_marks_the_row():
    reading = read([["姓名", "出生年月"], ["张三", "1985.1"], ["李四", "1985.13"]])

    assert [(row.question, row.error) for row in reading.rows] == [(True, False), (False, False)]


def test_identical_repeats_are_merged_into_the_first():
    header = ["姓名", "身份证号", "手机", "单位"]

    reading = read([header, ["张三", ID, "13800000001", "甲"], ["张 三", f"'{ID}", "138 0000 0001", "甲"]])

    first, second = reading.rows
    assert (first.messages, first.merged_into) == ([], None)
    assert (told(second.messages), second.merged_into) == ([("A3", "warning", "duplicate_in_file")], (0, 2))


def test_repeats_that_disagree_are_errors_both():
    reading = read(
        [
            ["姓名", "手机", "单位"],
            ["张三", "13800000001", "甲"],
            ["李四", "13800000002", "甲"],
            ["张三", "13800000001", "乙"],
        ]
    )

    assert [row.error for row in reading.rows] == [True, False, True]
    assert told(reading.rows[2].messages) == [("A4", "error", "duplicate_in_file")]
    assert reading.rows[0].messages[0].params["fields"] == ["工作单位"]


def test_namesakes_with_other_numbers_are_other_persons():
    rows = [
        ["姓名", "手机", "身份证号"],
        ["张三", "13800000001", ID],
        ["张三", "13800000001", "50011619860101109X"],
        ["张三", "13900000001", N],
    ]

    assert [row.merged_into or row.error for row in read(rows).rows] == [False, False, False]


def test_same_person_on_two_sheets_is_one():
    roster = read_sheets(
        Sheet("会员", rows=[["姓名", "手机", "单位"], ["张三", "13800000001", "甲"]]),
        Sheet("理事", rows=[["姓名", "手机", "会内职务"], ["张三", "13800000001", "理事"]]),
    )

    assert roster.sheets[1].rows[0].merged_into == (0, 2)


def test_every_message_has_a_sentence():
    from members.roster.messages import SENTENCES, Message

    for key in SENTENCES:
        code, variant = key if isinstance(key, tuple) else (key, None)
        params = dict.fromkeys(
            (
                "name",
                "other",
                "value",
                "area",
                "id_value",
                "first",
                "second",
                "understood",
                "field",
                "header",
                "list",
            ),
            "甲",
        )
        params |= dict.fromkeys(("body", "title", "post", "day", "number", "reason", "known"), "甲")
        params |= {"fields": ["甲", "乙"], "columns": ["B", "C"], "length": 5, "limit": 4, "variant": variant}

        text = Message("F5", "warning", code, params).text

        assert text.startswith("F5")
        assert "{" not in text


def test_json_has_the_shape_of_the_contract():
    reading = read([["姓名", "出生年月"], ["张三", "1985.1"], ["合计"]])

    sheet = reading.to_json()

    text = sheet["rows"][0]["messages"][0].pop("text")
    assert "1985.10" in text
    assert sheet == {
        "name": "Sheet1",
        "header_rows": [1],
        "columns": [
            {"column": "A", "header": "姓名", "field": "name"},
            {"column": "B", "header": "出生年月", "field": "birth"},
        ],
        "messages": [],
        "rows": [
            {
                "row": 2,
                "action": "question",
                "member": None,
                "values": {"name": "张三"},
                "messages": [{"cell": "B2", "level": "question", "code": "date_ambiguous"}],
            }
        ],
        "skipped": [{"row": 3, "kind": "subtotal"}],
    }


def test_messages_know_the_field_they_are_about():
    rows = [
        ["姓名", "身份证号", "出生年月", "工作单位及职务", "手机", "衣服尺码", "电话", "电话"],
        ["张三", ID, "1985.07", "甲社某人", "13800000001、13800000002、13800000003", "XL", "1", "2"],
        [N, "500116198506150017", "1985.1", N, "123", N, N, N],
        ["李四", N, N, N, "13900000001", N, N, N],
        ["李四", N, "1980.01", N, "13900000001", N, N, N],
    ]

    reading = read(rows)

    assert [(message.code, message.field) for message in reading.messages] == [
        ("header_ambiguous", "mobile"),
        ("header_ambiguous", "mobile"),
        ("header_unknown", None),
    ]
    assert [[(message.code, message.field) for message in row.messages] for row in reading.rows] == [
        [("not_split", "employer"), ("several_phones", "mobile"), ("birth_differs_from_id", "birth")],
        [
            ("id_invalid", "id_number"),
            ("date_ambiguous", "birth"),
            ("phone_invalid", "mobile"),
            ("name_missing", "name"),
        ],
        [],
        [("duplicate_in_file", "name")],
    ]
