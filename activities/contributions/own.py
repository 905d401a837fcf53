"""What a member may claim hours for, and what the own page shows."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from activities.contributions.claims import State
from activities.contributions.sums import served_by_year
from activities.models import PRESENT, Activity, Honour, Participation, Presence, Service

SHOWN = 30


def activities_without_hours(member, *, kept=None):
    """Past activities at which `member` was (or may have been: nothing is entered yet) without hours for them.

    Those that credit hours themselves come first when their attendance is settled. The activity with the key `kept`
    is among them in any case.
    """
    came = Participation.objects.filter(activity=OuterRef("pk"), member=member).filter(
        Q(presence__in=[*PRESENT, Presence.OBSERVER])
        | Q(presence="", state__in=[Participation.State.SIGNED_UP, Participation.State.INVITED])
    )
    has = Service.objects.filter(activity=OuterRef("pk"), member=member)
    has = has.exclude(state__in=[State.REFUSED, State.WITHDRAWN])
    past = Activity.objects.announced().filter(ends_at__lte=timezone.now())
    past = past.exclude(hours__isnull=False, state=Activity.State.PUBLISHED)
    found = (
        past.filter(Exists(came), ~Exists(has)).order_by("-starts_at").values_list("pk", flat=True)[:SHOWN]
    )
    return Activity.objects.filter(pk__in=[*found, *([kept] if kept else [])])


def contributions(member):
    """What the contributions page of `member` shows: services, their sums, honours, donations."""
    services = Service.objects.filter(member=member).select_related("field", "activity")
    honours = Honour.objects.filter(member=member).select_related("activity")
    donations = member.donations.valid().select_related("campaign").prefetch_related("goods")
    return {
        "waiting": [row for row in services if row.state == State.CLAIMED],
        "confirmed": [row for row in services if row.state == State.CONFIRMED],
        "others": [row for row in services if row.state in (State.REFUSED, State.WITHDRAWN)],
        "years": served_by_year(Service.objects.filter(member=member)),
        "honours": list(honours),
        "donations": donations,
    }
