"""What a user may read of findings and of what falls due.

A body that hides its people is known to those inside alone: what is about it, in part too, is left out for others.
Names are public within the association; the values a finding rests on (a date of birth, a political status) are
shown to who reads that field. So who may not read births sees that somebody is too old for a post, as the finding is
there to say, and not how old.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from organizations.charter.checking import findings
from organizations.charter.due import due_items
from organizations.charter.facts import load
from organizations.charter.findings import Concerned, Finding, Place, Severity
from organizations.charter.rulebook import rules_in_force
from organizations.models import Body
from organizations.models.appointments import all_members

KIND_ORDER = {kind: place for place, kind in enumerate(Body.Kind)}


@dataclass
class Read:
    """A finding or due item as somebody reads it: with the body's row, addresses, and persons to be seen."""

    about: object
    body: Body | None
    address: str
    persons: list = field(default_factory=list)
    """[(Concerned, address of the member's page or "")]"""

    @property
    def severity_label(self):
        return Severity(self.about.severity).label


@dataclass
class Report:
    """What the checker says of an association on a day, as far as somebody may read it."""

    day: object
    rules: int
    """How many were asked."""
    findings: list
    """[Read of a Finding], errors first."""
    due: list
    """[Read of a Due], earliest first."""

    @property
    def counts(self):
        """[(Severity, how many)], of those there are."""
        found = {
            severity: sum(read.about.severity == severity for read in self.findings) for severity in Severity
        }
        return [(severity, count) for severity, count in found.items() if count]

    @property
    def groups(self):
        """[(Body or None for the association, [Read])] in the order of kinds of bodies."""
        found = {}
        for read in self.findings:
            found.setdefault(read.body, []).append(read)
        return sorted(
            found.items(), key=lambda item: (KIND_ORDER[item[0].kind], item[0].pk) if item[0] else (-1, 0)
        )


def report_for(user, association, day, *, members=None, body=None):
    """The Report on `association` on the local date `day` for `user`, who reads the association or the `body`.

    With `body` it is about that one alone. `members`: the number of members in force, if known already.
    """
    facts, rules = load(association, day, members=members), rules_in_force(association, day)
    seen = {row.pk: row for row in Body.objects.visible_to(user).filter(association=association)}
    reads_all = association.pk in user.rights.associations

    def is_read(*bodies):
        if body and body.pk not in bodies:
            return False
        return set(bodies) <= seen.keys() if bodies else reads_all

    found = [finding for finding in findings(facts, rules) if is_read(*finding.bodies)]
    due = [item for item in due_items(facts, rules) if is_read(*([item.body] if item.body else []))]
    pages = _member_pages(user, found)
    return Report(
        day=day,
        rules=len(rules),
        findings=[_read_finding(user, association, finding, seen, pages) for finding in found],
        due=[Read(item, seen.get(item.body), address(item.place, item.body)) for item in due],
    )


def _read_finding(user, association, finding: Finding, seen, pages):
    may_read = not finding.reads or user.rights.may_read(finding.reads, association.pk)
    persons = [] if finding.names_tell and not may_read else finding.persons
    return Read(
        finding,
        seen.get(finding.body),
        address(finding.place, finding.body),
        [
            (person if may_read else Concerned(person.id, person.name), pages.get(person.id, ""))
            for person in persons
        ],
    )


def _member_pages(user, found):
    """{id: address} of the pages of the members named, as far as `user` may open them."""
    wanted = {person.id for finding in found for person in finding.persons}
    if not wanted:
        return {}
    people = all_members()
    seen = people.staff_visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)
    return {pk: reverse("admin:members_member_detail", args=[pk]) for pk in seen}


def address(place, body=None):
    """Where something is put right: the page of the place, "" where there is none of its own."""
    if place == Place.MEMBERS:
        return reverse("admin:members_member_changelist")
    if place == Place.FILINGS:
        return reverse("admin:organizations_filing_changelist")
    if place == Place.MEETINGS:
        return reverse("organizations:meetings") + (f"?body={body}" if body else "")
    if place == Place.ELECTION:
        return reverse("organizations:elections")
    return reverse("organizations:body", args=[body]) if body else ""
