"""What tests of calendars share."""

import datetime as dt

from django.utils import timezone

from activities.models import Activity
from organizations.models import Body
from tests.make import make_activity, make_appointment, make_body, make_term


def at(text):
    """The local moment "2026-11-05 09:00"."""
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def activity_on(first, title="国情考察", *, until="", **fields):
    """An announced activity that begins on the local day or moment `first`, two hours long unless `until` is given."""
    starts_at = at(first if " " in first else f"{first} 09:00")
    ends_at = at(until) if until else starts_at + dt.timedelta(hours=2)
    return make_activity(title, starts_at=starts_at, ends_at=ends_at, **fields)


def in_days(days, hour=9):
    """The local moment at that hour, so many days from now."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def cancelled(**fields):
    return {"state": Activity.State.CANCELLED, "cancelled_reason": "暴雨", **fields}


def council(association, kind=Body.Kind.COUNCIL, **fields):
    """A body of that kind in the midst of a term."""
    body = make_body(kind, association=association, **fields)
    make_term(body, starts_on=dt.date(2024, 1, 1))
    return body


def seat(member, body, title="理事"):
    """`member` sits in `body`, which has a term."""
    return make_appointment(member, title, term=body.terms.get())
