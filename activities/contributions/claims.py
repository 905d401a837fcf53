"""What becomes of services and honours that members claim: changed or taken back by them, decided by the staff.

Each returns the row as it is now and raises NotPossible, with a sentence for people. Nobody decides a claim of their
own. Members are told in their messages.
"""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Service
from members.inbox import tell
from organizations.services import NotPossible

State = Service.State
TITLE_LENGTH = 150


def locked(row):
    """The claim as it is now, locked."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    return rows.select_related("member__association", "activity__host").get(pk=row.pk)


def is_own(row, actor):
    return row.member.user_id is not None and row.member.user_id == actor.pk


# -- by the member


@transaction.atomic
def save_claim(row):
    """Save the claim `row`, a new one or one that waits, as its member changed it."""
    if row.pk and locked(row).state != State.CLAIMED:
        raise NotPossible(_("This was decided meanwhile and cannot be changed any more."))
    row.state = State.CLAIMED
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NotPossible(_("The hours of this activity are claimed already."), "activity") from error
    return row


@transaction.atomic
def withdraw_claim(row):
    """Take back a claim that waits."""
    row = locked(row)
    if row.state != State.CLAIMED:
        raise NotPossible(_("This was decided meanwhile and cannot be changed any more."))
    row.state = State.WITHDRAWN
    row.save()
    return row


# -- by the staff


@transaction.atomic
def confirm(row, *, actor, answer="", **values):
    """Confirm a claim, with the `values` of other columns as the staff corrected them."""
    row = _to_decide(row, actor)
    before = getattr(row, "hours", None)
    for name, value in values.items():
        setattr(row, name, value)
    _decide(row, State.CONFIRMED, answer, actor)
    lines = []
    if getattr(row, "hours", None) != before:
        lines.append(
            _("You claimed {before} hours, {after} are confirmed.").format(
                before=before or "—", after=row.hours or "—"
            )
        )
    _tell(row, _("Confirmed: {claim}"), lines)
    return row


@transaction.atomic
def refuse(row, *, actor, answer):
    """Refuse a claim; `answer` says why."""
    row = _to_decide(row, actor)
    if not answer.strip():
        raise NotPossible(_("Say why it is refused."), "answer")
    _decide(row, State.REFUSED, answer, actor)
    _tell(row, _("Not confirmed: {claim}"))
    return row


@transaction.atomic
def take_back(row, *, actor, reason):
    """Take back what was confirmed by mistake; `reason` says why."""
    row = locked(row)
    _not_own(row, actor)
    if row.state != State.CONFIRMED:
        raise NotPossible(_("Somebody else has just changed this."))
    if getattr(row, "is_credited", False):
        raise NotPossible(_("These hours come of the attendance of the activity: correct the attendance."))
    if not reason.strip():
        raise NotPossible(_("Say why it is taken back."), "answer")
    _decide(row, State.WITHDRAWN, reason, actor)
    _tell(row, _("Taken back: {claim}"))
    return row


@transaction.atomic
def correct(row, *, actor):
    """Save what the staff corrected in a row that is confirmed."""
    stored = locked(row)
    _not_own(stored, actor)
    if stored.state != State.CONFIRMED:
        raise NotPossible(_("Somebody else has just changed this."))
    row.save()
    return row


def confirm_all(rows, *, actor):
    """Confirm the claims `rows`: (how many were, [sentence about each that was not])."""
    count, left = 0, []
    for row in rows:
        try:
            confirm(row, actor=actor)
            count += 1
        except NotPossible as error:
            left.append(_("{name}: {sentence}").format(name=row.member, sentence=error))
    return count, left


def _to_decide(row, actor):
    row = locked(row)
    _not_own(row, actor)
    if row.state != State.CLAIMED:
        raise NotPossible(_("This was decided meanwhile."))
    return row


def _not_own(row, actor):
    if is_own(row, actor):
        raise NotPossible(_("This is a claim of your own. A colleague decides it."))


def _decide(row, state, answer, actor):
    row.state, row.answer = state, answer.strip()
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save()


def _tell(row, title, lines=()):
    if row.answer:
        lines = [*lines, row.answer]
    tell(
        row.member,
        title=title.format(claim=row)[:TITLE_LENGTH],
        text="\n".join(lines),
        link=reverse("own_activities:contributions"),
    )
