"""What staff do with the list of an activity: put people on it, give places by hand, take off."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from activities.attending import Entry, record_presences, write, writing
from activities.models import Activity, Participation, Presence
from activities.signing_up.services import PLACE_COLUMNS, free_places, move_up
from activities.signing_up.telling import tell_about
from organizations.services import NotPossible

State = Participation.State


@dataclass(frozen=True)
class Entered:
    """How many got a place, stand in line, and were signed up before."""

    signed_up: int
    waiting: int
    already: int


def _concerns_people(activity):
    """Whether those concerned are told: it is announced and still to come."""
    return activity.state == Activity.State.PUBLISHED and timezone.now() < activity.starts_at


def sign_up_members(activity, members, *, actor=None, above=False, reason=""):
    """Sign `members` up for `activity` and tell them; return an Entered.

    Where places run out the others stand in line, unless they are to come `above` the number of places. Once the
    attendance is settled a `reason` is needed. Raises NotPossible.
    """
    with writing(activity, actor=actor, reason=reason) as activity:
        now, members = timezone.now(), list(members)
        if gone := [each for each in members if not each.is_in_force and now < activity.starts_at]:
            raise NotPossible(_("{name} is no longer a member in force.").format(name=gone[0]))
        stored = activity.participations.filter(member__in=members).select_related("member")
        stored = {row.member_id: row for row in stored}
        free, placed, in_line, new = None if above else free_places(activity), [], [], []
        for member in members:
            row = stored.get(member.pk)
            if row is not None and row.state == State.SIGNED_UP:
                continue
            if row is None:
                row = Participation(member=member)
                new.append(row)
            elif row.state == State.WAITING and free == 0:
                continue
            row.state = State.WAITING if free == 0 and row.presence == "" else State.SIGNED_UP
            row.asked_at, row.signed_up_by = row.asked_at or now, actor
            (in_line if row.state == State.WAITING else placed).append(member)
            if free:
                free -= 1
        write(stored.values(), activity=activity, new=new, also=PLACE_COLUMNS)
        if _concerns_people(activity):
            tell_about(activity, placed, gettext_noop("You are signed up: {activity}"))
            tell_about(
                activity,
                in_line,
                gettext_noop("You are in line for a place: {activity}"),
                gettext_noop("You are told as soon as a place becomes free."),
            )
    return Entered(len(placed), len(in_line), len(members) - len(placed) - len(in_line))


def add_guests(activity, guests, *, actor=None, above=False, reason=""):
    """Put `guests` [{"guest_name", "guest_from", "guest_post"}] on the list of `activity`; return the rows.

    Guests do not stand in line: where there are fewer places than guests NotPossible is raised, unless they are to
    come `above` the number of places.
    """
    with writing(activity, actor=actor, reason=reason) as activity:
        free = None if above else free_places(activity)
        if free is not None and free < len(guests):
            raise NotPossible(
                _(
                    "Only {free} places are left: tick the box below to put them on the list all the same."
                ).format(free=free)
            )
        now = timezone.now()
        rows = [Participation(asked_at=now, signed_up_by=actor, **guest) for guest in guests]
        write([], activity=activity, new=rows)
    return rows


def change_guest(row, *, actor=None, reason="", **fields):
    """Change name, office or post of the guest of `row`."""
    with writing(row.activity, actor=actor, reason=reason):
        for name in ("guest_name", "guest_from", "guest_post"):
            setattr(row, name, fields[name])
        row.save()


def give_place(row, *, actor=None, reason=""):
    """Give the member of `row` a place out of turn, above the number of places if need be, and say so to them."""
    with writing(row.activity, actor=actor, reason=reason) as activity:
        row = activity.participations.select_related("member").get(pk=row.pk)
        if row.state == State.SIGNED_UP:
            return row
        row.activity, row.state = activity, State.SIGNED_UP
        row.asked_at, row.signed_up_by = row.asked_at or timezone.now(), actor
        row.save()
        if row.member and _concerns_people(activity):
            tell_about(activity, [row.member], gettext_noop("You are signed up: {activity}"))
    return row


def note_leave(row, *, leave_reason, actor=None, reason=""):
    """Enter that the person of `row` asked for leave; whoever is first in line moves up. Raises NotPossible."""
    if not row.is_expected:
        raise NotPossible(_("{name} is not expected.").format(name=row.person))
    entry = Entry(Presence.LEAVE, reason=leave_reason)
    record_presences(row.activity, {row.pk: entry}, way=Participation.Way.LIST, actor=actor, reason=reason)
    move_up(row.activity)


def take_back_leave(row, *, actor=None, reason=""):
    """The person of `row` comes after all. Raises NotPossible where the place was given to somebody else."""
    with writing(row.activity, actor=actor, reason=reason) as activity:
        row = activity.participations.get(pk=row.pk)
        if row.presence != Presence.LEAVE:
            return
        if row.state == State.SIGNED_UP and free_places(activity) == 0:
            raise NotPossible(_("All places are taken meanwhile: raise their number first."))
        row.activity, row.presence, row.reason, row.way, row.entered_by = activity, "", "", "", actor
        row.save()


def remove(row, *, actor=None, reason=""):
    """Take the person of `row` off the list, who is told; whoever is first in line moves up.

    Raises NotPossible where something is entered about their coming: what happened stays.
    """
    with writing(row.activity, actor=actor, reason=reason) as activity:
        row = activity.participations.select_related("member").filter(pk=row.pk).first()
        if row is None:
            return
        if row.presence:
            raise NotPossible(
                _("“{presence}” is entered about {name}: take that back first.").format(
                    presence=row.get_presence_display(), name=row.person
                )
            )
        row.activity = activity
        told = row.member and row.state in (State.SIGNED_UP, State.WAITING) and _concerns_people(activity)
        row.delete()
        if told:
            tell_about(activity, [row.member], gettext_noop("You are no longer on the list: {activity}"))
        move_up(activity)
