"""A month as a calendar shows it: weeks from Monday, with what is in them."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format

FIRST_YEAR, LAST_YEAR = 1950, 2150
# of a day in the grid; the others are on the page of the day
SHOWN = 4
MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """An entry on one of its days."""

    entry: object
    number: int
    """Which of its days this is, from 1."""
    days: int

    @property
    def at(self):
        """When it begins, on its first day alone."""
        return self.entry.at if self.number == 1 else None

    @property
    def until(self):
        """When it ends, on its last day if that is not the first."""
        return self.entry.until if self.number == self.days > 1 else None


@dataclass
class Day:
    on: dt.date
    is_in_month: bool
    is_today: bool
    entries: list = field(default_factory=list)
    """[Shown]"""
    fold: int | None = None

    @property
    def shown(self):
        return self.entries[: self.fold] if self.more else self.entries

    @property
    def more(self):
        """How many are left out; one alone takes no more room than saying so."""
        hidden = len(self.entries) - self.fold if self.fold is not None else 0
        return hidden if hidden > 1 else 0

    @property
    def weekday(self):
        return WEEKDAYS_ABBR[self.on.weekday()]


class Month:
    """The month that begins on the local date `first`."""

    def __init__(self, first):
        self.first = first
        self._weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
        self.weeks = []

    @classmethod
    def asked(cls, text):
        """The Month that `text` names ("2026-11"), the present one if it names none."""
        found = MONTH.fullmatch(text)
        year, month = map(int, found.groups()) if found else (0, 0)
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
            return cls.of(timezone.localdate())
        return cls(dt.date(year, month, 1))

    @classmethod
    def of(cls, day):
        return cls(day.replace(day=1))

    def __str__(self):
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def key(self):
        return f"{self.first:%Y-%m}"

    @property
    def from_day(self):
        """The first day in the grid, a Monday."""
        return self._weeks[0][0]

    @property
    def to_day(self):
        return self._weeks[-1][-1]

    @property
    def before(self):
        """Key of the month before."""
        return f"{self.first - dt.timedelta(days=1):%Y-%m}"

    @property
    def after(self):
        return f"{self.first + dt.timedelta(days=31):%Y-%m}"

    @property
    def weekdays(self):
        """[(short, whole)] names of the days of a week."""
        return [(WEEKDAYS_ABBR[day], WEEKDAYS[day]) for day in range(7)]

    def fill(self, entries, *, fold=SHOWN):
        """Put the `entries` on their days; `fold` is how many a day shows, None for all. Returns the month."""
        today = timezone.localdate()
        days = {
            on: Day(on, on.month == self.first.month, on == today, fold=fold)
            for week in self._weeks
            for on in week
        }
        for entry in entries:
            for on, shown in days_of(entry, self.from_day, self.to_day):
                days[on].entries.append(shown)
        self.weeks = [[days[on] for on in week] for week in self._weeks]
        return self

    @property
    def is_empty(self):
        return not any(day.entries for week in self.weeks for day in week if day.is_in_month)


def days_of(entry, first, last):
    """[(local date, Shown)] of the days of `entry` from `first` to `last`."""
    days = (entry.last - entry.first).days + 1
    found = []
    on = max(entry.first, first)
    while on <= min(entry.last, last):
        found.append((on, Shown(entry, (on - entry.first).days + 1, days)))
        on += dt.timedelta(days=1)
    return found
