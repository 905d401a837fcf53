"""Runs the rules in force on a day over the facts of that day."""

from organizations.charter.facts import Draft, load
from organizations.charter.findings import Finding, Severity
from organizations.charter.rulebook import rules_in_force
from organizations.models import Body

ORDER = {severity: place for place, severity in enumerate(Severity.values)}


def check(subject, day):
    """The findings about `subject`, a Body or an Association, on the local date `day`, past or future: [Finding].

    Errors first. Rules are those in force on that day. Nothing is left out for who reads them: `findings_for` does
    that for a user.
    """
    if not isinstance(subject, Body):
        return findings(load(subject, day), rules_in_force(subject, day))
    found = findings(load(subject.association, day), rules_in_force(subject.association, day))
    return [finding for finding in found if subject.pk in finding.bodies]


def check_draft(body, day, seats, *, term_starts_on, term_ends_on, others=()):
    """The findings about `body` if `seats` were elected on the local date `day`: [Finding].

    `seats` is a list of (member, post): all who would hold office in the term from `term_starts_on` to
    `term_ends_on`. `others` are (body, seats) of further bodies elected for the same term, a supervisory board
    beside the council; without them a body stays as it is on that day, and a supervisor of today who is on the
    council's list is found. Findings are about the drafted bodies alone.
    """
    drafts = [
        Draft(drafted, list(people), term_starts_on, term_ends_on)
        for drafted, people in [(body, seats), *others]
    ]
    facts = load(body.association, day, drafts)
    found = findings(facts, rules_in_force(body.association, day))
    return [finding for finding in found if facts.drafted.intersection(finding.bodies)]


def findings(facts, rules):
    """What `rules` find in `facts`, errors first: [Finding]. Of drafts only what can be said of a list."""
    found = []
    for rule in rules:
        kind = rule.kind
        if facts.drafted and not kind.on_drafts:
            continue
        if kind.bodies:
            about = [(body,) for body in facts.of_kind(rule.body_kind)]
        else:
            about = [()]
        for bodies in about:
            for one in kind.find(facts, *bodies, **rule.values):
                found.append(_finding(rule, one, bodies))
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def _finding(rule, found, bodies):
    return Finding(
        rule=rule.kind.key,
        title=str(rule.kind.title),
        severity=rule.severity,
        article=found.article if found.source else rule.article,
        source=found.source or rule.source,
        sentence=str(found.sentence),
        persons=found.persons,
        cure=str(found.cure),
        place=found.place,
        bodies=found.bodies or tuple(body.id for body in bodies),
        reads=found.reads,
        names_tell=found.names_tell,
    )
