"""Terms: how long, when the re-election starts, when a term is overdue. Sources: domain.md D1 art. 27, D2, D3, D5."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.dates import months_later, said
from organizations.charter.findings import Found, Place
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Whole
from organizations.charter.rules.bodies import KIND
from organizations.models import Body

WITH_TERMS = [each for each in Body.Kind if each in Body.WITH_TERMS]


@kind(
    "term_length",
    Group.RE_ELECTION,
    gettext_lazy("Length of a term"),
    gettext_lazy("A term lasts no longer than {years} years."),
    parameters=[Whole("years", gettext_lazy("at most (years)"), least=1, most=20)],
    bodies=WITH_TERMS,
)
def term_length(facts, body, years):
    if body.term and body.term.planned_end_on > months_later(body.term.starts_on, 12 * years):
        yield Found(
            _("Term {number} is planned from {start} to {end}, longer than {years} years.").format(
                number=body.term.number,
                start=said(body.term.starts_on),
                end=said(body.term.planned_end_on),
                years=years,
            ),
            cure=_("Correct the planned end of the term."),
        )


@kind(
    "term_overdue",
    Group.RE_ELECTION,
    gettext_lazy("Re-election in time"),
    gettext_lazy("A new term is elected before the old one ends."),
    bodies=WITH_TERMS,
    on_drafts=False,
)
def term_overdue(facts, body):
    if body.term and facts.day > body.term.planned_end_on and not facts.delay_filed(body.term):
        yield Found(
            _("Term {number} ended on {day}, {count} days ago, without a re-election.").format(
                number=body.term.number,
                day=said(body.term.planned_end_on),
                count=(facts.day - body.term.planned_end_on).days,
            ),
            cure=_("Hold the re-election; until then, have the delay approved."),
            place=Place.ELECTION,
        )


@kind(
    "longest_delay",
    Group.RE_ELECTION,
    gettext_lazy("Longest delay"),
    gettext_lazy("A re-election is delayed by no more than {months} months."),
    parameters=[Whole("months", gettext_lazy("at most (months)"), least=1, most=60)],
    bodies=WITH_TERMS,
    on_drafts=False,
)
def longest_delay(facts, body, months):
    if body.term and facts.day > months_later(body.term.planned_end_on, months):
        yield Found(
            _("The re-election was to be held by {day}, the longest delay included.").format(
                day=said(months_later(body.term.planned_end_on, months))
            ),
            cure=_("Hold the re-election at once and report to the supervising authority and the registry."),
            place=Place.ELECTION,
        )


@kind(
    "re_election_start",
    Group.RE_ELECTION,
    gettext_lazy("Start of the re-election"),
    gettext_lazy("The work of re-election starts at least {months} months before the term ends."),
    parameters=[Whole("months", gettext_lazy("before the end (months)"), least=1, most=36)],
    bodies=[KIND.COUNCIL, KIND.SUPERVISORS],
    on_drafts=False,
)
def re_election_start(facts, body, months):
    if body.term is None:
        return
    start = months_later(body.term.planned_end_on, -months)
    if start <= facts.day <= body.term.planned_end_on:
        yield Found(
            _("Term {number} ends on {end}; its re-election was to start by {start}.").format(
                number=body.term.number, end=said(body.term.planned_end_on), start=said(start)
            ),
            cure=_("Start the re-election: form the leading group, report to the supervising authority."),
            place=Place.ELECTION,
        )


@kind(
    "delay_applied",
    Group.RE_ELECTION,
    gettext_lazy("Application for a delay"),
    gettext_lazy("A delay is applied for at least {months} months before the term ends."),
    parameters=[Whole("months", gettext_lazy("before the end (months)"), least=1, most=36)],
    bodies=[KIND.COUNCIL],
    on_drafts=False,
)
def delay_applied(facts, body, months):
    if body.term is None:
        return
    last = months_later(body.term.planned_end_on, -months)
    if facts.delay_filed(body.term):
        return
    if last < facts.day <= body.term.planned_end_on:
        yield Found(
            _(
                "If the re-election cannot be held by {end}, the delay was to be applied for by {last}."
            ).format(end=said(body.term.planned_end_on), last=said(last)),
            cure=_("Hold the re-election in time, or apply for the delay without delay."),
            place=Place.FILINGS,
        )


@kind(
    "audit_before_re_election",
    Group.RE_ELECTION,
    gettext_lazy("Audit before the re-election"),
    gettext_lazy(
        "The accounts are audited before a re-election; a reminder from {months} months before the end on."
    ),
    parameters=[Whole("months", gettext_lazy("reminder before the end (months)"), least=1, most=36)],
    bodies=[KIND.COUNCIL],
)
def audit_before_re_election(facts, body, months):
    if body.term is None:
        return
    is_near = facts.day >= months_later(body.term.planned_end_on, -months)
    if body.id in facts.drafted or is_near:
        yield Found(
            _("Before the re-election, or a change of the legal representative, the accounts are audited."),
            cure=_("Have the audit made and keep the report with the papers of the re-election."),
            place=Place.FILINGS,
        )


@kind(
    "same_term",
    Group.SUPERVISORS,
    gettext_lazy("Same term as the council"),
    gettext_lazy("Supervisors have the same term as the council."),
    bodies=[KIND.SUPERVISORS],
)
def same_term(facts, body):
    council = facts.the(KIND.COUNCIL)
    if not (body.term and council and council.term):
        return
    if body.term.planned_end_on != council.term.planned_end_on:
        yield Found(
            _("The term of the supervisors ends on {day}, that of the council on {other}.").format(
                day=said(body.term.planned_end_on), other=said(council.term.planned_end_on)
            ),
            cure=_("Correct the planned end of one of the two, or elect both together."),
            bodies=(body.id, council.id),
        )
