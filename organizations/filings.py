"""Filings that a rule asks for and nobody has listed yet, with the day on which each falls due.

Sources: 社会团体登记管理条例 (2016 text, domain.md D1) art. 28: the annual report reaches the registry by 31 May;
art. 18: changes of registered items and of the charter within 30 days of the supervising authority's consent.
Districts set windows of their own from year to year (E1 [YY][DDK]): then the association's setting, or the filing
itself, says so. Officers are filed anew for each term (D3 [BA]); no rule at hand gives a number of days for it.
"""

import datetime as dt

from organizations.models import Filing, Term
from organizations.partial_dates import beginning

# Elected by the assembly or the council, with the officers in it
WITH_OFFICERS = ("council",)


def proposals(association, day):
    """[unsaved Filing] that the rules ask of `association` by the local date `day` or within the year, unlisted yet."""
    return [*_reports(association, day), *_officers(association, day)]


def _reports(association, day):
    """The annual report of last year; none of a year before the association was registered."""
    year = day.year - 1
    since = association.registered_on or association.founded_on
    if not since or beginning(since).year > year:
        return
    if not association.filings.filter(kind=Filing.Kind.ANNUAL_REPORT, year=year).exists():
        yield Filing(
            association=association,
            kind=Filing.Kind.ANNUAL_REPORT,
            year=year,
            due_on=report_due_on(association, year),
        )


def _officers(association, day):
    """The officers of the council's running term, where no filing names that term."""
    terms = Term.objects.in_force_on(day).filter(body__association=association, body__kind__in=WITH_OFFICERS)
    listed = Filing.objects.filter(kind=Filing.Kind.OFFICERS_OF_TERM).values("term")
    for term in terms.filter(body__hides_people=False).exclude(pk__in=listed.filter(term__isnull=False)):
        yield Filing(association=association, kind=Filing.Kind.OFFICERS_OF_TERM, term=term)


def report_due_on(association, year):
    """The last day for the annual report about `year`, a date in the year after, by the association's setting."""
    month, day = (int(part) for part in association.report_due.split("-"))
    return dt.date(year + 1, month, day)


def due_on(filing):
    """The last day for `filing` where a rule gives one, else None; what is in its own `due_on` is not looked at."""
    if filing.kind == Filing.Kind.ANNUAL_REPORT and filing.year:
        return report_due_on(filing.association, filing.year)
    if filing.kind in Filing.AFTER_CONSENT and filing.consented_on:
        return filing.consented_on + dt.timedelta(days=filing.association.filing_days)
    return None
