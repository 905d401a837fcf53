"""What stands in calendars: for staff the activities and meetings in sight, for members their own."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Participation, Presence
from organizations.meetings.entitled import meetings_of
from organizations.models import Meeting

# of one look at a calendar: more than a month of a large association has
MOST = 2000
State = Participation.State
# whoever is one of these comes or may still come
COMING = (State.INVITED, State.SIGNED_UP, State.WAITING, State.WALK_IN)


@dataclass(frozen=True)
class Entry:
    """An activity or a meeting in a calendar; dates and times are local."""

    row: Activity | Meeting
    first: dt.date
    last: dt.date
    """Its last day, the first one again if it lasts one day."""
    at: dt.time | None
    """None: nobody entered when it begins."""
    until: dt.time | None
    held_by: str
    address: str = ""
    """Path of its page for the reader, "" where there is none."""
    own: str = ""
    """How things stand with the member who reads, in a word."""
    is_firm: bool = True
    """Whether the reader is sure to come, as far as is known."""

    @property
    def is_meeting(self):
        return isinstance(self.row, Meeting)

    @property
    def is_draft(self):
        return self.row.state == Activity.State.DRAFT

    @property
    def is_cancelled(self):
        return self.row.state == type(self.row).State.CANCELLED

    @property
    def title(self):
        return str(self.row)

    @property
    def place(self):
        return self.row.place

    @property
    def word(self):
        """What is to be known of its state before all: "draft", "cancelled", else how things stand with the reader."""
        if self.is_draft or self.is_cancelled:
            return self.row.get_state_display()
        return self.own

    @property
    def key(self):
        """By which entries are sorted: those of the whole day first."""
        return (self.first, self.at or dt.time.min, self.is_meeting, self.row.pk)


def in_sight(user, first, last, narrowed=None):
    """[Entry] of what `user` sees as staff from the local date `first` to `last`, in order; by two statements.

    `narrowed` is a function of (activities, meetings) that gives querysets of those wanted.
    """
    activities = Activity.objects.visible_to(user)
    meetings = Meeting.objects.visible_to(user)
    if not user.has_perm("activities.view_activity"):
        activities = activities.none()
    if not user.has_perm("organizations.view_meeting"):
        meetings = meetings.none()
    if narrowed:
        activities, meetings = narrowed(activities, meetings)
    found = [of_activity(row, row.get_absolute_url()) for row in _between(activities, first, last)]
    found += [of_meeting(row, row.get_absolute_url()) for row in _on(meetings, first, last)]
    return sorted(found, key=lambda entry: entry.key)


def own_entries(member, first, last, *, only_coming=False):
    """[Entry] of what the portal shows to `member` from the local date `first` to `last`, in order.

    Activities, and the meetings in which the member is entitled; three statements. `only_coming`: no activities but
    those the member is invited to or has signed up for.
    """
    own = Participation.objects.filter(member=member)
    activities = Activity.objects.shown_to(member)
    if only_coming:
        coming = own.filter(state__in=COMING).exclude(presence__in=[Presence.LEAVE, Presence.ABSENT])
        activities = activities.filter(pk__in=coming.values("activity"))
    rows = _between(activities, first, last).prefetch_related(
        Prefetch("participations", queryset=own, to_attr="own_rows")
    )
    found = [own_activity_entry(row, next(iter(row.own_rows), None)) for row in rows]
    if member.is_in_force:
        found += [of_meeting(row) for row in _on(meetings_of(member), first, last)]
    return sorted(found, key=lambda entry: entry.key)


def own_activity_entry(activity, participation):
    """The Entry of `activity` for the member whose row in its list is `participation`, if there is one."""
    address = reverse("own_activities:activity", args=[activity.pk])
    if participation is None:
        return of_activity(activity, address, is_firm=False)
    on_leave = participation.presence == Presence.LEAVE
    own = participation.get_presence_display() if on_leave else participation.get_state_display()
    is_firm = not on_leave and (participation.takes_a_seat or participation.state == State.WALK_IN)
    return of_activity(activity, address, own=own, is_firm=is_firm)


def of_activity(row, address="", **known):
    """The Entry of the Activity `row`; one that ends at midnight does not reach into the next day."""
    starts = timezone.localtime(row.starts_at)
    ends = timezone.localtime(row.ends_at)
    last = timezone.localtime(row.ends_at - dt.timedelta(microseconds=1)).date()
    return Entry(
        row,
        starts.date(),
        last,
        starts.time(),
        ends.time(),
        str(row.host or row.association),
        address,
        **known,
    )


def of_meeting(row, address=""):
    """The Entry of the Meeting `row`."""
    until = row.ends_at if row.starts_at and row.ends_at and row.ends_at > row.starts_at else None
    return Entry(row, row.on, row.on, row.starts_at, until, "、".join(map(str, row.bodies)), address)


def moment(day):
    """The moment at which the local date `day` begins."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _between(activities, first, last):
    rows = activities.filter(starts_at__lt=moment(last + dt.timedelta(days=1)), ends_at__gt=moment(first))
    rows = rows.select_related("association", "host").defer("about", "programme")
    return rows.order_by("starts_at", "pk")[:MOST]


def _on(meetings, first, last):
    rows = meetings.filter(on__gte=first, on__lte=last).select_related("body__association", "joint_with")
    return rows.defer("minutes", "guests").order_by("on", "pk")[:MOST]
