"""This part's pieces of the pages of an activity: what was given for it, the hours that came of it."""

from django.db.models import Q
from django.utils import timezone

from activities.contributions.claims import State
from activities.contributions.own import activities_without_hours
from activities.contributions.sums import donated, served
from activities.models import Donation, Service
from activities.parts import Part


def part(activity, user):
    """Donations for the activity and services at it, for who may read them."""
    context = {}
    if user.has_perm("activities.view_donation"):
        rows = Donation.objects.visible_to(user).filter(activity=activity)
        if (sums := donated(rows)).count:
            context["donated"] = sums
        places = user.rights.associations_with("activities.change_donation")
        context["may_enter"] = activity.association_id in places
    if user.has_perm("activities.view_service"):
        rows = Service.objects.staff_visible_to(user).filter(activity=activity)
        if (sums := served(rows)).count:
            context["served"] = sums
    shown = context.get("donated") or context.get("served") or context.get("may_enter")
    return Part("activities/_service_sums.html", context, is_aside=True) if shown else None


def own_part(activity, member, participation):
    """The member's hours of a past activity, or the way to claim them."""
    if activity.ends_at > timezone.now():
        return None
    rows = Service.objects.filter(member=member, activity=activity)
    row = rows.filter(Q(state=State.CONFIRMED) | Q(state=State.CLAIMED)).first()
    may_claim = row is None and activities_without_hours(member).filter(pk=activity.pk).exists()
    if row is None and not may_claim:
        return None
    return Part("portal/contributions_part.html", {"service": row})
