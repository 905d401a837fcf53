"""An activity from its plan to the settled attendance: every change to it but its list of people.

Changes belong to the action in progress. After the attendance is settled each needs a reason (attending.writing).
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.attending import Entry, Way, record_presences, writing
from activities.crediting import bring_in_line
from activities.files.services import delete_all
from activities.models import Activity, Audience, Participation, Partner, Question
from activities.signing_up.services import move_up
from members.inbox import tell_all
from members.models import Member
from organizations.models import acting
from organizations.services import NotPossible

State = Activity.State
# whoever may still mean to come
CONCERNED = (
    Participation.State.INVITED,
    Participation.State.SIGNED_UP,
    Participation.State.WAITING,
    Participation.State.WALK_IN,
)
# columns of a copy
COPIED = (
    "host", "kind", "title", "campaign", "field", "place", "base", "about", "programme", "contact",
    "contact_phone", "sign_up", "capacity", "is_compulsory", "late_after", "hours", "remind_days",
)  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """What became of a change: how many were told that it was moved, how many hold a place beyond those there are."""

    activity: Activity
    told: int = 0
    over: int = 0


# -- planning


@transaction.atomic
def plan_activity(association, *, partners=(), audiences=(), questions=(), **fields):
    """A new draft in `association`; return it. `fields` are columns; the rest unsaved Partner, Audience, Question.

    Without an end it lasts two hours. Raises ValidationError as `Activity.clean` does.
    """
    activity = Activity(association=association, **fields)
    activity.ends_at = activity.ends_at or activity.starts_at + dt.timedelta(hours=2)
    activity.clean()
    activity.save()
    _bring_in_line(activity, Partner, partners)
    _bring_in_line(activity, Audience, audiences)
    _save_questions(activity, questions)
    return activity


def change_activity(activity, *, partners=None, audiences=None, questions=(), gone=(), actor=None, reason=""):
    """Save `activity` as changed in memory (its columns but state); return a Changed.

    `partners` and `audiences` are all there are to be (None: as they are), `questions` those to save, `gone` those to
    delete with their answers. Whoever may mean to come is told of another time or place. Nobody loses a place where
    there are fewer now; where there are more, those in line move up. Raises NotPossible, ValidationError.
    """
    with writing(activity, actor=actor, reason=reason) as stored:
        activity.state, activity.association = stored.state, stored.association
        activity.clean()
        is_moved = _is_moved(stored, activity)
        if is_moved:
            activity.moved_at = timezone.now()
            activity.reminded_at = None
        activity.save()
        if partners is not None:
            _bring_in_line(activity, Partner, partners)
        if audiences is not None:
            _bring_in_line(activity, Audience, audiences)
        for question in gone:
            question.delete()
        _save_questions(activity, questions)
        told = _tell_of_move(stored, activity) if is_moved else 0
        over = over_capacity(activity)
        if activity.state == State.PUBLISHED and _has_more_room(stored, activity):
            move_up(activity)
    return Changed(activity, told, over)


def over_capacity(activity):
    """How many hold a place beyond those there are now."""
    if activity.capacity is None:
        return 0
    return max(0, activity.participations.taking_seats().count() - activity.capacity)


def _has_more_room(before, after):
    if before.capacity is None:
        return False
    return after.capacity is None or after.capacity > before.capacity


def _is_moved(before, after):
    """Whether people have to be told of another time or place: not of what lies in the past anyway."""
    names = ("starts_at", "ends_at", "place", "base_id")
    if before.state != State.PUBLISHED or all(getattr(before, n) == getattr(after, n) for n in names):
        return False
    return max(before.ends_at, after.ends_at) > timezone.now()


def _bring_in_line(activity, model, wanted):
    """Make the `model` rows (Partner, Audience) of `activity` those `wanted`; what stands already stays."""
    wanted = {_key(row): row for row in wanted}
    for row in model.objects.filter(activity=activity):
        if wanted.pop(_key(row), None) is None:
            row.delete()
    for row in wanted.values():
        row.activity = activity
        row.save()


def _key(row):
    if isinstance(row, Partner):
        return row.body_id, row.name
    return row.kind, row.category, row.body_id, row.saved_list_id


def _save_questions(activity, questions):
    last = activity.questions.order_by("-number").values_list("number", flat=True).first() or 0
    for question in questions:
        if question.pk is None:
            last += 1
            question.number = last
        question.activity = activity
        question.save()


@transaction.atomic
def copy_activity(activity, *, starts_on, title=""):
    """A new draft like `activity`, at the same hour on the local date `starts_on`, without its people and files."""
    shift = starts_on - activity.on
    fields = {name: getattr(activity, name) for name in COPIED} | {"title": title or activity.title}
    for name in ("starts_at", "ends_at", "sign_up_from", "sign_up_until"):
        moment = getattr(activity, name)
        fields[name] = moment and _moved(moment, shift)
    return plan_activity(
        activity.association,
        partners=[Partner(body=row.body, name=row.name) for row in activity.partners.select_related("body")],
        audiences=[
            Audience(
                kind=row.kind, category=row.category, body_id=row.body_id, saved_list_id=row.saved_list_id
            )
            for row in activity.audiences.all()
        ],
        questions=[
            Question(
                text=row.text,
                kind=row.kind,
                choices=row.choices,
                is_required=row.is_required,
                is_personal=row.is_personal,
            )
            for row in activity.questions.all()
        ],
        **fields,
    )


def _moved(moment, shift):
    """`moment` that many local days later, at the same hour."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return timezone.make_aware(local + shift)


@transaction.atomic
def delete_draft(activity):
    """Delete a draft to which nothing hangs yet but files, which go with it. Raises NotPossible."""
    stored = _locked(activity)
    if stored.state != State.DRAFT:
        raise NotPossible(_("Only a draft is deleted; what was announced is cancelled."))
    if stored.participations.exists():
        raise NotPossible(_("Somebody is on its list already: cancel it instead."))
    if stored.services.exists() or stored.donations.exists():
        raise NotPossible(_("Contributions belong to it: cancel it instead."))
    delete_all(stored)
    stored.delete()


# -- announcing


@transaction.atomic
def publish_activity(activity):
    """Announce the draft `activity`: those for whom it is open see it. It invites nobody. Raises NotPossible."""
    stored = _locked(activity)
    if stored.state != State.DRAFT:
        raise NotPossible(_("It is no draft any more."))
    if stored.sign_up == Activity.SignUp.OPEN and not stored.audiences.exists():
        raise NotPossible(_("Say first for whom it is open: nobody would see it."))
    stored.state, stored.published_at = State.PUBLISHED, timezone.now()
    stored.save()
    return stored


@transaction.atomic
def cancel_activity(activity, *, reason, actor=None):
    """Cancel `activity` for a `reason`, of which all who may mean to come are told; return (activity, how many).

    Raises NotPossible if it is cancelled or its attendance settled.
    """
    stored = _locked(activity)
    if stored.state == State.CANCELLED:
        raise NotPossible(_("This activity was cancelled."))
    if stored.state == State.CLOSED:
        raise NotPossible(_("Its attendance is settled, so it took place: reopen the attendance first."))
    was_announced = stored.is_announced
    stored.state, stored.cancelled_reason = State.CANCELLED, reason
    with acting(actor, note=_("Cancelled: {reason}").format(reason=reason)[:500]):
        stored.save()
    told = 0
    if was_announced and stored.ends_at > timezone.now():
        with translation.override(settings.LANGUAGE_CODE):
            title = _("Cancelled: {activity}").format(activity=stored.title)
            text = _("{when} {place}\nWhy: {reason}").format(
                when=stored.when, place=stored.place, reason=reason
            )
        told = _tell(stored, title, text)
    return stored, told


def _tell_of_move(before, after):
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Another time or place: {activity}").format(activity=after.title)
        text = _("Now: {now}\nBefore: {before}").format(now=_where(after), before=_where(before))
    return _tell(after, title, text)


def _where(activity):
    return " ".join(filter(None, [activity.when, activity.place, str(activity.base or "")]))


def _tell(activity, title, text):
    rows = activity.participations.filter(state__in=CONCERNED)
    members = Member.objects.filter(pk__in=rows.values("member"))
    link = reverse("own_activities:activity", args=[activity.pk])
    return tell_all(members, title=title[:200], text=text[:4000], link=link)


# -- attendance


@transaction.atomic
def settle_attendance(activity, *, mark_absent=False, actor=None):
    """Settle who was there at `activity`: corrections need a reason from now on, hours are credited; return it.

    With `mark_absent` those expected of whom nothing was entered are absent. Raises NotPossible.
    """
    stored = _locked(activity)
    if stored.state == State.CLOSED:
        raise NotPossible(_("The attendance is settled already."))
    if stored.state != State.PUBLISHED:
        raise NotPossible(_("Only the attendance of an announced activity is settled."))
    if stored.starts_at > timezone.now():
        raise NotPossible(_("It has not begun yet."))
    if mark_absent:
        open_rows = stored.participations.expected().filter(presence="").values_list("pk", flat=True)
        record_presences(stored, dict.fromkeys(open_rows, Entry("absent")), way=Way.LIST, actor=actor)
    stored.state, stored.settled_at, stored.settled_by = State.CLOSED, timezone.now(), actor
    stored.save()
    bring_in_line(stored, actor=actor)
    return stored


@transaction.atomic
def reopen_attendance(activity, *, reason, actor=None):
    """Open the settled attendance of `activity` again for a `reason`; return it. The hours credited are taken back.

    Raises NotPossible.
    """
    stored = _locked(activity)
    if stored.state != State.CLOSED:
        raise NotPossible(_("The attendance is not settled."))
    note = _("Attendance opened again: {reason}").format(reason=reason)[:500]
    with acting(actor, note=note, association=stored.association):
        stored.state, stored.settled_at, stored.settled_by = State.PUBLISHED, None, None
        stored.save()
        bring_in_line(stored, actor=actor)
    return stored


def _locked(activity):
    rows = Activity.objects.select_for_update(of=("self",))
    return rows.select_related("association", "host", "base").get(pk=activity.pk)
