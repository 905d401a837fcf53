"""Filings that a rule asks for and nobody has listed yet, with the day on which each falls due.

Sources: 社会团体登记管理条例 (2016 text, domain.md D1) art. 28: the annual report reaches the registry by 31 May;
art. 18: changes of registered items and of the charter within 30 days of the supervising authority's consent.
Districts set windows of their own from year to year (E1 [YY][DDK]): then the association's setting, or the filing
itself, says so. Officers are filed anew for each term (D3 [BA]); no rule at hand gives a number of days for it.
"""

import datetime as dt

from organizations.models import Body, Filing, Term
from organizations.partial_dates import beginning

# the officers sit in them
WITH_OFFICERS = (Body.Kind.COUNCIL,)
AHEAD = dt.timedelta(days=90)


def proposals(associations, day):
    """[unsaved Filing] that the rules ask of `associations` in the year of the local date `day`, unlisted yet."""
    return [*_reports(associations, day), *_officers(associations, day)]


def _reports(associations, day):
    """The annual report of last year; none of a year before the association was registered."""
    year = day.year - 1
    reports = Filing.objects.filter(kind=Filing.Kind.ANNUAL_REPORT, year=year, association__in=associations)
    listed = set(reports.values_list("association", flat=True))
    for association in associations:
        since = association.registered_on or association.founded_on
        if association.pk not in listed and since and beginning(since).year <= year:
            filing = Filing(association=association, kind=Filing.Kind.ANNUAL_REPORT, year=year)
            filing.due_on = due_on(filing)
            yield filing


def _officers(associations, day):
    """The officers of the council's running term, where no filing names that term."""
    terms = Term.objects.in_force_on(day).filter(
        body__association__in=associations, body__kind__in=WITH_OFFICERS, body__hides_people=False
    )
    listed = Filing.objects.filter(kind=Filing.Kind.OFFICERS_OF_TERM, term__isnull=False).values("term")
    for term in terms.exclude(pk__in=listed).select_related("body__association"):
        yield Filing(association=term.body.association, kind=Filing.Kind.OFFICERS_OF_TERM, term=term)


def waiting(user, associations, day):
    """[Filing] of `associations` that `user` sees and that wait on the local date `day`, the longest due first.

    Open ones due within `AHEAD`, and what a rule asks for and nobody has listed (unsaved); those without a day last.
    """
    rows = Filing.objects.visible_to(user).filter(association__in=associations)
    found = [*rows.due_by(day + AHEAD).select_related("association", "term__body")]
    found += [
        each for each in proposals(associations, day) if each.due_on is None or each.due_on <= day + AHEAD
    ]
    return sorted(found, key=lambda filing: filing.due_on or dt.date.max)


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
