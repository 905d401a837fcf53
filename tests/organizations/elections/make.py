"""Builders of elections."""

import datetime as dt

from organizations.elections.drafting import add_candidate, start_election
from organizations.elections.results import save_count
from organizations.models import Body, Election
from tests.make import make_appointment, make_association, make_body, make_meeting, make_member, make_term

D = dt.date
# the new term of what `make_term` makes: 2019-12-24 to 2024-12-23
DAY, END = D(2024, 12, 24), D(2029, 12, 23)
OFFICERS = {"会长": 1, "副会长": 2, "秘书长": 1}


def make_council(size=5, *, association=None):
    """A council of `size` in its first term, 理事一 the president, and so on for the vice-presidents and the secretary.

    Everybody is 理事; the first four hold an officer's post too.
    """
    association = association or make_association()
    council = make_body(association=association, name="理事会")
    term = make_term(council)
    people = [make_member(f"理事{chr(0x4E00 + place)}", association=association) for place in range(size)]
    for member in people:
        make_appointment(member, term=term)
    posts = [title for title, number in OFFICERS.items() for _ in range(number)]
    for member, title in zip(people, posts, strict=False):
        make_appointment(member, title, term=term)
    return council


def make_supervisors(size=3, *, association):
    """A supervisory board of `size` in its first term, with a chair."""
    board = make_body(Body.Kind.SUPERVISORS, association=association, name="监事会")
    term = make_term(board)
    for place in range(size):
        member = make_member(f"监事{chr(0x4E00 + place)}", association=association)
        make_appointment(member, term=term, title="监事")
        if place == 0:
            make_appointment(member, term=term, title="监事长")
    return board


def make_electing_meeting(association, *, on=DAY, held=True):
    """A meeting of the assembly of the association with one delegate, whose attendance is not entered."""
    assembly = make_body(Body.Kind.ASSEMBLY, association=association, name="会员代表大会")
    term = make_term(assembly, starts_on=D(2022, 1, 1))
    make_appointment(make_member("代表一", association=association), term=term, title="会员代表")
    return make_meeting(assembly, on=on, held=held)


def make_election(*bodies, kind=Election.Kind.TERM, **fields):
    """A draft election of `bodies` on the day after their first term."""
    fields = {"day": DAY, "starts_on": DAY, "planned_end_on": END} | fields
    return start_election(bodies[0].association, kind=kind, bodies=list(bodies), **fields)


def contest_of(election, title):
    """The contest of the post of that title, parts loaded."""
    return next(each for each in loaded(election).contests if each.post.title == title)


def loaded(election):
    return Election.objects.with_parts().get(pk=election.pk)


def stand(election, title, *members):
    """`members` as candidates for the post of that title."""
    contest = contest_of(election, title)
    return [add_candidate(contest, member) for member in members]


def count(election, title, votes, *, number=1, write_ins=(), **numbers):
    """Enter a ballot of 30 entitled and 24 voting: `votes` is {name of the candidate: votes for}."""
    contest = contest_of(election, title)
    numbers = {
        "entitled": 30, "present": 24, "issued": 24, "returned": 24, "valid": 24, "invalid": 0,
    } | numbers  # fmt: skip
    ids = {str(candidate): candidate.pk for candidate in contest.candidates.all()}
    return save_count(
        contest,
        number=number,
        version=contest.version,
        numbers=numbers,
        votes={ids[name]: (in_favour, None, None) for name, in_favour in votes.items()},
        write_ins=write_ins,
    )


def count_all(election, votes=24):
    """Elect everybody who stands, in every contest."""
    for contest in loaded(election).contests:
        names = [str(candidate) for candidate in contest.candidates.all()]
        count(election, contest.post.title, dict.fromkeys(names, votes))
