"""Facts for the tests of rules: plain values, no database."""

import datetime as dt
from itertools import count

from organizations.charter.checking import findings
from organizations.charter.facts import (
    BodyFacts,
    Facts,
    FilingFacts,
    MeetingFacts,
    Person,
    Role,
    Seat,
    TermFacts,
)
from organizations.charter.rulebook import default_rules
from organizations.models import Body, Filing, Post

KIND = Body.Kind
DAY = dt.date(2024, 6, 1)
TERM = TermFacts(1, dt.date(2020, 1, 1), dt.date(2024, 12, 31))
_ids = count(1000)

# the usual post of each role
POSTS = {
    Role.PRESIDENT: "会长",
    Role.VICE_PRESIDENT: "副会长",
    Role.SECRETARY_GENERAL: "秘书长",
    Role.COUNCIL_MEMBER: "理事",
    Role.STANDING_MEMBER: "常务理事",
    Role.CHAIR: "监事长",
    Role.SUPERVISOR: "监事",
    Role.PARTY_SECRETARY: "书记",
    Role.PARTY_COMMITTEE: "组织委员",
    Role.PARTY_MEMBER: "党员",
    Role.FINANCE: "会计",
    Role.HONORARY: "顾问",
    Role.DELEGATE: "会员代表",
    Role.HEAD: "组长",
}


def person(pk=None, *, birth="1980-01", employer="", parties=(), is_member=True):
    pk = pk or next(_ids)
    return Person(pk, f"会员{pk}", birth, employer, parties, is_member)


def seat(role=Role.COUNCIL_MEMBER, who=None, **fields):
    """`who` (by default somebody new) in the usual post of `role`."""
    fields = {
        "title": POSTS[role],
        "is_officer": role in Post.OFFICERS,
        "counts": role != Role.HONORARY,
        **fields,
    }
    return Seat(who or person(), role=role, **fields)


def seats(number, role=Role.COUNCIL_MEMBER):
    return tuple(seat(role) for _serial in range(number))


def body(kind=KIND.COUNCIL, people=(), *, pk=None, term=TERM, **fields):
    """A body; `people` is a number of ordinary seats, or the seats themselves."""
    if isinstance(people, int):
        people = seats(people, ORDINARY[kind])
    return BodyFacts(
        id=pk or next(_ids), kind=kind, name=KIND(kind).label, term=term, seats=tuple(people), **fields
    )


ORDINARY = {
    KIND.ASSEMBLY: Role.DELEGATE,
    KIND.COUNCIL: Role.COUNCIL_MEMBER,
    KIND.STANDING_COUNCIL: Role.STANDING_MEMBER,
    KIND.SUPERVISORS: Role.SUPERVISOR,
    KIND.PARTY_BRANCH: Role.PARTY_MEMBER,
    KIND.GROUP: Role.HEAD,
}


def facts(*bodies, day=DAY, members=100, drafted=(), **fields):
    return Facts(day=day, members=members, bodies=bodies, drafted=frozenset(drafted), **fields)


def found(key, known, *, body_kind=None, **parameters):
    """The findings of the default rules of the kind `key` in the facts `known`, with other parameters if given."""
    rules = [rule for rule in default_rules() if rule.kind.key == key and body_kind in (None, rule.body_kind)]
    assert rules
    for rule in rules:
        rule.parameters.update(parameters)
    return findings(known, rules)


def meeting(kind, *days):
    return tuple(MeetingFacts(kind, dt.date.fromisoformat(day)) for day in days)


def filing(kind, *, filed="", due="", **fields):
    """A filing; days are written 2024-05-31."""
    days = {"filed_on": filed, "due_on": due}
    days = {name: dt.date.fromisoformat(text) if text else None for name, text in days.items()}
    return FilingFacts(next(_ids), kind, Filing.Kind(kind).label, **days, **fields)
