"""The staff's pages of files and photos of an activity."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.files.forms import FileForm, UploadForm
from activities.files.publishing import not_agreed
from activities.files.services import delete_file, move_file, put_in
from activities.files.serving import file_response
from activities.frame import activity_in_sight, may_edit, may_view
from activities.models import ActivityFile
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.services import NotPossible


@may_view
@require_http_methods(["GET", "POST"])
def files(request, pk):
    """What there is of an activity, and a form to put more in."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = UploadForm(
        posted(request),
        request.FILES or None,
        max_megabytes=settings.ACTIVITY_FILE_MAX_BYTES // (1024 * 1024),
        no_room_for=getattr(request, "no_room_for", ""),
    )
    if form.is_valid() and _put_in(request, activity, form):
        return redirect("activities:files", pk)
    rows = list(activity.files.select_related("put_in_by"))
    context = {
        "title": _("Files and photos"),
        "activity": activity,
        "form": form,
        "photos": [row for row in rows if row.kind == ActivityFile.Kind.PHOTO],
        "files": [row for row in rows if row.kind == ActivityFile.Kind.FILE],
        "not_agreed": not_agreed(activity, request.user),
    }
    return render_page(request, "activities/files.html", context, status=422 if form.is_bound else 200)


def _put_in(request, activity, form):
    data = form.cleaned_data
    try:
        rows = put_in(
            activity,
            data["files"],
            readers=data["readers"],
            persons_agreed=data["persons_agreed"],
            actor=request.user,
        )
    except NotPossible as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        ngettext("{count} file was put in.", "{count} files were put in.", len(rows)).format(count=len(rows)),
    )
    if any(row.readers != data["readers"] for row in rows):
        messages.info(
            request, _("The photos are shown to staff only: nobody said that the persons on them agreed.")
        )
    for sentence in form.refused:
        messages.warning(request, sentence)
    return True


def file_in_sight(request, pk, *, to_write=False):
    """The ActivityFile with the key `pk`: 404 out of sight, 403 where the activity is not the user's to edit."""
    rows = ActivityFile.objects.visible_to(request.user).select_related("activity__host")
    row = get_object_or_404(rows, pk=pk)
    if to_write and not may_edit(request.user, row.activity):
        raise PermissionDenied
    return row


@may_view
@require_safe
def file(request, pk):
    """The photo, or the file to download."""
    return file_response(file_in_sight(request, pk))


@may_view
@require_safe
def file_small(request, pk):
    """The small version of a photo."""
    return file_response(file_in_sight(request, pk), small=True)


@may_view
@require_http_methods(["GET", "POST"])
def file_edit(request, pk):
    """What a file is called and who may see it."""
    row = file_in_sight(request, pk, to_write=True)
    # the form changes a row of its own: the page is about what is stored
    form = FileForm(posted(request), row=file_in_sight(request, pk))
    if request.method == "POST" and form.is_valid() and form.attempt():
        messages.success(request, _("Saved."))
        return redirect("activities:files", row.activity_id)
    context = {
        "title": _("Edit: {name}").format(name=row),
        "activity": row.activity,
        "row": row,
        "form": form,
        "not_agreed": not_agreed(row.activity, request.user) if row.kind == ActivityFile.Kind.PHOTO else None,
    }
    return render_page(request, "activities/file_edit.html", context, status=422 if form.is_bound else 200)


@may_view
@require_POST
def file_move(request, pk):
    """One place up or down in the list."""
    row = file_in_sight(request, pk, to_write=True)
    move_file(row, up=request.POST.get("to") == "up")
    return redirect("activities:files", row.activity_id)


@may_view
@require_http_methods(["GET", "POST"])
def file_delete(request, pk):
    """Delete a file for good, after asking."""
    row = file_in_sight(request, pk, to_write=True)
    if request.method == "POST":
        delete_file(row)
        messages.success(request, _("{name} was deleted.").format(name=row))
        return redirect("activities:files", row.activity_id)
    context = {"title": _("Delete: {name}").format(name=row), "activity": row.activity, "row": row}
    return render_page(request, "activities/file_delete.html", context)
