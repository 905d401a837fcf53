"""How often a body met, against what its rules ask: counts by month, quarter, half-year or year of one year."""

import datetime as dt
from dataclasses import dataclass

from organizations.meetings.defaults import rules_of
from organizations.models import Appointment, Meeting, Post
from organizations.models.meetings import MeetingKind, Period, kinds_of

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


@dataclass(frozen=True)
class Cell:
    """The meetings of one period: how many, from when to when, and whether the rule is met.

    `state`: "met", "missing" (the period is over), "open" (it still runs) or "" (before or after the body's time).
    """

    first: dt.date
    last: dt.date
    count: int
    state: str


@dataclass(frozen=True)
class Row:
    """One kind of meeting in a year: its MeetingRule, and a Cell for each period."""

    rule: object
    cells: list

    @property
    def total(self):
        return sum(cell.count for cell in self.cells)

    @property
    def missing(self):
        return [cell for cell in self.cells if cell.state == "missing"]


def periods(year, period):
    """[(first day, last day)] of the months, quarters, half-years of `year`, or the year."""
    length, found = _MONTHS[Period(period)], []
    for month in range(1, 13, length):
        after = month + length
        last = dt.date(year + after // 13, (after - 1) % 12 + 1, 1) - dt.timedelta(days=1)
        found.append((dt.date(year, month, 1), last))
    return found


def frequency(body, year, today):
    """[Row] for the kinds of meetings of `body` that a rule asks for, in `year`, seen on the local date `today`.

    A party branch without a committee need not hold committee meetings; one that never held a group meeting has no
    groups (domain.md D5). Three queries.
    """
    rules = rules_of(body.association_id)
    held = {}
    for kind, day in body.meetings.filter(state__in=_TOOK_PLACE).values_list("kind", "on").order_by("on"):
        held.setdefault(kind, []).append(day)
    asked = [kind for kind in kinds_of(body) if rules[kind].at_least]
    if MeetingKind.PARTY_GROUP not in held:
        asked = [kind for kind in asked if kind != MeetingKind.PARTY_GROUP]
    if MeetingKind.PARTY_COMMITTEE in asked and MeetingKind.PARTY_COMMITTEE not in held:
        committee = Appointment.objects.in_force_on(min(today, dt.date(year, 12, 31)))
        if not committee.filter(body=body, post__role=Post.Role.PARTY_COMMITTEE).exists():
            asked.remove(MeetingKind.PARTY_COMMITTEE)
    return [Row(rules[kind], _cells(body, rules[kind], held.get(kind, []), year, today)) for kind in asked]


_TOOK_PLACE = (Meeting.State.HELD, Meeting.State.SIGNED)


def _cells(body, rule, days, year, today):
    cells = []
    for first, last in periods(year, rule.period):
        count = sum(first <= day <= last for day in days)
        if count >= rule.at_least:
            state = "met"
        elif today < first or not (body.existed_on(first) and body.existed_on(last)):
            state = ""
        else:
            state = "missing" if today > last else "open"
        cells.append(Cell(first, last, count, state))
    return cells
