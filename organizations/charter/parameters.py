"""The numbers of a rule: how each is asked for, kept as JSON, understood and said."""

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from organizations.shares import share


@dataclass(frozen=True)
class Parameter:
    """One value of a rule. It is kept as it was written; `read` gives what the rule works with, `say` how it is read.

    `clean` and `read` raise ValidationError with a sentence about what is wrong.
    """

    name: str
    label: str

    def formfield(self, **kwargs):
        return forms.CharField(label=self.label, max_length=200, **kwargs)

    def read(self, value):
        return value

    def clean(self, value):
        """`value` as it is kept, after seeing that it can be read."""
        self.read(value)
        return value

    def say(self, value):
        return str(value)


@dataclass(frozen=True)
class Whole(Parameter):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 100_000

    def formfield(self, **kwargs):
        return forms.IntegerField(label=self.label, min_value=self.least, max_value=self.most, **kwargs)

    def read(self, value):
        if type(value) is not int or not self.least <= value <= self.most:
            raise ValidationError(
                _("“{label}” is a whole number from {least} to {most}.").format(
                    label=self.label, least=self.least, most=self.most
                )
            )
        return value


@dataclass(frozen=True)
class Share(Parameter):
    """A share of people, written 1/3; read as a Fraction."""

    def formfield(self, **kwargs):
        return forms.CharField(
            label=self.label, max_length=10, help_text=gettext_lazy("As a fraction: 1/3"), **kwargs
        )

    def clean(self, value):
        return self.say(value)

    def read(self, value):
        try:
            return share(value)
        except (ValueError, AttributeError):
            raise ValidationError(
                _("“{label}” is a fraction of at most 1, such as 1/3.").format(label=self.label)
            ) from None

    def say(self, value):
        value = self.read(value)
        return f"{value.numerator}/{value.denominator}"


@dataclass(frozen=True)
class Flag(Parameter):
    """Yes or no."""

    yes: str = gettext_lazy("yes")
    no: str = gettext_lazy("no")

    def formfield(self, **kwargs):
        return forms.BooleanField(label=self.label, required=False, **kwargs)

    def read(self, value):
        if not isinstance(value, bool):
            raise ValidationError(_("“{label}” is yes or no.").format(label=self.label))
        return value

    def say(self, value):
        return str(self.yes if value else self.no)


@dataclass(frozen=True)
class Choice(Parameter):
    """One of a few values: a TextChoices class."""

    choices: type = None

    def formfield(self, **kwargs):
        return forms.ChoiceField(label=self.label, choices=self.choices.choices, **kwargs)

    def read(self, value):
        if value not in self.choices.values:
            raise ValidationError(_("“{label}” is one of the list.").format(label=self.label))
        return self.choices(value)

    def say(self, value):
        return str(self.choices(value).label)


@dataclass(frozen=True)
class Words(Parameter):
    """Some words, written with 、 between them; read as a tuple."""

    def read(self, value):
        words = (
            tuple(word for word in re.split(r"[、,，\s]+", value) if word) if isinstance(value, str) else ()
        )
        if not words:
            raise ValidationError(_("“{label}” needs a word at least.").format(label=self.label))
        return words


@dataclass(frozen=True)
class YearDay(Parameter):
    """A day of every year, written 03-31; read as (month, day)."""

    def formfield(self, **kwargs):
        return forms.CharField(
            label=self.label, max_length=5, help_text=gettext_lazy("Month and day: 03-31"), **kwargs
        )

    def read(self, value):
        match = re.fullmatch(
            r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", value if isinstance(value, str) else ""
        )
        month, day = (int(part) for part in match.groups()) if match else (0, 0)
        # 29 February is missing in most years
        if not match or day > (28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
            raise ValidationError(
                _("“{label}” is a day of every year, such as 03-31.").format(label=self.label)
            )
        return month, day

    def say(self, value):
        month, day = self.read(value)
        return date_format(dt.date(2000, month, day), "MONTH_DAY_FORMAT")


@dataclass(frozen=True)
class Steps(Parameter):
    """From so many people on a share or a number of them: `201=1/3, 1000=300`; read as ((from, Fraction or int), …)."""

    def formfield(self, **kwargs):
        return forms.CharField(
            label=self.label,
            max_length=100,
            help_text=gettext_lazy("From how many on: 201=1/3, 1000=300"),
            **kwargs,
        )

    def read(self, value):
        steps = []
        try:
            for step in re.split(r"[,，、;；]\s*", value.strip()):
                start, wanted = step.split("=")
                steps.append((int(start), share(wanted) if "/" in wanted else int(wanted)))
            if any(later[0] <= earlier[0] for earlier, later in pairwise(steps)) or min(steps[0][0], *(
                wanted for _start, wanted in steps
            )) <= 0:  # fmt: skip
                raise ValueError(value)
        except (ValueError, AttributeError):
            raise ValidationError(
                _("“{label}” is a list of steps, the smallest first: 201=1/3, 1000=300.").format(
                    label=self.label
                )
            ) from None
        return tuple(steps)

    def say(self, value):
        said = [
            _("from {start} on at least {wanted}").format(start=start, wanted=wanted)
            for start, wanted in self.read(value)
        ]
        return pgettext("steps", ", ").join(said)
