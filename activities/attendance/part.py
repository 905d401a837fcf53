"""The list and its counts on the page of an activity."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.attendance.people import people_of, percent
from activities.attendance.sheet import too_early
from activities.frame import may_edit
from activities.models import Activity
from activities.parts import Part, Tool

MOST_SHOWN = 20


def part(activity, user):
    rows = activity.participations.all()
    counts = rows.counts()
    is_editor = may_edit(user, activity)
    first = people_of(activity, user, rows, most=MOST_SHOWN + 1)
    tools = ()
    if is_editor and activity.state != Activity.State.CANCELLED:
        address = reverse("activities:attendance", args=[activity.pk])
        is_due = activity.state == Activity.State.PUBLISHED and not too_early(activity)
        tools = (Tool(_("Attendance"), address, is_primary=is_due),)
    context = {
        "counts": counts,
        "rate": percent(counts.rate),
        "people": first[:MOST_SHOWN],
        "has_more": len(first) > MOST_SHOWN,
        "may_edit": is_editor,
        "most": MOST_SHOWN,
    }
    return Part("activities/_attendance_part.html", context, tools=tools)
