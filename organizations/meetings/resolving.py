"""Resolutions: passed or not, carried out in one action, taken back together while the minutes are unsigned."""

import contextlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from organizations.meetings.counting import passed, reaches
from organizations.meetings.effects import effect_of
from organizations.meetings.holding import writing
from organizations.meetings.undoing import in_the_way, undo
from organizations.models import Election, Meeting, Resolution, acting
from organizations.services import NotPossible


def outcome(vote, meeting):
    """Whether what `vote` was about has passed: the quorum of `meeting` was there at the vote, and the majority."""
    return reaches(meeting.quorum, vote.present, vote.entitled) and passed(
        vote.in_favour,
        against=vote.against,
        present=vote.present,
        entitled=vote.entitled,
        majority=vote.majority,
        majority_of=vote.majority_of,
    )


def save_resolution(meeting, resolution, *, actor=None, reason=""):
    """Save `resolution` of `meeting`, new or changed; a new one without a number comes last. Return it.

    With a vote the vote says whether it passed. Raises NotPossible: before the meeting is held, and where one that is
    carried out would become another.
    """
    with writing(meeting, actor=actor, reason=reason) as meeting:
        if not meeting.has_taken_place:
            raise NotPossible(_("The meeting was not held yet: note that first."))
        resolution.meeting = meeting
        if not resolution.number:
            resolution.number = (meeting.resolutions.aggregate(last=Max("number"))["last"] or 0) + 1
        if meeting.resolutions.filter(number=resolution.number).exclude(pk=resolution.pk).exists():
            raise NotPossible(_("The meeting has a resolution of that number already."))
        if resolution.item_id and resolution.item.meeting_id != meeting.pk:
            raise NotPossible(_("This item is on the agenda of another meeting."))
        if resolution.vote_id:
            if resolution.vote.item.meeting_id != meeting.pk:
                raise NotPossible(_("This vote was held in another meeting."))
            resolution.item = resolution.item or resolution.vote.item
            resolution.is_passed = outcome(resolution.vote, meeting)
        if resolution.pk:
            before = Resolution.objects.get(pk=resolution.pk)
            if before.carried_out_id and (resolution.kind != before.kind or not resolution.is_passed):
                raise NotPossible(_("This resolution is carried out: take it back first."))
            if resolution.kind != before.kind:
                resolution.plan = {}
        resolution.save()
    return resolution


def delete_resolution(resolution, *, actor=None, reason=""):
    """Delete `resolution`. Raises NotPossible while it is carried out."""
    with writing(resolution.meeting, actor=actor, reason=reason):
        if resolution.carried_out_id:
            raise NotPossible(_("This resolution is carried out: take it back first."))
        resolution.delete()


def plan_resolution(resolution, plan):
    """Note what carrying out `resolution` does; return it. Raises NotPossible once it is carried out."""
    with _deciding(resolution) as resolution:
        resolution.plan = plan
        resolution.save(update_fields=["plan"])
    return resolution


@contextlib.contextmanager
def carrying_out(resolution, *, actor):
    """All recorded writes inside carry out `resolution`: one action of `actor`, which `take_back` undoes together.

    Gives the resolution as it is now, locked. Raises NotPossible unless it passed and is not carried out yet. Works
    on after the minutes are signed: then nothing takes it back.
    """
    with _deciding(resolution) as resolution:
        if not resolution.is_passed:
            raise NotPossible(_("This resolution was not passed."))
        note = _("Resolution of {meeting}: {title}").format(meeting=resolution.meeting, title=resolution)
        association = resolution.meeting.body.association
        with acting(
            actor, note=note[:500], association=association, details={"resolution": resolution.pk}
        ) as scope:
            yield resolution
            resolution.carried_out = scope.action()
            resolution.save(update_fields=["carried_out"])


def carry_out(resolution, *, actor):
    """Do what the plan of `resolution` says, in one action; return the resolution. Raises NotPossible.

    The services decide: where they refuse one thing nothing is written.
    """
    try:
        with carrying_out(resolution, actor=actor) as resolution:
            effect = effect_of(resolution)
            if effect is None or not resolution.plan:
                raise NotPossible(_("Nothing is planned that this resolution would change."))
            effect.carry_out(resolution, actor=actor)
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error
    return resolution


def obstacle(resolution, *, actor):
    """Why `resolution` cannot be carried out as it is planned, in a sentence; "" if it can.

    It is carried out and rolled back, so that the answer is that of the services and the database.
    """
    try:
        with transaction.atomic():
            carry_out(resolution, actor=actor)
            transaction.set_rollback(True)
    except NotPossible as error:
        return str(error)
    return ""


def not_taken_back(resolution):
    """Sentences of why what `resolution` changed cannot be taken back; [] if it can."""
    if sentence := _undone_elsewhere(resolution):
        return [sentence]
    if resolution.meeting.state == Meeting.State.SIGNED:
        return [_("The minutes are signed: what this resolution changed is no longer taken back.")]
    return in_the_way(resolution.carried_out, leave_out=[Resolution])


def take_back(resolution, *, actor):
    """Undo all that carrying out `resolution` wrote, in one action; return it. Raises NotPossible.

    After the minutes are signed nothing takes it back.
    """
    if sentence := _undone_elsewhere(resolution):
        raise NotPossible(sentence)
    if Meeting.objects.filter(pk=resolution.meeting_id, state=Meeting.State.SIGNED).exists():
        raise NotPossible(_("The minutes are signed: what this resolution changed is no longer taken back."))
    with writing(resolution.meeting) as meeting:
        resolution = _locked(resolution)
        if not resolution.carried_out_id:
            raise NotPossible(_("This resolution is not carried out."))
        note = _("Takes back the resolution of {meeting}: {title}").format(meeting=meeting, title=resolution)
        with acting(actor, note=note[:500], association=meeting.body.association):
            action, resolution.carried_out = resolution.carried_out, None
            resolution.save(update_fields=["carried_out"])
            undo(action, leave_out=[Resolution])
    return resolution


def _undone_elsewhere(resolution):
    """Where a re-election made `resolution`: that it is undone there, with all that came of it; "" otherwise."""
    if election := Election.objects.filter(resolution=resolution).first():
        return _("The election “{election}” made this resolution: undo taking office there.").format(
            election=election
        )
    return ""


@contextlib.contextmanager
def _deciding(resolution):
    """Locks the meeting and `resolution`, which it gives as it is now, unless it is carried out already."""
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=resolution.meeting_id)
        if meeting.state == Meeting.State.CANCELLED:
            raise NotPossible(_("This meeting was cancelled."))
        resolution = _locked(resolution)
        if resolution.carried_out_id:
            raise NotPossible(_("This resolution is carried out already."))
        yield resolution


def _locked(resolution):
    rows = Resolution.objects.select_for_update(of=("self",))
    return rows.select_related("meeting__body__association", "carried_out").get(pk=resolution.pk)
