"""What was counted in each ballot of a contest: entered, read again, decided. Who is elected is never stored."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.elections.counting import (
    Ballots,
    Outcome,
    Verdict,
    Votes,
    ballot_faults,
    decide,
    reason,
    vote_faults,
)
from organizations.elections.drafting import count_write, locked
from organizations.meetings.counting import needed
from organizations.meetings.defaults import default_rule
from organizations.models import Candidate, Contest, Election, Round, Tally
from organizations.models.meetings import MeetingKind
from organizations.services import NotPossible

NUMBERS = ("entitled", "present", "issued", "returned", "valid", "invalid")
# {who elects: kind of the meeting, whose rule names the quorum}
MEETING_OF = {
    Contest.Electorate.ASSEMBLY: MeetingKind.ASSEMBLY,
    Contest.Electorate.COUNCIL: MeetingKind.COUNCIL,
    Contest.Electorate.SUPERVISORS: MeetingKind.SUPERVISORS,
    Contest.Electorate.PARTY_MEETING: MeetingKind.PARTY_ASSEMBLY,
    Contest.Electorate.PARTY_COMMITTEE: MeetingKind.PARTY_COMMITTEE,
}


@dataclass
class CandidateVotes:
    """One line of a ballot."""

    candidate: Candidate
    tally: Tally | None = None
    votes: Votes | None = None
    """None while not counted."""
    verdict: str = ""
    """A value of Verdict."""
    reason: str = ""


@dataclass
class CountedRound:
    """A ballot as its rows say today."""

    round: Round
    lines: list
    quorum: int | None = None
    faults: list = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def is_complete(self):
        return all(getattr(self.round, name) is not None for name in NUMBERS) and (
            self.round.is_void or all(line.votes for line in self.lines)
        )

    @property
    def elected(self):
        return [line.candidate for line in self.lines if line.verdict == Verdict.ELECTED.value]

    @property
    def tied(self):
        return [line.candidate for line in self.lines if line.verdict == Verdict.TIED.value]


@dataclass
class ContestResult:
    contest: Contest
    rounds: list

    @property
    def last(self):
        return self.rounds[-1] if self.rounds else None

    @property
    def elected(self):
        """Candidates elected in any of the ballots, in the order of the ballots and of the votes."""
        return [candidate for each in self.rounds for candidate in each.elected]

    @property
    def vacant(self):
        return self.contest.seats - len(self.elected)

    @property
    def is_counted(self):
        """Whether the last ballot is counted and decided something."""
        return bool(self.last and self.last.outcome)

    @property
    def needs_another(self):
        """Whether a further ballot is due: the last one void or tied."""
        return bool(self.last and (self.last.round.is_void or self.last.tied))

    @property
    def may_vote_again(self):
        """Whether a further ballot can be opened: due, or seats are left."""
        return self.needs_another or (self.is_counted and self.vacant > 0)


def result_of(contest):
    """The `ContestResult` of a contest whose parts are loaded (`Election.objects.with_parts`); no query."""
    candidates = list(contest.candidates.all())
    return ContestResult(contest, [_counted(each, contest, candidates) for each in contest.rounds.all()])


def rule_of(contest):
    """The MeetingRule of the meeting that elects in `contest`: the association's own, or the default; no query."""
    association, kind = contest.body.election.association, MEETING_OF[contest.electorate]
    own = (rule for rule in association.meeting_rules.all() if rule.kind == kind)
    return next(own, None) or default_rule(association.pk, kind)


def _counted(ballot, contest, candidates):
    tallies = {tally.candidate_id: tally for tally in ballot.tallies.all()}
    if ballot.number == 1:
        written_later = {
            candidate.pk for candidate in candidates if candidate.is_write_in and candidate.pk not in tallies
        }
        standing = [candidate for candidate in candidates if candidate.pk not in written_later]
    else:
        standing = [candidate for candidate in candidates if candidate.pk in tallies]
    lines = []
    for candidate in standing:
        tally = tallies.get(candidate.pk)
        votes = None
        if tally and tally.in_favour is not None:
            votes = Votes(
                candidate.pk, str(candidate), tally.in_favour, tally.against or 0, tally.abstained or 0
            )
        lines.append(CandidateVotes(candidate, tally, votes))
    counted = CountedRound(ballot, lines)
    if ballot.entitled is not None:
        counted.quorum = needed(rule_of(contest).quorum, ballot.entitled)
    if counted.is_complete:
        _decide(counted, contest)
    return counted


def _decide(counted, contest):
    ballot = counted.round
    ballots = Ballots(**{name: getattr(ballot, name) for name in NUMBERS})
    rows = [line.votes for line in counted.lines if line.votes]
    counted.faults = ballot_faults(ballots, quorum=counted.quorum)
    if not ballots.are_void:
        counted.faults += vote_faults(ballots, rows, seats=ballot.seats)
    if counted.faults:
        return
    counted.outcome = decide(ballots, rows, seats=ballot.seats, share=contest.share)
    for line in counted.lines:
        line.verdict = counted.outcome.verdicts[line.votes.key].value
        line.reason = reason(counted.outcome, line.votes, seats=ballot.seats)
    places = {votes.key: place for place, votes in enumerate(counted.outcome.ranked)}
    counted.lines.sort(key=lambda line: places[line.candidate.pk])


# -- writing


@transaction.atomic
def save_count(contest, *, number, version, numbers, votes, write_ins=(), note=""):
    """Write what was counted in the ballot `number` of `contest`; return the Round.

    `numbers` is {name out of NUMBERS: number or None}, `votes` {candidate's id: (for, against, abstained)}, each a
    number or None; `write_ins` are [(member, votes for)] written on the ballots (另选他人). What is not known yet may
    be missing. Raises ChangedMeanwhile where `version` is not the contest's any more, NotPossible where it cannot be.
    """
    contest = locked(contest, version)
    ballot = contest.rounds.filter(number=number).first()
    if ballot is None:
        if number != 1:
            raise NotPossible(_("This ballot is no longer there."))
        ballot = Round(contest=contest, number=1, seats=contest.seats)
    if contest.rounds.filter(number__gt=number).exists():
        raise NotPossible(_("There was a further ballot: remove that one first."))
    for name in NUMBERS:
        setattr(ballot, name, numbers.get(name))
    ballot.note = note
    issued, returned = ballot.issued, ballot.returned
    ballot.is_void = issued is not None and returned is not None and returned > issued
    ballot.full_clean()
    ballot.save()
    _save_votes(contest, ballot, votes)
    for member, in_favour in write_ins:
        candidate = contest.candidates.filter(member=member).first()
        if candidate is None:
            candidate = Candidate.objects.create(contest=contest, member=member, is_write_in=True)
        elif ballot.tallies.filter(candidate=candidate).exists():
            raise NotPossible(_("{name} is on the list: enter the votes there.").format(name=member))
        Tally.objects.create(round=ballot, candidate=candidate, in_favour=in_favour)
    count_write(contest)
    return ballot


def _save_votes(contest, ballot, votes):
    present = {tally.candidate_id: tally for tally in ballot.tallies.all()}
    for candidate in contest.candidates.all():
        if candidate.pk not in votes:
            continue
        tally = present.get(candidate.pk)
        if tally is None:
            tally = Tally(round=ballot, candidate=candidate)
        # the history asks what the votes belong to
        tally.round, tally.candidate = ballot, candidate
        tally.in_favour, tally.against, tally.abstained = votes[candidate.pk]
        if tally._state.adding or tally.pending_diff():
            tally.save()


@transaction.atomic
def open_round(contest, *, version=None):
    """A further ballot of `contest`; return the Round. Among those who tied, or all again where the last was void.

    With seats left and no tie, among those not elected yet. Raises NotPossible where the last one decided everything.
    """
    contest = locked(contest, version)
    result = fresh_result(contest)
    last = result.last
    if not result.may_vote_again:
        raise NotPossible(_("No further ballot is needed, or the last one is not counted."))
    if last.round.is_void:
        standing, seats = [line.candidate for line in last.lines], last.round.seats
    else:
        elected = {candidate.pk for candidate in result.elected}
        others = [line.candidate for line in last.lines if line.candidate.pk not in elected]
        standing, seats = last.tied or others, result.vacant
    ballot = Round.objects.create(
        contest=contest, number=last.round.number + 1, seats=seats, entitled=last.round.entitled
    )
    for candidate in standing:
        Tally.objects.create(round=ballot, candidate=candidate)
    count_write(contest)
    return ballot


@transaction.atomic
def remove_round(contest, *, number, version=None):
    """Remove the last ballot of `contest`, the `number`-th, with its votes; write-ins of it alone go too."""
    contest = locked(contest, version)
    ballot = contest.rounds.order_by("-number").first()
    if ballot is None or ballot.number != number:
        raise NotPossible(_("This ballot is no longer there, or not the last one."))
    for tally in ballot.tallies.all():
        tally.delete()
    for candidate in contest.candidates.filter(is_write_in=True, tallies=None):
        candidate.delete()
    ballot.delete()
    count_write(contest)
    return contest


def fresh_result(contest):
    """The `ContestResult` of `contest` as the database has it now."""
    election = Election.objects.with_parts().get(pk=contest.body.election_id)
    return next(result_of(each) for each in election.contests if each.pk == contest.pk)
