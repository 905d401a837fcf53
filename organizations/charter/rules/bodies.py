"""How the council and the standing council are composed. Sources: domain.md D2, D3 [CH98A][FJ][XM]."""

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.charter.findings import Concerned, Found
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Choice, Share, Whole
from organizations.models import Body
from organizations.shares import at_most, most

KIND = Body.Kind


class Base(TextChoices):
    MEMBERS = "members", pgettext_lazy("base of a share", "members")
    DELEGATES = "delegates", pgettext_lazy("base of a share", "delegates")


def named(persons, details=None):
    """The `persons` as a finding names them; `details` is {id: text}."""
    return tuple(Concerned(person.id, person.name, (details or {}).get(person.id, "")) for person in persons)


@kind(
    "council_share",
    Group.COUNCIL,
    gettext_lazy("Size of the council"),
    gettext_lazy("The council has no more than {share} of the {base}."),
    parameters=[
        Share("share", gettext_lazy("at most (share)")),
        Choice("base", pgettext_lazy("rules", "share of"), choices=Base),
    ],
    bodies=[KIND.COUNCIL],
)
def council_share(facts, body, share, base):
    assembly = facts.the(KIND.ASSEMBLY)
    whole = facts.members if base == Base.MEMBERS else len(assembly.people) if assembly else 0
    count = len(body.people)
    if whole and not at_most(count, whole, share):
        yield Found(
            _("The council has {count} people; {share} of {whole} is at most {most}.").format(
                count=count, share=share, whole=whole, most=most(whole, share)
            ),
            cure=_("Elect a smaller council: {excess} fewer.").format(excess=count - most(whole, share)),
        )


@kind(
    "odd_number",
    Group.COUNCIL,
    gettext_lazy("Odd number"),
    gettext_lazy("The number of people is odd."),
    bodies=[KIND.COUNCIL, KIND.STANDING_COUNCIL, KIND.SUPERVISORS],
)
def odd_number(facts, body):
    count = len(body.people)
    if count and count % 2 == 0:
        yield Found(
            _("“{body}” has {count} people, an even number.").format(body=body.name, count=count),
            cure=_("Elect one more or one fewer."),
        )


@kind(
    "standing_share",
    Group.STANDING_COUNCIL,
    gettext_lazy("Size of the standing council"),
    gettext_lazy("The standing council has no more than {share} of the council."),
    parameters=[Share("share", gettext_lazy("at most (share)"))],
    bodies=[KIND.STANDING_COUNCIL],
)
def standing_share(facts, body, share):
    council = facts.the(KIND.COUNCIL)
    whole = len(council.people) if council else 0
    if whole and not at_most(len(body.people), whole, share):
        yield Found(
            _(
                "The standing council has {count} people; {share} of a council of {whole} is at most {most}."
            ).format(count=len(body.people), share=share, whole=whole, most=most(whole, share)),
            cure=_("Elect a smaller standing council: {excess} fewer.").format(
                excess=len(body.people) - most(whole, share)
            ),
        )


@kind(
    "standing_within_council",
    Group.STANDING_COUNCIL,
    gettext_lazy("Standing council out of the council"),
    gettext_lazy("The standing council is elected from among the council."),
    bodies=[KIND.STANDING_COUNCIL],
)
def standing_within_council(facts, body):
    council = facts.the(KIND.COUNCIL)
    inside = {person.id for person in council.people} if council else set()
    outside = [person for person in body.people if person.id not in inside]
    if outside:
        yield Found(
            _("{count} of the standing council do not sit in the council.").format(count=len(outside)),
            cure=_("Elect them to the council first, or end their appointment in the standing council."),
            persons=named(outside),
        )


@kind(
    "standing_threshold",
    Group.STANDING_COUNCIL,
    gettext_lazy("When there is a standing council"),
    gettext_lazy("There is a standing council only where the council has at least {least} people."),
    parameters=[Whole("least", gettext_lazy("council of at least (persons)"), least=1)],
    bodies=[KIND.STANDING_COUNCIL],
)
def standing_threshold(facts, body, least):
    council = facts.the(KIND.COUNCIL)
    count = len(council.people) if council else 0
    if body.people and count < least:
        yield Found(
            _("There is a standing council, though the council has {count} people only.").format(count=count),
            cure=_("Dissolve the standing council, or see what the charter says."),
        )
