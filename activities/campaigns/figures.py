"""What came of campaigns: figures rolled up from their activities, in few queries."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from activities.models import PRESENT, Activity, Donation, Participation, Presence, Service

State = Activity.State
CAME = (*PRESENT, Presence.OBSERVER)


@dataclass
class Figures:
    """Of one campaign, as far as its reader sees its activities."""

    activities: int = 0
    """Announced, past and coming."""
    settled: int = 0
    attendances: int = 0
    """How often somebody was there."""
    members: int = 0
    """Different ones who were there."""
    hours: Decimal = Decimal(0)
    """Volunteer hours confirmed."""
    donations: int = 0
    amount: Decimal = Decimal(0)
    """Yuan, goods by their value."""


def figures_of(campaigns, user):
    """{key of a Campaign: Figures} of all `campaigns` (keys), by four queries."""
    found = {pk: Figures() for pk in campaigns}
    seen = Activity.objects.visible_to(user).announced().filter(campaign__in=found)
    of_each = seen.order_by().values_list("campaign")
    settled = Count("pk", filter=Q(state=State.CLOSED))
    for pk, activities, closed in of_each.annotate(activities=Count("pk"), closed=settled):
        found[pk].activities, found[pk].settled = activities, closed
    there = Participation.objects.filter(activity__in=seen.order_by().values("pk"), presence__in=CAME)
    there = there.order_by().values_list("activity__campaign")
    for pk, attendances, members in there.annotate(times=Count("pk"), members=Count("member", distinct=True)):
        found[pk].attendances, found[pk].members = attendances, members
    services = Service.objects.confirmed().filter(activity__in=seen.order_by().values("pk"))
    for pk, hours in services.order_by().values_list("activity__campaign").annotate(sum=Sum("hours")):
        found[pk].hours = hours or Decimal(0)
    _add_donations(found, user)
    return found


def _add_donations(found, user):
    """Those given to a campaign, or to an activity of it."""
    gifts = Donation.objects.visible_to(user).valid()
    gifts = gifts.filter(Q(campaign__in=found) | Q(campaign=None, activity__campaign__in=found))
    of_each = gifts.order_by().values_list("campaign", "activity__campaign")
    for given, through, count, amount in of_each.annotate(count=Count("pk"), sum=Sum("amount")):
        figures = found[given or through]
        figures.donations += count
        figures.amount += amount
