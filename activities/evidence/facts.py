"""What is known of one member, each fact once: where it comes from, who confirmed it, and whether it counts.

Only what is confirmed counts: an activity once its attendance is settled, a meeting once its minutes are signed.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import PRESENT, Activity, Donation, Honour, Participation, Presence, Service
from organizations.models import Appointment, Attendance, Meeting
from organizations.partial_dates import beginning

# keys of the sources, as an Objection names them
PARTICIPATION, ATTENDANCE, SERVICE = "participation", "attendance", "service"
DONATION, HONOUR, POST = "donation", "honour", "post"
# up to this the moments of entering and confirming are those of one press of a button
AT_ONCE = dt.timedelta(seconds=2)


@dataclass(frozen=True)
class Fact:
    source: str
    """Key of where it is stored."""
    row: int
    """Key of the row there."""
    on: dt.date
    sort: str
    title: str
    how: str
    """How the member took part, in words."""
    origin: str
    """How it came to be known."""
    confirmation: str
    is_confirmed: bool
    counts: bool
    day: str = ""
    """The day in words, where it is not known in full or lasts longer."""
    body: str = ""
    """Whose activity or meeting it is."""
    is_expected: bool = False
    presence: str = ""
    reason: str = ""
    """Of leave; for the member and who may read personal data."""
    is_service: bool = False
    """Whether a confirmed service is in it."""
    hours: Decimal | None = None
    field: str = ""
    amount: Decimal | None = None
    address: str = ""
    """Of its page for staff."""
    own_address: str = ""
    """Of its page for the member."""

    @property
    def key(self):
        return f"{self.source}-{self.row}"

    @property
    def when(self):
        return self.day or self.on.isoformat()

    @property
    def is_present(self):
        return self.is_expected and self.presence in PRESENT

    @property
    def came(self):
        return self.presence in PRESENT or self.presence == Presence.OBSERVER


def year_of(year):
    """The period (first day, last day) of a calendar year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


# -- the rows: those in which something is stored, in the sight of a user (None: all, for the member)


def participations(user=None, period=None):
    """Rows of activities that have begun, where something is entered or the person is expected."""
    rows = Participation.objects.expected() | Participation.objects.exclude(presence="")
    rows = rows.filter(
        activity__state__in=[Activity.State.PUBLISHED, Activity.State.CLOSED],
        activity__starts_at__lte=timezone.now(),
    )
    if period:
        first, last = (timezone.make_aware(dt.datetime.combine(day, dt.time.min)) for day in period)
        rows = rows.filter(
            activity__starts_at__gte=first, activity__starts_at__lt=last + dt.timedelta(days=1)
        )
    if user is not None:
        rows = rows.filter(activity__in=Activity.objects.visible_to(user).values("pk"))
    return rows


def attendances(user=None, period=None):
    """Rows of meetings held, where something is entered or the person is entitled."""
    rows = Attendance.objects.filter(Q(is_entitled=True) | ~Q(presence=""))
    rows = rows.filter(meeting__state__in=[Meeting.State.HELD, Meeting.State.SIGNED])
    if period:
        rows = rows.filter(meeting__on__range=period)
    if user is not None:
        rows = rows.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
    return rows


def services(user=None, period=None):
    """Confirmed services; of a hidden body's activity only for who sees that."""
    rows = Service.objects.confirmed()
    if period:
        rows = rows.filter(on__range=period)
    if user is not None:
        rows = rows.filter(_reads(user, "activities.view_service")).filter(_activity_in_sight(user))
    return rows


def donations(user=None, period=None):
    """Donations in the ledger. Who wishes to stay unnamed is known to those who keep the ledger."""
    rows = Donation.objects.valid().exclude(member=None)
    if period:
        rows = rows.filter(received_on__range=period)
    if user is not None:
        keeping = user.rights.associations_with("activities.change_donation")
        rows = rows.filter(association__in=user.rights.associations_with("activities.view_donation"))
        rows = rows.filter(Q(is_anonymous=False) | Q(association__in=keeping))
    return rows


def honours(user=None, period=None):
    """Confirmed honours; those of a year alone belong to it, whatever its day was."""
    rows = Honour.objects.filter(state=Service.State.CONFIRMED)
    if period:
        first, last = period
        rows = rows.filter(on__gte=f"{first:%Y}", on__lte=last.isoformat())
    if user is not None:
        rows = rows.filter(_reads(user, "activities.view_honour")).filter(_activity_in_sight(user))
    return rows


def appointments(user=None, period=None):
    """Posts held, those begun by today."""
    rows = Appointment.objects.valid().filter(starts_on__lte=timezone.localdate())
    if period:
        first, last = period
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)
    return rows if user is None else rows.visible_to(user)


def _reads(user, permission):
    return Q(member__association__in=user.rights.associations_with(permission))


def _activity_in_sight(user):
    return Q(activity=None) | Q(activity__in=Activity.objects.visible_to(user).values("pk"))


# -- the facts


def facts_of(member, period=None, *, user=None):
    """[Fact] of `member`, the latest first, in a constant number of statements.

    `period` is (first day, last day); without one everything ever. For `user` only what staff see; without one all of
    it, for the member.
    """
    found = _of_activities(member, period, user)
    found += [_of_meeting(row) for row in _meetings(member, period, user)]
    found += [_of_donation(row) for row in donations(user, period).filter(member=member)]
    found += [
        _of_honour(row)
        for row in honours(user, period).filter(member=member)
        if period is None or beginning(row.on) >= period[0]
    ]
    posts = appointments(user, period).filter(member=member).select_related("body", "post", "term")
    found += [_of_post(row, period) for row in posts]
    return sorted(found, key=lambda fact: (fact.on, fact.source, fact.row), reverse=True)


def fact_of(member, source, row, *, user=None):
    """The Fact of `member` from the row with the key `row` of `source`; None if there is none in sight."""
    return next(
        (fact for fact in facts_of(member, user=user) if (fact.source, fact.row) == (source, row)), None
    )


def _meetings(member, period, user):
    return attendances(user, period).filter(member=member).select_related("meeting__body")


def _of_activities(member, period, user):
    """Participations and services; hours credited by an activity stand with it, not twice."""
    rows = participations(user, period).filter(member=member)
    given = services(user, period).filter(member=member).select_related("field")
    of_activity = {row.activity_id: row for row in given if row.activity_id}
    found, shown = [], set()
    for row in rows.select_related("activity__host", "activity__association", "activity__field"):
        service = of_activity.get(row.activity_id) if row.activity.state == Activity.State.CLOSED else None
        if service:
            shown.add(service.pk)
        found.append(_of_activity(row, service))
    return found + [_of_service(row) for row in given if row.pk not in shown]


def _of_activity(row, service):
    activity = row.activity
    is_settled = activity.state == Activity.State.CLOSED
    came = row.is_present or row.presence == Presence.OBSERVER
    field = (service and service.field) or activity.field
    return Fact(
        PARTICIPATION,
        row.pk,
        activity.on,
        activity.get_kind_display(),
        activity.title,
        _presence(row),
        _origin(row),
        _("attendance settled on {day}").format(day=timezone.localdate(activity.settled_at))
        if is_settled
        else _("not confirmed yet: the attendance is not settled"),
        is_settled,
        is_settled and (row.is_expected or came),
        body=str(activity.host or activity.association),
        is_expected=row.is_expected,
        presence=row.presence,
        reason=row.reason,
        is_service=service is not None,
        hours=service.hours if service else None,
        field=str(field or "") if service else "",
        address=activity.get_absolute_url(),
        own_address=reverse("own_activities:activity", args=[activity.pk]),
    )


def _presence(row):
    if not row.presence:
        return pgettext("evidence", "nothing entered")
    said = row.get_presence_display()
    if row.presence == Presence.PROXY and getattr(row, "proxy_name", ""):
        said = _("{presence}: {name}").format(presence=said, name=row.proxy_name)
    if row.presence in PRESENT and not row.is_expected:
        said = _("{presence}, without being expected").format(presence=said)
    return said


def _origin(row):
    ways = Participation.Way
    if not row.presence:
        return _("list of those who signed up or were invited")
    at = timezone.localtime(row.came_at).strftime("%H:%M") if row.came_at else ""
    if row.way in (ways.SCREEN, ways.SCANNED):
        return _("checked in by code {time}").format(time=at).strip()
    if row.way == ways.SHEET:
        return _("sign-in sheet, imported")
    return _("said by the member") if row.way == ways.OWN else _("entered by staff")


def _of_meeting(row):
    meeting = row.meeting
    is_signed = meeting.state == Meeting.State.SIGNED
    how = row.get_presence_display() if row.presence else pgettext("evidence", "nothing entered")
    return Fact(
        ATTENDANCE,
        row.pk,
        meeting.on,
        meeting.get_kind_display(),
        str(meeting),
        how,
        _("list of the meeting"),
        _("minutes signed on {day}").format(day=meeting.signed_on)
        if is_signed
        else _("not confirmed yet: the minutes are not signed"),
        is_signed,
        is_signed and (row.is_entitled or row.presence == Presence.OBSERVER),
        body=meeting.body.name,
        is_expected=row.is_entitled,
        presence=row.presence,
        reason=row.reason,
        address=meeting.get_absolute_url(),
    )


def _claimed(row, entered):
    """(how it came to be known, how it was confirmed) of a service or honour."""
    confirmed = _("confirmed on {day}").format(day=timezone.localdate(row.decided_at or row.claimed_at))
    is_staffs = row.decided_at is None or row.decided_at - row.claimed_at < AT_ONCE
    return (entered, confirmed) if is_staffs else (_("claimed by the member"), confirmed)


def _of_service(row):
    origin, confirmation = _claimed(row, _("entered by staff"))
    return Fact(
        SERVICE,
        row.pk,
        row.on,
        pgettext("evidence", "Service"),
        row.what,
        _("for {whom}").format(whom=row.for_whom) if row.for_whom else pgettext("evidence", "served"),
        origin,
        confirmation,
        True,
        True,
        is_service=True,
        hours=row.hours,
        field=str(row.field or ""),
        address=reverse_lazy("activities:service", args=[row.pk]),
    )


def _of_donation(row):
    receipt = _("receipt {number}").format(number=row.receipt_number) if row.receipt_number else ""
    booked = _("booked on {day}").format(day=timezone.localdate(row.made_at))
    return Fact(
        DONATION,
        row.pk,
        row.received_on,
        pgettext("evidence", "Donation"),
        row.purpose or _("not tied to a purpose"),
        row.get_kind_display(),
        _("ledger of donations"),
        "，".join(filter(None, [booked, receipt])),
        True,
        True,
        amount=row.amount,
        address=reverse_lazy("activities:donation", args=[row.pk]),
    )


def _of_honour(row):
    origin, confirmation = _claimed(row, _("entered by staff"))
    return Fact(
        HONOUR,
        row.pk,
        beginning(row.on),
        pgettext("evidence", "Honour"),
        row.title,
        row.get_level_display(),
        origin,
        confirmation,
        True,
        True,
        day=row.on,
        body=row.given_by,
        address=reverse_lazy("activities:honour", args=[row.pk]),
    )


def _of_post(row, period):
    """A post stands in each year in which it was held; in a list of all years where it began."""
    until = row.ends_on.isoformat() if row.ends_on else _("today")
    return Fact(
        POST,
        row.pk,
        max(row.starts_on, period[0]) if period else row.starts_on,
        pgettext("evidence", "Post"),
        row.post.title,
        row.get_how_display(),
        _("register of posts"),
        row.basis or _("appointment entered"),
        True,
        False,
        day=_("{first} to {last}").format(first=row.starts_on.isoformat(), last=until),
        body=row.body.name,
        address=reverse("organizations:body", args=[row.body_id]),
    )


def by_year(facts):
    """[(year, [Fact])] of `facts`, in their order."""
    found = {}
    for fact in facts:
        found.setdefault(fact.on.year, []).append(fact)
    return list(found.items())


def without_reasons(facts):
    """The same without the reasons of leave, which tell of health and family."""
    return [replace(fact, reason="") for fact in facts]
