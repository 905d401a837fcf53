"""Ballots and votes → who is elected, and why. Pure functions of numbers; nothing here reads the database.

Rules: domain.md D4 [TJ] (ballots returned, marks on a ballot), D2 (quorum and majorities: two thirds means at least,
one half means more than).
"""

import enum
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from organizations.meetings.counting import needed


@dataclass(frozen=True)
class Ballots:
    """Numbers of one ballot: persons entitled and present, papers issued, returned, valid and invalid."""

    entitled: int
    present: int
    issued: int
    returned: int
    valid: int
    invalid: int

    @property
    def are_void(self):
        """Whether the vote has to be repeated: more papers came back than were handed out (domain.md D4 [TJ])."""
        return self.returned > self.issued


@dataclass(frozen=True)
class Votes:
    """Votes of one candidate; `key` is whatever the caller knows the candidate by."""

    key: object
    name: str
    in_favour: int
    against: int = 0
    abstained: int = 0

    @property
    def total(self):
        return self.in_favour + self.against + self.abstained


class Verdict(enum.Enum):
    ELECTED = "elected"
    TIED = "tied"
    BEYOND_SEATS = "beyond_seats"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Outcome:
    """What a counted ballot decided."""

    needed: int
    """Votes that make the majority."""
    verdicts: dict = field(default_factory=dict)
    """{key of a candidate: Verdict}."""
    ranked: tuple = ()
    """`Votes`, most votes for first."""
    vacant: int = 0
    """Seats that nobody got."""

    def having(self, verdict):
        """Keys of the candidates of that verdict, most votes first."""
        return [votes.key for votes in self.ranked if self.verdicts[votes.key] is verdict]

    @property
    def elected(self):
        return self.having(Verdict.ELECTED)

    @property
    def tied(self):
        return self.having(Verdict.TIED)


def ballot_faults(ballots, *, quorum):
    """Sentences on what is wrong with the `ballots`, [] if nothing; `quorum` is the number that must be present."""
    faults = []
    if ballots.present > ballots.entitled:
        faults.append(
            _("{present} are present, more than the {entitled} entitled: check both numbers.").format(
                present=ballots.present, entitled=ballots.entitled
            )
        )
    if ballots.present < quorum:
        faults.append(
            _(
                "{present} of {entitled} are present, at least {quorum} have to be: the meeting cannot elect."
            ).format(present=ballots.present, entitled=ballots.entitled, quorum=quorum)
        )
    if ballots.issued > ballots.present:
        faults.append(
            _("{issued} ballots were issued to {present} present: one each.").format(
                issued=ballots.issued, present=ballots.present
            )
        )
    if ballots.are_void:
        faults.append(
            _(
                "{returned} ballots came back of {issued} issued: the vote is void and has to be repeated."
            ).format(returned=ballots.returned, issued=ballots.issued)
        )
    if ballots.valid + ballots.invalid != ballots.returned:
        faults.append(
            _(
                "{valid} valid and {invalid} invalid ballots make {sum}, but {returned} came back: count again."
            ).format(
                valid=ballots.valid,
                invalid=ballots.invalid,
                sum=ballots.valid + ballots.invalid,
                returned=ballots.returned,
            )
        )
    return faults


def vote_faults(ballots, rows, *, seats):
    """Sentences on what is wrong with the `rows` of Votes for `seats` on those `ballots`, [] if nothing."""
    faults = []
    for row in rows:
        if row.total > ballots.valid:
            faults.append(
                _("{name}: {total} votes on {valid} valid ballots; count again.").format(
                    name=row.name, total=row.total, valid=ballots.valid
                )
            )
    marks, room = sum(row.in_favour for row in rows), ballots.valid * seats
    if marks > room:
        # a ballot with more marks than seats is invalid
        faults.append(
            _(
                "All together got {marks} votes for, but {valid} valid ballots of {seats} marks each hold {room}: "
                "ballots with too many marks are invalid; count again."
            ).format(marks=marks, valid=ballots.valid, seats=seats, room=room)
        )
    return faults


def decide(ballots, rows, *, seats, share):
    """The `Outcome` of `rows` (Votes) for `seats`; `share` is (a Share, the number of `ballots` it is a part of).

    Whoever has the majority is elected in the order of votes until the seats are full. Those who tie for the last
    seats are not: they go into a further ballot.
    """
    part, base = share
    least = needed(part, getattr(ballots, base))
    ranked = tuple(sorted(rows, key=lambda row: -row.in_favour))
    enough = [row for row in ranked if row.in_favour >= least]
    verdicts = {row.key: Verdict.TOO_FEW for row in ranked}
    verdicts |= {row.key: Verdict.ELECTED for row in enough[:seats]}
    verdicts |= {row.key: Verdict.BEYOND_SEATS for row in enough[seats:]}
    if len(enough) > seats and enough[seats - 1].in_favour == enough[seats].in_favour:
        at_the_edge = enough[seats].in_favour
        verdicts |= {row.key: Verdict.TIED for row in enough if row.in_favour == at_the_edge}
    vacant = seats - sum(verdict is Verdict.ELECTED for verdict in verdicts.values())
    return Outcome(least, verdicts, ranked, vacant)


def reason(outcome, row, *, seats):
    """Why the candidate of `row` (Votes) is elected or not, in a sentence."""
    verdict = outcome.verdicts[row.key]
    if verdict is Verdict.ELECTED:
        return _("{votes} votes for, {needed} needed.").format(votes=row.in_favour, needed=outcome.needed)
    if verdict is Verdict.TIED:
        return _("As many votes as others for the last seat: a further ballot decides.")
    if verdict is Verdict.BEYOND_SEATS:
        return _("Enough votes, but {seats} others had more.").format(seats=seats)
    return _("{votes} votes for, {needed} needed: no majority.").format(
        votes=row.in_favour, needed=outcome.needed
    )
