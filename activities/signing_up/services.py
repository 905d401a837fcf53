"""Signing up, off, and the line: what members do with their own place at an activity.

Each change locks the activity's row first, so that of two who ask for the last place at the same moment one gets it and
the other stands in line.
"""

import contextlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from activities.attending import write
from activities.models import Activity, Answer, Participation, Presence
from activities.signing_up.telling import moment, tell_about
from members.models.member import IN_FORCE
from organizations.services import NotPossible

State = Participation.State
# columns that `attending.write` saves besides its own when a place is given
PLACE_COLUMNS = ("asked_at", "signed_up_by")
# whoever has one of these was there
_CAME = frozenset(Presence) - {Presence.LEAVE, Presence.ABSENT}


@contextlib.contextmanager
def locked(activity):
    """Locks `activity` for a change to who has its places; gives it as it is now."""
    with transaction.atomic():
        rows = Activity.objects.select_for_update(of=("self",)).select_related("association", "host")
        yield rows.get(pk=activity.pk)


def free_places(activity):
    """How many places are free, None if as many come as like; 0 too where more are signed up than there is room."""
    if activity.capacity is None:
        return None
    return max(activity.capacity - activity.participations.taking_seats().count(), 0)


def sign_up(activity, member, *, answers=None, actor=None, at=None):
    """Sign `member` up for `activity` at the moment `at` (now if None); return the Participation.

    Its state says whether there was a place or the member waits in line. `answers` {key of a Question: text} are kept
    with it. Doing it twice changes nothing; who is on leave comes after all, if a place is still free. Raises
    NotPossible outside the time of signing up, and where the activity is not for the member.
    """
    at = at or timezone.now()
    with locked(activity) as activity:
        row = _row_of(activity, member)
        returning = row is not None and row.is_expected and row.presence == Presence.LEAVE
        if row is not None and row.state in (State.SIGNED_UP, State.WAITING) and not returning:
            return row
        if row is not None and row.presence in _CAME:
            return row
        _ask_whether_open(activity, member, row, at, returning=returning)
        _move_up(activity, at)
        row = row or Participation(activity=activity, member=member)
        row.activity = activity
        if not (returning and row.state == State.INVITED and not activity.takes_sign_ups_at(at)):
            row.state = State.WAITING if free_places(activity) == 0 else State.SIGNED_UP
            row.asked_at, row.signed_up_by = at, actor
        row.presence = row.reason = row.way = ""
        row.entered_by = None
        row.save()
        save_answers(row, answers or {})
    return row


def _row_of(activity, member):
    row = activity.participations.filter(member=member).first()
    if row is not None:
        row.activity = activity
    return row


def _ask_whether_open(activity, member, row, at, *, returning):
    """Raises NotPossible, in a sentence for the member, if signing up is not open at the moment `at`."""
    refuse_unless_coming(activity, at)
    if not member.is_in_force:
        raise NotPossible(_("Only members in force may sign up."))
    if returning:
        return
    kinds = Activity.SignUp
    if activity.sign_up == kinds.NONE:
        raise NotPossible(_("Nobody signs up for this activity: whoever is on the list comes."))
    if row is None and activity.sign_up == kinds.INVITED:
        raise NotPossible(_("Only those invited may sign up."))
    if row is None and not Activity.objects.shown_to(member).filter(pk=activity.pk).exists():
        raise NotPossible(_("This activity is not meant for you."))
    if activity.sign_up_from and at < activity.sign_up_from:
        raise NotPossible(_("Signing up begins on {moment}.").format(moment=moment(activity.sign_up_from)))
    if not activity.takes_sign_ups_at(at):
        until = activity.sign_up_until or activity.starts_at
        raise NotPossible(_("Signing up ended on {moment}.").format(moment=moment(until)))


def refuse_unless_coming(activity, at):
    """Raises NotPossible unless `activity` is announced and has not begun at the moment `at`.

    Where signing up goes on after the beginning, that counts.
    """
    if activity.state == Activity.State.DRAFT:
        raise NotPossible(_("This activity is not announced yet."))
    if activity.state == Activity.State.CANCELLED:
        raise NotPossible(_("This activity was cancelled."))
    if activity.state == Activity.State.CLOSED or at >= max(
        activity.starts_at, activity.sign_up_until or activity.starts_at
    ):
        raise NotPossible(_("This activity has begun: please tell those who hold it."))


def may_sign_off(activity, row, at):
    """Whether the person of `row` may give the place back without a reason, as if never signed up.

    Until signing up ends; afterwards, and where those invited are expected, one asks for leave.
    """
    if row.state == State.WAITING:
        return activity.state == Activity.State.PUBLISHED and at < activity.starts_at
    return (
        row.state == State.SIGNED_UP
        and row.presence in ("", Presence.LEAVE)
        and activity.state == Activity.State.PUBLISHED
        and activity.sign_up != Activity.SignUp.NONE
        and not (activity.is_compulsory and row.invited_at)
        and at < min(activity.starts_at, activity.sign_up_until or activity.starts_at)
    )


def sign_off(activity, member, *, actor=None, at=None):
    """Give the place of `member`, or the place in line, back; return the Participation, None if there is none.

    Whoever is first in line moves up. Raises NotPossible where one has to ask for leave instead.
    """
    at = at or timezone.now()
    with locked(activity) as activity:
        row = _row_of(activity, member)
        if row is None or row.state in (State.WITHDRAWN, State.DECLINED, State.INVITED):
            return row
        refuse_unless_coming(activity, at)
        if not may_sign_off(activity, row, at):
            raise NotPossible(_("Signing off is no longer possible: please ask for leave, with the reason."))
        row.state, row.presence, row.reason, row.way = State.WITHDRAWN, "", "", ""
        row.save()
        row.answers.all().delete()
        _move_up(activity, at)
    return row


def decline(activity, member, *, reason="", actor=None, at=None):
    """`member` does not follow the invitation; return the Participation. Raises NotPossible."""
    at = at or timezone.now()
    with locked(activity) as activity:
        row = _row_of(activity, member)
        if row is None or row.state == State.DECLINED:
            return row
        refuse_unless_coming(activity, at)
        if row.state != State.INVITED:
            raise NotPossible(_("You have answered the invitation already."))
        if activity.is_compulsory:
            raise NotPossible(_("Everybody invited is expected: please ask for leave, with the reason."))
        row.state, row.reason = State.DECLINED, reason.strip()[:200]
        row.save()
    return row


def may_ask_for_leave(activity, row, at):
    """Whether the person of `row` may ask for leave at the moment `at`: expected, before it begins."""
    return (
        row.is_expected
        and row.presence in ("", Presence.LEAVE)
        and activity.state == Activity.State.PUBLISHED
        and at < activity.starts_at
    )


def ask_for_leave(activity, member, *, reason, actor=None, at=None):
    """Note that `member`, who is expected, cannot come, for `reason`; return the Participation.

    The place becomes free and whoever is first in line moves up. Until the activity begins; then staff enter it.
    Raises NotPossible.
    """
    at = at or timezone.now()
    with locked(activity) as activity:
        row = _row_of(activity, member)
        refuse_unless_coming(activity, at)
        if row is None or not may_ask_for_leave(activity, row, at):
            raise NotPossible(_("Leave is asked for by those who are expected, before the activity begins."))
        if not reason.strip():
            raise NotPossible(_("Please say why you cannot come."), "reason")
        row.presence, row.reason = Presence.LEAVE, reason.strip()[:200]
        row.way, row.entered_by = Participation.Way.OWN, actor
        row.save()
        _move_up(activity, at)
    return row


def move_up(activity, *, at=None):
    """Give free places to those first in line and tell them; return the Participations.

    To be called after whatever makes places free: somebody signed off or on leave, more places. Never gives more than
    there are, and nothing once the activity has begun.
    """
    with locked(activity) as activity:
        return _move_up(activity, at or timezone.now())


def _move_up(activity, at):
    if activity.state != Activity.State.PUBLISHED or at >= activity.starts_at:
        return []
    line = activity.participations.waiting().filter(member__status__in=IN_FORCE).select_related("member")
    rows = list(line[: free_places(activity)])
    for row in rows:
        row.state = State.SIGNED_UP
    write(rows, activity=activity)
    tell_about(
        activity,
        [row.member for row in rows],
        gettext_noop("A place became free for you: {activity}"),
        gettext_noop("You are signed up now. Should you be unable to come, please say so early."),
    )
    return rows


def save_answers(row, answers):
    """Keep the `answers` {key of a Question of the activity: text} of `row`; an empty text takes one back."""
    asked = set(row.activity.questions.values_list("pk", flat=True)) if answers else set()
    stored = {answer.question_id: answer for answer in row.answers.all()} if answers else {}
    new, changed, gone = [], [], []
    for pk, text in answers.items():
        text, answer = text.strip()[:500], stored.get(pk)
        if pk not in asked:
            continue
        if answer is None:
            if text:
                new.append(Answer(participation=row, question_id=pk, text=text))
        elif not text:
            gone.append(answer.pk)
        elif answer.text != text:
            answer.text = text
            changed.append(answer)
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(changed, ["text"])
    if gone:
        row.answers.filter(pk__in=gone).delete()


def change_answers(activity, member, *, answers, at=None):
    """Change what `member` answered, as long as signing up is open. Raises NotPossible."""
    with locked(activity) as activity:
        row = _row_of(activity, member)
        if row is None or row.state not in (State.SIGNED_UP, State.WAITING):
            raise NotPossible(_("You are not signed up."))
        if not activity.takes_sign_ups_at(at or timezone.now()):
            raise NotPossible(_("Signing up is over; please tell those who hold the activity."))
        save_answers(row, answers)
    return row
