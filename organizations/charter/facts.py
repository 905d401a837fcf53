"""What the rules go by: the bodies of an association on a day, read in the same number of queries at any size.

The classes are plain values, so that a rule is tried without a database.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from organizations.charter.dates import months_later
from organizations.meetings.defaults import rules_of
from organizations.models import Appointment, Body, Filing, Post, Term
from organizations.models.appointments import all_members
from organizations.models.meetings import Meeting
from organizations.partial_dates import beginning

Role = Post.Role
# how the register names them (GB/T 4762-1984, domain.md C3)
FULL_PARTY_MEMBER, PROBATIONARY = "中共党员", "中共预备党员"
# where officers sit; a hired secretary-general is in the secretariat
GOVERNING = (Body.Kind.COUNCIL, Body.Kind.STANDING_COUNCIL, Body.Kind.SECRETARIAT)
PERSON_FIELDS = ("name", "birth", "employer__name", "political_status", "second_party")


@dataclass(frozen=True)
class Person:
    id: int
    name: str = ""
    birth: str = ""
    """Partial date."""
    employer: str = ""
    parties: tuple = ()
    """Political status and second party, as the register names them; empty where unknown."""
    is_member: bool = True
    """Whether the association counts the person among its members on the day."""


@dataclass(frozen=True)
class Seat:
    """A person in a post of a body on the day."""

    person: Person
    title: str = "理事"
    role: str = Role.COUNCIL_MEMBER
    is_officer: bool = False
    counts: bool = True
    """Whether the post counts for the quorum: advisers and hired deputies do not."""
    is_acting: bool = False
    is_hired: bool = False
    """Appointed rather than elected: a hired secretary-general."""
    since: dt.date | None = None
    terms_before: int = 0
    """Terms of the body running up to this one in which the person held a post of the same role."""


@dataclass(frozen=True)
class TermFacts:
    number: int
    starts_on: dt.date
    planned_end_on: dt.date
    id: int | None = None


@dataclass(frozen=True)
class MeetingFacts:
    kind: str
    on: dt.date


@dataclass(frozen=True)
class Frequency:
    """How often meetings of a kind are held at least, by the association's rules of meetings."""

    kind: str
    at_least: int
    period: str
    article: str = ""
    source: str = ""


@dataclass(frozen=True)
class FilingFacts:
    """A filing as it stands on the day: `filed_on` is None where it was made later."""

    id: int
    kind: str
    name: str
    due_on: dt.date | None = None
    filed_on: dt.date | None = None
    year: int | None = None
    term: int | None = None
    body: int | None = None


@dataclass(frozen=True)
class BodyFacts:
    id: int
    kind: str
    name: str = ""
    parent: int | None = None
    term: TermFacts | None = None
    """The one running on the day, or that a draft would begin."""
    seats: tuple = ()
    """Who sits in it on the day."""
    vacated: tuple = ()
    """Seats whose appointment still runs though the person has left the association."""
    meetings: tuple = ()
    """Meetings that took place up to the day, a joint one for both bodies; as far back as a rule looks."""

    @property
    def has_terms(self):
        return self.kind in Body.WITH_TERMS

    @cached_property
    def people(self):
        """The persons who make up the body, each once: posts that count, no one acting or hired for another."""
        return once(
            seat
            for seat in self.seats
            if seat.counts
            and not seat.is_acting
            and not (seat.is_hired and seat.role == Role.SECRETARY_GENERAL)
        )

    def holding(self, *roles):
        """The seats in posts of these roles, acting or not."""
        return [seat for seat in self.seats if seat.role in roles]


@dataclass(frozen=True)
class Facts:
    """An association on a day."""

    day: dt.date
    name: str = ""
    members: int = 0
    """Members in force on the day."""
    townships: tuple = ()
    bodies: tuple = ()
    filings: tuple = ()
    frequencies: tuple = ()
    reports_since: int | None = None
    """Year of the first annual report, that of the registration; None where that is not known."""
    report_due: str = "05-31"
    """Day of the year by which the registry has the report."""
    drafted: frozenset = frozenset()
    """Ids of the bodies whose people are those of a draft."""

    def of_kind(self, *kinds):
        return [body for body in self.bodies if body.kind in kinds]

    def the(self, kind):
        """The body of a kind that an association has once, None without one."""
        found = self.of_kind(kind)
        return found[0] if found else None

    def delay_filed(self, term):
        """Whether a later re-election than at the end of `term` was applied for by the day."""
        first = months_later(term.planned_end_on, -12)
        return any(
            filing.kind == Filing.Kind.POSTPONEMENT
            and filing.filed_on
            and (filing.term == term.id if filing.term else filing.filed_on >= first)
            for filing in self.filings
        )

    @cached_property
    def leaders(self):
        """[(body, seat)] of the officers (负责人) in the governing bodies; those acting are not counted twice."""
        return [
            (body, seat)
            for body in self.of_kind(*GOVERNING)
            for seat in body.seats
            if seat.is_officer and not seat.is_acting
        ]


def once(seats):
    """The persons of `seats`, each once, in the order of their first seat."""
    return tuple({seat.person.id: seat.person for seat in seats}.values())


@dataclass(frozen=True)
class Draft:
    """Who would hold the posts of `body` in a term from `starts_on` to `ends_on`: [(member, post)]."""

    body: Body
    seats: list
    starts_on: dt.date
    ends_on: dt.date


def load(association, day, drafts=(), *, members=None):
    """The Facts of `association` on the local date `day`, as they would be if the `drafts` were elected.

    `members` is the number of members in force on that day if it is known already. Eight queries without drafts, ten
    with them, however many bodies, persons and terms there are.
    """
    bodies = list(Body.objects.filter(association=association).existing_on(day).order_by("id"))
    terms = defaultdict(list)
    for term in Term.objects.filter(body__association=association).order_by("number"):
        terms[term.body_id].append(term)
    drafts = {draft.body.pk: draft for draft in drafts}
    running = {body.pk: _running(terms[body.pk], day, drafts.get(body.pk)) for body in bodies}
    held = _posts_held(association)
    seats, vacated = _seats(association, day, running, held)
    present = {}
    for pk, draft in drafts.items():
        if draft.starts_on in {term.starts_on for term in terms[pk]}:
            # a by-election: who stays in a post is acting or hired as before
            present |= {(pk, seat.person.id, seat.title): seat for seat in seats[pk]}
        seats[pk], vacated[pk] = [], []
    for body, seat in _drafted_seats(association, day, drafts.values(), running, held):
        stays = present.get((body, seat.person.id, seat.title))
        seats[body].append(stays or seat)
    meetings = _meetings(association, day)
    since = association.registered_on or association.founded_on
    if members is None:
        members = association.members.in_force_on(day).count()
    return Facts(
        day=day,
        name=str(association),
        members=members,
        filings=tuple(_filings(association, day)),
        frequencies=tuple(
            Frequency(rule.kind, rule.at_least, rule.period, rule.article, rule.source)
            for rule in rules_of(association.pk).values()
            if rule.at_least
        ),
        reports_since=beginning(since).year if since else None,
        report_due=association.report_due,
        townships=tuple(association.township_list),
        bodies=tuple(
            BodyFacts(
                id=body.pk,
                kind=body.kind,
                name=body.name,
                parent=body.parent_id,
                term=running[body.pk],
                seats=tuple(seats[body.pk]),
                vacated=tuple(vacated[body.pk]),
                meetings=tuple(meetings[body.pk]),
            )
            for body in bodies
        ),
        drafted=frozenset(drafts),
    )


def _running(terms, day, draft):
    if draft:
        before = [term.number for term in terms if term.starts_on < draft.starts_on]
        return TermFacts(max(before, default=0) + 1, draft.starts_on, draft.ends_on)
    for term in terms:
        if term.starts_on <= day and (term.ended_on is None or day <= term.ended_on):
            return TermFacts(term.number, term.starts_on, term.planned_end_on, term.pk)
    return None


def _meetings(association, day):
    """{body: MeetingFacts of the meetings that took place}, of this year and the last two."""
    found = defaultdict(list)
    rows = Meeting.objects.took_place().filter(
        body__association=association, on__lte=day, on__gte=dt.date(day.year - 2, 1, 1)
    )
    for body, other, kind, on in rows.values_list("body", "joint_with", "kind", "on"):
        for pk in filter(None, (body, other)):
            found[pk].append(MeetingFacts(kind, on))
    return found


def _filings(association, day):
    for filing in association.filings.select_related("term"):
        yield FilingFacts(
            id=filing.pk,
            kind=filing.kind,
            name=str(filing),
            due_on=filing.due_on,
            filed_on=filing.filed_on if filing.filed_on and filing.filed_on <= day else None,
            year=filing.year,
            term=filing.term_id,
            body=filing.term.body_id if filing.term else None,
        )


def _posts_held(association):
    """{(body, person, role): numbers of the terms} of the posts whose terms are counted: officers and chairs."""
    rows = Appointment.objects.valid().filter(
        Q(post__is_officer=True) | Q(post__role=Role.CHAIR),
        body__association=association,
        is_acting=False,
        term__isnull=False,
    )
    held = defaultdict(set)
    for body, person, role, number in rows.values_list("body", "member", "post__role", "term__number"):
        held[body, person, role].add(number)
    return held


def _terms_before(held, body, person, role, term):
    numbers = held.get((body, person, role), ())
    count = 0
    while term and term.number - count - 1 in numbers:
        count += 1
    return count


def _seats(association, day, running, held):
    """({body: seats in force}, {body: seats of those who have left}) on the day, highest post first."""
    people = all_members()
    rows = (
        Appointment.objects.valid()
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, body__association=association)
        .annotate(has_left=Exists(people.left_before(day).filter(pk=OuterRef("member"))))
        .in_order_of_rank()
        .values(
            "body", "member", "starts_on", "how", "is_acting", "has_left", "post__title", "post__role",
            "post__is_officer", "post__counts_for_quorum", *(f"member__{field}" for field in PERSON_FIELDS),
        )
    )  # fmt: skip
    seats, vacated = defaultdict(list), defaultdict(list)
    for row in rows:
        values = [row[f"member__{field}"] for field in PERSON_FIELDS]
        body, role = row["body"], row["post__role"]
        seat = Seat(
            person=_person(row["member"], *values),
            title=row["post__title"],
            role=role,
            is_officer=row["post__is_officer"],
            counts=row["post__counts_for_quorum"],
            is_acting=row["is_acting"],
            since=row["starts_on"],
            is_hired=row["how"] == Appointment.How.APPOINTED,
            terms_before=_terms_before(held, body, row["member"], role, running.get(body)),
        )
        if row["has_left"]:
            vacated[body].append(replace(seat, person=replace(seat.person, is_member=False)))
        else:
            seats[body].append(seat)
    return seats, vacated


def _person(pk, name, birth, employer, political_status, second_party):
    parties = tuple(filter(None, (political_status, second_party)))
    return Person(id=pk, name=name, birth=birth, employer=employer or "", parties=parties)


def _drafted_seats(association, day, drafts, running, held):
    """[(body, Seat)] of the drafts; the members are read anew, so that nothing is asked for each of them."""
    wanted = {member.pk for draft in drafts for member, _post in draft.seats}
    if not wanted:
        return
    members = association.members
    known = {row[0]: _person(*row) for row in members.filter(pk__in=wanted).values_list("pk", *PERSON_FIELDS)}
    # of a past day not every step of every membership may have been entered: there, who had not left
    in_force = (
        members.in_force_on(day)
        if day >= timezone.localdate()
        else members.exclude(pk__in=members.left_before(day))
    )
    in_force = set(in_force.filter(pk__in=wanted).values_list("pk", flat=True))
    for draft in drafts:
        body = draft.body.pk
        for member, post in draft.seats:
            person = known.get(member.pk) or Person(member.pk, str(member))
            yield (
                body,
                Seat(
                    person=replace(person, is_member=member.pk in in_force),
                    title=post.title,
                    role=post.role,
                    is_officer=post.is_officer,
                    counts=post.counts_for_quorum,
                    terms_before=_terms_before(held, body, member.pk, post.role, running.get(body)),
                ),
            )
