"""Search by any part of a name, its pinyin or initials, a member number, an employer's name, a mobile number.

What is found is said once, in `Wanted.scan`: the rows a plain look at every row would give. `Wanted.indexed` gives the
same rows through the index that the database keeps (members/search_index.py): all texts in pieces of three characters,
the last ones padded, so that one and two characters are found as the beginnings of pieces. The index proposes, the
condition of the plain look decides.
"""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from django.db import connections
from django.db.models import Case, CharField, Count, F, Func, Q, Value, When
from django.db.models.functions import Replace
from django.db.models.lookups import Contains

from members.search_index import EMPLOYERS, MEMBERS

# the middle dots of names; the register keeps the first (members/roster/names.py)
DOTS = "·•‧・･∙⋅●˙᛫‐"
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# rows looked at one by one before the index is asked
LOOK = 1_000
# so many hits among them, and walking the list finds a page of hits sooner than the index sorts all of them
OFTEN = 6


def fold(text):
    """`text` as the database folds what it stores (`Folded`): no blanks, no ``·``, A–Z in lower case.

    Of letters beyond A–Z the case counts, since SQLite knows no other.
    """
    return text.replace(" ", "").replace("·", "").translate(_LOWER)


def forms(text):
    """The folded forms under which what somebody typed is looked for, ascending; none for blanks alone.

    As typed, and as it is mostly stored: full-width letters narrowed, whatever blanks and dots left out.
    """
    typed = "".join(character for character in text.strip() if unicodedata.category(character) != "Cc")
    usual = unicodedata.normalize("NFKC", typed)
    usual = "".join(c for c in usual if not c.isspace() and c not in DOTS)
    return sorted({fold(typed), fold(usual)} - {""})


def digits_of(form):
    """The digits of a telephone number among the folded `form`; ``""`` if it is something else."""
    digits = form.replace("-", "").removeprefix("+86").removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() else ""


def letters_of(form):
    """`form` as pinyin: ``lü`` is kept as ``lv``, ``xi'an`` as ``xian``; ``""`` if it cannot be pinyin."""
    letters = form.replace("ü", "v").replace("'", "").replace("’", "")
    return letters if letters.isascii() else ""


class Folded(Func):
    """A column as `fold` makes it."""

    output_field = CharField()

    def __init__(self, name):
        super().__init__(Replace(Replace(F(name), Value(" "), Value("")), Value("·"), Value("")))

    def as_sql(self, compiler, connection):
        return super().as_sql(compiler, connection, template="lower(%(expressions)s)")

    def as_postgresql(self, compiler, connection):
        return super().as_sql(compiler, connection, template='lower((%(expressions)s) COLLATE "C")')


def _holds(name, form):
    """The condition that the column `name`, folded, contains the folded `form`."""
    found = Q(Contains(Folded(name), form))
    if form[0].isascii():
        return found
    # what is no ASCII is never folded: most rows are done with after a look for the first character
    return Q(**{f"{name}__contains": form[0]}) & found


def _digits(name):
    return Replace(Replace(F(name), Value(" "), Value("")), Value("-"), Value(""))


def names_hold(text):
    """The condition on members that name, pinyin, initials or employer hold the `text` that somebody typed."""
    found = Q()
    for form in forms(text):
        found |= _holds("name", form) | _holds("employer__name", form)
        if letters := letters_of(form):
            found |= Q(pinyin__contains=letters) | Q(initials__contains=letters)
    return found


@dataclass(frozen=True)
class Wanted:
    """What somebody typed, and the ids of the associations whose mobile numbers they read."""

    text: str
    contact: frozenset

    @cached_property
    def forms(self):
        return forms(self.text)

    @cached_property
    def _letters(self):
        return {letters_of(form) for form in self.forms} - {""}

    @cached_property
    def _digits(self):
        return {digits_of(form) for form in self.forms} - {""} if self.contact else set()

    @cached_property
    def _of_employer(self):
        found = Q()
        for form in self.forms:
            found |= _holds("name", form)
        return found

    @cached_property
    def _of_member(self):
        """The condition on a member's own columns."""
        found = Q()
        for form in self.forms:
            found |= _holds("name", form) | _holds("number", form)
        for letters in self._letters:
            found |= Q(pinyin__contains=letters) | Q(initials__contains=letters)
        for digits in self._digits:
            found |= Q(association__in=self.contact) & (
                Q(Contains(_digits("mobile"), digits)) | Q(Contains(_digits("second_mobile"), digits))
            )
        return found

    @cached_property
    def scan(self):
        """The condition on members, answered row by row."""
        found = self._of_member
        for form in self.forms:
            found |= _holds("employer__name", form)
        return found

    def indexed(self, members, employers):
        """The condition on members, answered by the index; `members` and `employers` are querysets of all."""
        vendor = connections[members.db].vendor
        own = MEMBERS.proposes(vendor, {*self.forms, *self._letters}, self._digits)
        firms = employers.filter(EMPLOYERS.proposes(vendor, self.forms), self._of_employer)
        return Q(
            pk__among=[
                members.filter(own, self._of_member).values("pk"),
                members.filter(employer__among=[firms.values("pk")]).values("pk"),
            ]
        )

    def narrow(self, listed, employers):
        """The members of the queryset `listed` that are wanted, in its order, in the way that is quicker.

        Where hits are frequent a page of them is found by walking the list, where they are rare by the index. Which
        it is shows in the first rows of the list. This asks the database.
        """
        first = listed.annotate(hit=Case(When(self.scan, then=1)))[:LOOK]
        seen = first.aggregate(rows=Count("pk"), hits=Count("hit"))
        if seen["rows"] < LOOK or seen["hits"] >= OFTEN:
            # hidden in CASE: PostgreSQL takes any text to be rare, and would sort all hits instead of walking
            return listed.filter(Case(When(self.scan, then=True), default=False))
        return listed.filter(self.indexed(listed.model.objects.all(), employers))
