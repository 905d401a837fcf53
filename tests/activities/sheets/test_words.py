"""What cells of sign-in sheets say."""

import pytest

from activities.sheets.words import WORD_OF, read_words, understand


@pytest.mark.parametrize(
    ("cell", "word", "reason", "proxy"),
    [
        ("√", "出席", "", ""),
        ("✓", "出席", "", ""),
        ("已签", "出席", "", ""),
        ("已签到", "出席", "", ""),
        ("到", "出席", "", ""),
        ("是", "出席", "", ""),
        ("出席", "出席", "", ""),
        ("准时参会", "出席", "", ""),
        ("线上参会", "出席", "", ""),
        ("早退", "出席", "早退", ""),
        ("迟到", "迟到", "", ""),
        ("迟到10分钟", "迟到", "10分钟", ""),
        ("参会（迟到）", "迟到", "", ""),
        ("请假", "请假", "", ""),
        ("已请假", "请假", "", ""),
        ("请 假", "请假", "", ""),
        ("請假", "请假", "", ""),
        ("事假", "请假", "事假", ""),
        ("病假（住院）", "请假", "病假，住院", ""),
        ("请假（出差）", "请假", "出差", ""),
        ("请假：参加区两会", "请假", "参加区两会", ""),
        ("出差请假", "请假", "出差", ""),
        ("因公请假", "请假", "因公", ""),
        ("请假未到", "请假", "", ""),
        ("缺席", "缺席", "", ""),
        ("未到会", "缺席", "", ""),
        ("未请假", "缺席", "", ""),
        ("未参加", "缺席", "", ""),
        ("缺席（出国）", "缺席", "出国", ""),
        ("×", "缺席", "", ""),
        ("否", "缺席", "", ""),
        ("列席", "列席", "", ""),
        ("由李四代", "代为出席", "", "李四"),
        ("李四代签", "代为出席", "", "李四"),
        ("李四（代）", "代为出席", "", "李四"),
        ("代：李四", "代为出席", "", "李四"),
        ("委托李四", "代为出席", "", "李四"),
        ("委托李四出席", "代为出席", "", "李四"),
        ("由欧阳小四代为出席", "代为出席", "", "欧阳小四"),
        ("请假，由李四代会", "代为出席", "", "李四"),
        ("代", "代为出席", "", ""),
    ],
)
def test_words_of_attendance(cell, word, reason, proxy):
    said = read_words(cell)

    assert (WORD_OF[said.presence], said.reason, said.proxy) == (word, reason, proxy)


@pytest.mark.parametrize("cell", ["素食", "驾车", "理事", "○", "△", "出差", "会员代表", "新会员"])
def test_words_about_something_else(cell):
    assert read_words(cell) is None


@pytest.mark.parametrize("cell", ["迟到、请假", "列席 请假，缺席"])
def test_words_that_contradict_each_other(cell):
    assert read_words(cell.replace(" ", "，")).unclear == cell.replace(" ", "，")


@pytest.mark.parametrize(
    ("values", "word", "unclear"),
    [
        ({"signature": "√"}, "出席", ""),
        ({"signature": "张三"}, "出席", ""),
        ({"signature": "张 三"}, "出席", ""),
        ({"signature": "9:05"}, "出席", ""),
        ({"signature": "[图片]"}, "出席", ""),
        ({"signature": "李四"}, "", "李四"),
        ({"signature": "○"}, "", "○"),
        ({"signature": "√", "remarks": "素食"}, "出席", ""),
        ({"signature": "√", "remarks": "迟到"}, "迟到", ""),
        ({"signature": "√", "remarks": "李四代签"}, "代为出席", ""),
        ({"signature": "√", "remarks": "请假"}, "", "√ / 请假"),
        ({"signature": "请假", "remarks": "出差"}, "请假", ""),
        ({"remarks": "请假"}, "请假", ""),
        ({"remarks": "出差"}, "", "出差"),
        ({"came": "9:05"}, "出席", ""),
        ({"presence": "缺席", "signature": "√"}, "缺席", ""),
        ({"presence": "半场"}, "", "半场"),
        ({"proxy": "李四", "signature": "√"}, "代为出席", ""),
        ({"presence": "请假", "proxy": "李四"}, "请假", ""),
        ({}, "", ""),
    ],
)
def test_a_row(values, word, unclear):
    said = understand({"name": "张三"} | values)

    assert (WORD_OF[said.presence], said.unclear) == (word, unclear)


def test_reasons_beside():
    assert understand({"presence": "缺席", "remarks": "出国"}).reason == "出国"
    assert understand({"presence": "请假", "reason": "出差"}).reason == "出差"
    assert understand({"signature": "√", "remarks": "素食"}).reason == ""


def test_blank_cells_mean_what_was_chosen():
    assert understand({}, blank="absent").presence == "absent"
    assert understand({"signature": "√"}, blank="absent").presence == "attended"


def test_a_column_for_each():
    assert understand({"on_leave": "√", "remarks": "出差"}) == understand(
        {"presence": "请假", "reason": "出差"}
    )
    assert understand({"on_leave": "出差"}).reason == "出差"
    assert understand({"signature": "√", "was_late": "√"}).presence == "late"
    assert understand({"was_absent": "×", "signature": "√"}).presence == "attended"
    assert understand({"was_absent": "√", "on_leave": "√"}).unclear == "√ / √"
