"""What falls due: ends of terms, starts of re-elections, filings and reports, meetings still to be held."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from organizations.charter.dates import months_later
from organizations.charter.findings import Place
from organizations.charter.periods import period_of
from organizations.charter.rules.filings import listed
from organizations.charter.rules.meetings import frequencies, held
from organizations.models import Filing, Term
from organizations.models.meetings import MeetingKind

# a term is spoken of when so many months are left (issue: at 12, 6 and 3)
MONTHS = (3, 6, 12)
AHEAD = max(MONTHS)


@dataclass(frozen=True)
class Due:
    """Something to be done by a day: `what` is a sentence without persons, `months` the least of MONTHS left."""

    on: dt.date
    what: str
    place: str
    is_overdue: bool
    months: int
    body: int | None = None


def ending_terms(user, associations, day):
    """The running terms in `associations` (ids) that `user` sees and that end within AHEAD months of `day`, or did.

    A queryset, earliest end first; one statement for any number of associations.
    """
    terms = Term.objects.visible_to(user).in_force_on(day).filter(body__association__in=associations)
    ending = terms.filter(planned_end_on__lte=months_later(day, AHEAD))
    return ending.select_related("body__association").order_by("planned_end_on", "pk")


def due_items(facts, rules):
    """What falls due within AHEAD months of the day of `facts`, and what is overdue, earliest first: [Due].

    `rules` are those in force on the day: they say how long before its end a re-election starts.
    """
    values = {rule.key: rule.values for rule in rules}
    found = [
        *_terms(facts, values),
        *_filings(facts),
        *_reports(facts, values),
        *_officers(facts, values),
        *_meetings(facts, values),
    ]
    last = months_later(facts.day, AHEAD)
    return sorted(
        (_due(facts.day, *each) for each in found if each[0] <= last), key=lambda due: (due.on, due.what)
    )


def _due(day, on, what, place, body=None):
    months = next((months for months in MONTHS if on <= months_later(day, months)), AHEAD)
    return Due(on, what, place, on < day, months, body)


def _terms(facts, values):
    for body in facts.bodies:
        if body.term is None:
            continue
        end, number = body.term.planned_end_on, body.term.number
        yield end, _("Term {number} ends").format(number=number), Place.ELECTION, body.id
        if facts.day > end:
            continue
        before = values.get(("re_election_start", body.kind))
        if before:
            start = months_later(end, -before["months"])
            yield (
                start,
                _("Start of the re-election after term {number}").format(number=number),
                Place.ELECTION,
                body.id,
            )
        before = values.get(("delay_applied", body.kind))
        if before and not facts.delay_filed(body.term):
            last = months_later(end, -before["months"])
            # no duty: it is over when the day is
            if last >= facts.day:
                yield last, _("Last day to apply for a later re-election"), Place.FILINGS, body.id


def _filings(facts):
    for filing in facts.filings:
        if filing.due_on and not filing.filed_on:
            yield filing.due_on, filing.name, Place.FILINGS, filing.body


def _reports(facts, values):
    """The reports of last year and of this, at the supervising authority and, where not listed, at the registry."""
    by = values.get(("annual_report_supervisor", ""))
    for year in (facts.day.year - 1, facts.day.year):
        if facts.reports_since is None or year < facts.reports_since:
            continue
        filing = listed(facts, year)
        if filing and filing.filed_on:
            continue
        if by:
            what = _("Annual report {year} to the supervising authority").format(year=year)
            yield dt.date(year + 1, *by["day"]), what, Place.FILINGS
        if filing is None:
            month, day = (int(part) for part in facts.report_due.split("-"))
            what = _("Annual report {year} to the registry").format(year=year)
            yield dt.date(year + 1, month, day), what, Place.FILINGS


def _officers(facts, values):
    for body in facts.bodies:
        within = values.get(("officers_filed", body.kind))
        if not (within and body.term):
            continue
        done = any(
            filing.kind == Filing.Kind.OFFICERS_OF_TERM and filing.term == body.term.id
            for filing in facts.filings
        )
        if not done:
            what = _("Officers of term {number} to the registry").format(number=body.term.number)
            yield body.term.starts_on + dt.timedelta(days=within["days"]), what, Place.FILINGS, body.id


def _meetings(facts, values):
    """Meetings that the running period still asks for."""
    for body in facts.bodies:
        if body.term is None or not body.seats or ("meeting_frequency", body.kind) not in values:
            continue
        for frequency in frequencies(facts, body):
            start, end = period_of(frequency.period, facts.day)
            missing = frequency.at_least - held(body, frequency, start, facts.day)
            if missing > 0:
                what = _("{kind}: {count} still to be held in this period").format(
                    kind=MeetingKind(frequency.kind).label, count=missing
                )
                yield end, what, Place.MEETINGS, body.id
