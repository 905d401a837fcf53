import pytest

from members.roster.decisions import IGNORE, Decisions, SheetDecision
from tests.members.roster.books import fields, read, told, values

N = None


def test_two_columns_of_one_header_need_a_choice():
    reading = read([["姓名", "联系电话", "联系电话"], ["张三", "13800000001", "13900000002"]])

    assert told(reading.messages) == [
        ("B1", "question", "header_ambiguous"),
        ("C1", "question", "header_ambiguous"),
    ]
    assert values(reading) == [{"name": "张三"}]
    assert reading.rows[0].kept == {"B": "13800000001", "C": "13900000002"}


def test_clear_header_wins_over_a_vague_one():
    reading = read([["姓名", "手机", "联系电话"], ["张三", "13800000001", "13900000002"]])

    assert fields(reading) == {"姓名": "name", "手机": "mobile"}
    assert told(reading.messages) == [("C1", "question", "header_ambiguous")]


def test_vague_column_of_landlines_beside_mobiles_is_the_office_telephone():
    reading = read([["姓名", "手机", "电话"], ["张三", "13800000001", "023-47000001"]])

    assert fields(reading) == {"姓名": "name", "手机": "mobile", "电话": "office_phone"}


def test_post_beside_a_fused_column_needs_a_choice():
    reading = read([["姓名", "工作单位及职务", "职务"], ["张三", "甲有限公司总经理", "理事"]])

    assert values(reading) == [{"name": "张三", "employer": "甲有限公司", "position": "总经理"}]
    assert told(reading.messages) == [("C1", "question", "header_ambiguous")]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("编号", [1, 2, 3], None),
        ("编号", ["JJ001", "JJ002", "JJ007"], "number"),
        ("证号", ["500116198506150016", "50011619860101109X"], "id_number"),
        ("类别", ["新媒体", "自由职业者"], "category"),
        ("类别", ["理事", "会员"], None),
        ("会员类别", ["单位会员", "个人会员"], None),
        ("片区", ["几江街道", "白沙镇"], "township"),
        ("片区", ["双福片区", "白沙片区"], None),
        ("级别", ["中级", "副高"], "title_level"),
        ("级别", ["正处级", "副科级"], None),
    ],
)
def test_vague_header_takes_the_field_its_cells_fit(header, cells, field):
    reading = read([["姓名", header], *([f"张{'甲乙丙'[place]}", cell] for place, cell in enumerate(cells))])

    assert reading.columns[1].field == field


def test_telephone_beside_a_contact_is_the_contact_s():
    reading = read([["姓名", "单位", "联系人", "联系电话"], ["张三", "甲", "李四", "13900000002"]])

    assert values(reading) == [{"name": "张三", "employer": "甲"}]
    assert told(reading.messages) == [
        ("C1", "warning", "header_unknown"),
        ("D1", "warning", "header_unknown"),
    ]


def test_own_mobile_stays_own_where_a_spouse_has_one_too():
    rows = [
        ["姓名", "手机", "配偶姓名", "手机", "工作单位"],
        ["张三", "13800000001", "李四", "13900000002", "甲"],
    ]

    assert values(read(rows)) == [{"name": "张三", "mobile": "13800000001", "employer": "甲"}]


def test_choice_of_the_staff_by_header_or_letter():
    rows = [
        ["姓名", "部 门", "联系电话", "联系电话", "衣服尺码"],
        ["张三", "甲公司", "13800000001", "13900000002", "XL"],
    ]

    decisions = Decisions(
        {"Sheet1": SheetDecision(columns={"C": "mobile", "D": "second_mobile"})},
        {"部门": "employer", "衣服尺码": IGNORE},
    )
    reading = read(rows, decisions=decisions)

    assert values(reading) == [
        {"name": "张三", "employer": "甲公司", "mobile": "13800000001", "second_mobile": "13900000002"}
    ]
    assert reading.messages == []


def test_unknown_columns_are_told_and_kept():
    reading = read([["姓名", "车牌号"], ["张三", "渝A·T0000"], ["李四", N]])

    assert told(reading.messages) == [("B1", "warning", "header_unknown")]
    assert [row.kept for row in reading.rows] == [{"B": "渝A·T0000"}, {}]


def test_full_time_school_and_subject_in_two_columns_become_one_text():
    rows = [
        ["姓名", "全日制教育", N, N],
        [N, "专业", "获得学历时间", "毕业院校"],
        ["张三", "法学", "2007.07", "西南政法大学"],
        ["李四", "法学专业", N, "西南政法大学"],
    ]

    reading = read(rows, merged=[(0, 0, 1, 0), (0, 1, 0, 3)])

    assert [row["full_time_school"] for row in values(reading)] == [
        "西南政法大学 法学",
        "西南政法大学法学专业",
    ]
