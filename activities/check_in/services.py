"""Checking in: by members themselves, by staff who scan their codes, and what staff decide about codes sent late.

Whatever came of a code is a `Scan`; who was there is written by activities.attending and, of meetings,
organizations.meetings.checking_in, whichever way somebody came in.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities import attending
from activities.check_in.doors import has_come, row_of, why_shut
from activities.models import Activity, Participation, Scan
from members.inbox import tell
from organizations.meetings import checking_in
from organizations.meetings.checking_in import NotEntitled
from organizations.meetings.holding import add_observer
from organizations.models import Meeting
from organizations.services import NotPossible

Outcome = Scan.Outcome


# -- members, by the code on the screen


def check_in_oneself(door, member, *, reading, key, now=None):
    """`member` has read the code on the screen of `door` as the codes.Reading says; return the Scan.

    `key`: made up by the telephone; sent twice it is one Scan. What was not read and sent in time waits for staff, so
    does who is not on the list of a meeting. Raises NotPossible, and then nothing is kept.
    """
    now = now or timezone.now()
    key = f"{member.pk}.{key}"[:40]
    if found := door.scans.filter(key=key).first():
        return found
    row = row_of(door, member)
    scan = Scan(
        door=door,
        member=member,
        key=key,
        way=Scan.Way.SCREEN,
        shown_at=reading.shown_at,
        read_at=reading.read_at,
        received_at=now,
    )
    if has_come(row):
        return _kept(scan, Outcome.AGAIN)
    if why := why_not_theirs(door, member, row):
        raise NotPossible(why)
    if why := why_shut(door, now=now):
        if _is_called_off(door) or why_shut(door, now=reading.shown_at):
            raise NotPossible(why)
        return _put_before_staff(scan)
    if not reading.is_fresh or (row is None and door.meeting_id):
        return _put_before_staff(scan)
    return _count_and_keep(scan, way=Participation.Way.SCREEN)


def why_not_theirs(door, member, row):
    """Why `member` cannot check in without staff, a sentence; "" if they can. `row`: theirs on the list, or None."""
    if row is not None:
        return ""
    # of what a hidden body does nothing is told to others, not even its name
    if door.is_hidden and not (
        door.activity_id and Activity.objects.shown_to(member).filter(pk=door.activity_id).exists()
    ):
        return _("You are not on the list here. Please ask the staff at the door.")
    if member.association_id != door.association_id:
        return _("You are a member of another association. Please ask the staff at the door to enter you.")
    if not member.is_in_force:
        return _("Your membership is not in force at present. Please ask the staff at the door.")
    return ""


def _is_called_off(door):
    return door.event.state in (Activity.State.CANCELLED, Activity.State.DRAFT, Meeting.State.PLANNED)


def _put_before_staff(scan):
    """Keep `scan` until staff decide; of one person at one door once."""
    waiting = scan.door.scans.filter(member=scan.member, outcome=Outcome.WAITING).first()
    return waiting or _kept(scan, Outcome.WAITING)


def _kept(scan, outcome):
    scan.outcome = outcome
    try:
        with transaction.atomic():
            scan.save(force_insert=True)
    except IntegrityError:
        # the same, sent twice at once
        return scan.door.scans.get(key=scan.key)
    return scan


def _count_and_keep(scan, *, way, actor=None):
    try:
        with transaction.atomic():
            again = _count(scan.door, scan.member, at=scan.read_at, way=way, actor=actor)
            scan.outcome = Outcome.AGAIN if again else Outcome.COUNTED
            scan.save(force_insert=True)
            # what waited of the same person needs no decision any more
            earlier = scan.door.scans.filter(member=scan.member, outcome=Outcome.WAITING)
            earlier.update(outcome=Outcome.AGAIN)
    except IntegrityError:
        return scan.door.scans.get(key=scan.key)
    return scan


def _count(door, member, *, at, way, actor=None, reason=""):
    """Write that `member` is there; return whether that was written before. Raises NotPossible."""
    if door.activity_id:
        return attending.check_in(door.activity, member, way=way, at=at, actor=actor, reason=reason).again
    return checking_in.check_in(door.meeting, member, at=at, actor=actor, reason=reason).again


# -- staff, by the code of the member or by name


def check_in_by_staff(door, member, *, key, actor, read_at=None):
    """Staff have recognised `member` at `door`, at the moment `read_at`; return the Scan.

    Raises NotEntitled for who is not on the list of a meeting, else NotPossible.
    """
    now = timezone.now()
    read_at = min(read_at or now, now)
    key = f"s.{key}"[:40]
    if found := door.scans.filter(key=key, member=member).first():
        return found
    if why := why_shut(door, now=read_at):
        raise NotPossible(why)
    scan = Scan(
        door=door,
        member=member,
        key=key,
        way=Scan.Way.STAFF,
        read_at=read_at,
        received_at=now,
        by=actor,
    )
    if has_come(row_of(door, member)):
        return _kept(scan, Outcome.AGAIN)
    return _count_and_keep(scan, way=Participation.Way.SCANNED, actor=actor)


@transaction.atomic
def let_observe(door, member, *, key, actor):
    """Put `member` on the list of the meeting as observer (列席); return the Scan. Raises NotPossible."""
    if why := why_shut(door):
        raise NotPossible(why)
    add_observer(door.meeting, member, actor=actor)
    now = timezone.now()
    return door.scans.create(
        member=member,
        key=f"o.{key}"[:40],
        way=Scan.Way.STAFF,
        read_at=now,
        received_at=now,
        outcome=Outcome.COUNTED,
        by=actor,
    )


# -- what came late


@transaction.atomic
def accept(scan, *, actor, reason=""):
    """Count what waited, as of the moment it was read; return the Scan. Raises NotPossible.

    `reason` is needed once the attendance is settled or the minutes are signed.
    """
    scan = _locked(scan)
    if scan.outcome != Outcome.WAITING:
        return scan
    way = Participation.Way.SCREEN
    try:
        again = _count(scan.door, scan.member, at=scan.read_at, way=way, actor=actor, reason=reason)
    except NotEntitled:
        add_observer(scan.door.meeting, scan.member, actor=actor, reason=reason)
        again = False
    return _decided(scan, Outcome.AGAIN if again else Outcome.COUNTED, actor, _("Your check-in is confirmed"))


@transaction.atomic
def refuse(scan, *, actor, note=""):
    """Do not count what waited; the member is told, with the `note` that says why. Return the Scan."""
    scan = _locked(scan)
    if scan.outcome != Outcome.WAITING:
        return scan
    scan.note = note.strip()[:200] or _("The code was no longer on the screen.")
    return _decided(scan, Outcome.REFUSED, actor, _("Your check-in was not confirmed"))


def _locked(scan):
    rows = Scan.objects.select_for_update(of=("self",))
    return rows.select_related("member", "door__activity__host", "door__meeting__body").get(pk=scan.pk)


def _decided(scan, outcome, actor, title):
    scan.outcome, scan.by = outcome, actor
    scan.save(update_fields=["outcome", "by", "note"])
    text = f"{scan.door}\n{scan.note}".strip()
    link = reverse("own_activities:checked_in", args=[scan.door_id])
    tell(scan.member, title=title, text=text, link=link)
    return scan


# -- how somebody stands


@dataclass(frozen=True)
class Standing:
    """What is known of one member at a door: the row of the list, the scan that counted, the last one."""

    row: object = None
    counted: Scan | None = None
    last: Scan | None = None

    @property
    def has_come(self):
        return has_come(self.row)

    @property
    def at(self):
        """The moment of coming, None if it is not known."""
        if self.counted:
            return self.counted.read_at
        return getattr(self.row, "came_at", None)


def standing_of(door, member):
    """The Standing of `member` at `door`, in two queries."""
    scans = list(door.scans.filter(member=member).order_by("received_at", "id"))
    counted = next((scan for scan in scans if scan.outcome == Outcome.COUNTED), None)
    return Standing(row_of(door, member), counted, scans[-1] if scans else None)


def delete_old_scans(day):
    """Delete the codes read longer than SCANS_KEEP_DAYS before the local date `day`; return how many.

    Who was there stays; what goes is when and how each code was read.
    """
    until = day - dt.timedelta(days=settings.SCANS_KEEP_DAYS)
    end = timezone.make_aware(dt.datetime.combine(until, dt.time.min))
    return Scan.objects.filter(received_at__lt=end).delete()[0]
