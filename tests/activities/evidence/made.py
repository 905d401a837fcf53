"""Facts of a member for the tests of the evidence record."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from activities.models import Donation, Honour, Service, ServiceField
from organizations.models import Attendance
from tests.make import make_activity, make_meeting, make_participation


def moment(day, hour=9, minute=0):
    """That local time of the day "2026-03-20"."""
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour, minute)))


def took_part(
    member, day="2026-03-20", *, title="国情考察", settled=True, presence="attended", host=None, **fields
):
    """The participation of `member` in an activity of that day, the attendance settled unless told otherwise."""
    activity = fields.pop("activity", None) or make_activity(
        title,
        association=member.association,
        host=host,
        starts_at=moment(day),
        state="closed" if settled else "published",
    )
    return make_participation(activity, member, presence=presence, **fields)


def attended(member, body, day="2026-03-10", *, presence="attended", signed=True, **fields):
    """The attendance of `member` at a meeting of `body` on that day, whose minutes are signed."""
    on = dt.date.fromisoformat(day)
    number = body.meetings.count() + 1
    meeting = make_meeting(body, on=on, name=fields.pop("name", f"第{number}次会议"), number=number)
    type(meeting).objects.filter(pk=meeting.pk).update(
        state="signed" if signed else "held", quorum="2/3", signed_on=on if signed else None
    )
    row, _made = Attendance.objects.update_or_create(
        meeting=meeting, member=member, defaults={"presence": presence, **fields}
    )
    return row


def served(member, day="2026-04-01", *, hours="2.0", field="", state="confirmed", **fields):
    """A service of `member`, claimed two days before it was confirmed."""
    if field:
        field = ServiceField.objects.get_or_create(association=member.association, name=field)[0]
    return Service.objects.create(
        member=member,
        on=dt.date.fromisoformat(day),
        what=fields.pop("what", "法律咨询"),
        hours=Decimal(hours) if hours else None,
        field=field or None,
        state=state,
        claimed_at=moment("2026-04-02"),
        decided_at=None if state == "claimed" else moment("2026-04-04"),
        **fields,
    )


def gave(member, day="2026-05-01", *, amount="1000.00", **fields):
    return Donation.objects.create(
        association=member.association,
        member=member,
        kind="cash",
        received_on=dt.date.fromisoformat(day),
        amount=Decimal(amount),
        purpose=fields.pop("purpose", "助学"),
        **fields,
    )


def honoured(member, on="2026-06", title="优秀会员", **fields):
    return Honour.objects.create(member=member, on=on, title=title, level="association", **fields)
