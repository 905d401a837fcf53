"""How often a body met, against its rules."""

import datetime as dt

import pytest

from organizations.meetings.frequency import frequency, periods
from organizations.models import Body, MeetingKind
from tests.make import make_appointment, make_body, make_meeting, make_member, make_term

D = dt.date
TODAY = D(2026, 8, 15)


@pytest.mark.parametrize(
    ("period", "number", "first", "last"),
    [
        ("month", 12, (D(2024, 1, 1), D(2024, 1, 31)), (D(2024, 12, 1), D(2024, 12, 31))),
        ("quarter", 4, (D(2024, 1, 1), D(2024, 3, 31)), (D(2024, 10, 1), D(2024, 12, 31))),
        ("half_year", 2, (D(2024, 1, 1), D(2024, 6, 30)), (D(2024, 7, 1), D(2024, 12, 31))),
        ("year", 1, (D(2024, 1, 1), D(2024, 12, 31)), (D(2024, 1, 1), D(2024, 12, 31))),
    ],
)
def test_periods_of_a_year(period, number, first, last):
    found = periods(2024, period)

    assert (len(found), found[0], found[-1]) == (number, first, last)


@pytest.fixture
def branch(db):
    branch = make_body(Body.Kind.PARTY_BRANCH, established_on="2026-02")
    make_appointment(make_member(), "党员", term=make_term(branch, starts_on=D(2026, 2, 1), years=3))
    return branch


def states(body, kind):
    rows = {row.rule.kind: row for row in frequency(body, 2026, TODAY)}
    return [(cell.count, cell.state) for cell in rows[kind].cells]


def test_party_meetings_by_quarter(branch):
    make_meeting(branch, on=D(2026, 4, 1), held=True)
    make_meeting(branch, on=D(2026, 5, 1), held=True)
    make_meeting(branch, on=D(2026, 8, 1))

    # established in the first quarter, nothing asked of it there; planned ones do not count
    assert states(branch, MeetingKind.PARTY_ASSEMBLY) == [(0, ""), (2, "met"), (0, "open"), (0, "")]


def test_what_a_branch_is_not_asked(branch):
    kinds = {row.rule.kind for row in frequency(branch, 2026, TODAY)}
    assert MeetingKind.PARTY_COMMITTEE not in kinds
    assert MeetingKind.PARTY_GROUP not in kinds

    make_appointment(make_member(), "组织委员", term=branch.terms.get())
    make_meeting(branch, kind=MeetingKind.PARTY_GROUP, on=D(2026, 3, 1), held=True)

    assert states(branch, MeetingKind.PARTY_GROUP)[:4] == [
        (0, ""),
        (0, "missing"),
        (1, "met"),
        (0, "missing"),
    ]
    assert states(branch, MeetingKind.PARTY_COMMITTEE)[7:9] == [(0, "open"), (0, "")]
