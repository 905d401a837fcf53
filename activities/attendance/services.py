"""Entering what was typed on the page of a list, and putting people on it."""

from django.db import transaction
from django.utils import timezone

from activities.attendance.sheet import Sheet
from activities.attending import Entry, enter, record_presences, write, writing
from activities.models import Activity, Participation, Presence

State, Way = Participation.State, Participation.Way


@transaction.atomic
def save_sheet(activity, data, *, actor, reason=""):
    """Enter what `data` (of the page of the list) changes; return how many rows.

    Raises ValidationError, with a sentence for each line that cannot be, and NotPossible.
    """
    # lock before reading: who is checked in at the door in between must not be overwritten
    Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    entries = Sheet(activity, data).entries()
    if not entries:
        return 0
    return record_presences(activity, entries, way=Way.LIST, actor=actor, reason=reason)


def add_people(activity, *, members=(), guest=None, came=False, actor=None, reason=""):
    """Put `members` and a `guest` {"guest_name", "guest_from", "guest_post"} on the list; return how many rows changed.

    They are expected, or `came` without signing up. Who is on the list already is so from now on. Raises NotPossible.
    """
    with writing(activity, actor=actor, reason=reason) as activity:
        there = {row.member_id: row for row in activity.participations.filter(member__in=members)}
        new = [Participation(member=member) for member in members if member.pk not in there]
        if guest:
            new.append(Participation(**guest))
        rows = [*there.values(), *new]
        for row in rows:
            _put(activity, row, came=came, actor=actor)
        return write(there.values(), activity=activity, new=new)


def _put(activity, row, *, came, actor):
    row.activity = activity
    if not came:
        row.state = State.SIGNED_UP
        if row.pk is None:
            row.asked_at, row.signed_up_by = timezone.now(), actor
        return
    if row.pk is None:
        row.state = State.WALK_IN
    enter(activity, row, Entry(Presence.ATTENDED), way=Way.LIST, actor=actor)
