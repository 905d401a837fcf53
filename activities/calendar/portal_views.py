"""The members' own calendar, and an activity as a file for the telephone's."""

from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from activities.calendar.entries import own_activity_entry, own_entries
from activities.calendar.feed_views import ics_response
from activities.calendar.ics import calendar_file
from activities.calendar.month import Month
from activities.calendar.pages import change_feed, feed_context
from activities.frame import own_activity
from members.portal.frame import for_members, render_portal


@for_members
@require_GET
@never_cache
def calendar(request, member):
    """The activities shown to the reader and the meetings they are entitled in, in the month ``?month=2026-11``."""
    month = Month.asked(request.GET.get("month", ""))
    month.fill(own_entries(member, month.from_day, month.to_day), fold=None)
    context = {
        "month": month,
        "before": f"?month={month.before}",
        "after": f"?month={month.after}",
        "is_this_month": month.first == timezone.localdate().replace(day=1),
    }
    return render_portal(request, "portal/calendar.html", member, context)


@for_members
@never_cache
@require_http_methods(["GET", "POST"])
def subscribe(request, member):
    """The secret address of the own calendar."""
    if request.method == "POST":
        return change_feed(request, "own_activities:calendar_subscribe")
    return render_portal(request, "portal/calendar_subscribe.html", member, feed_context(request))


@for_members
@require_safe
def activity_ics(request, member, pk):
    """One activity for the calendar of the telephone."""
    entry = own_activity_entry(*own_activity(member, pk))
    return ics_response(request, *calendar_file([entry]), name=f"activity-{pk}.ics")
