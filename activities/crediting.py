"""Volunteer hours that come of attendance: who was there in person has them once the attendance is settled."""

from django.db import transaction
from django.utils import timezone

from activities.models import Activity, Presence, Service
from organizations.models import Change, change_row, current_action

# rows of one statement
CHUNK = 500
# who was represented did not serve, who observed did not either
IN_PERSON = frozenset({Presence.ATTENDED, Presence.LATE})
State = Service.State


@transaction.atomic
def bring_in_line(activity, *, actor=None):
    """Bring the hours credited for `activity` in line with its list; return how many services changed.

    With hours and a settled attendance each member who came in person has one confirmed service of it; a claim the
    member made for this activity becomes that one. Who no longer counts has theirs taken back; claims that were
    confirmed by hand stay. The caller holds the lock on the activity.
    """
    activity = Activity.objects.get(pk=activity.pk)
    wanted = _entitled(activity)
    latest, live = {}, {}
    rows = Service.objects.filter(activity=activity).exclude(state=State.REFUSED)
    for row in rows.select_related("member", "activity__host").order_by("pk"):
        latest[row.member_id] = row
        if row.state != State.WITHDRAWN:
            live[row.member_id] = row
    decided = {"decided_by": actor, "decided_at": timezone.now()}
    credit = {
        "state": State.CONFIRMED,
        "hours": activity.hours,
        "field_id": activity.field_id,
        "what": activity.title,
        "on": activity.on,
        "is_credited": True,
    }
    kept = [row for pk in wanted if (row := live.get(pk) or latest.get(pk))]
    gone = [row for pk, row in live.items() if row.is_credited and pk not in wanted]
    new = [
        Service(member=member, activity=activity, **credit, **decided)
        for pk, member in wanted.items()
        if pk not in latest
    ]
    changed = _write(kept, credit, decided) + _write(gone, {"state": State.WITHDRAWN}, decided)
    return changed + _create(new)


def _entitled(activity):
    """{key: Member} of those who have hours of `activity` now."""
    if activity.state != Activity.State.CLOSED or activity.hours is None:
        return {}
    there = activity.participations.filter(member__isnull=False, presence__in=IN_PERSON)
    return {row.member_id: row.member for row in there.select_related("member")}


def _write(rows, values, decided):
    """Give all `rows` the same `values`, with their history; rows that have them already are left alone."""
    found = []
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
        if diff := row.pending_diff():
            found.append((row, diff))
    if found:
        keys = [row.pk for row, _diff in found]
        for start in range(0, len(keys), CHUNK):
            part = Service.objects.filter(pk__in=keys[start : start + CHUNK])
            part.update(**values, **decided)
        _remember(found, Change.Kind.CHANGED)
    return len(found)


def _create(rows):
    if rows:
        Service.objects.bulk_create(rows, batch_size=CHUNK)
        _remember([(row, row.pending_diff()) for row in rows], Change.Kind.CREATED)
    return len(rows)


def _remember(found, kind):
    action = current_action()
    changes = [change_row(action, row, kind, diff) for row, diff in found]
    Change.objects.bulk_create(changes, batch_size=CHUNK)
