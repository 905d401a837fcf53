"""Reads for the workbench, each one statement or two, at the same price with ten members or a million."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, Count, Func, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Length, Substr

from members.codes import Category, Status
from members.models import Member, MemberCount, StatusChange
from members.models.member import IN_FORCE, LEFT
from members.rights import FieldClass
from organizations.models import Action, Association, Change
from organizations.partial_dates import MonthDay

# Of the latest actions of a user so many are looked through for members, and so many changes in them
ACTIONS_LOOKED_THROUGH, CHANGES_LOOKED_THROUGH = 100, 400


@dataclass(frozen=True)
class Figures:
    """Numbers of members in some associations; years are calendar years of the local date asked about."""

    in_force: dict
    """{category: members whose membership is in force}, ``""`` for those without one; all categories, in order."""
    registered: int
    """All records, whatever their status."""
    without_mobile: int
    """Of those in force, as far as the reader reads contact data."""
    joined: int
    joined_last_year: int

    @property
    def total(self):
        return sum(self.in_force.values())


def member_figures(associations, user, day):
    """The `Figures` of the members of `associations` (ids) on the local date `day`, out of the counts kept."""
    joined = ~Q(status=Status.APPLIED)
    contact = Q(association__in=associations & user.rights.associations_showing(FieldClass.CONTACT))
    sums = {
        "in_force": Q(status__in=IN_FORCE),
        "registered": Q(),
        "without_mobile": contact & Q(status__in=IN_FORCE, has_mobile=False),
        "joined": joined & Q(joined_year=f"{day.year:04}"),
        "joined_last_year": joined & Q(joined_year=f"{day.year - 1:04}"),
    }
    rows = (
        MemberCount.objects.filter(association__in=associations)
        .values("category")
        .annotate(**{name: Coalesce(Sum("n", filter=which), 0) for name, which in sums.items()})
    )
    found = {row["category"]: row for row in rows}
    in_force = {key: found[key]["in_force"] if key in found else 0 for key in [*Category.values, ""]}
    others = [name for name in sums if name != "in_force"]
    return Figures(in_force, **{name: sum(row[name] for row in found.values()) for name in others})


class _Leaving(Func):
    """Whether a status is one out of membership; its values stand in the statement, or SQLite misses the index."""

    template = "%(expressions)s IN ({})".format(", ".join(f"'{status}'" for status in LEFT))
    output_field = BooleanField()


def members_left(associations, day):
    """(this year, last year): persons of `associations` (ids) with a step out of membership dated in the year of `day`.

    Counted in an index of such steps, not kept: they are few and come one by one, a person counts once a year, and a
    member who moves takes them along.
    """
    this, last = f"{day.year:04}", f"{day.year - 1:04}"
    rows = (
        StatusChange.objects.filter(
            _Leaving("status"),
            on__gte=last,
            on__lt=f"{day.year + 1:04}",
            member__association__in=associations,
        )
        .order_by()
        .annotate(year=Substr("on", 1, 4))
        .values_list("year")
        .annotate(persons=Count("member", distinct=True))
    )
    found = dict(rows)
    return found.get(this, 0), found.get(last, 0)


def last_changed(associations, count):
    """The `count` members of `associations` (ids) who were written last, latest first."""
    # no more than `count` of one association can be among them: the index finds each one's last of these at once,
    # and nobody is older than the youngest of them
    own = Member.objects.filter(association=OuterRef("pk")).order_by("-updated_at")
    edge = Association.objects.filter(pk__in=associations).aggregate(
        edge=Max(Subquery(own.values("updated_at")[count - 1 : count]))
    )["edge"]
    rows = Member.objects.filter(association__in=associations)
    if edge is not None:
        rows = rows.filter(updated_at__gte=edge)
    rows = rows.order_by("-updated_at", "-id")
    # all rows of an import share a moment: the first are chosen in the index, and only they are read
    return list(Member.objects.filter(pk__in=rows.values("pk")[:count]).order_by(*rows.query.order_by))


def last_edited_by(user, associations, count):
    """[(member, moment, whether it was added)] of the last `count` members of `associations` whom `user` wrote by hand.

    Imports are left out: each would fill the list with people whom nobody has looked at.
    """
    actions = Action.objects.filter(actor=user, kind=Action.Kind.EDIT).order_by("-id")
    changes = (
        Change.objects.filter(
            action__in=actions.values("pk")[:ACTIONS_LOOKED_THROUGH],
            content_type=ContentType.objects.get_for_model(Member),
        )
        .order_by("-id")
        .values_list("object_id", "action__at", "kind")[:CHANGES_LOOKED_THROUGH]
    )
    found = {}
    for pk, at, kind in changes:
        latest, was_added = found.get(pk, (at, False))
        found[pk] = latest, was_added or kind == Change.Kind.CREATED
    members = Member.objects.filter(association__in=associations).in_bulk(found)
    return [(members[pk], *what) for pk, what in found.items() if pk in members][:count]


@dataclass(frozen=True)
class Birthday:
    member: Member
    on: dt.date
    age: int


def birthdays(associations, day, days, count):
    """The next `count` birthdays of members in force from the local date `day` on, in so many `days`; soonest first.

    Only dates known to the day have one. Who was born on 29 February has it on the 28th in other years.
    """
    last = day + dt.timedelta(days=days - 1)
    born = (
        Member.objects.filter(association__in=associations, status__in=IN_FORCE)
        .alias(length=Length("birth"), month_day=MonthDay("birth"))
        .filter(length=10)
        .order_by("month_day", "id")
    )
    first, end = f"{day:%m-%d}", _leap(last)
    if day.year == last.year:
        found = list(born.filter(month_day__gte=first, month_day__lte=end)[:count])
    else:
        found = [*born.filter(month_day__gte=first)[:count], *born.filter(month_day__lte=end)[:count]]
    return [_birthday(member, day) for member in found[:count]]


def _leap(day):
    """``02-28`` as ``02-29`` in years without that day, for those born on it."""
    tomorrow = day + dt.timedelta(days=1)
    return "02-29" if (day.month, tomorrow.month, tomorrow.day) == (2, 3, 1) else f"{day:%m-%d}"


def _birthday(member, day):
    """The first birthday of `member` on `day` or later."""
    year, month, number = (int(part) for part in member.birth.split("-"))
    days = (
        dt.date(this, month, min(number, calendar.monthrange(this, month)[1]))
        for this in (day.year, day.year + 1)
    )
    on = next(each for each in days if each >= day)
    return Birthday(member, on, on.year - year)
