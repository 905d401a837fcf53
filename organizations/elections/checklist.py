"""What is to be prepared for an election, and by when.

Sources: domain.md D1 art. 27 (audit before a re-election), D3 (begin six months before the end [FJ]; approval
beforehand and later re-election [MZ-F][N2025]), D4 and E3 (documents [TJ][SD]). Days are proposals; the office writes
what its charter and the authority say.
"""

import datetime as dt

from organizations.models import Preparation

Kind = Preparation.Kind
# {what: days before the election (negative: after it)}; the notice ten days before as in the model of Chengdu [CD]
FOR_A_TERM = {
    Kind.DECISION: 180,
    Kind.APPROVAL: 90,
    Kind.AUDIT: 60,
    Kind.NOTICE: 60,
    Kind.DELEGATES: 45,
    Kind.NOMINATION: 45,
    Kind.REPORTS: 30,
    Kind.RULES: 30,
    Kind.CANDIDATES: 15,
    Kind.INVITATION: 10,
    Kind.BALLOTS: 1,
    Kind.RESULT: -7,
}
FOR_A_SEAT = {
    Kind.NOMINATION: 30,
    Kind.RULES: 15,
    Kind.INVITATION: 10,
    Kind.BALLOTS: 1,
    Kind.RESULT: -7,
}


def prepare(election):
    """The rows of the checklist of a new `election`, made."""
    days = FOR_A_SEAT if election.is_by_election else FOR_A_TERM
    for kind, before in days.items():
        Preparation.objects.create(
            election=election, kind=kind, due_on=election.day - dt.timedelta(days=before)
        )


def after_result(preparation):
    """Whether `preparation` is done after the election only."""
    return preparation.kind == Kind.RESULT
