"""A month by days: its borders, what lasts several days, and questions that name no month."""

import datetime as dt

import pytest
from django.utils import timezone

from activities.calendar.entries import of_activity, of_meeting
from activities.calendar.month import Month, days_of
from organizations.models import Body
from tests.activities.calendar.make import activity_on
from tests.make import make_body, make_meeting

D = dt.date


@pytest.mark.parametrize(
    ("month", "first", "last", "weeks"),
    [
        ("2026-11", D(2026, 10, 26), D(2026, 12, 6), 6),
        ("2027-02", D(2027, 2, 1), D(2027, 2, 28), 4),
        ("2028-02", D(2028, 1, 31), D(2028, 3, 5), 5),
        ("2026-01", D(2025, 12, 29), D(2026, 2, 1), 5),
    ],
)
def test_weeks_begin_on_monday_and_hold_the_whole_month(month, first, last, weeks):
    found = Month.asked(month).fill([])

    assert (found.from_day, found.to_day, len(found.weeks)) == (first, last, weeks)
    assert {day.on.weekday() for week in found.weeks for day in week[:1]} == {0}


def test_a_leap_february_has_its_29th():
    days = [day for week in Month.asked("2028-02").fill([]).weeks for day in week if day.is_in_month]

    assert [day.on.day for day in days] == list(range(1, 30))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-00",
        "0000-01",
        "9999-12",
        "2026-1",
        "2026-11-05",
        "２０２６-11",
        "\x00",
        "-",
        "x" * 5000,
    ],
)
def test_what_names_no_month_is_the_present_one(text):
    assert Month.asked(text).first == timezone.localdate().replace(day=1)


def test_the_months_around_go_over_the_year():
    assert (Month.asked("2026-01").before, Month.asked("2026-12").after) == ("2025-12", "2027-01")
    assert (Month.asked("2026-03").before, Month.asked("2026-01").after) == ("2026-02", "2026-02")


@pytest.mark.django_db
def test_an_activity_of_several_days_stands_on_each_of_them():
    activity = activity_on("2026-10-30 09:00", until="2026-11-02 12:00")

    found = Month.asked("2026-11").fill([of_activity(activity)])

    on = {
        day.on: (shown.number, shown.days, shown.at, shown.until)
        for week in found.weeks for day in week for shown in day.entries
    }  # fmt: skip
    assert on == {
        D(2026, 10, 30): (1, 4, dt.time(9), None),
        D(2026, 10, 31): (2, 4, None, None),
        D(2026, 11, 1): (3, 4, None, None),
        D(2026, 11, 2): (4, 4, None, dt.time(12)),
    }


@pytest.mark.django_db
def test_until_midnight_is_not_the_next_day_and_early_hours_are_local():
    until_midnight = activity_on("2026-11-05 20:00", until="2026-11-06 00:00")
    early = activity_on("2026-11-01 00:30")

    assert of_activity(until_midnight).last == D(2026, 11, 5)
    # in UTC it is still October
    assert of_activity(early).first == D(2026, 11, 1)


@pytest.mark.django_db
def test_a_meeting_without_a_time_is_of_the_whole_day():
    meeting = make_meeting(make_body(Body.Kind.SECRETARIAT), on=D(2026, 11, 5))

    entry = of_meeting(meeting)

    assert (entry.at, entry.until) == (None, None)
    assert [on for on, _shown in days_of(entry, D(2026, 11, 1), D(2026, 11, 30))] == [D(2026, 11, 5)]


@pytest.mark.django_db
def test_a_full_day_folds_but_never_a_single_entry():
    entries = [of_activity(activity_on("2026-11-05", f"活动{number}")) for number in range(7)]

    folded = Month.asked("2026-11").fill(entries)
    of_five = Month.asked("2026-11").fill(entries[:5])
    whole = Month.asked("2026-11").fill(entries, fold=None)

    def day(month):
        return next(day for week in month.weeks for day in week if day.on == D(2026, 11, 5))

    assert (len(day(folded).shown), day(folded).more) == (4, 3)
    assert (len(day(of_five).shown), day(of_five).more) == (5, 0)
    assert (len(day(whole).shown), day(whole).more) == (7, 0)
