"""Opening and closing the check-in of an activity or meeting, and what its screen shows."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.frame import may_edit
from activities.models import Activity, Door, Participation, Presence, Scan
from organizations.meetings.checks import counts_of
from organizations.meetings.counting import Quorum, quorum
from organizations.meetings.defaults import rule_for
from organizations.meetings.holding import hold_meeting
from organizations.meetings.page import may_write
from organizations.models import Attendance, Meeting
from organizations.services import NotPossible

OPEN_AFTER = dt.timedelta(hours=12)
"""A check-in that nobody closed ends so long after the activity."""


@transaction.atomic
def open_door(event, *, actor):
    """Open the check-in of `event` (an Activity or Meeting), once more if it was closed; return the Door.

    Opening makes a new secret: codes of before are worth nothing. Of a meeting that is still planned the list of those
    entitled is fixed with it. Raises NotPossible.
    """
    if isinstance(event, Meeting):
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=event.pk)
        if meeting.state == Meeting.State.PLANNED:
            meeting = hold_meeting(meeting, today=timezone.localdate(), actor=actor)
        key, why = {"meeting": meeting}, why_meeting_shut(meeting)
    else:
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=event.pk)
        key, why = {"activity": activity}, why_activity_shut(activity)
    if why:
        raise NotPossible(why)
    fields = {
        "secret": secrets.token_hex(32),
        "opened_at": timezone.now(),
        "opened_by": actor,
        "closed_at": None,
    }
    door, _made = Door.objects.update_or_create(**key, defaults=fields)
    return door


def close_door(door):
    """Close the check-in; codes that were read before and arrive later are still put before staff."""
    Door.objects.filter(pk=door.pk, closed_at=None).update(closed_at=timezone.now())


def why_activity_shut(activity):
    """Why nobody can check in to `activity`, a sentence; "" if nothing is in the way."""
    states = Activity.State
    return {
        states.DRAFT: _("This activity is not announced yet."),
        states.CLOSED: _("The attendance of this activity is settled."),
        states.CANCELLED: _("This activity was cancelled."),
    }.get(activity.state, "")


def why_meeting_shut(meeting):
    states = Meeting.State
    return {
        states.PLANNED: _("The meeting has not begun: the list of those entitled is not fixed yet."),
        states.SIGNED: _("The minutes of this meeting are signed."),
        states.CANCELLED: _("This meeting was cancelled."),
    }.get(meeting.state, "")


def why_shut(door, *, now=None):
    """Why nobody could check in at `door` at the moment `now`, a sentence; "" if it was open."""
    why = why_activity_shut(door.activity) if door.activity_id else why_meeting_shut(door.meeting)
    if why:
        return why
    now = now or timezone.now()
    if (door.closed_at is not None and door.closed_at <= now) or now > ends_by_itself_at(door):
        return _("Check-in is closed.")
    return ""


def ends_by_itself_at(door):
    if door.activity_id:
        return max(door.activity.ends_at, door.opened_at) + OPEN_AFTER
    end = timezone.make_aware(dt.datetime.combine(door.meeting.on, dt.time.max))
    return max(end, door.opened_at) + OPEN_AFTER


def may_run(user, door):
    """Whether `user` may run the check-in `door`, which is in sight."""
    if door.activity_id:
        return user.has_perm("activities.change_participation") and may_edit(user, door.activity)
    return may_write(user, door.meeting)


# -- figures


@dataclass(frozen=True)
class Live:
    """Figures on the screen."""

    expected: int
    present: int
    late: int
    leave: int
    others: int
    """Who came without being expected or entitled."""
    quorum: Quorum | None = None
    share: str = ""
    """The share that the quorum is, in words."""


def live(door):
    """The Live figures of `door`, in one query, of a meeting in two."""
    if door.activity_id:
        counts = door.activity.participations.counts()
        return Live(
            expected=counts.expected,
            present=counts.present,
            late=counts.late,
            leave=counts.leave,
            others=counts.others + counts.observers,
        )
    meeting = door.meeting
    counts = counts_of(meeting.attendances.only("is_entitled", "presence"))
    share = meeting.quorum or rule_for(meeting.body.association_id, meeting.kind).quorum
    return Live(
        expected=counts.entitled,
        present=counts.present,
        late=counts.late,
        leave=counts.leave,
        others=counts.observers,
        quorum=quorum(counts.entitled, counts.present, share),
        share=Meeting(quorum=share).get_quorum_display(),
    )


def waiting(door):
    """Scans of `door` about which staff have to decide, the first first."""
    return (
        door.scans.filter(outcome=Scan.Outcome.WAITING).select_related("member").order_by("received_at", "id")
    )


def row_of(door, member):
    """The Participation or Attendance of `member` at `door`, None if there is none."""
    if door.activity_id:
        return Participation.objects.filter(activity=door.activity_id, member=member).first()
    return Attendance.objects.filter(meeting=door.meeting_id, member=member).first()


def has_come(row):
    """Whether `row` (a Participation, an Attendance or None) says that the person is there."""
    return row is not None and (row.presence in Attendance.PRESENT or row.presence == Presence.OBSERVER)
