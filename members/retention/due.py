"""Whose record has been kept long enough: dry, nothing is written (PIPL art. 19)."""

import calendar
import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from members.models import Member, PersonRequest, RetentionItem, StatusChange
from members.models.member import LEFT

MOST = 1000
"""Persons shown and taken into one run at once; the rest comes with the next."""


@dataclass(frozen=True, slots=True)
class Due:
    """A member who left the association long enough ago."""

    member: Member
    left_on: str
    """Partial date of leaving."""
    kept_until: dt.date
    why_not: str = ""
    """A sentence if the person cannot be taken into a run now."""
    taken_out: str = ""
    """The reason with which the person was taken out of an earlier run."""


@dataclass
class DueList:
    due: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    """Members who left on a day that nobody knows."""
    more: int = 0
    """How many are due beyond those listed."""


def last_day(iso):
    """The last local date that the partial date `iso` can mean: 2022-05-31 for ``2022-05``."""
    year, month, day = (*map(int, iso.split("-")), 0, 0)[:3]
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def years_after(day, years):
    """The same day `years` later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def kept_until(left_on, association):
    """The last local date on which the record of who left on the partial date `left_on` is kept."""
    return years_after(last_day(left_on), association.retention_years)


def days_of_leaving(members):
    """{id: partial date of leaving, "" if unknown} of the queryset `members`, out of their last dated step."""
    steps = StatusChange.objects.filter(member__in=members.order_by().values("pk"), on__gt="")
    steps = steps.order_by("on", "pk").values_list("member", "status", "on")
    last = {member: (status, on) for member, status, on in steps}
    return {member: on for member, (status, on) in last.items() if status in LEFT}


def due_list(association, day):
    """The `DueList` of `association` (without those below it) on the local date `day`, longest gone first."""
    running = RetentionItem.objects.filter(
        state__in=(RetentionItem.State.LISTED, RetentionItem.State.ANONYMISED)
    )
    members = (
        Member.objects.filter(association=association, status__in=LEFT, anonymised_on=None)
        .exclude(pk__in=running.values("member"))
        .order_by("pk")
    )
    left = days_of_leaving(members)
    asking = set(
        PersonRequest.objects.open().filter(association=association).values_list("member", flat=True)
    )
    taken_out = dict(
        RetentionItem.objects.filter(run__association=association, state=RetentionItem.State.LEFT_OUT)
        .order_by("pk")
        .values_list("member", "reason")
    )
    found = DueList()
    for member in members:
        if not left.get(member.pk):
            found.unknown.append(member)
            continue
        until = kept_until(left[member.pk], association)
        if until < day:
            why_not = _("A request of this person waits for an answer.") if member.pk in asking else ""
            found.due.append(Due(member, left[member.pk], until, why_not, taken_out.get(member.pk, "")))
    found.due.sort(key=lambda due: (due.kept_until, due.member.pk))
    found.more, found.due = max(0, len(found.due) - MOST), found.due[:MOST]
    return found
