"""This part's piece of the pages of an activity, and of a meeting."""

from activities.check_in.doors import why_activity_shut, why_shut
from activities.frame import may_edit
from activities.models import Activity, Door
from activities.parts import Part
from organizations.models import Meeting


def part(activity, user):
    """The state of the check-in with its buttons, for who may run it."""
    if not user.has_perm("activities.change_participation") or not may_edit(user, activity):
        return None
    door = Door.objects.filter(activity=activity).select_related("activity").first()
    if door is None and why_activity_shut(activity):
        return None
    context = _context(door, may_open=activity.state == Activity.State.PUBLISHED)
    return Part("activities/_check_in_part.html", context, is_aside=True)


def meeting_part(meeting, may_edit):
    """The same for the page of a `meeting`, as organizations.meetings.page wants it: (template, context) or None."""
    door = Door.objects.filter(meeting=meeting).first()
    may_begin = meeting.state in (Meeting.State.PLANNED, Meeting.State.HELD)
    if not may_edit or (door is None and not may_begin):
        return None
    if door:
        door.meeting = meeting
    return "activities/_check_in_part.html", _context(door, may_open=may_begin)


def _context(door, *, may_open):
    return {
        "door": door,
        "is_open": bool(door) and not why_shut(door),
        "waiting": door.scans.filter(outcome="waiting").count() if door else 0,
        "may_open": may_open,
    }


def own_part(activity, member, participation):
    """How the member checks in, while the check-in is open."""
    door = Door.objects.filter(activity=activity, closed_at=None).select_related("activity").first()
    if door is None or why_shut(door):
        return None
    return Part("portal/_check_in_part.html", {"came_at": participation and participation.came_at})
