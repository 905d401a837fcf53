"""What is filed with the supervising authority and the registry. Sources: domain.md D1 arts. 18, 28, D3 [BA], E1.

Due dates are those of the filings themselves and of the association's settings (organizations/filings.py).
"""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.dates import said
from organizations.charter.facts import once
from organizations.charter.findings import Found, Place
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Whole, YearDay
from organizations.charter.rules.bodies import KIND, named
from organizations.models import Filing
from organizations.partial_dates import sentence


def report(facts):
    """The year of the report due in the year of the day, None where the association was not registered yet."""
    year = facts.day.year - 1
    return year if facts.reports_since is not None and facts.reports_since <= year else None


def listed(facts, year):
    """The filing of the report about `year`, None if it is not on the list."""
    rows = [each for each in facts.filings if each.kind == Filing.Kind.ANNUAL_REPORT and each.year == year]
    return rows[0] if rows else None


@kind(
    "filings_in_time",
    Group.FILINGS,
    gettext_lazy("Filings in time"),
    gettext_lazy(
        "What is due is filed by its day: reports, and changes within the days the association has set."
    ),
    on_drafts=False,
)
def filings_in_time(facts):
    for filing in facts.filings:
        if filing.filed_on is None and filing.due_on and filing.due_on < facts.day:
            yield Found(
                _("“{filing}” was due on {day} and is not filed.").format(
                    filing=filing.name, day=said(filing.due_on)
                ),
                cure=_("File it, and enter the day on which that was done."),
                place=Place.FILINGS,
                bodies=(filing.body,) if filing.body else (),
            )


@kind(
    "annual_report_supervisor",
    Group.FILINGS,
    gettext_lazy("Annual report to the supervising authority"),
    gettext_lazy("The annual report reaches the supervising authority by {day} for a first review."),
    parameters=[YearDay("day", gettext_lazy("by (day of the year)"))],
    on_drafts=False,
)
def annual_report_supervisor(facts, day):
    year, last = report(facts), dt.date(facts.day.year, *day)
    if year is None or facts.day <= last:
        return
    filing = listed(facts, year)
    if filing is None or filing.filed_on is None:
        yield Found(
            _("The annual report {year} was to reach the supervising authority by {day}.").format(
                year=year, day=said(last)
            ),
            cure=_("Hand it in for review; the registry's notice of the year may name other days."),
            place=Place.FILINGS,
        )


@kind(
    "annual_report_registry",
    Group.FILINGS,
    gettext_lazy("Annual report to the registry"),
    gettext_lazy("The annual report reaches the registry by the day that the association has set."),
    on_drafts=False,
)
def annual_report_registry(facts):
    year = report(facts)
    last = dt.date(facts.day.year, *(int(part) for part in facts.report_due.split("-")))
    # one that is listed has a due day of its own: the rule above
    if year is not None and facts.day > last and listed(facts, year) is None:
        yield Found(
            _(
                "The annual report {year} was due at the registry on {day} and is not on the list of filings."
            ).format(year=year, day=said(last)),
            cure=_("File it, or enter that it was filed."),
            place=Place.FILINGS,
        )


@kind(
    "officers_filed",
    Group.FILINGS,
    gettext_lazy("Filing of the officers of a term"),
    gettext_lazy("The officers of a new term are filed within {days} days of its start."),
    parameters=[Whole("days", gettext_lazy("within (days)"), least=1, most=730)],
    bodies=[KIND.COUNCIL],
    on_drafts=False,
)
def officers_filed(facts, body, days):
    if body.term is None or facts.day <= body.term.starts_on + dt.timedelta(days=days):
        return
    done = any(
        filing.kind == Filing.Kind.OFFICERS_OF_TERM and filing.term == body.term.id and filing.filed_on
        for filing in facts.filings
    )
    if not done:
        yield Found(
            _("The officers of term {number}, begun on {day}, are not filed.").format(
                number=body.term.number, day=said(body.term.starts_on)
            ),
            cure=_("File them, or enter the filing with its term and day."),
            place=Place.FILINGS,
        )


@kind(
    "officer_changes_filed",
    Group.FILINGS,
    gettext_lazy("Filing of changed officers"),
    gettext_lazy("An officer who comes in within a term is filed within {days} days."),
    parameters=[Whole("days", gettext_lazy("within (days)"), least=1, most=730)],
    bodies=[KIND.COUNCIL],
    on_drafts=False,
)
def officer_changes_filed(facts, body, days):
    if body.term is None:
        return
    filed = [
        filing.filed_on
        for filing in facts.filings
        if filing.kind == Filing.Kind.OFFICERS_CHANGED and filing.filed_on
    ]
    new = [
        seat
        for other, seat in facts.leaders
        if other.id == body.id
        and seat.since
        and body.term.starts_on < seat.since < facts.day - dt.timedelta(days=days)
        and not any(day >= seat.since for day in filed)
    ]
    if new:
        yield Found(
            _("{count} officers came in within the term and are not filed.").format(count=len(once(new))),
            cure=_("File the change, or enter the filing with its day."),
            place=Place.FILINGS,
            persons=named(
                once(new),
                {
                    seat.person.id: _("{post} since {day}").format(
                        post=seat.title, day=sentence(seat.since.isoformat())
                    )
                    for seat in new
                },
            ),
        )
