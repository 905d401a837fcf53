"""Rules about the association as a whole. Source: 社会团体登记管理条例 (domain.md D1 [R250])."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.findings import Found, Place
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Steps, Whole
from organizations.models import Body
from organizations.shares import fewest

# 小组 and 联络组 are no branches, wherever they are (domain.md D1, art. 17)
NO_BRANCHES = ("联络", "小组")


@kind(
    "fewest_members",
    Group.ASSOCIATION,
    gettext_lazy("Number of members"),
    gettext_lazy("An association has at least {least} individual members."),
    parameters=[Whole("least", gettext_lazy("at least (persons)"), least=1)],
    on_drafts=False,
)
def fewest_members(facts, least):
    if facts.members < least:
        yield Found(
            _("The association has {count} members in force; it needs {least}.").format(
                count=facts.members, least=least
            ),
            cure=_("Admit members, or enter those who are missing in the register."),
            place=Place.MEMBERS,
        )


@kind(
    "no_branch_below_branch",
    Group.ASSOCIATION,
    gettext_lazy("Branches of branches"),
    gettext_lazy("A branch has no branches below it."),
    on_drafts=False,
)
def no_branch_below_branch(facts):
    names = {body.id: body.name for body in facts.of_kind(Body.Kind.GROUP)}
    for body in facts.of_kind(Body.Kind.GROUP):
        if body.parent in names:
            yield Found(
                _("“{body}” stands below the branch “{above}”.").format(
                    body=body.name, above=names[body.parent]
                ),
                cure=_("Put it directly below the association."),
                bodies=(body.id,),
            )


@kind(
    "no_territorial_branch",
    Group.ASSOCIATION,
    gettext_lazy("Territorial branches"),
    gettext_lazy("There are no branches for a territory; groups and liaison groups are no branches."),
    on_drafts=False,
)
def no_territorial_branch(facts):
    for body in facts.of_kind(Body.Kind.GROUP):
        place = next((town for town in facts.townships if town in body.name), "")
        if place and not any(word in body.name for word in NO_BRANCHES):
            yield Found(
                _("“{body}” is named after “{place}”, as a branch for a territory is.").format(
                    body=body.name, place=place
                ),
                cure=_("Run it as a group or liaison group (小组、联络组) and name it so."),
                bodies=(body.id,),
            )


@kind(
    "delegates",
    Group.ASSEMBLY,
    gettext_lazy("Number of delegates"),
    gettext_lazy("By the number of members, delegates are: {steps}; with fewer members all of them meet."),
    parameters=[Steps("steps", gettext_lazy("delegates by the number of members"))],
    bodies=[Body.Kind.ASSEMBLY],
)
def delegates(facts, body, steps):
    count = len(body.people)
    if not count:
        return
    wanted = next((wanted for start, wanted in reversed(steps) if facts.members >= start), None)
    if wanted is None:
        yield Found(
            _("With {members} members all of them meet; there are no delegates.").format(
                members=facts.members
            ),
            cure=_("Call all members, and end the appointments of the delegates."),
        )
        return
    least = wanted if isinstance(wanted, int) else fewest(facts.members, wanted)
    if count < least:
        yield Found(
            _("There are {count} delegates for {members} members; at least {least} are needed.").format(
                count=count, members=facts.members, least=least
            ),
            cure=_("Elect more delegates."),
        )
