"""The supervisory board. Sources: domain.md D2 [CH98A][FJ][XM], D3."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.facts import Role
from organizations.charter.findings import Found
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Flag, Whole
from organizations.charter.rules.bodies import KIND, named


@kind(
    "supervisors_number",
    Group.SUPERVISORS,
    gettext_lazy("Number of supervisors"),
    gettext_lazy("There are {least} to {most} supervisors."),
    parameters=[
        Whole("least", gettext_lazy("at least (persons)"), least=1, most=100),
        Whole("most", gettext_lazy("at most (persons)"), least=1, most=100),
    ],
    bodies=[KIND.SUPERVISORS],
)
def supervisors_number(facts, body, least, most):
    count = len(body.people)
    if count and not least <= count <= most:
        yield Found(
            _("There are {count} supervisors; {least} to {most} are right.").format(
                count=count, least=least, most=most
            ),
            cure=_("Elect more supervisors.") if count < least else _("Elect fewer supervisors."),
        )


@kind(
    "supervisors_incompatible",
    Group.SUPERVISORS,
    gettext_lazy("Supervisors hold no other office"),
    gettext_lazy(
        "A supervisor is no council member, officer or secretary-general; accountants and cashiers: {finance}."
    ),
    parameters=[
        Flag(
            "finance",
            gettext_lazy("accountants and cashiers neither"),
            yes=gettext_lazy("neither"),
            no=gettext_lazy("not restricted"),
        )
    ],
    bodies=[KIND.SUPERVISORS],
)
def supervisors_incompatible(facts, body, finance):
    board = {seat.person.id: seat.person for seat in body.seats if seat.role != Role.HONORARY}
    posts, bodies = {}, []
    for other in facts.bodies:
        for seat in other.seats:
            if seat.person.id in board and _is_office(other, seat, finance):
                posts.setdefault(seat.person.id, []).append(seat.title)
                bodies.append(other.id)
    if posts:
        yield Found(
            _("{count} supervisors hold an office that they are to watch.").format(count=len(posts)),
            cure=_("End one of the two appointments."),
            persons=named(
                [board[pk] for pk in posts], {pk: "、".join(titles) for pk, titles in posts.items()}
            ),
            bodies=(body.id, *dict.fromkeys(bodies)),
        )


def _is_office(body, seat, finance):
    if body.kind == KIND.SUPERVISORS:
        return False
    if seat.role == Role.FINANCE:
        return finance
    in_council = body.kind in (KIND.COUNCIL, KIND.STANDING_COUNCIL) and seat.role != Role.HONORARY
    return in_council or seat.is_officer or seat.role == Role.SECRETARY_GENERAL
