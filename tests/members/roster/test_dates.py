import datetime as dt

import pytest

from members.roster.dates import DateReader
from members.roster.messages import Doubt
from tests.members.roster.books import TODAY

BIRTH = DateReader(today=TODAY, birth=True)
OTHER = DateReader(today=TODAY)


def doubt_of(reader, *args):
    with pytest.raises(Doubt) as caught:
        reader.read(*args)
    return caught.value


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1985.06", "1985.06"),
        ("1985年6月", "1985.06"),
        ("1985 年 6 月", "1985.06"),
        ("1985年06月生", "1985.06"),
        ("1985/6", "1985.06"),
        ("1985-06", "1985.06"),
        ("1985/1", "1985.01"),
        ("1985年1月", "1985.01"),
        ("198506", "1985.06"),
        ("6506", "1965.06"),
        ("65.09", "1965.09"),
        ("85年6月", "1985.06"),
        ("06/85", "1985.06"),
        ("6/1985", "1985.06"),
        ("八五年六月", "1985.06"),
        ("一九八五年十二月", "1985.12"),
        ("Jun-85", "1985.06"),
        ("June 1985", "1985.06"),
        ("1985", "1985"),
        ("1985年", "1985"),
        ("85年", "1985"),
        ("1985.6.12", "1985.06.12"),
        ("1985-6-12", "1985.06.12"),
        ("1985年6月12日", "1985.06.12"),
        ("1985年6月12号出生", "1985.06.12"),
        ("一九八五年六月廿三日", "1985.06.23"),
        ("19850612", "1985.06.12"),
        ("850612", "1985.06.12"),
        ("85.6.12", "1985.06.12"),
        ("13/6/1985", "1985.06.13"),
        ("6/25/85", "1985.06.25"),
        ("12-Jun-1985", "1985.06.12"),
        ("June 12, 1985", "1985.06.12"),
        ("1985-06-12 00:00:00", "1985.06.12"),
        ("1985-06-12T08:30:00", "1985.06.12"),
        ("１９８５．０６", "1985.06"),
        ("1985.06\n（38岁）", "1985.06"),
        ("1985.06 38岁", "1985.06"),
        ("1985.06.", "1985.06"),
        ("1985 06 12", "1985.06.12"),
        ("25532", "1969.11.25"),
    ],
)
def test_text_keeps_the_precision_written(written, date):
    assert BIRTH.read(written) == date


@pytest.mark.parametrize(
    ("number", "date"),
    [
        (1985.06, "1985.06"),
        (1985.1, "1985.10"),
        (1985.01, "1985.01"),
        (1985.6, "1985.06"),
        (91.03, "1991.03"),
        (6505, "1965.05"),
        (1985, "1985"),
        (198506, "1985.06"),
        (198506.0, "1985.06"),
        (19850612, "1985.06.12"),
        (25532, "1969.11.25"),
        (31234.5, "1985.07.06"),
    ],
)
def test_number_cells(number, date):
    assert BIRTH.read(number) == date


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    reader = DateReader(today=TODAY, birth=True, date1904=True)

    assert reader.read(24070) == "1969.11.25"


@pytest.mark.parametrize(
    ("code", "date"),
    [
        ('yyyy"年"m"月"', "1985.06"),
        ("yyyy.mm", "1985.06"),
        ("mmm-yy", "1985.06"),
        ("yyyy", "1985"),
        ("yyyy-mm-dd", "1985.06.01"),
        ('[$-804]yyyy"年"m"月"d"日"', "1985.06.01"),
        ("yyyy/m/d h:mm", "1985.06.01"),
        ("", "1985.06.01"),
    ],
)
def test_date_cell_says_what_its_format_shows(code, date):
    assert BIRTH.read(dt.date(1985, 6, 1), code) == date


def test_date_cell_that_hides_its_year_is_a_question():
    doubt = doubt_of(BIRTH, dt.date(1985, 6, 1), 'm"月"d"日"')

    assert (doubt.level, doubt.code) == ("question", "date_ambiguous")


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [
        ("1985.1", "1985.01", "1985.10"),
        ("85.1", "1985.01", "1985.10"),
        ("6/12/1985", "1985.06.12", "1985.12.06"),
        ("19856", "1985.06", "1954.05.12"),
    ],
)
def test_text_with_two_meanings_is_a_question(written, first, second):
    doubt = doubt_of(BIRTH, written)

    assert (doubt.level, doubt.code) == ("question", "date_ambiguous")
    assert (doubt.params["first"], doubt.params["second"]) == (first, second)


@pytest.mark.parametrize(
    "written",
    ["见档案", "1985.13", "1983.02.30", "1985.00", "成立时", "至今", "2010.09—2014.07", "民国74年", "1985.06(农历)",
     "38岁", "1985612", "1799.01", 1985.13, 1985.123, 4.05, True, dt.time(8, 0)],
)  # fmt: skip
def test_what_is_no_date_is_refused(written):
    doubt = doubt_of(BIRTH, written)

    assert (doubt.level, doubt.code) == ("refused", "date_invalid")


def test_future_is_refused():
    assert OTHER.read("2026.11") == "2026.11"
    assert doubt_of(OTHER, "2026.12").code == "date_invalid"


def test_children_under_14_are_refused_by_the_precision_known():
    assert BIRTH.read("2012.11.21") == "2012.11.21"
    assert doubt_of(BIRTH, "2012.11.22").code == "under_age"
    assert BIRTH.read("2012.11") == "2012.11"
    assert doubt_of(BIRTH, "2012.12").code == "under_age"
    assert OTHER.read("2019.08") == "2019.08"


def test_two_digits_of_a_year_make_nobody_younger_than_16():
    assert (BIRTH.read("10.05"), BIRTH.read("11.05")) == ("2010.05", "1911.05")
    assert (OTHER.read("19.12"), OTHER.read("82.07")) == ("2019.12", "1982.07")
