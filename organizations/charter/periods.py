"""Calendar periods in which a body is to meet: months, quarters, half-years, years."""

import datetime as dt

from organizations.charter.dates import months_later
from organizations.models.meetings import Period

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def period_of(period, day):
    """(first day, last day) of the calendar `period` (a Period) in which the local date `day` lies."""
    months = MONTHS[Period(period)]
    start = dt.date(day.year, (day.month - 1) // months * months + 1, 1)
    return start, months_later(start, months) - dt.timedelta(days=1)


def last_period(period, day):
    """(first day, last day) of the calendar `period` before the one in which `day` lies."""
    return period_of(period, period_of(period, day)[0] - dt.timedelta(days=1))
