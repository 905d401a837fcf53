"""Who comes through the door of a meeting: one row of its list, while others come through it too."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.meetings.holding import writing
from organizations.models import Attendance, Meeting
from organizations.services import NotPossible

LATE_AFTER = 10
"""Minutes after its beginning from which on who comes to a meeting is late."""


class NotEntitled(NotPossible):
    """The member is not on the list of the meeting; staff may put them there as observers."""


@dataclass(frozen=True)
class CheckedIn:
    """What checking in did: the row, and whether the person had been checked in before (then nothing was written)."""

    row: Attendance
    again: bool


def is_late(meeting, moment):
    """Whether who comes to `meeting` at `moment` is late (迟到)."""
    if meeting.starts_at is None:
        return False
    begins = timezone.make_aware(dt.datetime.combine(meeting.on, meeting.starts_at))
    return moment > begins + dt.timedelta(minutes=LATE_AFTER)


def check_in(meeting, member, *, at=None, actor=None, reason=""):
    """Enter that `member` came to `meeting` at the moment `at` (now if None), late or in time; return a CheckedIn.

    Who is on the list without a vote observes (列席). Doing it twice changes nothing. Raises NotPossible before the
    list is fixed, NotEntitled where the member is not on it.
    """
    at = at or timezone.now()
    kinds = Attendance.Presence
    with writing(meeting, actor=actor, reason=reason, alone=bool(reason)) as meeting:
        if meeting.state == Meeting.State.PLANNED:
            raise NotPossible(_("The meeting has not begun: the list of those entitled is not fixed yet."))
        row = meeting.attendances.select_for_update(of=("self",)).filter(member=member).first()
        if row is None:
            raise NotEntitled(_("{name} is not on the list of this meeting.").format(name=member))
        if row.presence in Attendance.PRESENT or row.presence == kinds.OBSERVER:
            return CheckedIn(row, again=True)
        if row.is_entitled:
            row.presence = kinds.LATE if is_late(meeting, at) else kinds.ATTENDED
        else:
            row.presence = kinds.OBSERVER
        row.reason = ""
        row.meeting = meeting
        row.save()
    return CheckedIn(row, again=False)
