"""Quorum and majority, in whole numbers.

Source: domain.md D2 – at least 2/3 is ≥, more than half is >; ratios are taken of those entitled (应到) for the quorum,
of the base that the charter names for the majority.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from organizations.models.meetings import Base, Share
from organizations.shares import fewest, most

# {share: (part, whether more than that is wanted)}
_PARTS = {
    Share.ANY: (Fraction(0), False),
    Share.HALF: (Fraction(1, 2), True),
    Share.TWO_THIRDS: (Fraction(2, 3), False),
    Share.THREE_QUARTERS: (Fraction(3, 4), False),
    Share.FOUR_FIFTHS: (Fraction(4, 5), False),
    Share.ALL: (Fraction(1), False),
}


def needed(share, whole):
    """The smallest number of people that is `share` (a Share) of `whole`; never less than one."""
    part, more = _PARTS[Share(share)]
    return max(most(whole, part) + 1 if more else fewest(whole, part), 1)


def reaches(share, part, whole):
    """Whether `part` people of `whole` are the `share` asked for. Of nobody nothing is reached."""
    return whole > 0 and part >= needed(share, whole)


@dataclass(frozen=True)
class Quorum:
    """Whether enough are there: numbers of people entitled, present, and needed."""

    entitled: int
    present: int
    needed: int
    reached: bool

    @property
    def missing(self):
        """How many more must come."""
        return max(self.needed - self.present, 0)


def quorum(entitled, present, share):
    """The Quorum of a meeting with `present` of `entitled` people, where `share` of them must be there."""
    return Quorum(entitled, present, needed(share, entitled), reaches(share, present, entitled))


def base_of(majority_of, *, entitled, present, in_favour, against):
    """The number of which a majority counted by `majority_of` (a Base) is a part."""
    return {Base.ENTITLED: entitled, Base.PRESENT: present, Base.CAST: in_favour + against}[Base(majority_of)]


def passed(in_favour, *, against, present, entitled, majority, majority_of=Base.PRESENT):
    """Whether `in_favour` votes are the `majority` (a Share) of the base `majority_of`."""
    base = base_of(majority_of, entitled=entitled, present=present, in_favour=in_favour, against=against)
    return reaches(majority, in_favour, base)


def faults(in_favour, *, against, abstained, present, entitled):
    """What is wrong with the numbers of a vote, as sentences; [] if nothing is."""
    found = []
    votes = in_favour + against + abstained
    if votes > present:
        found.append(
            _(
                "{votes} votes (in favour {in_favour}, against {against}, abstained {abstained}), but only "
                "{present} entitled people were present: {more} too many. Correct the votes or the attendance."
            ).format(
                votes=votes, in_favour=in_favour, against=against, abstained=abstained, present=present,
                more=votes - present,
            )
        )  # fmt: skip
    if present > entitled:
        found.append(
            _("{present} people present, but only {entitled} are entitled.").format(
                present=present, entitled=entitled
            )
        )
    return found
