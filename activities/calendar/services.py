"""The secret address of a user's calendar: made, replaced, revoked; at most one is in force."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from activities.models import CalendarFeed
from members.models import User

# how exactly it is kept when a feed was last read: telephones ask many times a day
NOTED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def new_feed(user):
    """A new CalendarFeed of `user`; the one before is dead from now on."""
    revoke_feed(user)
    return CalendarFeed.objects.create(user=user)


@transaction.atomic
def revoke_feed(user):
    """Make the address in force of `user` worthless; False if there is none."""
    # lock first: the button may be pressed twice at once
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return bool(user.calendar_feeds.in_force().update(revoked_at=timezone.now()))


def note_reading(feed, now):
    """Keep that `feed` was read at the moment `now`, unless that is known of the last hour."""
    if feed.read_at is not None and feed.read_at > now - NOTED_EVERY:
        return
    rows = CalendarFeed.objects.filter(Q(read_at=None) | Q(read_at__lt=now), pk=feed.pk)
    rows.update(read_at=now)
