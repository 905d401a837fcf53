"""Meetings: the numbers that they go by. Sources: domain.md D2, D5.

Whether a meeting had its quorum is checked where it is held; how often a body meets is checked here.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.charter.kinds import Group, number
from organizations.charter.parameters import Choice, Flag, Share, Whole
from organizations.charter.rules.bodies import KIND
from organizations.charter.shares import at_least, more_than
from organizations.models import Body

VOTING = [KIND.ASSEMBLY, KIND.COUNCIL, KIND.STANDING_COUNCIL, KIND.SUPERVISORS, KIND.PARTY_BRANCH]


class Comparison(TextChoices):
    """2/3 means two thirds or more, "more than half" more than half (domain.md D2)."""

    AT_LEAST = "at_least", pgettext_lazy("rules", "at least")
    MORE_THAN = "more_than", pgettext_lazy("rules", "more than")

    def met(self, part, whole, share):
        """Whether `part` of `whole` people is enough."""
        return (at_least if self == Comparison.AT_LEAST else more_than)(part, whole, share)


class Of(TextChoices):
    PRESENT = "present", pgettext_lazy("rules", "those present")
    ENTITLED = "entitled", pgettext_lazy("rules", "those entitled")


COMPARISON = Choice("comparison", pgettext_lazy("rules", "comparison"), choices=Comparison)

number(
    "quorum",
    Group.MEETINGS,
    gettext_lazy("Quorum"),
    gettext_lazy("A meeting is valid with {comparison} {share} of those entitled present."),
    parameters=[COMPARISON, Share("share", gettext_lazy("share"))],
    bodies=VOTING,
)
number(
    "majority",
    Group.MEETINGS,
    gettext_lazy("Majority"),
    gettext_lazy("A resolution passes with {comparison} {share} of {base}."),
    parameters=[
        COMPARISON,
        Share("share", gettext_lazy("share")),
        Choice("base", pgettext_lazy("rules", "share of"), choices=Of),
    ],
    bodies=VOTING,
)
number(
    "fee_vote",
    Group.MEETINGS,
    gettext_lazy("Vote on the membership fee"),
    gettext_lazy("The fee is decided with {comparison} {share} of {base}; secret ballot: {secret}."),
    parameters=[
        COMPARISON,
        Share("share", gettext_lazy("share")),
        Choice("base", pgettext_lazy("rules", "share of"), choices=Of),
        Flag("secret", gettext_lazy("secret ballot")),
    ],
    bodies=[KIND.ASSEMBLY],
)
number(
    "notice",
    Group.MEETINGS,
    gettext_lazy("Notice"),
    gettext_lazy("A meeting is called at least {days} days before; counted in working days: {working}."),
    parameters=[
        Whole("days", gettext_lazy("at least (days)"), most=365),
        Flag("working", gettext_lazy("working days")),
    ],
    bodies=[each for each in Body.Kind if each in VOTING],
)
