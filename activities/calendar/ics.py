"""Calendars as files that telephones read (RFC 5545): no names of persons but what a title says."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

from activities.models import Activity
from config.addresses import whole_address
from organizations.models import Change, Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"
ZONE = ZoneInfo(settings.TIME_ZONE)
# how often telephones should ask again
AGAIN = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Revision:
    """How often a record was written, and when last."""

    number: int
    at: dt.datetime


def revisions(entries):
    """{(model, key): Revision} of the records of `entries`, by one statement a model."""
    found = {}
    for model in (Activity, Meeting):
        keys = [entry.row.pk for entry in entries if isinstance(entry.row, model)]
        if not keys:
            continue
        kind = ContentType.objects.get_for_model(model)
        rows = Change.objects.filter(content_type=kind, object_id__in=keys).order_by().values("object_id")
        for row in rows.annotate(number=Count("pk"), at=Max("action__at")):
            found[model, row["object_id"]] = Revision(row["number"] - 1, row["at"])
    return found


def calendar_file(entries, name=""):
    """(bytes, moment) of the calendar called `name` with the `entries`; the moment is that of the last change, or None.

    The same entries give the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//member-registry//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(AGAIN).to_ical().decode())
    calendar.add_component(_zone())
    known = revisions(entries)
    changed = [known[key].at for entry in entries if (key := (type(entry.row), entry.row.pk)) in known]
    for entry in entries:
        calendar.add_component(_event(entry, known.get((type(entry.row), entry.row.pk))))
    return calendar.to_ical(), max(changed, default=None)


def _zone():
    """China has kept one time without summer time since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", settings.TIME_ZONE)
    eight = dt.timedelta(hours=8)
    standard.add("dtstart", dt.datetime(1991, 9, 15, 1))
    standard.add("tzoffsetfrom", eight)
    standard.add("tzoffsetto", eight)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry, revision):
    event = Event()
    event.add("uid", uid_of(entry))
    event.add("summary", _title(entry))
    starts, ends = _times(entry)
    event.add("dtstart", starts)
    if ends is not None:
        event.add("dtend", ends)
    if entry.place:
        event.add("location", entry.place)
    event.add("status", _status(entry))
    event.add("transp", "OPAQUE" if entry.is_firm and not entry.is_cancelled else "TRANSPARENT")
    about = [entry.held_by, entry.own]
    if entry.address:
        address = whole_address(entry.address)
        event.add("url", address)
        about.append(address)
    event.add("description", "\n".join(filter(None, about)))
    # who has no history was written by hand: its day will do
    at = revision.at if revision else dt.datetime.combine(entry.first, dt.time.min, ZONE)
    event.add("sequence", revision.number if revision else 0)
    event.add("last-modified", at.astimezone(dt.UTC))
    event.add("dtstamp", at.astimezone(dt.UTC))
    return event


def uid_of(entry):
    """What tells telephones that an event is the one that they know already."""
    host = urlsplit(whole_address("/")).hostname or "registry"
    return f"{'meeting' if entry.is_meeting else 'activity'}-{entry.row.pk}@{host.strip('.*') or 'registry'}"


def _title(entry):
    if entry.is_cancelled:
        return _("Cancelled: {title}").format(title=entry.title)
    return _("Draft: {title}").format(title=entry.title) if entry.is_draft else entry.title


def _status(entry):
    if entry.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if entry.is_firm and not entry.is_draft else "TENTATIVE"


def _times(entry):
    """(begin, end or None): a whole day where nobody entered when it begins."""
    if entry.is_meeting:
        if entry.at is None:
            return entry.first, entry.first + dt.timedelta(days=1)
        ends = entry.until and dt.datetime.combine(entry.first, entry.until, ZONE)
        return dt.datetime.combine(entry.first, entry.at, ZONE), ends or None
    return entry.row.starts_at.astimezone(ZONE), entry.row.ends_at.astimezone(ZONE)
