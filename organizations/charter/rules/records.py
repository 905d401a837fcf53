"""What is missing in, or contradicts, the register itself, so that other rules cannot be asked."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.facts import once
from organizations.charter.findings import Found
from organizations.charter.kinds import Group, kind
from organizations.charter.rules.bodies import KIND, named


@kind(
    "body_has_people",
    Group.RECORDS,
    gettext_lazy("Bodies with people"),
    gettext_lazy("Every body has people; an assembly of all members needs no delegates."),
)
def body_has_people(facts):
    for body in facts.bodies:
        if not body.seats and body.kind != KIND.ASSEMBLY:
            yield Found(
                _("Nobody sits in “{body}” on this day.").format(body=body.name),
                cure=_("Enter who holds its posts, or dissolve it."),
                bodies=(body.id,),
            )


@kind(
    "term_entered",
    Group.RECORDS,
    gettext_lazy("Bodies with a term"),
    gettext_lazy("Of a body elected for a term, the term is in the register."),
)
def term_entered(facts):
    for body in facts.bodies:
        if body.has_terms and body.term is None and body.kind != KIND.ASSEMBLY:
            yield Found(
                _("No term of “{body}” runs on this day: its dates cannot be checked.").format(
                    body=body.name
                ),
                cure=_("Enter the term with its start and planned end."),
                bodies=(body.id,),
            )


@kind(
    "holders_are_members",
    Group.RECORDS,
    gettext_lazy("Holders of posts are members"),
    gettext_lazy("Who leaves the association holds no post any more; only members are elected."),
)
def holders_are_members(facts):
    for body in facts.bodies:
        left = once(body.vacated)
        if left:
            yield Found(
                _("{count} in “{body}” have left the association; their posts are vacant.").format(
                    count=len(left), body=body.name
                ),
                cure=_("End these appointments, and fill the posts by by-election where needed."),
                persons=named(left, {seat.person.id: seat.title for seat in body.vacated}),
                bodies=(body.id,),
            )
        others = once(seat for seat in body.seats if not seat.person.is_member)
        if others:
            yield Found(
                _("{count} on the list for “{body}” are not members of the association.").format(
                    count=len(others), body=body.name
                ),
                cure=_("Admit them first, or take them off the list."),
                persons=named(others),
                bodies=(body.id,),
            )
