"""Member numbers: given by the association's pattern on admission, and never given again (domain.md E3)."""

import re
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from members import crypto
from members.models import Member, NumberSeries
from organizations.models import Association, Change
from organizations.number_patterns import NotAPattern, NumberPattern

# overlapping: in JJ20190001 the year may begin at any digit
YEARS = re.compile(r"(?=([12][0-9]{3}))")


def pattern_of(association):
    """The NumberPattern of `association`, None if it has none (or one that was written past the form)."""
    try:
        return NumberPattern.read(association.number_pattern) if association.number_pattern else None
    except NotAPattern:
        return None


@transaction.atomic
def assign_number(member, *, on):
    """Give `member` a number for the admission on the local date `on`; return it.

    "" where the association has no pattern; who has a number keeps it. A number that the member had before, of the
    same year, is given back: nobody else gets it. The record of the member must be the present one.
    """
    if member.number:
        return member.number
    # lock first, and before members: two admissions may happen at once
    association = Association.objects.select_for_update(no_key=True).get(pk=member.association_id)
    pattern = pattern_of(association)
    if pattern is None:
        return ""
    number = _reserved(member, pattern, on.year) or next(_free_numbers(association, pattern, on.year))
    member.number = number
    member.save(update_fields=["number"])
    return number


@transaction.atomic
def remember_numbers(association, numbers):
    """Have the series of `association` know the `numbers` (texts), which no record will have any more."""
    association = Association.objects.select_for_update(no_key=True).get(pk=association.pk)
    pattern = pattern_of(association)
    if pattern is None:
        return
    highest = {}
    for number in filter(None, numbers):
        for year in sorted({int(digits) for digits in YEARS.findall(number)}) if pattern.has_year else [0]:
            serial = pattern.serial_of(number, year=year)
            if serial is not None:
                highest[year] = max(serial, highest.get(year, 0))
    for year, serial in highest.items():
        series, _made = NumberSeries.objects.get_or_create(association=association, year=year)
        if series.last < serial:
            series.last = serial
            series.save(update_fields=["last"])


def next_number(association, *, on):
    """The number that the next admission on `on` would get, "" without a pattern; nothing is written."""
    pattern = pattern_of(association)
    if pattern is None:
        return ""
    series = NumberSeries.objects.filter(association=association, year=_year(pattern, on.year)).first()
    last = max(series.last if series else 0, _highest(association, pattern, on.year))
    return pattern.number(year=on.year, serial=last + 1)


def _year(pattern, year):
    return year if pattern.has_year else 0


def _free_numbers(association, pattern, year):
    """The numbers that follow; the series remembers each before it is given. The association must be locked."""
    series, _made = NumberSeries.objects.get_or_create(association=association, year=_year(pattern, year))
    series.last = max(series.last, _highest(association, pattern, year))
    while True:
        series.last += 1
        series.save(update_fields=["last"])
        yield pattern.number(year=year, serial=series.last)


def _highest(association, pattern, year):
    """The highest serial among the numbers that members have, 0 without any."""
    numbers = Member.objects.filter(association=association, number__startswith=pattern.beginning)
    numbers = numbers.exclude(number="").order_by().values_list("number", flat=True)
    return max((pattern.serial_of(number, year=year) or 0 for number in numbers), default=0)


def _reserved(member, pattern, year):
    """The number of the pattern and year that `member` had before, by its history, if nobody has it; else ""."""
    kind = ContentType.objects.get_for_model(Member)
    changes = Change.objects.filter(content_type=kind, object_id=member.pk, diff__has_key="number")
    for change in changes.order_by("-pk"):
        # without a pair: the person was taken out of the history (members/retention)
        number = (change.diff["number"] or [""])[0] or ""
        if pattern.serial_of(number, year=year) is not None:
            taken = Member.objects.filter(association=member.association_id, number=number).exists()
            return "" if taken else number
    return ""


# -- all at once


@dataclass(frozen=True)
class Plan:
    """Which number each member without one would get: [(Member, number)]; `mark` says whether it still holds."""

    rows: list
    mark: str


def missing_numbers(association):
    """The Plan for the members in force of `association` (or None) without a number.

    In the order of joining, the unknown last, then of strokes; the year is that of joining, else this one.
    """
    pattern = pattern_of(association) if association else None
    if pattern is None:
        return Plan([], "")
    people = Member.objects.filter(association=association, number="").in_force_on(timezone.localdate())
    people = sorted(people.in_stroke_order(), key=lambda member: member.joined or "9999")
    serials, rows = {}, []
    for member in people:
        year = _year_of(member)
        key = _year(pattern, year)
        if key not in serials:
            series = NumberSeries.objects.filter(association=association, year=key).first()
            serials[key] = max(series.last if series else 0, _highest(association, pattern, year))
        serials[key] += 1
        rows.append((member, pattern.number(year=year, serial=serials[key])))
    mark = crypto.digest("\n".join(f"{member.pk} {number}" for member, number in rows))
    return Plan(rows, mark)


def _year_of(member):
    return int(member.joined[:4]) if member.joined else timezone.localdate().year


@transaction.atomic
def assign_missing(association, *, planned):
    """Give the numbers of the plan whose mark is `planned`; return how many, None if the plan is another by now."""
    association = Association.objects.select_for_update(no_key=True).get(pk=association.pk)
    plan = missing_numbers(association)
    if plan.mark != planned:
        return None
    for member, number in plan.rows:
        member.number = number
        member.save(update_fields=["number"])
    remember_numbers(association, [number for _member, number in plan.rows])
    return len(plan.rows)
