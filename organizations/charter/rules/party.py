"""The party branch. Source: 中国共产党支部工作条例（试行）, 2018 (domain.md D5 [BR]).

Members of a special branch (特设党支部) normally keep their organisational membership at the home unit's branch, so
nothing about admission or dues is computed here; only full members count for the numbers ([ZGKJ]).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.facts import FULL_PARTY_MEMBER, PROBATIONARY, Role, once
from organizations.charter.findings import Concerned, Found
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Whole, Words
from organizations.charter.rules.bodies import KIND, named

BRANCH = [KIND.PARTY_BRANCH]
SECRETARIES = (Role.PARTY_SECRETARY, Role.PARTY_DEPUTY)


def full_members(body):
    return [person for person in _all(body) if FULL_PARTY_MEMBER in person.parties]


def _all(body):
    return once(seat for seat in body.seats if seat.role != Role.HONORARY)


@kind(
    "party_members",
    Group.PARTY_BRANCH,
    gettext_lazy("Size of the branch"),
    gettext_lazy("A branch has at least {least} full party members, and normally no more than {most}."),
    parameters=[
        Whole("least", gettext_lazy("at least (persons)"), least=1, most=100),
        Whole("most", gettext_lazy("at most (persons)"), least=1, most=1000),
    ],
    bodies=BRANCH,
)
def party_members(facts, body, least, most):
    count = len(full_members(body))
    if body.seats and count < least:
        yield Found(
            _("“{body}” has {count} full party members; a branch of its own needs {least}.").format(
                body=body.name, count=count, least=least
            ),
            cure=_("Form a joint branch with others, or complete the political status in the register."),
        )
    elif count > most:
        yield Found(
            _("“{body}” has {count} full party members, more than {most}.").format(
                body=body.name, count=count, most=most
            ),
            cure=_("Ask the superior organisation whether to divide the branch."),
        )


@kind(
    "party_committee",
    Group.PARTY_BRANCH,
    gettext_lazy("Branch committee"),
    gettext_lazy(
        "From {full} full members on a branch elects a committee of {least} to {most}; below it has none."
    ),
    parameters=[
        Whole("full", gettext_lazy("from how many full members on"), least=1, most=1000),
        Whole("least", gettext_lazy("committee of at least (persons)"), least=1, most=100),
        Whole("most", gettext_lazy("committee of at most (persons)"), least=1, most=100),
    ],
    bodies=BRANCH,
)
def party_committee(facts, body, full, least, most):
    if not body.seats:
        return
    count = len(full_members(body))
    members = once(body.holding(Role.PARTY_COMMITTEE))
    committee = once(body.holding(*SECRETARIES, Role.PARTY_COMMITTEE))
    if count < full and members:
        yield Found(
            _("“{body}” has {count} full party members and yet a committee.").format(
                body=body.name, count=count
            ),
            cure=_("Elect a secretary, and a deputy if needed, without a committee."),
            persons=named(members),
        )
    elif count >= full and not least <= len(committee) <= most:
        yield Found(
            _("The committee of “{body}” has {count} people; {least} to {most} are right.").format(
                body=body.name, count=len(committee), least=least, most=most
            ),
            cure=_("Elect a committee of the right size."),
        )


@kind(
    "party_secretary",
    Group.PARTY_BRANCH,
    gettext_lazy("Secretary of the branch"),
    gettext_lazy("A branch has a secretary."),
    bodies=BRANCH,
)
def party_secretary(facts, body):
    if body.seats and not body.holding(Role.PARTY_SECRETARY):
        yield Found(
            _("“{body}” has no secretary.").format(body=body.name),
            cure=_("Elect a secretary."),
        )


@kind(
    "party_posts",
    Group.PARTY_BRANCH,
    gettext_lazy("Posts of the branch committee"),
    gettext_lazy("From {full} full members on the committee has the posts {posts}."),
    parameters=[
        Whole("full", gettext_lazy("from how many full members on"), least=1, most=1000),
        Words("posts", gettext_lazy("posts")),
    ],
    bodies=BRANCH,
)
def party_posts(facts, body, full, posts):
    if len(full_members(body)) < full:
        return
    held = [seat.title for seat in body.seats]
    missing = [post for post in posts if not any(post in title for title in held)]
    if missing:
        yield Found(
            _("Nobody in “{body}” is {posts}.").format(body=body.name, posts="、".join(missing)),
            cure=_("Elect or name somebody for these posts."),
        )


@kind(
    "party_membership",
    Group.PARTY_BRANCH,
    gettext_lazy("Party membership in the register"),
    gettext_lazy(
        "Who belongs to a branch is a full or probationary member; probationary ones hold no office."
    ),
    bodies=BRANCH,
)
def party_membership(facts, body):
    outside = [
        person for person in _all(body) if not {FULL_PARTY_MEMBER, PROBATIONARY}.intersection(person.parties)
    ]
    if outside:
        yield Found(
            _("{count} of “{body}” are not party members by the register, or it says nothing.").format(
                count=len(outside), body=body.name
            ),
            cure=_("Complete their political status, or correct who belongs to the branch."),
            persons=_with_status(outside),
            reads="political_status",
            names_tell=True,
        )
    officers = once(body.holding(*SECRETARIES, Role.PARTY_COMMITTEE))
    probationary = [
        person
        for person in officers
        if PROBATIONARY in person.parties and FULL_PARTY_MEMBER not in person.parties
    ]
    if probationary:
        yield Found(
            _("{count} probationary party members hold an office in “{body}”.").format(
                count=len(probationary), body=body.name
            ),
            cure=_("Elect full members."),
            persons=_with_status(probationary),
            reads="political_status",
            names_tell=True,
        )


def _with_status(persons):
    return tuple(
        Concerned(person.id, person.name, "、".join(person.parties) or _("not filled in"))
        for person in persons
    )
