"""Pages of meetings: the list, one meeting, and what makes it take place."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.frame import EDIT, posted, render_page
from organizations.history_entries import entries
from organizations.meetings import holding
from organizations.meetings.forms import CancelForm, MeetingFilter, MeetingForm, PlanForm, SignForm
from organizations.meetings.page import MeetingPage, may_write
from organizations.models import Attendance, Change, Meeting
from organizations.services import NotPossible

ROWS = 50
CHANGES_SHOWN = 200

may_view = permission_required("organizations.view_meeting", raise_exception=True)


def meeting_in_sight(request, pk, *, ability=""):
    """The Meeting with the key `pk`: 404 out of sight of the request's user, 403 where `ability` is not theirs."""
    meetings = Meeting.objects.visible_to(request.user)
    meeting = get_object_or_404(
        meetings.select_related("body__association", "joint_with", "term__body"), pk=pk
    )
    if ability and not may_write(request.user, meeting):
        raise PermissionDenied
    return meeting


def form_page(request, form, *, title, back, done, meeting=None, body=None, extra=None):
    """The page of a `form` that a service saves: shows it, and after saving goes `back` (or where `done` says).

    `done` is the message, or a function of what was saved that gives (message, address).
    """
    if request.method == "POST" and form.is_valid() and form.attempt():
        message, address = done(form.result) if callable(done) else (done, back)
        messages.success(request, message)
        return redirect(address)
    context = {"title": title, "form": form, "back": back, "meeting": meeting, "body": body, **(extra or {})}
    status = 422 if form.is_bound else 200
    return render_page(request, "organizations/meeting_form.html", context, status=status)


@may_view
def meetings(request):
    """The meetings in sight, latest first."""
    form = MeetingFilter(request.GET, user=request.user)
    rows = form.narrowed(Meeting.objects.visible_to(request.user))
    rows = _before(rows, request.GET.get("before", "")).select_related("body__association")
    page = list(rows.order_by("-on", "-pk")[: ROWS + 1])
    query = request.GET.copy()
    query.pop("before", None)
    older = ""
    if len(page) > ROWS:
        last = page[ROWS - 1]
        older = f"?{query.urlencode()}&before={last.on.isoformat()}_{last.pk}"
    context = {
        "title": _("Meetings"),
        "form": form,
        "is_asked": any(request.GET.get(name) for name in form.fields),
        "meetings": page[:ROWS],
        "older": older,
        "newest": "before" in request.GET and f"?{query.urlencode()}",
        "may_plan": request.user.has_perm("organizations.add_meeting"),
        "several": len(request.user.rights.association_rows) > 1,
    }
    return render_page(request, "organizations/meetings.html", context)


def _before(rows, key):
    """`rows` after the place `key` (day_id) in the list; all if it is none."""
    day, _underscore, pk = key.partition("_")
    try:
        day, pk = dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return rows
    return rows.filter(Q(on__lt=day) | Q(on=day, pk__lt=pk)) if pk < 2**63 else rows


@permission_required("organizations.add_meeting", raise_exception=True)
def new_meeting(request):
    """Plan a meeting; ``?body=`` proposes one."""
    body = request.GET.get("body", "")
    initial = {"body": int(body) if body.isascii() and body.isdigit() else None, "on": request.GET.get("on")}
    form = PlanForm(posted(request), user=request.user, initial=initial)

    def done(meeting):
        return _("“{meeting}” is planned.").format(meeting=meeting), meeting.get_absolute_url()

    back = redirect("organizations:meetings").url
    return form_page(request, form, title=_("Plan a meeting"), back=back, done=done)


@may_view
def meeting(request, pk):
    """One meeting with all that belongs to it."""
    page = MeetingPage(meeting_in_sight(request, pk), request.user)
    return render_page(request, "organizations/meeting.html", page.context())


@may_view
def meeting_print(request, pk):
    """One meeting on paper."""
    page = MeetingPage(meeting_in_sight(request, pk), request.user)
    return render_page(request, "organizations/meeting_print.html", page.context())


@may_view
def meeting_edit(request, pk):
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    form = MeetingForm(
        posted(request),
        instance=meeting_in_sight(request, pk),
        row=meeting,
        meeting=meeting,
        user=request.user,
    )
    back = meeting.get_absolute_url()
    title = _("Edit: {name}").format(name=meeting)
    return form_page(request, form, title=title, back=back, done=_("Saved."), meeting=meeting)


@may_view
@require_POST
def meeting_hold(request, pk):
    """Note that the meeting took place."""
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    try:
        holding.hold_meeting(meeting, today=timezone.localdate(), actor=request.user)
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect(meeting)
    messages.success(request, _("The list of those entitled is fixed. Enter who was there."))
    return redirect("organizations:meeting_attendance", pk=meeting.pk)


@may_view
def meeting_sign(request, pk):
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    form = SignForm(posted(request), meeting=meeting, user=request.user)
    return form_page(
        request,
        form,
        title=_("Sign the minutes: {name}").format(name=meeting),
        back=meeting.get_absolute_url(),
        done=_("The minutes are signed. From now on a correction needs a reason."),
        meeting=meeting,
        extra={
            "note": _("Afterwards every correction needs a reason, and no resolution is taken back any more.")
        },
    )


@may_view
def meeting_cancel(request, pk):
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    form = CancelForm(posted(request), meeting=meeting, user=request.user)
    return form_page(
        request,
        form,
        title=_("Cancel: {name}").format(name=meeting),
        back=meeting.get_absolute_url(),
        done=_("The meeting is cancelled; its number is free again."),
        meeting=meeting,
        extra={"is_grave": True, "verb": _("Cancel the meeting")},
    )


@may_view
def meeting_history(request, pk):
    """The latest changes of the meeting and of all that belongs to it."""
    meeting = meeting_in_sight(request, pk)
    if not request.user.has_perm("organizations.view_change"):
        raise PermissionDenied
    changes = Change.objects.of(meeting).select_related("action__actor", "content_type").order_by("-pk")
    # nothing of a meeting is of a class that some may not read
    found = entries(changes[:CHANGES_SHOWN], lambda model, name, text: text, about=meeting)
    names = dict(meeting.attendances.values_list("pk", "member__name"))
    for record in (record for entry in found for record in entry["records"]):
        if record["change"].content_type.model_class() is Attendance:
            record["model"] = names.get(record["change"].object_id, record["model"])
    context = {"title": _("History: {name}").format(name=meeting), "meeting": meeting, "entries": found}
    return render_page(request, "organizations/meeting_history.html", context)
