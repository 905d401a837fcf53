"""Screens of sign-in sheets beside those of every import: the upload for one activity, where a sheet goes."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from activities.frame import activity_in_sight
from activities.sheets.columns import day_columns, take_column
from activities.sheets.counting import read_rows
from activities.sheets.fields import WhoWord
from activities.sheets.forms import SheetForm, SheetUploadForm
from activities.sheets.kind import SHEETS
from activities.sheets.target import Target, options_for
from members.imports.columns import read_anew
from members.imports.files import NotStored, is_lost
from members.imports.pipeline import preview_file
from members.imports.repair import Answer, NotOpen, see_to
from members.imports.views import batch_in_sight, may_import, render_page
from members.imports.work import Work, receive, start
from members.models.imports import DISCARDABLE_STATES
from members.rights import Ability
from members.roster.decisions import Decisions
from members.roster.workbook import UnreadableFile
from organizations.models import Meeting


@may_import
def sheet_upload(request, pk):
    """Bring the sign-in sheet of an activity."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    return _upload(request, activity, activity.association)


@may_import
def meeting_sheet_upload(request, pk):
    """Bring the sign-in sheet of a meeting."""
    rows = Meeting.objects.visible_to(request.user).select_related("body__association")
    meeting = get_object_or_404(rows, pk=pk)
    if not request.user.rights.may_in_body(Ability.EDIT, meeting.body):
        raise PermissionDenied
    return _upload(request, meeting, meeting.body.association)


def _upload(request, thing, association):
    if not request.user.rights.may(Ability.IMPORT, association.pk):
        raise PermissionDenied
    # known once the form was read
    files = request.FILES or None
    not_stored = NotStored(request.no_room_for) if hasattr(request, "no_room_for") else None
    form = SheetUploadForm(request.POST or None, files, not_stored=not_stored)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        bring = receive if upload.size > settings.ROSTER_AT_ONCE_BYTES else preview_file
        body, options = options_for(thing)
        try:
            batch = bring(
                upload,
                file_name=upload.name,
                association=association,
                actor=request.user,
                kind=SHEETS,
                body=body,
                options=options,
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        except NotStored as error:
            not_stored = error
            form.add_error("file", str(error))
        else:
            return redirect(batch)
    context = {"thing": thing, "form": form, "title": _("Import a sign-in sheet")}
    status = 507 if not_stored else 422 if form.errors else 200
    return render_page(request, "activities/sheet_upload.html", context, status=status)


def _open_sheet(request, pk):
    """The batch of a sign-in sheet, None with a message if nothing about the whole file can be decided any more."""
    batch = batch_in_sight(request, pk)
    if batch.work or batch.kind != SHEETS.key:
        return batch, False
    if batch.state not in DISCARDABLE_STATES:
        messages.error(
            request, _("This import was confirmed before; what it goes to cannot be changed any more.")
        )
        return batch, False
    return batch, True


@may_import
def sheet(request, pk):
    """Which activity or meeting a sheet goes to, and the rules for the whole file; sent back, it is read again."""
    batch, is_open = _open_sheet(request, pk)
    if not is_open:
        return redirect(batch)
    form = SheetForm(request.POST or None, batch=batch, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.note()
        try:
            return _read_again(request, batch, Decisions.from_json(batch.decisions))
        except NotOpen as reason:
            messages.error(request, str(reason))
            return redirect(batch)
        except UnreadableFile as reason:
            form.add_error(None, str(reason))
    context = {"batch": batch, "form": form, "title": _("What the sheet goes to")}
    return render_page(request, "activities/sheet.html", context, status=422 if form.errors else 200)


@require_POST
@may_import
def sheet_column(request, pk):
    """Take one of several columns with marks, each of which is an activity of its own."""
    batch, is_open = _open_sheet(request, pk)
    columns = {column.key: column for column in day_columns(batch)} if is_open else {}
    column = columns.get(request.POST.get("column"))
    if column is None:
        return redirect(batch)
    batch.created_by = request.user
    try:
        return _read_again(request, batch, take_column(batch, column))
    except (NotOpen, UnreadableFile) as reason:
        messages.error(request, str(reason))
        return redirect(batch)


def _read_again(request, batch, decisions):
    if not is_lost(batch) and batch.file.size > settings.ROSTER_AT_ONCE_BYTES:
        batch.save(update_fields=["body", "options"])
        start(batch, Work.REREADING, actor=request.user, decisions=decisions)
    else:
        batch = read_anew(batch, decisions)
        messages.success(
            request, _("The rows were read for “{name}”.").format(name=Target(batch).thing or "—")
        )
    return redirect(batch)


# what may be done to all rows about people who are no members
_ALL = {"guests": Answer(entered={"who": WhoWord.GUEST.value}), "leave": Answer(left_out=True)}


@require_POST
@may_import
def sheet_strangers(request, pk):
    """Take all who are no members as guests, or leave them out."""
    batch = batch_in_sight(request, pk)
    answer = _ALL.get(request.POST.get("do"))
    if batch.kind != SHEETS.key or answer is None:
        return redirect(batch)
    rows = read_rows(batch, "").strangers
    try:
        see_to(batch, rows, answer, actor=request.user)
    except NotOpen as reason:
        messages.error(request, str(reason))
    else:
        done = ngettext("{count} row was answered.", "{count} rows were answered.", len(rows))
        messages.success(request, done.format(count=len(rows)))
    return redirect(batch)
