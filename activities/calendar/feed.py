"""What the calendar of a user holds: exactly what the user may see at the moment it is read."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.calendar.entries import in_sight, own_entries
from activities.calendar.ics import calendar_file
from members.models import Member

DAYS_BACK, DAYS_AHEAD = 90, 400


def feed_file(user):
    """(bytes, moment of the last change or None) of the calendar of `user`.

    A member in force has what they are invited to, signed up for and entitled in; staff what is in sight. Who is
    neither, or is not active any more, has an empty one: telephones then drop what they had.
    """
    today = timezone.localdate()
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    if not user.is_active:
        return calendar_file([], name_of(user, None))
    member = Member.objects.select_related("association").filter(user=user).first()
    own = own_entries(member, first, last, only_coming=True) if member and member.is_in_force else []
    found = {(type(entry.row), entry.row.pk): entry for entry in in_sight(user, first, last)}
    # the own ones say how things stand with the reader
    found |= {(type(entry.row), entry.row.pk): entry for entry in own}
    entries = sorted(found.values(), key=lambda entry: entry.key)
    return calendar_file(entries, name_of(user, member))


def name_of(user, member):
    """What telephones call the calendar of `user`, whose record is `member`, if there is one."""
    association = str(member.association) if member else user.rights.association_name
    return _("{association}: activities").format(association=association) if association else _("Activities")
