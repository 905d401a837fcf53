"""The staff's calendar: a month, a day, and the address that telephones read."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from activities.calendar.entries import in_sight
from activities.calendar.forms import CalendarFilter
from activities.calendar.month import Month, days_of
from activities.calendar.pages import change_feed, feed_context
from activities.frame import may_view
from organizations.frame import render_page


@may_view
@require_GET
def calendar(request):
    """The activities and meetings in sight in the month ``?month=2026-11``, by day."""
    form = CalendarFilter(request.GET, user=request.user)
    month = Month.asked(request.GET.get("month", ""))
    month.fill(in_sight(request.user, month.from_day, month.to_day, form.narrowed))
    query = form.query
    context = {
        "title": _("Calendar"),
        "form": form,
        "month": month,
        "before": "?" + urlencode(query | {"month": month.before}),
        "after": "?" + urlencode(query | {"month": month.after}),
        "now": "?" + urlencode(query),
        "query": f"?{urlencode(query)}" if query else "",
        "is_asked": bool(query),
        "is_this_month": month.first == timezone.localdate().replace(day=1),
        **_may_add(request.user),
    }
    return render_page(request, "activities/calendar.html", context)


@may_view
@require_GET
def calendar_day(request, day):
    """All that is in sight on one local date."""
    on = _day(day)
    form = CalendarFilter(request.GET, user=request.user)
    entries = in_sight(request.user, on, on, form.narrowed)
    month = Month.of(on)
    context = {
        "title": _("Calendar: {day}").format(day=on.isoformat()),
        "on": on,
        "shown": [shown for entry in entries for _on, shown in days_of(entry, on, on)],
        "month": month,
        "back": "?" + urlencode(form.query | {"month": month.key}),
        "query": f"?{urlencode(form.query)}" if form.query else "",
        "before": on - dt.timedelta(days=1),
        "after": on + dt.timedelta(days=1),
        **_may_add(request.user),
    }
    return render_page(request, "activities/calendar_day.html", context)


@may_view
@never_cache
@require_http_methods(["GET", "POST"])
def subscribe(request):
    """The secret address of the own calendar."""
    if request.method == "POST":
        return change_feed(request, "activities:calendar_subscribe")
    context = {"title": _("Calendar on your telephone")} | feed_context(request)
    return render_page(request, "activities/calendar_subscribe.html", context)


def _day(text):
    try:
        on = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if text != on.isoformat() or not 1950 <= on.year <= 2150:
        raise Http404
    return on


def _may_add(user):
    return {
        "may_add_activity": user.has_perm("activities.add_activity"),
        "may_plan_meeting": user.has_perm("organizations.add_meeting"),
    }
