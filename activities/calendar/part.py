"""This part's piece of the member's page of an activity."""

from activities.parts import Part


def own_part(activity, member, participation):
    if activity.state == activity.State.CANCELLED:
        return None
    return Part(template="portal/_activity_calendar.html")
