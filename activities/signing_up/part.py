"""This part's piece of the staff's page of an activity."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.frame import may_edit
from activities.models import Activity
from activities.parts import Part, Tool
from activities.signing_up.services import free_places

# of the line, on the page of the activity; all of it stands on a page of its own
SHOWN = 8


def part(activity, user):
    """Who is invited, signed up and in line, as numbers, and what staff do about it."""
    counts = activity.participations.counts()
    changeable = may_edit(user, activity) and activity.state != Activity.State.CANCELLED
    waiting = (
        list(activity.participations.waiting().select_related("member")[:SHOWN]) if counts.waiting else []
    )
    taken = activity.participations.taking_seats().count()
    context = {
        "counts": counts,
        "taken": taken,
        "over": max(taken - activity.capacity, 0) if activity.capacity else 0,
        "free": free_places(activity),
        "line": waiting,
        "more": counts.waiting - len(waiting),
        "may_edit": changeable,
        "has_questions": activity.questions.exists(),
    }
    tools = []
    if changeable and activity.state == Activity.State.PUBLISHED:
        is_first = not counts.invited and not counts.signed_up
        tools.append(Tool(_("Invite …"), reverse("activities:invite", args=[activity.pk]), is_first))
    return Part("activities/_sign_up_part.html", context, tools=tuple(tools))
