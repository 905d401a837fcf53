"""What was given, summed: hours by year and field, donations of cash and goods."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from activities.models import Donation

NOTHING = Decimal(0)
HOURS, MONEY = Decimal("0.1"), Decimal("0.01")


def exact(total, unit):
    """A sum as the database gave it, to the `unit` of its column: SQLite adds up floating numbers."""
    return (total or NOTHING).quantize(unit)


@dataclass(frozen=True)
class Donated:
    """Yuan, and how many donations; those voided are not among them."""

    cash: Decimal
    goods: Decimal
    total: Decimal
    count: int


def donated(donations):
    """The Donated of the queryset `donations`, in one query."""
    kinds = {
        kind: Sum("amount", filter=Q(kind=kind), default=NOTHING)
        for kind in (Donation.Kind.CASH, Donation.Kind.GOODS)
    }
    found = donations.valid().order_by().aggregate(**kinds, count=Count("pk"))
    cash, goods = exact(found["cash"], MONEY), exact(found["goods"], MONEY)
    return Donated(cash, goods, cash + goods, found["count"])


@dataclass(frozen=True)
class Served:
    """Services of a year in one field ("" without one), or of all fields."""

    field: str
    count: int
    hours: Decimal


def served_by_year(services):
    """[(year, Served of all fields, [Served of each])] of the confirmed among `services`, the latest year first."""
    rows = services.confirmed().order_by().annotate(year=ExtractYear("on"))
    rows = rows.values_list("year", "field__name", "field__place").annotate(
        count=Count("pk"), total=Sum("hours", default=NOTHING)
    )
    years = {}
    for year, field, place, count, hours in rows:
        years.setdefault(year, []).append(
            (place is None, place, Served(field or "", count, exact(hours, HOURS)))
        )
    found = []
    for year in sorted(years, reverse=True):
        fields = [
            served for _none, _place, served in sorted(years[year], key=lambda row: (row[0], row[1] or 0))
        ]
        found.append((year, all_of(fields), fields))
    return found


def served_by_field(services):
    """[Served] of the confirmed among `services` in each field, in the order of the fields; without one comes last."""
    rows = services.confirmed().order_by().values_list("field__name", "field__place")
    rows = rows.annotate(count=Count("pk"), total=Sum("hours", default=NOTHING))
    ordered = sorted(rows, key=lambda row: (row[1] is None, row[1] or 0, row[0] or ""))
    return [Served(name or "", count, exact(hours, HOURS)) for name, _place, count, hours in ordered]


def all_of(fields):
    """The Served that `fields` come to together."""
    return Served("", sum(each.count for each in fields), sum((each.hours for each in fields), NOTHING))


def served(services):
    """The Served of the confirmed among `services`, in one query."""
    found = services.confirmed().order_by().aggregate(count=Count("pk"), total=Sum("hours", default=NOTHING))
    return Served("", found["count"], exact(found["total"], HOURS))
