"""Dates known to the year, the month or the day.

Stored as ISO text of the precision known (``1985``, ``1985-06``, ``1985-06-12``), which sorts as text; never with an
invented day. Spreadsheets carry the same with dots (``1985.06``).
"""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"\s*(\d{4})\s*(?:[-./年]\s*(\d{1,2})\s*(?:[-./月]\s*(?:(\d{1,2})\s*日?)?)?)?\s*")
FIRST_YEAR, LAST_YEAR = 1850, 2199


def parse(text):
    """ISO text of what a person typed (``1985.6``, ``1985年6月``, ``1985-06-12``); ValueError if it is no date."""
    match = WRITTEN.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    dt.date(year, month or 1, day or 1)
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])


def dotted(iso):
    """``1985-06`` as spreadsheets write it: ``1985.06``."""
    return iso.replace("-", ".")


def sentence(iso):
    """The date in running text: ``1985年6月12日`` in Chinese, the ISO form otherwise."""
    if not iso or not (get_language() or "").startswith("zh"):
        return iso
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False))


def beginning(iso):
    """The first day (a date) that the partial date can mean: 2022-05-01 for ``2022-05``."""
    year, month, day = (int(part) for part in (iso + "-01-01")[:10].split("-"))
    return dt.date(year, month, day)


def age_on(iso, day):
    """Full years (周岁) on the local date `day`, or None without a date.

    Where only year and month are known they are compared by month, where only the year by year (domain.md E1).
    """
    if not iso:
        return None
    born = [int(part) for part in iso.split("-")]
    today = [day.year, day.month, day.day][: len(born)]
    return today[0] - born[0] - (today[1:] < born[1:])


def born_by(age, day):
    """The text of a date of birth with which one has just turned `age` on the local date `day`.

    Whoever was born on this text or before is so old, at every precision: the beginning of a date sorts before the
    date, so ``1985`` and ``1985-06`` count as up to ``1985-06-12`` (domain.md E1). 29 February of a common year is a
    fine text to compare with.
    """
    return f"{day.year - age:04}-{day:%m-%d}"


class PartialDateFormField(forms.CharField):
    default_error_messages = {
        "invalid": _("“%(value)s” is not a date. Write 1985, 1985-06 or 1985-06-12."),
    }

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return ""
        try:
            return parse(value)
        except ValueError as error:
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from error


class PartialDateField(models.CharField):
    """ISO text of known precision; blank when unknown."""

    description = _("Date known to the year, month or day")

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


def well_formed(field):
    """The database's own check of a partial date column: blank, or a precision and century that exist.

    Lengths and bounds rather than a pattern: SQLite would run a pattern in Python for every row of an import.
    """
    return models.Q(**{field: ""}) | models.Q(
        models.lookups.GreaterThanOrEqual(models.F(field), models.Value(str(FIRST_YEAR))),
        models.lookups.LessThan(models.F(field), models.Value(str(LAST_YEAR + 1))),
        models.lookups.In(Length(field), [4, 7, 10]),
        ~models.Q(**{f"{field}__contains": "."}),
    )


class MonthDay(models.Func):
    """``06-12`` of a date known to the day; of a coarser one the month or nothing.

    The numbers stand in the statement: as parameters SQLite would not find an index on this expression.
    """

    template = "SUBSTR(%(expressions)s, 6, 5)"
    arity = 1
    output_field = models.CharField()


def date_check(model, field):
    return models.CheckConstraint(
        condition=well_formed(field),
        name=f"{model}_{field}_is_a_date",
        violation_error_message=_("That is not a date. Write 1985, 1985-06 or 1985-06-12."),
    )
