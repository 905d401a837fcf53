"""Charts: as long as the numbers are, readable without eyes, and within the content security policy."""

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from members.services import change_status
from members.statistics import CUTS, Question, cut_table, growth_table
from members.statistics.charts import LABELS, MOST_BARS, WIDTH, charts_of
from tests.make import make_association, make_member

pytestmark = pytest.mark.django_db
BY_KEY = {cut.key: cut for cut in CUTS}


def question(association, day=None, **fields):
    return Question(associations=(association,), day=day or timezone.localdate(), **fields)


def drawn(table):
    return Template("{% load statistics %}{% charts table %}").render(Context({"table": table}))


def rows_of(chart):
    """{y of a bar: [(series, width)]}"""
    rows = {}
    for _x, y, width, _height, series in chart.rects:
        rows.setdefault(y, []).append((series, width))
    return list(rows.values())


def test_bars_are_as_long_as_their_numbers():
    home = make_association()
    for category, sex, n in [
        ("自由职业人员", "男", 4),
        ("自由职业人员", "女", 2),
        ("新媒体从业人员", "女", 3),
    ]:
        for _ in range(n):
            make_member(association=home, category=category, sex=sex)

    (chart,) = charts_of(cut_table(BY_KEY["category"], question(home)))

    first, second = rows_of(chart)
    whole = sum(width for _series, width in first)
    assert [series for series, _width in first] == [1, 2, 3]
    assert [width for _series, width in first] == pytest.approx([whole * 4 / 6, whole * 2 / 6, 0], abs=0.1)
    assert [width for _series, width in second] == pytest.approx([0, whole * 3 / 6, 0], abs=0.1)
    assert all(x + width <= WIDTH for x, _y, width, _height, _series in chart.rects)
    assert [text for *_place, text in chart.texts] == ["自由职业人员", "6", "新媒体从业人员", "3"]
    assert chart.legend == [(1, "男"), (2, "女")]
    assert chart.description == "人数最多：自由职业人员 6、新媒体从业人员 3。全部数字见表。"


def test_subtotals_have_no_bar_of_their_own():
    home = make_association()
    make_member(association=home, political_status="民盟盟员")

    (chart,) = charts_of(cut_table(BY_KEY["political"], question(home)))

    assert [text for *_place, text in chart.texts] == ["民盟盟员", "1"]


def test_two_days_are_two_bars():
    home = make_association()
    for on in ("2020", "2021", "2021"):
        change_status(make_member(association=home, category="自由职业人员"), to="在册", on=on, actor=None)
    days = {"day": dt.date(2021, 12, 31), "other_day": dt.date(2020, 12, 31)}

    (chart,) = charts_of(cut_table(BY_KEY["category"], question(home, **days)))

    assert [text for *_place, text in chart.texts] == ["自由职业人员", "1", "3"]
    (before,), (after,) = rows_of(chart)
    assert after[1] == pytest.approx(3 * before[1], abs=0.2)
    assert chart.legend == [(1, "2020-12-31"), (2, "2021-12-31")]


def test_many_lines_are_summed_up_in_the_last_bar_and_long_labels_cut():
    home = make_association()
    for serial in range(30):
        make_member(association=home, occupation=f"一个名称特别长的职业第{serial:02}种")

    (chart,) = charts_of(cut_table(BY_KEY["occupation"], question(home)))

    labels = [text for x, _y, _anchor, text in chart.texts if x < LABELS]
    assert labels == ["一个名称特别长…"] * (MOST_BARS - 1) + ["其他合计"]
    assert [text for x, _y, _anchor, text in chart.texts if x >= LABELS][-1] == str(30 - MOST_BARS + 1)


def test_empty_table_has_no_chart():
    assert charts_of(cut_table(BY_KEY["category"], question(make_association()))) == []


def test_growth_is_a_line_and_columns_by_year():
    home = make_association()
    for on, left in [("2019", ""), ("2020", "2021"), ("2020", "")]:
        member = make_member(association=home)
        change_status(member, to="在册", on=on, actor=None)
        if left:
            change_status(member, to="退会", on=left, actor=None)

    line, columns = charts_of(growth_table(question(home, day=dt.date(2021, 12, 31))))

    highs = [line.dots[1][1] - y for _x, y in line.dots]
    base = line.lines[0][1]
    assert highs == pytest.approx([(line.dots[1][1] - base) * share for share in (2 / 3, 0, 1 / 3)], abs=0.2)
    assert [text for *_place, text in line.texts] == ["2019", "1", "2020", "3", "2021", "2"]
    assert [(series, height) for _x, _y, _width, height, series in columns.rects] == [
        (1, 75.0),
        (1, 150.0),
        (2, 75.0),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en", "de"])
def test_drawing_is_named_described_and_free_of_styles(language):
    home = make_association()
    for serial in range(7):
        make_member(
            association=home, occupation='<律师> & "其他"', title_level="正高级" if serial % 3 else ""
        )
    tables = [cut_table(BY_KEY["occupation"], question(home)), growth_table(question(home))]

    with translation.override(language):
        html = "".join(map(drawn, tables))

    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == 3
    assert " style=" not in html
    ids = []
    for picture in pictures:
        svg = ElementTree.fromstring(picture)
        names = {element.get("id"): element.text for element in svg if element.tag in ("title", "desc")}
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby").split() == list(names)
        assert all(names.values())
        ids += names
        numbers = [value for element in svg for name, value in element.items() if name in {"x", "y", "width"}]
        assert all(re.fullmatch(r"-?[\d.]+", value) for value in numbers)
    assert len(ids) == len(set(ids))
