"""The staff's pages of check-in: opening it, the screen of the room, scanning, what waits for a decision."""

import datetime as dt
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.check_in import codes, doors, services
from activities.check_in.finding import NoCode, find, read_picture
from activities.check_in.forms import DecisionForm, ScanForm, new_key
from activities.frame import activity_in_sight, may_view
from activities.models import Activity, Door, Scan
from config.addresses import whole_address
from members.qr import qr_svg
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.meetings.checking_in import NotEntitled
from organizations.meetings.views import may_view as may_view_meetings
from organizations.meetings.views import meeting_in_sight
from organizations.models import Meeting
from organizations.services import NotPossible

LAST_SHOWN = 6


def door_in_sight(request, pk):
    """The Door with the key `pk`: 404 out of sight of the request's user, 403 where they may not run it."""
    rows = Door.objects.with_event().select_related("activity__association", "meeting__body__association")
    door = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if not doors.may_run(request.user, door):
        raise PermissionDenied
    return door


@may_view
@require_POST
def open_activity(request, pk):
    """Open the check-in of an activity."""
    return _open(request, activity_in_sight(request, pk, ability=Ability.EDIT))


@may_view_meetings
@require_POST
def open_meeting(request, pk):
    """Open the check-in of a meeting; the list of those entitled is fixed with it."""
    return _open(request, meeting_in_sight(request, pk, ability=Ability.EDIT))


def _open(request, event):
    try:
        door = doors.open_door(event, actor=request.user)
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(event)
    return redirect("activities:check_in_screen", pk=door.pk)


@require_POST
def close(request, pk):
    door = door_in_sight(request, pk)
    doors.close_door(door)
    messages.success(request, _("Check-in is closed."))
    return redirect(door.event)


@never_cache
@require_GET
def screen(request, pk):
    """The screen of the room: the code of the moment and live figures; nobody is named unless asked for."""
    door = door_in_sight(request, pk)
    shut = doors.why_shut(door)
    code = "" if shut else codes.code_now(door)
    address = code and reverse("own_activities:check_in", args=[door.pk, code])
    context = {
        "door": door,
        "shut": shut,
        "code": codes.in_groups(code),
        "picture": code and qr_svg(whole_address(address, request), _("Code to check in with")),
        "live": doors.live(door),
        "names": _last_names(door) if request.GET.get("names") else None,
        "may_open": _may_open(door),
    }
    template = "activities/_check_in_state.html" if request.htmx else "activities/check_in_screen.html"
    return render(request, template, context)


def _may_open(door):
    return door.event.state in (Activity.State.PUBLISHED, Meeting.State.HELD)


def _last_names(door):
    """Who came in last, the last first."""
    counted = door.scans.filter(outcome=Scan.Outcome.COUNTED).select_related("member")
    return [scan.member.name for scan in counted.order_by("-received_at", "-id")[:LAST_SHOWN]]


@never_cache
def scan(request, pk):
    """Members' codes read by the camera of a phone, from a picture, by a hand scanner; or numbers and names typed."""
    door = door_in_sight(request, pk)
    form = ScanForm(posted(request), request.FILES or None)
    found, done, error = None, None, ""
    if form.is_bound:
        found, done, error = _scanned(request, door, form)
        if error and found is None and form.cleaned_data.get("frame"):
            return HttpResponse(status=204)
    context = {
        "title": _("Scan at the door: {name}").format(name=door),
        "door": door,
        "activity": door.activity,
        "meeting": door.meeting,
        "shut": doors.why_shut(door),
        "found": found,
        "done": done,
        "error": error,
        "text": form.cleaned_data.get("text", "") if form.is_bound else "",
        "may_observe": found and door.meeting_id and doors.row_of(door, found.member) is None,
        "row": done and doors.row_of(door, done.member),
        "key": new_key(),
        "live": doors.live(door),
    }
    if request.htmx:
        return render(request, "activities/_check_in_scanned.html", context)
    return render_page(request, "activities/check_in_scan.html", context, status=422 if error else 200)


def _scanned(request, door, form):
    """(Found or None, Scan or None, sentence): whom staff have before them, and what came of it."""
    if not form.is_valid():
        return None, None, _("This could not be read.")
    sent, found = form.cleaned_data, None
    read_at = timezone.now() - dt.timedelta(seconds=sent["age"])
    try:
        if sent["picture"]:
            sent["text"] = read_picture(sent["picture"])
        found = find(door, sent["text"], request.user, at=read_at).chosen(sent["member"])
        if not found.is_certain:
            return found, None, "" if found.members else found.doubt
        if sent["do"] == "observe" and door.meeting_id:
            done = services.let_observe(door, found.member, key=sent["key"], actor=request.user)
        else:
            done = services.check_in_by_staff(
                door, found.member, key=sent["key"], actor=request.user, read_at=read_at
            )
    except NotEntitled as error:
        return replace(found, doubt=str(error), is_certain=False), None, ""
    except (NoCode, NotPossible) as error:
        return found, None, str(error)
    return found, done, ""


@never_cache
def waiting(request, pk):
    """Codes that came too late to be sure: staff accept or refuse them, one by one or all."""
    door = door_in_sight(request, pk)
    rows = doors.waiting(door)
    form = DecisionForm(posted(request), waiting=rows)
    if form.is_bound and form.is_valid() and _decide(request, form):
        return redirect("activities:check_in_waiting", pk=door.pk)
    context = {
        "title": _("To be confirmed: {name}").format(name=door),
        "door": door,
        "activity": door.activity,
        "meeting": door.meeting,
        "form": form,
        "scans": rows,
        "decided": door.scans.exclude(outcome=Scan.Outcome.WAITING)
        .filter(way=Scan.Way.SCREEN, by__isnull=False)
        .select_related("member")[:LAST_SHOWN],
        "needs_reason": door.event.state in (Activity.State.CLOSED, Meeting.State.SIGNED),
    }
    status = 422 if form.errors else 200
    return render_page(request, "activities/check_in_waiting.html", context, status=status)


def _decide(request, form):
    data = form.cleaned_data
    for row in data["chosen"]:
        try:
            if data["do"] == "accept":
                services.accept(row, actor=request.user, reason=data["reason"])
            else:
                services.refuse(row, actor=request.user, note=data["note"])
        except NotPossible as error:
            form.add_error(None, str(error))
            return False
    count = len(data["chosen"])
    if data["do"] == "accept":
        text = ngettext("{count} check-in is confirmed.", "{count} check-ins are confirmed.", count)
    else:
        text = ngettext("{count} check-in is refused.", "{count} check-ins are refused.", count)
    messages.success(request, text.format(count=count))
    return True
