"""The pages of an election in order, and how far each has come."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from organizations.elections.checklist import after_result
from organizations.elections.checks import number_of_candidates, person_roles
from organizations.elections.results import result_of
from organizations.models import Election

State = Election.State


@dataclass(frozen=True)
class Step:
    key: str
    """Last part of the address."""
    title: str

    def address(self, election):
        return reverse(f"organizations:election_{self.key}", args=[election.pk])


STEPS = (
    Step("setup", pgettext_lazy("election", "Start")),
    Step("preparations", gettext_lazy("Preparations")),
    Step("contests", gettext_lazy("Posts")),
    Step("candidates", gettext_lazy("Candidates")),
    Step("ballots", pgettext_lazy("election step", "Ballots")),
    Step("results", gettext_lazy("Results")),
    Step("office", gettext_lazy("Taking office")),
    Step("filing", pgettext_lazy("election step", "Filing")),
)


@dataclass(frozen=True)
class Progress:
    """One step as the header shows it."""

    number: int
    step: Step
    address: str
    is_done: bool
    note: str
    is_current: bool


def progress(election, current=""):
    """[Progress] of every step of an election whose parts are loaded; `current` is the open one's key. No query."""
    found = []
    for number, step in enumerate(STEPS, start=1):
        is_done, note = _HOW_FAR[step.key](election)
        found.append(Progress(number, step, step.address(election), is_done, note, step.key == current))
    return found


def first_open(election):
    """The step to go on with."""
    return next((each for each in progress(election) if not each.is_done), progress(election)[-1])


def neighbours(election, current):
    """(step before, step after) the one with the key `current`, None at the ends."""
    steps = progress(election, current)
    place = next(number for number, each in enumerate(steps) if each.is_current)
    return steps[place - 1] if place else None, steps[place + 1] if place + 1 < len(steps) else None


def _setup(election):
    return True, ""


def _preparations(election):
    rows = [row for row in election.preparations.all() if not after_result(row)]
    done = sum(row.done_on is not None for row in rows)
    return done == len(rows), f"{done}/{len(rows)}"


def _contests(election):
    contests = election.contests
    seats = sum(contest.seats for contest in contests)
    return bool(contests), ngettext("{seats} seat", "{seats} seats", seats).format(seats=seats)


def _candidates(election):
    contests = election.contests
    number = len({candidate.member_id for contest in contests for candidate in contest.candidates.all()})
    fits = bool(contests) and all(not number_of_candidates(contest) for contest in contests)
    return fits, ngettext("{number} person", "{number} persons", number).format(number=number)


def _ballots(election):
    named = {person.role for person in election.scrutineers.all()}
    missing = len(person_roles()) - len(named)
    return not missing, _("scrutineers missing") if missing else ""


def _results(election):
    results = [result_of(contest) for contest in election.contests]
    counted = sum(result.is_counted and not result.needs_another for result in results)
    return bool(results) and counted == len(results), f"{counted}/{len(results)}"


def _office(election):
    taken = election.state in (State.IN_OFFICE, State.FINAL)
    return taken, election.get_state_display() if taken else ""


def _filing(election):
    done = [row for row in election.preparations.all() if after_result(row) and row.done_on]
    return election.state == State.FINAL and bool(done), ""


_HOW_FAR = {
    "setup": _setup,
    "preparations": _preparations,
    "contests": _contests,
    "candidates": _candidates,
    "ballots": _ballots,
    "results": _results,
    "office": _office,
    "filing": _filing,
}
