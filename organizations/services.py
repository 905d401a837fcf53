"""Changes to bodies, terms and appointments. They belong to the action in progress (`organizations.models.acting`)."""

import datetime as dt

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from organizations.models import Appointment, Body, Change, Term
from organizations.models.appointments import all_members
from organizations.models.history import change_row, current_action
from organizations.partial_dates import beginning
from organizations.posts import ensure_posts


class NotPossible(ValueError):
    """The change would break a rule; the text is a sentence for people.

    `field` is the column that the rule is about, "" if there is no single one.
    """

    def __init__(self, text, field=""):
        super().__init__(text)
        self.field = field


@transaction.atomic
def establish_body(association, *, kind, name, **fields):
    """A new body of `association` with the posts usual for its kind; return it. `fields` are further columns.

    Raises ValidationError as `Body.full_clean` does.
    """
    body = Body(association=association, kind=kind, name=name, **fields)
    body.full_clean()
    body.save()
    ensure_posts(association, kind)
    return body


@transaction.atomic
def dissolve_body(body, *, on, basis=""):
    """Dissolve `body` with the local date `on` as its last day: its term and all its appointments end with it.

    Raises NotPossible while a body below it exists, or where something in it begins later.
    """
    body = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if body.children.existing_on(on + dt.timedelta(days=1)).exists():
        raise NotPossible(_("Bodies below it still exist: dissolve them first."))
    for term in body.terms.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)):
        end_term(term, on=on, reason=Appointment.EndReason.DISSOLVED, basis=basis)
    _end_all(body.appointments.filter(term=None), on, Appointment.EndReason.DISSOLVED, basis)
    body.dissolved_on, body.basis = on.isoformat(), basis or body.basis
    body.save()
    return body


@transaction.atomic
def begin_term(body, *, starts_on, planned_end_on, number=None, ended_on=None, basis=""):
    """Begin a term of `body` on the local date `starts_on`; return it. The running one ends the day before.

    The number follows the last one unless given. With `ended_on` it is one of the past, and ends no other. Raises
    NotPossible where the body has no terms, or a term begins on or after that day; ValidationError as
    `Term.full_clean` does.
    """
    body = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if not body.has_terms:
        raise NotPossible(_("“{body}” has no terms.").format(body=body))
    if planned_end_on < starts_on:
        raise NotPossible(_("The term is planned to end before it starts."), "planned_end_on")
    if ended_on is None:
        later = body.terms.filter(starts_on__gte=starts_on).order_by("starts_on").first()
        if later:
            raise NotPossible(
                _("{term} begins on {day} already.").format(term=later, day=later.starts_on.isoformat()),
                "starts_on",
            )
        running = body.terms.in_force_on(starts_on).first()
        if running:
            end_term(running, on=starts_on - dt.timedelta(days=1), basis=basis)
    if number is None:
        number = (body.terms.aggregate(last=Max("number"))["last"] or 0) + 1
    term = Term(
        body=body,
        number=number,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        ended_on=ended_on,
        basis=basis,
    )
    term.full_clean()
    term.save()
    return term


@transaction.atomic
def end_term(term, *, on, reason=Appointment.EndReason.TERM_END, basis=""):
    """End `term` with the local date `on` as its last day, and the appointments of it that still run; return it.

    Raises NotPossible where the term, or an appointment in it, begins after that day.
    """
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    if term.starts_on > on:
        raise NotPossible(
            _("{term} begins on {day}, after its end.").format(term=term, day=term.starts_on.isoformat()),
            "ended_on",
        )
    if later := term.meetings.exclude(state="cancelled").filter(on__gt=on).first():
        raise NotPossible(
            _("“{meeting}” is on {day}, after its end: cancel or move the meeting first.").format(
                meeting=later, day=later.on.isoformat()
            )
        )
    _end_all(term.appointments.all(), on, reason, basis)
    term.ended_on = on
    term.save()
    return term


@transaction.atomic
def change_term(term, **values):
    """Correct columns of `term` (number, starts_on, planned_end_on, ended_on, basis); return it.

    Its appointments stay as they are. Raises NotPossible where one lies outside the corrected dates, ValidationError
    as `Term.full_clean` does.
    """
    # lock first, in the order of begin_term: the body, then the term
    Body.objects.select_for_update(of=("self",)).get(pk=term.body_id)
    term = Term.objects.select_for_update(of=("self",)).select_related("body").get(pk=term.pk)
    for name, value in values.items():
        setattr(term, name, value)
    term.full_clean()
    inside = term.appointments.valid().select_related("member", "post")
    if early := inside.filter(starts_on__lt=term.starts_on).order_by("starts_on").first():
        raise NotPossible(
            _("{name} is “{post}” in this term from {day} on already.").format(
                name=early.member, post=early.post, day=early.starts_on.isoformat()
            ),
            "starts_on",
        )
    if term.ended_on:
        late = inside.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=term.ended_on)).first()
        if late:
            raise NotPossible(
                _("{name} is “{post}” in this term beyond that day: end that appointment first.").format(
                    name=late.member, post=late.post
                ),
                "ended_on",
            )
    term.save()
    return term


def _end_all(appointments, on, reason, basis):
    running = appointments.valid().filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))
    running = list(running.select_related("member", "post", "body"))
    for appointment in running:
        if appointment.starts_on > on:
            raise NotPossible(
                _("{name} becomes {post} on {day}, after that: void or move this appointment first.").format(
                    name=appointment.member, post=appointment.post, day=appointment.starts_on.isoformat()
                )
            )
    for appointment in running:
        appointment.ends_on, appointment.end_reason, appointment.end_basis = on, reason, basis
        appointment.save()


@transaction.atomic
def appoint(member, *, post, body, starts_on, term=None, ends_on=None, end_reason="", how=Appointment.How.ELECTED,
            is_acting=False, basis="", **fields):  # fmt: skip
    """Give `member` the `post` of `body` from the local date `starts_on` on; return the Appointment.

    In a body with terms it is of `term`, or of the one running on that day. Whoever held a post of one seat and has
    left the association meanwhile makes room: that appointment ends with the day before. `fields` are further columns
    (the resolution that decided). Raises NotPossible, in a sentence, where a rule forbids it.
    """
    # lock first: two people may fill the same seat at once
    body = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if body.has_terms and term is None:
        term = body.terms.in_force_on(starts_on).first()
    appointment = Appointment(
        member=member, body=body, term=term, post=post, starts_on=starts_on, ends_on=ends_on, end_reason=end_reason,
        how=how, is_acting=is_acting, basis=basis, **fields,
    )  # fmt: skip
    _make_room(appointment)
    if error := objection(appointment):
        raise error
    appointment.save()
    return appointment


@transaction.atomic
def appoint_all(appointments):
    """Save many new, unsaved `appointments` and their history at once; return them.

    The rules are looked at first by the caller (`out_of_line`), who knows all of them; posts of one seat are given as
    `appoint` gives them, and what nobody saw the database refuses with an IntegrityError. Raises NotPossible.
    """
    bodies = {appointment.body_id for appointment in appointments}
    # lock first, in one order: two imports may fill the same bodies at once
    list(Body.objects.select_for_update(of=("self",)).filter(pk__in=bodies).order_by("pk"))
    for appointment in appointments:
        if appointment.post.seats == 1:
            _make_room(appointment)
            if reason := objection(appointment):
                raise reason
    diffs = [appointment.pending_diff() for appointment in appointments]
    Appointment.objects.bulk_create(appointments)
    _record(Change.Kind.CREATED, appointments, diffs)
    return appointments


@transaction.atomic
def change_all(appointments, **values):
    """Give the same `values` of columns to many `appointments` at once, with their history; return them.

    The caller has looked at the rules; what breaks one the database refuses with an IntegrityError.
    """
    for appointment in appointments:
        for name, value in values.items():
            setattr(appointment, name, value)
    diffs = [appointment.pending_diff(values) for appointment in appointments]
    Appointment.objects.filter(pk__in=[appointment.pk for appointment in appointments]).update(**values)
    _record(Change.Kind.CHANGED, appointments, diffs)
    return appointments


def _record(kind, appointments, diffs):
    """The history of `appointments` written at once; who changed nothing has none."""
    rows = [(appointment, diff) for appointment, diff in zip(appointments, diffs, strict=True) if diff]
    action = current_action() if rows else None
    Change.objects.bulk_create(change_row(action, appointment, kind, diff) for appointment, diff in rows)


def why_not(appointment):
    """What forbids saving `appointment`, new or changed, in one sentence; "" if nothing does."""
    return str(objection(appointment) or "")


def objection(appointment):
    """What forbids saving `appointment`, new or changed: the NotPossible to raise, None if nothing does."""
    return out_of_line(appointment) or _occupied(appointment)


def out_of_line(appointment):
    """What is wrong with `appointment` by itself, whoever else sits there: a NotPossible, None if nothing is.

    It asks no query where body, term, post and member are at hand; they need not be saved.
    """
    body, post, term, member = appointment.body, appointment.post, appointment.term, appointment.member
    starts_on, ends_on = appointment.starts_on, appointment.ends_on
    if post.body_kind != body.kind or post.association_id != body.association_id:
        return NotPossible(_("“{body}” has no post “{post}”.").format(body=body, post=post), "post")
    if member.association_id != body.association_id:
        return NotPossible(
            _("{name} is not a member of the association whose body this is.").format(name=member), "member"
        )
    if appointment._state.adding and member.is_anonymised:
        return NotPossible(_("The record is anonymised."), "member")
    if member.birth and starts_on < beginning(member.birth):
        return NotPossible(
            _("{name} was born on {birth}, after the appointment begins.").format(
                name=member, birth=member.birth
            ),
            "starts_on",
        )
    if ends_on and ends_on < starts_on:
        return NotPossible(_("The appointment ends before it starts."), "ends_on")
    if body.established_on and starts_on < beginning(body.established_on):
        return NotPossible(
            _("“{body}” was only established on {day}.").format(body=body, day=body.established_on),
            "starts_on",
        )
    if body.dissolved_on and not body.existed_on(ends_on or dt.date.max):
        return NotPossible(
            _("“{body}” was dissolved on {day}.").format(body=body, day=body.dissolved_on), "starts_on"
        )
    if body.has_terms and term is None:
        return NotPossible(
            _("No term of “{body}” runs on {day}: enter the term first.").format(
                body=body, day=starts_on.isoformat()
            ),
            "starts_on",
        )
    if term:
        if term.body_id != body.pk:
            return NotPossible(_("{term} is a term of another body.").format(term=term), "term")
        if starts_on < term.starts_on:
            return NotPossible(
                _("{term} only begins on {day}.").format(term=term, day=term.starts_on.isoformat()),
                "starts_on",
            )
        if term.ended_on and (ends_on is None or ends_on > term.ended_on):
            return NotPossible(
                _("{term} ended on {day}: the appointment ends by then.").format(
                    term=term, day=term.ended_on.isoformat()
                ),
                "ends_on",
            )
    return None


def overlapping(appointment):
    """The other valid appointments to the same post of the same body that share a day with `appointment`."""
    others = Appointment.objects.valid().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=appointment.starts_on),
        body=appointment.body,
        post=appointment.post,
    )
    if appointment.ends_on:
        others = others.filter(starts_on__lte=appointment.ends_on)
    return others.exclude(pk=appointment.pk).select_related("member")


def _occupied(appointment):
    others = overlapping(appointment)
    again = others.filter(member=appointment.member).first()
    if again is None and appointment.term:
        same = Appointment.objects.valid().filter(
            term=appointment.term, post=appointment.post, member=appointment.member
        )
        again = same.exclude(pk=appointment.pk).first()
    if again:
        return NotPossible(
            _("{name} holds the post “{post}” in this term already, from {day} on.").format(
                name=appointment.member, post=appointment.post, day=again.starts_on.isoformat()
            ),
            "member",
        )
    if appointment.post.seats == 1:
        holder = others.filter(is_acting=appointment.is_acting).first()
        if holder:
            return NotPossible(
                _("{name} is “{post}” from {day} on: end that appointment first.").format(
                    name=holder.member, post=appointment.post, day=holder.starts_on.isoformat()
                ),
                "post",
            )
    return None


def _make_room(appointment):
    if appointment.post.seats != 1:
        return
    before = appointment.starts_on - dt.timedelta(days=1)
    people = all_members()
    for other in overlapping(appointment).filter(
        ends_on=None, starts_on__lte=before, member__in=people.left_before(appointment.starts_on)
    ):
        end_appointment(other, on=before, reason=Appointment.EndReason.LEFT)


@transaction.atomic
def change_appointment(appointment, **values):
    """Correct columns of `appointment` (starts_on, ends_on, end_reason, how, is_acting, basis, end_basis); return it.

    Member, body and post stay: one entered wrongly in these is voided and entered anew. Raises NotPossible as
    `appoint` does.
    """
    # lock first: two people may fill the same seat at once
    Body.objects.select_for_update(of=("self",)).get(pk=appointment.body_id)
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("body", "post", "term", "member")
        .get(pk=appointment.pk)
    )
    if appointment.is_void:
        raise NotPossible(_("This appointment was entered in error and does not count."))
    for name, value in values.items():
        setattr(appointment, name, value)
    if error := objection(appointment):
        raise error
    appointment.save()
    return appointment


@transaction.atomic
def end_appointment(appointment, *, on, reason, basis="", **fields):
    """End `appointment` with the local date `on` as its last day; return it. `fields` are further columns.

    One that has an end already gets the new one. Raises NotPossible where it begins later, is void, or its term ended
    before.
    """
    appointment = (
        Appointment.objects.select_for_update(of=("self",)).select_related("term").get(pk=appointment.pk)
    )
    if appointment.is_void:
        raise NotPossible(_("This appointment was entered in error and does not count."))
    if appointment.starts_on > on:
        raise NotPossible(
            _("The appointment only begins on {day}.").format(day=appointment.starts_on.isoformat()),
            "ends_on",
        )
    if appointment.term and appointment.term.ended_on and on > appointment.term.ended_on:
        raise NotPossible(
            _("{term} ended on {day}: the appointment ends by then.").format(
                term=appointment.term, day=appointment.term.ended_on.isoformat()
            ),
            "ends_on",
        )
    appointment.ends_on, appointment.end_reason, appointment.end_basis = on, reason, basis
    for name, value in fields.items():
        setattr(appointment, name, value)
    appointment.save()
    return appointment


@transaction.atomic
def void_appointment(appointment, *, on, reason):
    """Take `appointment` out of account as entered in error, on the local date `on`; return it. `reason` is needed."""
    if not reason.strip():
        raise NotPossible(_("Say why this appointment is voided."), "void_reason")
    appointment = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    if not appointment.is_void:
        appointment.voided_on, appointment.void_reason = on, reason.strip()
        appointment.save()
    return appointment
