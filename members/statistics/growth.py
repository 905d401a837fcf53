"""The membership through the years: who joined, who left and how, how many there were at each year's end."""

from collections import Counter

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Window
from django.db.models.functions import Lag, Substr
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.codes import Status
from members.models import Member, StatusChange
from members.models.member import IN_FORCE
from members.statistics.cuts import GROWTH
from members.statistics.dimensions import BLANK, REST, VALUE
from members.statistics.tables import CHANGE, TOTAL, Cell, Column, Row, Table

# More than so many years are too many lines: those before are counted in one
MOST_YEARS = 30
LEAVING = (Status.WITHDRAWN, Status.EXPELLED, Status.DECEASED, Status.TRANSFERRED)
JOINED = "joined"


def growth_table(question):
    """The table of joining and leaving by year up to the day of `question`, out of the steps of each membership.

    Steps without a date count from the beginning, in a line before all years. Today the record itself says who is a
    member; where it differs from the steps that have a date, the change came on a day unknown: a line after all years.
    """
    by_year = _changes_by_year(question)
    undated = by_year.pop("", Counter())
    last = question.day.year
    first = max(min(map(int, by_year), default=last), last - MOST_YEARS + 1)
    before = Counter()
    for year in [year for year in by_year if int(year) < first]:
        before += by_year.pop(year)
    unknown = _changes_on_a_day_unknown(question)

    periods = [(_("Without a date, counted from the beginning"), BLANK, undated)]
    if before:
        periods.append((_("Before {year}").format(year=first), REST, before))
    periods += [(str(year), VALUE, by_year.get(str(year), Counter())) for year in range(first, last + 1)]
    if unknown:
        periods.append((_("On a day unknown"), BLANK, unknown))

    kinds = [*LEAVING]
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


def _changes_by_year(question):
    """{year or "": Counter {JOINED or the status one left by: members}} of the steps up to the day; one statement."""
    if not question.ids:
        return {}
    steps = StatusChange.objects.filter(
        member__association__in=question.ids, on__lte=question.day.isoformat()
    ).order_by()
    steps = steps.values_list(
        Substr("on", 1, 4),
        "status",
        Window(Lag("status"), partition_by="member", order_by=["on", "pk"]),
    )
    sql, params = steps.query.sql_with_params()
    with connection.cursor() as cursor:
        # Django's querysets do not group by a window function
        cursor.execute(
            f"WITH step(year, now, before) AS ({sql}) "  # noqa: S608 - a statement of Django's compiler
            "SELECT year, before, now, COUNT(*) FROM step GROUP BY year, before, now",
            params,
        )
        rows = cursor.fetchall()
    by_year = {}
    for year, before, now, number in rows:
        if (now in IN_FORCE) != (before in IN_FORCE):
            kind = JOINED if now in IN_FORCE else Status(now)
            by_year.setdefault(year, Counter())[kind] += number
    return by_year


def _changes_on_a_day_unknown(question):
    """Counter, as of a year, of the members whose record says otherwise than their steps; empty before today."""
    if question.day < timezone.localdate():
        return Counter()
    in_force = StatusChange.objects.last_until(question.day).filter(status__in=IN_FORCE)
    rows = (
        Member.objects.filter(association__in=question.ids)
        .order_by()
        .values("status", by_steps=Exists(in_force.filter(member=OuterRef("pk"))))
        .annotate(number=Count("pk"))
        .values_list("status", "by_steps", "number")
    )
    changes = Counter()
    for status, by_steps, number in rows:
        if (status in IN_FORCE) != by_steps:
            changes[JOINED if status in IN_FORCE else Status(status)] += number
    return changes
