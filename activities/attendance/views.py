"""The page on which staff enter who was there: everybody on the list at once, by keys and taps; and the list itself."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from activities.attendance.export import ExportForm, export_name, export_people, may_export
from activities.attendance.forms import AddForm
from activities.attendance.people import PeopleForm, corrections, people_of, percent
from activities.attendance.services import add_people, save_sheet
from activities.attendance.sheet import KEYS, NOTE_LENGTH, Sheet, too_early
from activities.frame import activity_in_sight, may_edit, may_view
from activities.models import Activity
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.services import NotPossible


@may_view
def attendance(request, pk):
    """Enter the attendance, and put people on the list, in one go."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = AddForm(posted(request), activity=activity, user=request.user)
    errors = []
    if request.method == "POST":
        errors = _save(request, activity, form)
        if not errors:
            return redirect("activities:attendance", pk=activity.pk)
    sheet = Sheet(activity, posted(request))
    counts = activity.participations.counts()
    context = {
        "title": _("Attendance"),
        "activity": activity,
        "sheet": sheet,
        "choices": [(key, presence) for key, presence in KEYS.items()],
        "form": form,
        "errors": errors,
        "too_early": too_early(activity),
        "is_settled": activity.state == Activity.State.CLOSED,
        "is_cancelled": activity.state == Activity.State.CANCELLED,
        "correction": request.POST.get("correction", ""),
        "corrections": corrections(activity),
        "counts": counts,
        "rate": percent(counts.rate),
        "note_length": NOTE_LENGTH,
    }
    return render_page(request, "activities/attendance.html", context, status=422 if errors else 200)


def _save(request, activity, form):
    """What keeps the page from being saved, in sentences; [] once it is saved."""
    reason = request.POST.get("correction", "").replace("\x00", "")
    if not form.is_valid():
        return [f"{form[name].label}：{text}" for name, texts in form.errors.items() for text in texts]
    data = form.cleaned_data
    try:
        with transaction.atomic():
            changed = save_sheet(activity, request.POST, actor=request.user, reason=reason)
            added = 0
            if form.is_asked:
                added = add_people(
                    activity,
                    members=data["members"],
                    guest=data["guest"],
                    came=data["came"],
                    actor=request.user,
                    reason=reason,
                )
    except ValidationError as error:
        return error.messages
    except NotPossible as error:
        return [str(error)]
    messages.success(
        request, ngettext("{count} entry saved.", "{count} entries saved.", changed).format(count=changed)
    )
    if form.is_asked:
        text = ngettext("{count} person put on the list.", "{count} people put on the list.", added)
        messages.success(request, text.format(count=added))
    return []


@may_view
@require_GET
def people(request, pk):
    """Everybody on the list, narrowed by what was asked, on one page."""
    activity = activity_in_sight(request, pk)
    form = PeopleForm(request.GET)
    rows = people_of(activity, request.user, form.narrowed(activity.participations.all()))
    counts = activity.participations.counts()
    context = {
        "title": pgettext("activity", "People"),
        "activity": activity,
        "form": form,
        "people": rows,
        "counts": counts,
        "rate": percent(counts.rate),
        "may_edit": may_edit(request.user, activity),
        "may_export": may_export(request.user, activity),
    }
    return render_page(request, "activities/people.html", context)


@may_view
def people_export(request, pk):
    """The list as a file; what narrows it stands in the address, as on its page."""
    activity = activity_in_sight(request, pk)
    if not may_export(request.user, activity):
        raise PermissionDenied
    narrow = PeopleForm(request.GET)
    rows = narrow.narrowed(activity.participations.all())
    form = ExportForm(posted(request), activity=activity, user=request.user)
    if form.is_valid():
        data, file_format = form.cleaned_data, form.file_format
        file = export_people(
            activity,
            rows=rows,
            actor=request.user,
            file_format=file_format,
            words=narrow.words,
            with_mobile=data.get("mobile", False),
            reason=data["reason"],
        )
        return FileResponse(
            file,
            as_attachment=True,
            filename=export_name(activity, file_format),
            content_type=file_format.get_content_type(),
        )
    context = {
        "title": _("Export the list"),
        "activity": activity,
        "form": form,
        "count": rows.count(),
        "words": narrow.words,
    }
    return render_page(request, "activities/people_export.html", context, status=422 if form.errors else 200)
