"""What is done about activities by the clock: reminders, lines, places of those who left, answers past their time."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from activities.attending import write
from activities.models import Activity, Answer, Participation, Presence
from activities.signing_up.services import locked, move_up
from activities.signing_up.telling import tell_about
from members.models import Member
from members.models.member import IN_FORCE

State = Participation.State


def remind_all(*, now=None):
    """Tell those who come to each activity whose days before it have begun; return how many were told.

    Each activity is remembered, so that calling this again tells nobody twice; not even two at once do.
    """
    now, told = now or timezone.now(), 0
    for activity in (
        _coming(now).filter(reminded_at=None, remind_days__isnull=False).order_by("starts_at", "pk")
    ):
        if activity.on - dt.timedelta(days=activity.remind_days) <= timezone.localdate(now):
            told += _remind(activity, now)
    return told


def _coming(now):
    return Activity.objects.filter(state=Activity.State.PUBLISHED, starts_at__gt=now)


@transaction.atomic
def _remind(activity, now):
    if not _coming(now).filter(pk=activity.pk, reminded_at=None).update(reminded_at=now):
        return 0  # somebody else was quicker, or it was cancelled
    coming = Q(state=State.SIGNED_UP)
    if activity.is_compulsory:
        coming |= Q(state=State.INVITED)
    rows = activity.participations.filter(coming).exclude(presence=Presence.LEAVE)
    members = list(Member.objects.filter(pk__in=rows.values("member"), status__in=IN_FORCE).order_by("pk"))
    tell_about(
        activity,
        members,
        gettext_noop("Reminder: {activity}, {when}"),
        gettext_noop("If you cannot come, please say so on this page in time."),
    )
    return len(members)


def free_places_of_those_gone(*, now=None):
    """Sign members off who are no longer in force from all activities to come; return how many.

    What they took part in stays. Nobody is told of it.
    """
    now, count = now or timezone.now(), 0
    held = Q(state__in=[State.SIGNED_UP, State.WAITING, State.INVITED], presence__in=["", Presence.LEAVE])
    gone = Participation.objects.filter(held, member__isnull=False).exclude(member__status__in=IN_FORCE)
    for activity in _coming(now).filter(pk__in=gone.order_by().values("activity")).order_by("pk"):
        with locked(activity) as activity:
            rows = list(gone.filter(activity=activity))
            for row in rows:
                row.state, row.presence = State.WITHDRAWN, ""
            count += write(rows, activity=activity)
    return count


def move_lines_up(*, now=None):
    """Give places that became free in any other way to those in line; return how many people moved up."""
    now = now or timezone.now()
    waiting = Participation.objects.waiting().order_by().values("activity")
    lines = _coming(now).filter(pk__in=waiting).order_by("pk")
    return sum(len(move_up(activity, at=now)) for activity in lines)


def delete_old_answers(*, now=None):
    """Delete the answers to personal questions ANSWERS_KEEP_DAYS after their activity; return how many."""
    limit = (now or timezone.now()) - dt.timedelta(days=settings.ANSWERS_KEEP_DAYS)
    old = Answer.objects.filter(question__is_personal=True, participation__activity__ends_at__lt=limit)
    return old.delete()[0]
