"""Who was there: the one place that writes the presence of people at activities, whichever way it was found out.

Check-in, the staff's grid and sign-in sheets all come here, so that there is one truth and one history. Changes belong
to the action in progress; once the attendance is settled each needs a reason, which becomes the note of an action of
its own.
"""

import contextlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.crediting import bring_in_line
from activities.models import PRESENT, Activity, Participation, Presence
from organizations.models import Change, acting, change_row, current_action
from organizations.services import NotPossible
from organizations.shared_locks import keep_as_it_is

# rows of one statement
CHUNK = 500
State, Way = Participation.State, Participation.Way
_WRITTEN = ["state", "presence", "proxy_name", "reason", "way", "came_at", "entered_by"]


@dataclass(frozen=True)
class Entry:
    """What is entered about one person: presence ("" takes it back), who came instead, reason."""

    presence: str
    proxy_name: str = ""
    reason: str = ""


@contextlib.contextmanager
def writing(activity, *, actor=None, reason="", alone=True):
    """Locks `activity` for a change to its list; gives it as it is now.

    Not `alone`: others may write rows of its list at the same time, and the caller locks its own. Raises NotPossible
    if it is cancelled, or if its attendance is settled and no `reason` is given; with one, what is written inside is
    an action of its own of `actor`, with the reason as its note, and the hours credited follow.
    """
    with transaction.atomic():
        stored = lock(activity, reason=reason, alone=alone)
        if stored.state != Activity.State.CLOSED:
            yield stored
            return
        note = _("Correction after the attendance was settled: {reason}").format(reason=reason.strip())
        with acting(actor, note=note[:500], association=stored.association):
            yield stored
            bring_in_line(stored, actor=actor)


def lock(activity, *, reason="", alone=True):
    """`activity` as it is now, locked for a change to its list. Raises NotPossible as `writing` does.

    For writers with an action of their own, in which they note the `reason`.
    """
    rows = Activity.objects.select_related("host")
    if alone:
        rows = rows.select_for_update(of=("self",))
    else:
        keep_as_it_is(activity)
    stored = rows.get(pk=activity.pk)
    if stored.state == Activity.State.CANCELLED:
        raise NotPossible(_("This activity was cancelled."))
    if stored.state == Activity.State.CLOSED and not reason.strip():
        raise NotPossible(_("The attendance is settled: say why this is corrected."))
    return stored


def record_presences(activity, entries, *, way, actor=None, reason="", came_at=None):
    """Enter who was there: `entries` {key of a Participation of `activity`: Entry}; return how many rows changed.

    `way` is a Participation.Way. Who was only invited or had declined and came after all is on the list from then on.
    Raises NotPossible, in a sentence with the name, where a rule forbids an entry; then nothing is written.
    """
    with writing(activity, actor=actor, reason=reason) as activity:
        rows = activity.participations.select_related("member").in_bulk(list(entries))
        for pk, entry in entries.items():
            row = rows.get(pk)
            if row is None:
                raise NotPossible(_("Somebody is no longer on the list: open the page again."))
            enter(activity, row, entry, way=way, actor=actor, at=came_at)
        return write(rows.values(), activity=activity)


def enter(activity, row, entry, *, way, actor, at=None):
    """Set `row` as the `entry` says, in memory. Raises NotPossible."""
    if entry.presence and entry.presence not in Presence.values:
        raise NotPossible(_("{name}: choose one of the list.").format(name=row.person))
    if entry.presence == Presence.PROXY and not entry.proxy_name.strip():
        raise NotPossible(_("{name}: say who came instead.").format(name=row.person))
    comes = entry.presence in PRESENT or entry.presence == Presence.OBSERVER
    listed = row.state in (State.SIGNED_UP, State.WALK_IN) or (
        row.state == State.INVITED and activity.is_compulsory
    )
    if comes and not listed:
        row.state = State.WALK_IN
    elif not comes and row.state == State.WALK_IN:
        # taken back: invited ones are so again, others did not sign up
        row.state = State.INVITED if row.invited_at else State.WITHDRAWN
    row.presence = entry.presence
    row.proxy_name = entry.proxy_name.strip()[:100] if entry.presence == Presence.PROXY else ""
    row.reason = entry.reason.strip()[:200]
    row.way = way if entry.presence else ""
    row.came_at = (at or row.came_at) if entry.presence in PRESENT else None
    row.entered_by = actor


@dataclass(frozen=True)
class CheckedIn:
    """What checking in did: the row, and whether the person had been checked in before (then nothing was written)."""

    row: Participation
    again: bool


def check_in(activity, member, *, way, at=None, actor=None, reason=""):
    """Enter that `member` came to `activity` at the moment `at` (now if None), late or in time; return a CheckedIn.

    Doing it twice changes nothing. Who is not on the list is put there as having come without signing up. Raises
    NotPossible. Cheap on purpose: many come through the door at once.
    """
    at = at or timezone.now()
    row = activity.participations.filter(member=member).first()
    # without a lock: nearly always this is the second look at a code just read
    if row is not None and row.presence in PRESENT:
        return CheckedIn(row, again=True)
    with writing(activity, actor=actor, reason=reason, alone=bool(reason)) as activity:
        if activity.state == Activity.State.DRAFT:
            raise NotPossible(_("This activity is not announced yet."))
        own = activity.participations.select_for_update(of=("self",)).filter(member=member)
        row = own.first()
        try:
            with transaction.atomic():
                return _enter_coming(activity, row, member, way=way, at=at, actor=actor)
        except IntegrityError:
            # put on the list at the same moment, by another device or by staff
            return _enter_coming(activity, own.get(), member, way=way, at=at, actor=actor)


def _enter_coming(activity, row, member, *, way, at, actor):
    if row is not None and row.presence in PRESENT:
        return CheckedIn(row, again=True)
    row = row or Participation(activity=activity, member=member, state=State.WALK_IN)
    row.activity = activity
    presence = Presence.LATE if activity.is_late(at) else Presence.ATTENDED
    enter(activity, row, Entry(presence), way=way, actor=actor, at=at)
    row.save()
    return CheckedIn(row, again=False)


def put_on_list(activity, *, member=None, guest=None, actor=None, reason="", presence=""):
    """Put a member, or a guest {"guest_name", "guest_from", "guest_post"}, on the list as expected; return the row.

    With a `presence` it is entered too. A member on the list already is signed up from now on. Raises NotPossible.
    """
    with writing(activity, actor=actor, reason=reason) as activity:
        row = activity.participations.filter(member=member).first() if member else None
        if row is None:
            row = Participation(activity=activity, member=member, **(guest or {}))
        row.state = State.SIGNED_UP
        row.asked_at = row.asked_at or timezone.now()
        row.signed_up_by = actor
        if presence:
            enter(activity, row, Entry(presence), way=Way.LIST, actor=actor)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise NotPossible(_("{name} is on the list already.").format(name=row.person)) from error
    return row


def write(rows, *, activity, new=(), also=()):
    """Save the `rows` of `activity` that differ and the `new` ones with their history, in few statements.

    `also` names columns written besides those of the attendance. Returns how many. The caller holds the lock
    (`writing`).
    """
    action, changes, changed = None, [], []
    for row in rows:
        row.activity = activity
        diff = row.pending_diff()
        stored = row._stored
        if diff or any(stored.get(name) != getattr(row, name) for name in ("came_at", "entered_by_id")):
            changed.append(row)
        if diff:
            action = action or current_action()
            changes.append(change_row(action, row, Change.Kind.CHANGED, diff))
    if changed:
        # rows that are there take the new values: five times as fast as an UPDATE with a CASE for each of them
        Participation.objects.bulk_create(
            changed,
            batch_size=CHUNK,
            update_conflicts=True,
            update_fields=[*_WRITTEN, *also],
            unique_fields=["id"],
        )
    if new:
        for row in new:
            row.activity = activity
        Participation.objects.bulk_create(new, batch_size=CHUNK)
        action = action or current_action()
        changes += [change_row(action, row, Change.Kind.CREATED, row.pending_diff()) for row in new]
    Change.objects.bulk_create(changes, batch_size=CHUNK)
    return len(changed) + len(new)
