"""What else those at an activity have at the same time: other activities, meetings in which they are entitled."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Participation, Presence
from organizations.meetings.entitled import coming_meetings, seats
from organizations.models import Body, Meeting

State = Participation.State
_COMES = (
    Q(state__in=[State.SIGNED_UP, State.WAITING]) | Q(state=State.INVITED, activity__is_compulsory=True)
) & ~Q(presence__in=[Presence.LEAVE, Presence.ABSENT])


@dataclass(frozen=True)
class Conflict:
    title: str
    on: dt.date
    at: dt.time | None
    address: str = ""


def conflicts_of(member, activity):
    """[Conflict] of `member` with `activity`: what the member is signed up for or entitled in at the same time."""
    rows = _others(activity).filter(_COMES, member=member)
    found = [
        _of_activity(row.activity, reverse("own_activities:activity", args=[row.activity_id])) for row in rows
    ]
    first, last = _days(activity)
    meetings = coming_meetings(member, first).filter(on__lte=last) if member.is_in_force else []
    return found + [_of_meeting(each) for each in meetings if _meets(each, activity)]


def conflicts_in(activity, user):
    """{id of member: [Conflict]} of those expected at `activity`, as far as `user` sees the other things.

    By few queries, more only with the meetings of the same day.
    """
    expected = activity.participations.filter(_COMES, member__isnull=False).values("member")
    found = defaultdict(list)
    seen = Activity.objects.visible_to(user)
    for row in _others(activity).filter(_COMES, member__in=expected, activity__in=seen.values("pk")):
        found[row.member_id].append(_of_activity(row.activity, row.activity.get_absolute_url()))
    first, last = _days(activity)
    bodies = Body.objects.visible_to(user)
    meetings = Meeting.objects.filter(
        on__range=(first, last), state=Meeting.State.PLANNED, body__in=bodies.values("pk")
    )
    for meeting in meetings.select_related("body", "joint_with"):
        if _meets(meeting, activity):
            conflict = _of_meeting(meeting, meeting.get_absolute_url())
            for seat in seats(meeting):
                found[seat.member_id].append(conflict)
    return dict(found)


def _others(activity):
    """Participations in other activities at the same time."""
    overlapping = Activity.objects.overlapping(activity.starts_at, activity.ends_at).exclude(pk=activity.pk)
    return Participation.objects.filter(activity__in=overlapping.values("pk")).select_related("activity")


def _days(activity):
    return activity.on, timezone.localdate(activity.ends_at)


def _meets(meeting, activity):
    """Whether `meeting` takes some of the time of `activity`; one without hours takes its whole day."""
    if meeting.starts_at is None:
        return True
    begins = timezone.make_aware(dt.datetime.combine(meeting.on, meeting.starts_at))
    # one whose end nobody has entered is taken for two hours
    ends = begins + dt.timedelta(hours=2)
    if meeting.ends_at:
        ends = timezone.make_aware(dt.datetime.combine(meeting.on, meeting.ends_at))
    return begins < activity.ends_at and ends > activity.starts_at


def _of_activity(activity, address):
    return Conflict(activity.title, activity.on, timezone.localtime(activity.starts_at).time(), address)


def _of_meeting(meeting, address=""):
    return Conflict(str(meeting), meeting.on, meeting.starts_at, address)
