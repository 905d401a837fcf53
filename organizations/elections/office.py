"""Taking office: what one step will do, doing it, and undoing it while the minutes are not signed.

One transaction, one action of the history. Who is elected is read from the votes again, never from a flag.
"""

import contextlib
import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organizations.elections.results import result_of
from organizations.meetings.resolving import carrying_out, delete_resolution, save_resolution
from organizations.models import (
    Action,
    Appointment,
    Body,
    Candidate,
    Election,
    Filing,
    Meeting,
    Post,
    Resolution,
    Term,
    acting,
)
from organizations.services import (
    NotPossible,
    appoint,
    begin_term,
    change_all,
    end_appointment,
    void_appointment,
    why_not,
)

Role = Post.Role
OFFICERS = {Role.PRESIDENT, Role.VICE_PRESIDENT, Role.SECRETARY_GENERAL}
COUNCILS = {Body.Kind.COUNCIL, Body.Kind.STANDING_COUNCIL}
# in a by-election: whoever gets the one post leaves the other (domain.md D3: two leading posts at once are not usual)
INSTEAD_OF = {
    Role.PRESIDENT: {Role.VICE_PRESIDENT},
    Role.SECRETARY_GENERAL: {Role.DEPUTY_SECRETARY_GENERAL},
    Role.CHAIR: {Role.VICE_CHAIR},
    Role.PARTY_SECRETARY: {Role.PARTY_DEPUTY, Role.PARTY_COMMITTEE},
}
# how far from the day of the election the meeting is that elected: one that was put off is entered late
MEETING_WITHIN = dt.timedelta(days=31)


@dataclass(frozen=True)
class Start:
    """Somebody who takes a post."""

    candidate: Candidate | None
    """None for a council seat that comes with an officer's post."""
    member: object
    post: Post
    stays: bool
    """Whether the person holds that post already."""


@dataclass
class BodyPlan:
    """What happens in one body."""

    part: object
    starts: list = field(default_factory=list)
    ends: list = field(default_factory=list)
    """Appointments that end and are not taken up again."""
    continued: list = field(default_factory=list)
    """Appointments of those who stay: the old one ends, a new one begins."""
    vacant: list = field(default_factory=list)
    """[(post, number of seats nobody got)]."""


@dataclass
class Plan:
    election: Election
    bodies: list
    refusals: list = field(default_factory=list)
    """Sentences why it cannot be done yet."""

    @property
    def is_ready(self):
        return not self.refusals


def plan_office(election):
    """The `Plan` of an election whose parts are loaded (`with_parts`); two queries a body, whatever its size."""
    plan = Plan(election, [])
    if not election.is_open:
        plan.refusals.append(
            _("“{election}” is no longer in preparation ({state}).").format(
                election=election, state=election.get_state_display()
            )
        )
    if not election.contests:
        plan.refusals.append(_("There are no posts to fill in this election."))
    for part in election.bodies.all():
        plan.bodies.append(_plan_body(plan, part))
    if plan.is_ready:
        _check_members(plan)
    return plan


def _plan_body(plan, part):
    election, body = plan.election, BodyPlan(part)
    before = election.starts_on - dt.timedelta(days=0 if election.is_by_election else 1)
    present = []
    if part.term:
        present = list(
            part.term.appointments.in_force_on(before)
            .select_related("member", "post")
            .order_by("post__rank", "id")
        )
    held = {(each.post_id, each.member_id) for each in present}
    for contest in part.contests.all():
        result = result_of(contest)
        if not result.is_counted:
            plan.refusals.append(
                _("“{contest}”: the votes are not counted, or do not add up.").format(contest=contest)
            )
            continue
        if result.needs_another:
            plan.refusals.append(_("“{contest}”: a further ballot is due.").format(contest=contest))
            continue
        for candidate in result.elected:
            stays = (contest.post_id, candidate.member_id) in held
            body.starts.append(Start(candidate, candidate.member, contest.post, stays))
        if result.vacant:
            body.vacant.append((contest.post, result.vacant))
    _add_council_seats(part, body, held)
    taken = {(start.post.pk, start.member.pk) for start in body.starts}
    if election.is_by_election:
        body.ends = [each for each in present if _gives_way(each, body.starts)]
        body.starts = [start for start in body.starts if not start.stays]
    else:
        body.continued = [each for each in present if (each.post_id, each.member_id) in taken]
        body.ends = [each for each in present if (each.post_id, each.member_id) not in taken]
    return body


def _gives_way(appointment, starts):
    return any(
        start.member.pk == appointment.member_id
        and appointment.post.role in INSTEAD_OF.get(start.post.role, ())
        for start in starts
    )


def _add_council_seats(part, body, held):
    """The seat as council member that comes with an officer's post where no votes are cast for council members."""
    if part.body.kind != Body.Kind.COUNCIL:
        return
    if any(contest.post.role == Role.COUNCIL_MEMBER for contest in part.contests.all()):
        return
    seat = Post.objects.offered_by(part.body).filter(role=Role.COUNCIL_MEMBER, is_retired=False).first()
    if seat is None:
        return
    officers = {start.member.pk: start.member for start in body.starts if start.post.role in OFFICERS}
    for pk, member in officers.items():
        if not part.election.is_by_election or (seat.pk, pk) not in held:
            body.starts.append(Start(None, member, seat, (seat.pk, pk) in held))


def _check_members(plan):
    """Officers and standing members are council members, the chairs are supervisors (domain.md D2)."""
    for role, home, kinds, needing in (
        (Role.COUNCIL_MEMBER, Body.Kind.COUNCIL, COUNCILS, {*OFFICERS, Role.STANDING_MEMBER}),
        (Role.SUPERVISOR, Body.Kind.SUPERVISORS, {Body.Kind.SUPERVISORS}, {Role.CHAIR, Role.VICE_CHAIR}),
    ):
        concerned = [body for body in plan.bodies if body.part.body.kind in kinds]
        if not concerned or not _has_post(plan.election, home, role):
            continue
        seated = {start.member.pk for body in concerned for start in body.starts if start.post.role == role}
        if (
            not any(contest.post.role == role for contest in plan.election.contests)
            or plan.election.is_by_election
        ):
            seated |= _seated_in(plan.election, home)
        for start in (start for body in concerned for start in body.starts):
            if start.post.role in needing and start.member.pk not in seated:
                plan.refusals.append(
                    _("{name} is elected “{post}”, but not “{seat}”.").format(
                        name=start.member, post=start.post, seat=role.label
                    )
                )


def _has_post(election, kind, role):
    return Post.objects.filter(association=election.association_id, body_kind=kind, role=role).exists()


def _seated_in(election, kind):
    """Ids of the members who sit in the body of that `kind` when the elected begin."""
    rows = Appointment.objects.in_force_on(election.starts_on)
    return set(
        rows.filter(body__association=election.association_id, body__kind=kind).values_list(
            "member", flat=True
        )
    )


# -- taking office


def electing_meetings(election):
    """Meetings in which `election` may have been decided: of its association, near its day, minutes not signed."""
    return Meeting.objects.filter(
        body__association=election.association_id,
        on__range=(election.day - MEETING_WITHIN, election.day + MEETING_WITHIN),
        state__in=[Meeting.State.PLANNED, Meeting.State.HELD],
    ).order_by("on", "id")


def resolution_text(plan):
    """The text of the resolution of a `Plan`: body by body, post by post, who was elected, by surname strokes."""
    paragraphs = []
    for body in plan.bodies:
        part, elected = body.part, {}
        for start in sorted(body.starts, key=lambda start: (start.member.stroke_key, start.member.pk)):
            if start.candidate:
                elected.setdefault(start.post, []).append(str(start.member))
        heading = (
            _("Elected to “{body}”:") if part.number is None else _("Elected to “{body}”, term {number}:")
        )
        lines = [heading.format(body=part.body, number=part.number)]
        for post in sorted(elected, key=lambda post: (post.rank, post.pk)):
            names = _(", ").join(elected[post])
            lines.append(_("{field}: {value}").format(field=post, value=names))
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


@transaction.atomic
def take_office(election, *, actor, basis=None, meeting=None, text=""):
    """Carry the result of `election` out: end the old terms, begin the new ones, appoint the elected; return it.

    With the `meeting` that elected, a passed resolution of it is made, with `text` or the usual one, to which all that
    is changed links back; without, `basis` says which it was. All that changes is one action of `actor`. Raises
    NotPossible with what is in the way; then nothing is changed.
    """
    Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    election = Election.objects.with_parts().get(pk=election.pk)
    plan = plan_office(election)
    if plan.refusals:
        raise NotPossible(" ".join(plan.refusals))
    if basis is not None:
        election.basis = basis
    with _deciding(plan, actor, meeting, text) as resolution:
        election.resolution = resolution
        done = [_carry_out(body, election) for body in plan.bodies]
        election.state = Election.State.IN_OFFICE
        election.outcome = {"bodies": done}
        election.save()
    return election


@contextlib.contextmanager
def _deciding(plan, actor, meeting, text):
    """The one action of taking office; gives the resolution of `meeting` that it carries out, None without one."""
    election = plan.election
    note = _("Taking office: {election}").format(election=election)
    with acting(actor, note=note, association=election.association, details={"election": election.pk}):
        if meeting is None:
            yield None
            return
        if not electing_meetings(election).filter(pk=meeting.pk).exists():
            raise NotPossible(
                _(
                    "“{meeting}” is cancelled, signed, or too far from the election: choose another meeting."
                ).format(meeting=meeting)
            )
        resolution = Resolution(
            kind=Resolution.Kind.ELECTION,
            title=_("Resolution on the result of “{election}”").format(election=election),
            text=text.strip() or resolution_text(plan),
            is_passed=True,
        )
        save_resolution(meeting, resolution, actor=actor)
        with carrying_out(resolution, actor=actor) as resolution:
            yield resolution


def _carry_out(body, election):
    """Do what `body` (a BodyPlan) says; return what undoing needs, JSON-ready."""
    part, resolution = body.part, election.resolution
    basis = resolution.basis if resolution else election.basis or str(election)
    how = Appointment.How.BY_ELECTION if election.is_by_election else Appointment.How.ELECTED
    note = {"body": part.body_id, "ended": [], "made": [], "old_term": None, "new_term": None}
    if election.is_by_election:
        term = part.term
        for appointment in body.ends:
            before = _end_of(appointment)
            on = election.starts_on - dt.timedelta(days=1)
            ended = end_appointment(
                appointment, on=on, reason=Appointment.EndReason.CHANGED, basis=basis, ended_by=resolution
            )
            note["ended"].append([appointment.pk, before, _end_of(ended)])
    else:
        term = _next_term(part, election, basis, note)
        part.new_term = term
        part.save()
    for start in body.starts:
        made = appoint(
            start.member, post=start.post, body=part.body, term=term, starts_on=election.starts_on, how=how,
            basis=basis, decided_by=resolution,
        )  # fmt: skip
        note["made"].append(made.pk)
        if start.candidate:
            start.candidate.appointment = made
            start.candidate.save()
    return note


def _next_term(part, election, basis, note):
    running = part.body.terms.in_force_on(election.starts_on).first()
    open_before = []
    if running:
        last = election.starts_on - dt.timedelta(days=1)
        rows = running.appointments.valid().order_by("pk")
        open_before = [row for row in rows if row.ends_on is None or row.ends_on > last]
        note["old_term"] = [running.pk, running.ended_on and running.ended_on.isoformat()]
    before = {row.pk: _end_of(row) for row in open_before}
    term = begin_term(
        part.body,
        starts_on=election.starts_on,
        planned_end_on=election.planned_end_on,
        number=part.number,
        basis=basis,
    )
    note["new_term"] = term.pk
    ended = Appointment.objects.select_related("body").filter(pk__in=before)
    after = {row.pk: row for row in change_all(list(ended), ended_by=election.resolution)}
    note["ended"] = [[pk, ending, _end_of(after[pk])] for pk, ending in before.items()]
    return term


def _end_of(appointment):
    """[last day as text, reason, basis, id of the resolution] of the end of `appointment`, JSON-ready."""
    ends_on, resolution = appointment.ends_on, appointment.ended_by_id
    return [ends_on and ends_on.isoformat(), appointment.end_reason, appointment.end_basis, resolution]


# -- undoing


@dataclass
class Undoing:
    """What undoing would do."""

    election: Election
    voided: list = field(default_factory=list)
    """Appointments that were made and count no more."""
    removed: list = field(default_factory=list)
    """New terms that go."""
    reopened: list = field(default_factory=list)
    """Old terms that run on."""
    restored: list = field(default_factory=list)
    """Appointments that run on as before."""
    kept: list = field(default_factory=list)
    """Sentences on what somebody touched since, which stays as it is."""
    refusals: list = field(default_factory=list)

    @property
    def is_ready(self):
        return not self.refusals


def plan_undoing(election):
    """The `Undoing` of taking office in `election`; reads only."""
    undoing = Undoing(election)
    if election.state == Election.State.FINAL:
        undoing.refusals.append(
            _("The minutes were signed on {day}: the result is final.").format(
                day=election.minutes_signed_on.isoformat()
            )
        )
    elif election.state != Election.State.IN_OFFICE:
        undoing.refusals.append(_("Nobody took office by this election."))
    elif signed_on := _signed_with_its_meeting(election):
        undoing.refusals.append(
            _("The minutes of “{meeting}” were signed on {day}: the result is final.").format(
                meeting=election.resolution.meeting, day=signed_on.isoformat()
            )
        )
    for note in election.outcome.get("bodies", []):
        _plan_body_undoing(undoing, note)
    return undoing


def _signed_with_its_meeting(election):
    """The day when the minutes of the meeting that elected were signed, None while they are not."""
    return election.resolution and election.resolution.meeting.signed_on


def _plan_body_undoing(undoing, note):
    made = list(
        Appointment.objects.filter(pk__in=note["made"])
        .select_related("member", "post", "body", "term")
        .order_by("pk")
    )
    undoing.voided += [row for row in made if not row.is_void]
    for row in made:
        if row.ends_on and not row.is_void:
            undoing.kept.append(
                _("{name}, {post}: ended on {day} since; the appointment is voided with the others.").format(
                    name=row.member, post=row.post, day=row.ends_on.isoformat()
                )
            )
    new_term = note["new_term"] and Term.objects.select_related("body").filter(pk=note["new_term"]).first()
    if new_term:
        undoing.removed.append(new_term)
        later = new_term.appointments.valid().exclude(pk__in=note["made"]).select_related("member", "post")
        for row in later:
            undoing.refusals.append(
                _("{name} became {post} in the new term since: void that appointment first.").format(
                    name=row.member, post=row.post
                )
            )
        undoing.refusals += _uses(new_term)
    reopens = True
    if note["old_term"]:
        old = Term.objects.select_related("body").get(pk=note["old_term"][0])
        last = undoing.election.starts_on - dt.timedelta(days=1)
        if old.ended_on == last:
            undoing.reopened.append(old)
        else:
            reopens = False
            undoing.kept.append(
                _("{term}: its end was changed since and stays {day}.").format(
                    term=old, day=old.ended_on.isoformat() if old.ended_on else pgettext("last day", "open")
                )
            )
    rows = Appointment.objects.select_related("member", "post", "body", "term").in_bulk(
        [pk for pk, _before, _after in note["ended"]]
    )
    for pk, _before, after in note["ended"]:
        row = rows[pk]
        if row.is_void or _end_of(row) != after or not reopens:
            undoing.kept.append(
                _("{name}, {post}: changed since and left as it is.").format(name=row.member, post=row.post)
            )
        else:
            undoing.restored.append(row)


def _uses(term):
    """Sentences on records of `term` other than its appointments, which keep it from going."""
    for relation in Term._meta.related_objects:
        if relation.related_model is Appointment or relation.field.name == "new_term":
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: term})
        if relation.related_model is Filing:
            # one that was only listed goes with the term
            rows = rows.exclude(filed_on=None)
        for row in rows[:3]:
            yield _("{kind} “{record}” belongs to {term}: remove it from there first.").format(
                kind=row._meta.verbose_name, record=row, term=term
            )


@transaction.atomic
def undo_office(election, *, actor):
    """Take back what `take_office` did, as far as nobody touched it since; return the `Undoing`.

    The appointments are voided, the new terms and the resolution go, the old terms run on with exactly the
    appointments that the step had ended. One action of `actor`. Raises NotPossible with what is in the way.
    """
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    undoing = plan_undoing(election)
    if undoing.refusals:
        raise NotPossible(" ".join(undoing.refusals))
    note = _("Taking office undone: {election}").format(election=election)
    with acting(
        actor,
        kind=Action.Kind.UNDO,
        note=note,
        association=election.association,
        details={"election": election.pk},
    ):
        for candidate in Candidate.objects.filter(contest__body__election=election).exclude(appointment=None):
            candidate.appointment = None
            candidate.save()
        for row in undoing.voided:
            void_appointment(row, on=timezone.localdate(), reason=note[:200])
        for part in election.bodies.exclude(new_term=None):
            part.new_term = None
            part.save()
        for term in undoing.removed:
            _remove(term)
        _reopen(undoing, election.outcome["bodies"])
        resolution, election.resolution = election.resolution, None
        election.state, election.outcome = Election.State.DRAFT, {}
        election.save()
        if resolution:
            resolution.carried_out = None
            resolution.save(update_fields=["carried_out"])
            delete_resolution(resolution, actor=actor)
    return undoing


def _remove(term):
    for filing in Filing.objects.filter(term=term, filed_on=None):
        filing.delete()
    for row in term.appointments.all():
        row.term = None
        row.save()
    try:
        term.delete()
    except ProtectedError as error:
        raise NotPossible(_("{term} is used elsewhere by now and cannot go.").format(term=term)) from error


def _reopen(undoing, notes):
    ended_before = {note["old_term"][0]: note["old_term"][1] for note in notes if note["old_term"]}
    for term in undoing.reopened:
        before = ended_before[term.pk]
        term.ended_on = dt.date.fromisoformat(before) if before else None
        term.save()
    before = {pk: ending for note in notes for pk, ending, _after in note["ended"]}
    terms = {term.pk: term for term in undoing.reopened}
    for row in list(undoing.restored):
        ends_on, row.end_reason, row.end_basis, row.ended_by_id = before[row.pk]
        row.ends_on = dt.date.fromisoformat(ends_on) if ends_on else None
        row.term = terms.get(row.term_id, row.term)
        if reason := why_not(row):
            undoing.restored.remove(row)
            undoing.kept.append(
                _("{name}, {post}: not restored. {reason}").format(
                    name=row.member, post=row.post, reason=reason
                )
            )
        else:
            row.save()


# -- final


@transaction.atomic
def sign_minutes(election, *, on):
    """Note that the minutes were signed on the local date `on`: from then on the result is final; return the election.

    Where the minutes of the meeting that elected are signed already, that was the day. Raises NotPossible before
    office is taken, and for a day before the election.
    """
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if election.state != Election.State.IN_OFFICE:
        raise NotPossible(_("The minutes are entered here once office is taken."))
    if signed_on := _signed_with_its_meeting(election):
        on = signed_on
    elif on < election.day:
        raise NotPossible(_("Minutes are not signed before the election."))
    election.state, election.minutes_signed_on = Election.State.FINAL, on
    election.save()
    return election
