"""Kinds of fields to filter by: which operators they take, which values, what these mean to the database.

A kind answers three questions about a condition, each with the field (`members.filters.fields.Field`) and, where it
matters, the `Rights` of who asks: `fault` (a sentence, None if all is well), `q` (a Q; asked only without a fault),
`words` (the values as people read them).
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from organizations import partial_dates
from organizations.models import indented

LONGEST_VALUE = 400
OLDEST = 150


class Operator(TextChoices):
    IS = "is", pgettext_lazy("filter", "is")
    NOT = "not", pgettext_lazy("filter", "is not")
    CONTAINS = "contains", pgettext_lazy("filter", "contains")
    BETWEEN = "between", pgettext_lazy("filter", "between")
    MISSING = "missing", pgettext_lazy("filter", "not filled in")
    PRESENT = "present", pgettext_lazy("filter", "filled in")


WITHOUT_VALUE = frozenset({Operator.MISSING, Operator.PRESENT})


@dataclass(frozen=True)
class Kind:
    """The base of all kinds: present or missing, for text columns that are blank and never null."""

    operators: tuple = (Operator.MISSING, Operator.PRESENT)

    def fault(self, field, operator, values, rights):
        if operator in WITHOUT_VALUE:
            return None
        if not any(values):
            return _("The condition about “{field}” has no value.").format(field=field.label)
        wrong = next((value for value in values if value and not self.accepts(value, rights)), None)
        if wrong is not None:
            return self.wrong_value(field, wrong)
        return None

    def accepts(self, value, rights):
        return len(value) <= LONGEST_VALUE and "\x00" not in value

    def wrong_value(self, field, value):
        return _("“{value}” is not a value of “{field}”.").format(value=value[:40], field=field.label)

    def q(self, field, operator, values, rights, day):
        if operator == Operator.MISSING:
            return self.missing(field)
        if operator == Operator.PRESENT:
            return ~self.missing(field)
        if operator == Operator.IS:
            return self.one_of(field, values, rights)
        if operator == Operator.NOT:
            return ~self.one_of(field, values, rights)
        if operator == Operator.CONTAINS:
            return self.contains(field, values)
        return self.between(field, values, day)

    def missing(self, field):
        return Q(**{field.lookup: ""})

    def words(self, field, values, rights):
        return list(values)


@dataclass(frozen=True)
class Presence(Kind):
    """Of which one may ask no more than whether it is there: a column that is null when it is not."""

    def missing(self, field):
        return Q(**{f"{field.lookup}__isnull": True})


@dataclass(frozen=True)
class Choice(Kind):
    """One of a list. `groups` maps the word of several values at once to their label and the values."""

    operators: tuple = (Operator.IS, Operator.NOT, Operator.MISSING, Operator.PRESENT)
    choices: type[TextChoices] = None
    groups: dict = field(default_factory=dict)

    def accepts(self, value, rights):
        return value in self.choices.values or value in self.groups

    def one_of(self, field, values, rights):
        return Q(**{f"{field.lookup}__in": self.meant(values)})

    def meant(self, values):
        """`values` with the groups taken apart, in the order of the list."""
        found = set()
        for value in values:
            found |= self.groups[value][1] if value in self.groups else {value}
        return [value for value in self.choices.values if value in found]

    def words(self, field, values, rights):
        return [
            str(self.groups[value][0]) if value in self.groups else str(self.choices(value).label)
            for value in values
        ]

    def options(self, rights):
        """[(value, label)] to choose from, the groups first."""
        groups = [(value, label) for value, (label, _values) in self.groups.items()]
        return [*groups, *self.choices.choices]


@dataclass(frozen=True)
class Further(Choice):
    """A choice that stands in rows of its own, any number a member; `lookup` is the relation's name."""

    def missing(self, field):
        return ~Exists(self._rows(field))

    def one_of(self, field, values, rights):
        return Q(Exists(self._rows(field).filter(**{f"{field.column}__in": self.meant(values)})))

    def _rows(self, field):
        from members.models import Member

        relation = Member._meta.get_field(field.lookup)
        return relation.related_model.objects.filter(**{relation.field.name: OuterRef("pk")})


@dataclass(frozen=True)
class Text(Kind):
    """Any words."""

    operators: tuple = (
        Operator.CONTAINS,
        Operator.IS,
        Operator.NOT,
        Operator.MISSING,
        Operator.PRESENT,
    )

    def one_of(self, field, values, rights):
        return Q(**{f"{field.lookup}__in": values})

    def contains(self, field, values):
        found = Q()
        for value in values:
            found |= Q(**{f"{field.lookup}__icontains": value})
        return found


@dataclass(frozen=True)
class Name(Text):
    """A name that no member lacks."""

    operators: tuple = (Operator.CONTAINS, Operator.IS, Operator.NOT)


@dataclass(frozen=True)
class RelatedName(Text):
    """The name of a related record: `lookup` ends in ``__name``."""

    def missing(self, field):
        return Q(**{f"{field.lookup.removesuffix('__name')}__isnull": True})

    def one_of(self, field, values, rights):
        # said of the present ones alone: the negation is to find those without any, too
        return Q(**{f"{field.lookup}__in": values}) & ~self.missing(field)


@dataclass(frozen=True)
class PartialDate(Kind):
    """A date known to the year, month or day.

    *Is* finds dates that surely lie in the one given; *between* takes both bounds with it and compares at the
    precision known, as ages are (domain.md E1): ``2019`` lies between ``2019-06`` and ``2020``.
    """

    operators: tuple = (Operator.BETWEEN, Operator.IS, Operator.MISSING, Operator.PRESENT)

    def fault(self, field, operator, values, rights):
        fault = super().fault(field, operator, values, rights)
        if fault or operator != Operator.BETWEEN:
            return fault
        if len(values) != 2:
            return _("The condition about “{field}” needs a beginning and an end.").format(field=field.label)
        first, last = (partial_dates.parse(value) if value else "" for value in values)
        if first and last and first > _last_day(last):
            return _("In the condition about “{field}” the end lies before the beginning.").format(
                field=field.label
            )
        return None

    def accepts(self, value, rights):
        try:
            return bool(partial_dates.parse(value))
        except ValueError:
            return False

    def wrong_value(self, field, value):
        return _("“{value}” is not a date. Write 1985, 1985-06 or 1985-06-12.").format(value=value[:40])

    def one_of(self, field, values, rights):
        found = Q()
        for value in filter(None, values):
            first = partial_dates.parse(value)
            found |= Q(**{f"{field.lookup}__gte": first, f"{field.lookup}__lte": _last_day(first)})
        return found

    def between(self, field, values, day):
        first, last = (partial_dates.parse(value) if value else "" for value in values)
        found = ~self.missing(field)
        if first:
            coarser = [first[:length] for length in (4, 7) if length < len(first)]
            found &= Q(**{f"{field.lookup}__gte": first}) | Q(**{f"{field.lookup}__in": coarser})
        if last:
            found &= Q(**{f"{field.lookup}__lte": _last_day(last)})
        return found

    def words(self, field, values, rights):
        return [partial_dates.sentence(partial_dates.parse(value)) if value else "" for value in values]


def _last_day(partial):
    """A text not before any date within `partial`: the months' ends need not exist to be compared."""
    return partial + "-12-31"[len(partial) - 4 :]


@dataclass(frozen=True)
class Moment(PartialDate):
    """A point in time, asked about in local dates."""

    operators: tuple = (Operator.BETWEEN,)

    def between(self, field, values, day):
        first, last = (partial_dates.parse(value) if value else "" for value in values)
        found = Q()
        if first:
            found &= Q(**{f"{field.lookup}__gte": _midnight(first + "-01-01"[len(first) - 4 :])})
        if last:
            found &= Q(**{f"{field.lookup}__lt": _midnight_after(last)})
        return found


def _midnight(iso):
    return timezone.make_aware(dt.datetime.fromisoformat(iso))


def _midnight_after(partial):
    """The local midnight with which the day, month or year `partial` ends."""
    year, month, day = (int(part) for part in (partial + "-12-31"[len(partial) - 4 :]).split("-"))
    if len(partial) == 10:
        return _midnight((dt.date(year, month, day) + dt.timedelta(days=1)).isoformat())
    return _midnight(f"{year + month // 12:04}-{month % 12 + 1:02}-01")


@dataclass(frozen=True)
class Age(Kind):
    """Full years (周岁) on a day, out of a partial date of birth.

    Where only year and month are known they are compared by month, where only the year by year (domain.md E1). The
    values are from, to (either may be left out) and the day, today without one.
    """

    operators: tuple = (Operator.BETWEEN,)

    def fault(self, field, operator, values, rights):
        if not any(values[:2]):
            return _("The condition about “{field}” has no value.").format(field=field.label)
        if len(values) not in (2, 3):
            return _("The condition about “{field}” needs a beginning and an end.").format(field=field.label)
        for value in filter(None, values[:2]):
            if not (value.isascii() and value.isdigit() and len(value) < 4 and int(value) <= OLDEST):
                return _("“{value}” is not an age in years.").format(value=value[:40])
        if values[0] and values[1] and int(values[0]) > int(values[1]):
            return _("In the condition about “{field}” the end lies before the beginning.").format(
                field=field.label
            )
        if len(values) == 3 and values[2] and _whole_date(values[2]) is None:
            return _("“{value}” is not a day. Write 2024-12-31.").format(value=values[2][:40])
        return None

    def between(self, field, values, day):
        youngest, oldest, on = (*values, "")[:3]
        day = _whole_date(on) if on else day
        # whoever was born later than the day has no age on it
        found = ~self.missing(field) & Q(
            **{f"{field.lookup}__lte": partial_dates.born_by(int(youngest or 0), day)}
        )
        if oldest:
            found &= Q(**{f"{field.lookup}__gt": partial_dates.born_by(int(oldest) + 1, day)})
        return found

    def words(self, field, values, rights):
        on = _whole_date(values[2]) if len(values) > 2 and values[2] else None
        return [*values[:2], partial_dates.sentence(on.isoformat()) if on else ""]


def _whole_date(text):
    try:
        found = partial_dates.parse(text)
    except ValueError:
        return None
    return dt.date.fromisoformat(found) if len(found) == 10 else None


@dataclass(frozen=True)
class Place(Kind):
    """An association with all below it, by its number in the database; out of sight is unknown."""

    operators: tuple = (Operator.IS, Operator.NOT)

    def accepts(self, value, rights):
        return value in {str(row.pk) for row in rights.association_rows}

    def wrong_value(self, field, value):
        return _("There is no association “{value}” that you may read.").format(value=value[:40])

    def one_of(self, field, values, rights):
        roots = tuple(row.path for row in rights.association_rows if str(row.pk) in values)
        below = [row.pk for row in rights.association_rows if row.path.startswith(roots)]
        return Q(**{f"{field.lookup}__in": below})

    def words(self, field, values, rights):
        names = {str(row.pk): str(row) for row in rights.association_rows}
        return [names.get(value, value) for value in values]

    def options(self, rights):
        """[(value, label)], indented as the tree is."""
        return [(str(row.pk), name) for row, name in indented(rights.association_rows)]
