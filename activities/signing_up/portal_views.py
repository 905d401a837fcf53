"""The members' pages of activities: what there is, one activity, signing up and off."""

from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activities.frame import own_activity
from activities.models import Activity
from activities.parts import portal_parts
from members.portal.frame import for_members, render_portal


@for_members
@require_GET
@never_cache
def activities(request, member):
    """The activities shown to the reader that are still to come, the next first."""
    rows = Activity.objects.shown_to(member).filter(ends_at__gte=timezone.now()).order_by("starts_at", "id")
    return render_portal(request, "portal/activities.html", member, {"activities": rows})


@for_members
@require_GET
@never_cache
def activity(request, member, pk):
    """One activity as the reader sees it."""
    row, participation = own_activity(member, pk)
    context = {
        "activity": row,
        "participation": participation,
        "parts": portal_parts(row, member, participation),
    }
    return render_portal(request, "portal/activity.html", member, context)
