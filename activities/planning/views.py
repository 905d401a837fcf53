"""The staff's pages of activities: the list, one activity, and what makes it take place."""

from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities.frame import activity_in_sight, may_edit, may_view
from activities.models import Activity
from activities.parts import staff_parts
from organizations.frame import render_page

ROWS = 50


@may_view
@require_GET
def activities(request):
    """The activities in sight, latest first."""
    rows = Activity.objects.visible_to(request.user).select_related("association", "host")
    context = {"title": _("Activities"), "activities": rows[:ROWS]}
    return render_page(request, "activities/activities.html", context)


@may_view
@require_GET
def activity(request, pk):
    """One activity with all that belongs to it."""
    row = activity_in_sight(request, pk)
    parts = staff_parts(row, request.user)
    context = {
        "title": str(row),
        "activity": row,
        "may_edit": may_edit(request.user, row),
        "parts": [part for part in parts if part.template and not part.is_aside],
        "parts_aside": [part for part in parts if part.template and part.is_aside],
        "tools": [tool for part in parts for tool in part.tools],
    }
    return render_page(request, "activities/activity.html", context)
