"""The membership through the years: who joined, who left and how, how many there were at each year's end."""

from collections import Counter

from django.db import connection
from django.db.models import Window
from django.db.models.functions import Lag, Lead, Substr
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.codes import Status
from members.models import StatusChange
from members.models.member import IN_FORCE, LEFT
from members.statistics.cuts import GROWTH
from members.statistics.dimensions import BLANK, REST, VALUE
from members.statistics.tables import CHANGE, TOTAL, Cell, Column, Row, Table, in_place, members_of

# More than so many years are too many lines: those before are counted in one
MOST_YEARS = 30
JOINED = "joined"


def growth_table(question):
    """The table of joining and leaving by year up to the day of `question`, out of the steps of each membership.

    Steps without a date count from the beginning, in a line before all years. Today the record itself says who is a
    member; where it differs from the steps that have a date, the change came on a day unknown: a line after all years.
    """
    by_year, unknown = _changes(question)
    undated = by_year.pop("", Counter())
    last = question.day.year
    first = max(min(map(int, by_year), default=last), last - MOST_YEARS + 1)
    before = Counter()
    for year in [year for year in by_year if int(year) < first]:
        before += by_year.pop(year)

    periods = [(_("Without a date, counted from the beginning"), BLANK, undated)]
    if before:
        periods.append((_("Before {year}").format(year=first), REST, before))
    periods += [(str(year), VALUE, by_year.get(str(year), Counter())) for year in range(first, last + 1)]
    if unknown:
        periods.append((_("On a day unknown"), BLANK, unknown))

    kinds = [*LEFT]
    if any(changes[Status.APPLIED] for _label, _kind, changes in periods):
        kinds.append(Status.APPLIED)
    rows, members, total = [], 0, Counter()
    for label, kind, changes in periods:
        members += changes[JOINED] - _left(changes)
        total.update(changes)
        rows.append(_row(label, kind, changes, kinds, members))
    rows.append(_row(pgettext("figures", "Total"), TOTAL, total, kinds, members))
    columns = [
        Column(pgettext("figures", "Joined")),
        *(Column(str(kind.label), group=pgettext("figures", "Left"), line=VALUE) for kind in kinds),
        Column(pgettext("figures", "together"), group=pgettext("figures", "Left")),
        Column(pgettext("figures", "Change"), CHANGE),
        Column(pgettext("figures", "Members at the end")),
    ]
    return Table(
        GROWTH.key, str(GROWTH.title), capfirst(pgettext("figures", "year")), tuple(columns), tuple(rows)
    )


def _row(label, kind, changes, kinds, members):
    left = _left(changes)
    return Row(
        label,
        kind,
        (
            Cell(changes[JOINED]),
            *(Cell(changes[each]) for each in kinds),
            Cell(left),
            Cell(changes[JOINED] - left, CHANGE),
            Cell(members),
        ),
    )


def _left(changes):
    return sum(number for kind, number in changes.items() if kind != JOINED)


def _changes(question):
    """({year or "": changes}, changes on a day unknown), out of the steps up to the day of `question`.

    Changes are a Counter {JOINED or the status by which one left: members}.
    """
    by_year, last_known = {}, Counter()
    for year, before, now, is_last, present, number in _steps(question):
        if (now in IN_FORCE) != (before in IN_FORCE):
            by_year.setdefault(year, Counter())[_kind(now)] += number
        if is_last:
            last_known[now, present] += number
    unknown = Counter()
    if question.day >= timezone.localdate():
        for (known, present), number in last_known.items():
            if (known in IN_FORCE) != (present in IN_FORCE):
                unknown[_kind(present)] += number
        unknown[JOINED] += _in_force_without_steps(question, last_known)
    return by_year, +unknown


def _kind(status):
    return JOINED if status in IN_FORCE else Status(status)


def _steps(question):
    """[(year, status before, status, whether it is the last one, that of the record, number of steps)]"""
    if not question.ids:
        return []
    order = {"partition_by": "member", "order_by": ["on", "pk"]}
    steps = (
        StatusChange.objects.filter(
            in_place(question, "member__association_id"), on__lte=question.day.isoformat()
        )
        .order_by()
        .values_list(
            Substr("on", 1, 4),
            Window(Lag("status"), **order),
            "status",
            Window(Lead("pk"), **order),
            "member__status",
        )
    )
    sql, params = steps.query.sql_with_params()
    with connection.cursor() as cursor:
        # Django's querysets do not group by a window function
        cursor.execute(
            f"WITH step(year, before, now, next, present) AS ({sql}) "  # noqa: S608 - of Django's compiler
            "SELECT year, before, now, next IS NULL, present, COUNT(*) FROM step GROUP BY 1, 2, 3, 4, 5",
            params,
        )
        return cursor.fetchall()


def _in_force_without_steps(question, last_known):
    """Members of today without any step, by the difference to those with one."""
    in_force = members_of(question).filter(status__in=IN_FORCE).count()
    return in_force - sum(number for (_known, present), number in last_known.items() if present in IN_FORCE)
