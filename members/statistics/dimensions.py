"""The lines in which a field of the members is counted, in the order in which an office reads them."""

from dataclasses import dataclass, field

from django.db.models import Case, F, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from members import codes
from members.filters import Condition, Operator
from members.models import Member
from members.rights import FIELD_CLASSES
from organizations.partial_dates import born_by

# Free text can have any number of values: beyond so many lines the rarest are counted together
MOST_LINES = 200

# Kinds of lines
VALUE, GROUP, PART, REST, BLANK = "value", "group", "part", "rest", "blank"


@dataclass(frozen=True)
class Line:
    """Members whose value is one of `values`. All lines of a dimension but PARTs of a GROUP above add up to all."""

    label: str
    values: frozenset
    kind: str = VALUE


def not_filled_in():
    """The line of members without a value; it stands in every table, with a nought too, so that sums can be checked."""
    return Line(_("Not filled in"), frozenset({""}), BLANK)


@dataclass(frozen=True)
class Dimension:
    """A field of free text: its values as found, the most frequent first."""

    key: str
    title: str = ""

    @property
    def label(self):
        return str(self.title or capfirst(Member._meta.get_field(self.key).verbose_name))

    @property
    def field_class(self):
        return FIELD_CLASSES[self.key]

    def expression(self, question, day):
        """What the database groups by; its values are those of the lines."""
        return F(self.key)

    def lines(self, found, question):
        """The lines of a table; `found` is {value: number of members}."""
        return [*self._listed(found, self._known(question)), not_filled_in()]

    def condition(self, line, question):
        """The filter of the member list that finds the members of `line` (not the blank one), None if there is none."""
        values = sorted(line.values)
        # the list cuts the blanks around a value
        if not values or any(value != value.strip() for value in values):
            return None
        return Condition(self.key, Operator.IS, values)

    def _known(self, question):
        """Values that get a line in any case, before the others."""
        return []

    def _listed(self, found, known):
        others = [value for value in found if value and value not in known]
        others.sort(key=lambda value: (-found[value], value))
        shown = [*known, *others][:MOST_LINES]
        lines = [Line(value, frozenset({value})) for value in shown]
        rare = frozenset([*known, *others][MOST_LINES:])
        if rare:
            lines.append(Line(_("{n} rarer values together").format(n=len(rare)), rare, REST))
        return lines


class Township(Dimension):
    def _known(self, question):
        return question.townships


@dataclass(frozen=True)
class Choices(Dimension):
    """A field with a list of values: all of them in the order of the list.

    `groups` are (label, values): a subtotal before the values that it sums up, which follow each other in the list.
    `sparse`: values that nobody has are left out.
    """

    choices: type = None
    groups: tuple = ()
    sparse: bool = False

    def lines(self, found, question):
        lines, begun = [], set()
        for value, label in self.choices.choices:
            group = next((each for each in self.groups if value in each[1]), None)
            if group and group not in begun:
                begun.add(group)
                lines.append(Line(str(group[0]), frozenset(group[1]), GROUP))
            if found.get(value) or not self.sparse:
                lines.append(Line(str(label), frozenset({value}), PART if group else VALUE))
        return [*lines, not_filled_in()]


@dataclass(frozen=True)
class Degree(Dimension):
    """Degrees by their level: 法学学士 is a bachelor's."""

    levels: tuple = field(
        default=(
            ("博士", pgettext_lazy("degree", "Doctor")),
            ("硕士", pgettext_lazy("degree", "Master")),
            ("学士", pgettext_lazy("degree", "Bachelor")),
        )
    )

    def lines(self, found, question):
        by_level = {}
        for text in found:
            by_level.setdefault(self.level(text), set()).add(text)
        lines = [Line(str(label), frozenset(by_level.get(level, ()))) for level, label in self.levels]
        other = Line(pgettext("degree", "Other"), frozenset(by_level.get(None, set()) - {""}))
        return [*lines, other, not_filled_in()]

    def level(self, text):
        """The level that `text` ends with, as the roster reader writes degrees; None for anything else."""
        bare = text.strip().removesuffix("学位")
        return next((level for level, _label in self.levels if bare.endswith(level)), None)


class AgeBands(Dimension):
    """Full years on the day, counted in the bands of the question.

    Dates of birth are compared as texts of the precision known (`organizations.partial_dates.born_by`).
    """

    def expression(self, question, day):
        whens = [When(birth="", then=Value(""))]
        for last in reversed(question.bands):
            whens.append(When(birth__lte=born_by(last + 1, day), then=Value(str(last + 1))))
        return Case(*whens, default=Value("0"))

    def lines(self, found, question):
        return [
            *(Line(label, frozenset({str(first)})) for first, _last, label in self.bands(question)),
            not_filled_in(),
        ]

    def condition(self, line, question):
        first, last = next(
            (first, last) for first, last, _label in self.bands(question) if str(first) in line.values
        )
        return Condition("age", Operator.BETWEEN, [first or "", last or ""])

    def bands(self, question):
        """[(first age, last age or None, label)]"""
        firsts = [0, *(last + 1 for last in question.bands)]
        bands = []
        for first, last in zip(firsts, [*question.bands, None], strict=True):
            if last is None:
                label = _("{age} and above").format(age=first)
            elif not first:
                label = _("{age} and below").format(age=last)
            elif first == last:
                label = pgettext("age", "{age}").format(age=first)
            else:
                label = pgettext("age", "{first}–{last}").format(first=first, last=last)
            bands.append((first, last, label))
        return bands


CATEGORY = Choices("category", choices=codes.Category)
SEX = Choices("sex", choices=codes.Sex)
AGE = AgeBands("birth", pgettext_lazy("figures", "Age"))
POLITICAL_STATUS = Choices(
    "political_status",
    choices=codes.PoliticalStatus,
    groups=(
        (gettext_lazy("CPC, together"), codes.CPC_MEMBERS),
        (gettext_lazy("Democratic parties, together"), codes.DEMOCRATIC_PARTIES),
    ),
)
EDUCATION = Choices("education", choices=codes.Education)
DEGREE = Degree("degree")
TITLE_LEVEL = Choices("title_level", choices=codes.TitleLevel)
ETHNICITY = Choices(
    "ethnicity",
    choices=codes.Ethnicity,
    groups=((gettext_lazy("Ethnic minorities, together"), codes.MINORITIES),),
    sparse=True,
)
TOWNSHIP = Township("township")
OCCUPATION = Dimension("occupation")
EMPLOYER_KIND = Dimension("employer_kind")
