"""Who opened the record of a member, for the member's own file: a row for each user and day (domain.md F2)."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from members.models import Viewing

# access logs are kept at least so long: Cybersecurity Law, at least six months (domain.md F2)
LEAST_DAYS = 180


def note_viewing(member, user):
    """Note that `user` opened the record of `member` today; the own record counts for nothing.

    A page opened again the same day reads one index entry and writes nothing: on SQLite a write would wait for
    whoever writes just now.
    """
    if member.user_id == user.pk:
        return
    day = timezone.localdate()
    if not Viewing.objects.filter(member=member, on=day, user=user).exists():
        # opened twice at once, the second one is the same row
        Viewing.objects.bulk_create([Viewing(member=member, on=day, user=user)], ignore_conflicts=True)


def delete_old_viewings(*, days=None, today=None):
    """Delete what was opened more than `days` ago (VIEWINGS_KEEP_DAYS without it, never less than 180); how many."""
    days = max(settings.VIEWINGS_KEEP_DAYS if days is None else days, LEAST_DAYS)
    before = (today or timezone.localdate()) - dt.timedelta(days=days)
    return Viewing.objects.filter(on__lt=before).delete()[0]
