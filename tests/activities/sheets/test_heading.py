"""What sign-in sheets say of themselves."""

import datetime as dt

import pytest

from activities.sheets.heading import read_heading

TODAY = dt.date(2026, 11, 22)
D, T = dt.date, dt.time


def heading(*lines, stem=""):
    return read_heading([[line] if isinstance(line, str) else line for line in lines], stem=stem, today=TODAY)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("重庆市江津区新专联2023年秋季国情考察活动签到表", "重庆市江津区新专联2023年秋季国情考察活动"),
        ("江津区新专联 座谈会 签到册", "江津区新专联座谈会"),
        ("主题教育学习班学员签到表（第一天）", "主题教育学习班学员"),
        ("第一届理事会第三次会议人员签到表", "第一届理事会第三次会议"),
        ("第一届理事会第三次会议出席情况统计表", "第一届理事会第三次会议"),
        ("国情考察参会人员名单签到", "国情考察参会人员名单"),
        ("会议名称：第一届理事会第三次会议  时间：2023年5月6日", "第一届理事会第三次会议"),
        ("活动主题：法律进社区", "法律进社区"),
    ],
)
def test_title(line, title):
    assert heading(line).title == title


def test_title_in_another_line():
    assert heading("签到表", "活动名称：国情考察").title == "国情考察"
    assert heading("签 到 表", "国情考察活动").title == "国情考察活动"
    assert heading("签到表", stem="2023秋季考察签到表").title == "2023秋季考察"


@pytest.mark.parametrize(
    ("line", "on", "starts", "ends"),
    [
        ("会议时间：2023年10月21日（星期六）上午9:00    地点：展览馆", D(2023, 10, 21), T(9), None),
        ("时间：2023年10月21日下午2点半", D(2023, 10, 21), T(14, 30), None),
        ("时间：2023年10月21日14时30分", D(2023, 10, 21), T(14, 30), None),
        ("时间：2023年10月21日 9：00—11：30", D(2023, 10, 21), T(9), T(11, 30)),
        ("时间：2023年10月21日下午2:30-5:00", D(2023, 10, 21), T(14, 30), T(17)),
        ("时间：2023.10.21 上午", D(2023, 10, 21), T(9), None),
        ("时间：2023-10-21", D(2023, 10, 21), None, None),
        ("日期：2023/10/21 19:00", D(2023, 10, 21), T(19), None),
        ("二〇二三年十月二十一日", D(2023, 10, 21), None, None),
        ("二〇二三年十二月十日", D(2023, 12, 10), None, None),
        ("时间：10月21日 上午9点", D(2026, 10, 21), T(9), None),
        ("时间：12月30日 上午9点", D(2025, 12, 30), T(9), None),
        ("时间：待定", None, None, None),
    ],
)
def test_day_and_time(line, on, starts, ends):
    found = heading("国情考察签到表", line)

    assert (found.on, found.starts, found.ends) == (on, starts, ends)


def test_year_in_the_title():
    assert heading("2023年秋季国情考察签到表", "时间：10月21日").on == D(2023, 10, 21)
    assert heading("国情考察签到表", stem="20231021签到表").on == D(2023, 10, 21)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["时间：2023年10月21日上午9:00 地点：江津区滨江新城规划展览馆"], "江津区滨江新城规划展览馆"),
        (["会议地点：区委统战部3楼会议室  主持人：张三"], "区委统战部3楼会议室"),
        (["地点:双福新区 时间:2023.10.21"], "双福新区"),
        ([["时间", "2023年10月21日"], ["地点：", "展览馆"]], "展览馆"),
    ],
)
def test_place(lines, place):
    assert heading("签到表", *lines).place == place


@pytest.mark.parametrize(
    "lines",
    [
        ["应到：72人    实到：61人    请假：8人    缺席：3人"],
        ["应到72人，实到61人，请假8人，缺席3人"],
        ["应到会人数:72 实到会人数:61 请假人数:8 缺席人数:3"],
        [["应到", "72", "实到", "61", "请假", "8", "缺席", "3"]],
        [["应到人数：", "72"], ["实到人数：", "61"], ["请假：8", "缺席：3"]],
        ["应出席__72__人 实出席__61__人 因事请假__8__人 未到__3__人"],
        ["应参会 72 人", "实际参会 61 人", "请假（8）人 缺勤（3）人"],
    ],
)
def test_numbers_stated(lines):
    assert heading("国情考察签到表", *lines).stated == {
        "expected": 72,
        "present": 61,
        "leave": 8,
        "absent": 3,
    }


def test_no_numbers():
    assert heading("国情考察签到表", "应到：  实到：", "请假请于9:00前说明").stated == {}
