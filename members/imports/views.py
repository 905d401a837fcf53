"""Upload → preview → confirm → result, inside the frame of the staff screens."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Prefetch
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from members.imports.error_sheet import FileLost, error_sheet
from members.imports.files import NotStored, file_view, is_out_of_room
from members.imports.forms import UploadForm
from members.imports.kinds import KINDS, NotWritable
from members.imports.looks import look_of
from members.imports.pipeline import apply_batch, discard_batch, preview_file
from members.imports.presentation import (
    columns_open,
    sheet_views,
    sheets_unread,
    skipped_rows,
    tabs_of,
    undo_view,
)
from members.imports.row_form import place_of
from members.imports.row_views import RowViews
from members.imports.undoing import plan_undo, undo_batch
from members.imports.work import IMPORT_PERMISSIONS, cancel, receive, start, start_again
from members.imports.work_page import work_view
from members.models import ImportBatch, ImportStep, Member
from members.models.imports import DISCARDABLE_STATES, OPEN_OUTCOMES, OPEN_STATES
from members.roster.workbook import UnreadableFile

ROWS_A_PAGE, DOUBTS_A_PAGE = 40, 15
CREATED = Prefetch("created_members", Member.objects.only("imported_from"))
Work = ImportBatch.Work

may_import = permission_required(IMPORT_PERMISSIONS, raise_exception=True)


def render_page(request, template, context, **kwargs):
    return render(request, template, admin.site.each_context(request) | context, **kwargs)


def batch_in_sight(request, pk):
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("association", "created_by", "body"), pk=pk)


@may_import
def import_upload(request):
    data, files = request.POST or None, request.FILES or None
    # known once the form was read
    not_stored = NotStored(request.no_room_for) if hasattr(request, "no_room_for") else None
    asked = {name: request.GET[name] for name in ("kind", "body", "association") if name in request.GET}
    form = UploadForm(data, files, initial=asked, user=request.user, not_stored=not_stored)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        bring = receive if upload.size > settings.ROSTER_AT_ONCE_BYTES else preview_file
        try:
            batch = bring(
                upload,
                file_name=upload.name,
                association=form.cleaned_data["association"],
                actor=request.user,
                kind=form.cleaned_data["kind"],
                body=form.cleaned_data["body"],
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        except NotStored as error:
            not_stored = error
            form.add_error("file", str(error))
        else:
            # somebody has to say where the list is
            is_unknown = (
                not batch.work and not batch.counts["rows"] and any(look["rows"] for look in look_of(batch))
            )
            return redirect("members:import_columns", batch.pk) if is_unknown else redirect(batch)
    recent = ImportBatch.objects.visible_to(request.user).select_related("association", "created_by")[:10]
    return render_page(
        request,
        "members/import_upload.html",
        {"form": form, "recent": recent, "title": _("Import a roster")},
        status=507 if not_stored else 422 if form.errors else 200,
    )


@may_import
def import_batch(request, pk):
    """One import: what it would do, or what it has done."""
    batch = batch_in_sight(request, pk)
    if batch.work or batch.state == ImportBatch.State.FAILED:
        return _work_page(request, batch)
    if request.htmx.target == "work":
        # the page that watched the work, which is done
        return HttpResponseClientRedirect(batch.get_absolute_url())
    tabs = tabs_of(batch)
    tab = next((tab for tab in tabs if tab.key == request.GET.get("tab")), None) or next(
        (tab for tab in tabs if tab.count), tabs[0]
    )
    name = request.GET.get("q", "").strip()[:100]
    if tab.key == "skipped":
        listed, count = skipped_rows(batch), tab.count
    else:
        listed = tab.rows(batch).select_related("seen_by")
        if batch.steps_applied:
            listed = listed.prefetch_related(CREATED)
        # the tab's own count, so that no page counts rows
        count = tab.count
        if name:
            listed = listed.filter(name__contains=name)
            count = listed.count()
    paginator = Paginator(listed, DOUBTS_A_PAGE if tab.is_doubts else ROWS_A_PAGE)
    paginator.count = count
    page = paginator.get_page(request.GET.get("page"))
    if tab.key != "skipped":
        back = place_of(request.GET.dict() | {"tab": tab.key})
        page.object_list = list(RowViews(batch, request.user, page.object_list, back=back))
    kind = KINDS[batch.kind]
    context = head_of(batch, request.user, tab.key) | {
        "title": batch.file_name,
        "sheets": sheet_views(batch),
        "may_decide": batch.state in OPEN_STATES and "from" not in batch.decisions,
        "columns_open": columns_open(batch),
        "panel": kind.panel(batch) if kind.panel else None,
        "unread": sheets_unread(batch),
        "name": name,
        "page": page,
    }
    return render_page(request, "members/import_batch.html", context)


def head_of(batch, user, tab=""):
    """What the head and the tabs of a batch's page show; `tab` is the key of the open one."""
    steps = list(batch.steps.select_related("by").order_by("at"))
    undoing = next((step for step in steps if step.number == ImportStep.UNDOING), None)
    tabs = tabs_of(batch)
    return {
        "batch": batch,
        "tabs": tabs,
        "tab": next((each for each in tabs if each.key == tab), None),
        "ready": batch.ready,
        "open": sum(each.count for each in tabs if each.key in OPEN_OUTCOMES),
        "steps": steps,
        "undoing": undoing,
        "file": file_view(batch, user),
        # SQLite has one writer at a time
        "holds_up": connection.vendor == "sqlite" and batch.ready > settings.ROSTER_AT_ONCE_ROWS,
    }


@require_POST
@may_import
def import_apply(request, pk):
    """Confirm a preview. Pressed twice, in one tab or two, it imports once."""
    batch = batch_in_sight(request, pk)
    if batch.ready > settings.ROSTER_AT_ONCE_ROWS and start(batch, Work.APPLYING, actor=request.user):
        return redirect(batch)
    try:
        batch = apply_batch(batch, actor=request.user)
    except NotWritable as reason:
        messages.error(request, str(reason))
        return redirect(batch)
    if batch.work:
        messages.info(request, _being_done(batch))
    elif batch.state == ImportBatch.State.DISCARDED:
        messages.error(request, _("This import was discarded; nothing was imported."))
    elif batch.state == ImportBatch.State.UNDONE:
        messages.error(request, _("This import was undone; nothing was imported."))
    elif batch.step_made is None:
        messages.info(request, _("This import was confirmed before; nothing was imported twice."))
    else:
        count = batch.step_made.counts["applied"]
        done = ngettext("{count} row was imported.", "{count} rows were imported.", count)
        messages.success(request, done.format(count=count))
    return redirect(batch)


@may_import
def import_undo(request, pk):
    """What undoing an applied batch would remove, restore and leave; confirmed by a POST."""
    batch = batch_in_sight(request, pk)
    if batch.state == ImportBatch.State.UNDONE:
        messages.info(request, _("This import was undone before."))
        return redirect(batch)
    if batch.state != ImportBatch.State.APPLIED:
        messages.error(request, _("This import was not applied; there is nothing to undo."))
        return redirect(batch)
    if batch.work:
        messages.info(request, _being_done(batch))
        return redirect(batch)
    if request.method == "POST":
        written = batch.counts.get("applied", 0)
        if written > settings.ROSTER_AT_ONCE_ROWS and start(batch, Work.UNDOING, actor=request.user):
            return redirect(batch)
        batch = undo_batch(batch, actor=request.user)
        if batch.work:
            messages.info(request, _being_done(batch))
        elif batch.step_made is None:
            messages.info(request, _("This import was undone before."))
        else:
            sentence = _(
                "The import was undone: {removed} removed, {restored} restored, {kept} left as they are."
            )
            messages.success(request, sentence.format(**batch.step_made.counts))
        return redirect(batch)
    context = {
        "batch": batch,
        "title": _("Undo the import"),
        "open": sum(batch.counts[outcome] for outcome in OPEN_OUTCOMES),
        **undo_view(batch, plan_undo(batch)),
    }
    return render_page(request, "members/import_undo.html", context)


@may_import
def import_discard(request, pk):
    """Put a preview away without importing anything; its file is deleted. Confirmed by a POST."""
    batch = batch_in_sight(request, pk)
    if request.method != "POST" and batch.state in DISCARDABLE_STATES and not batch.work:
        seen = batch.rows.exclude(seen_at=None).count()
        context = {"batch": batch, "seen": seen, "title": _("Discard the import")}
        return render_page(request, "members/import_discard.html", context)
    if batch.state == ImportBatch.State.DISCARDED:
        messages.info(request, _("This import was discarded; nothing was imported."))
        return redirect(batch)
    if request.method == "POST" and discard_batch(batch):
        messages.success(request, _("The import was discarded; nothing was imported."))
        return redirect("members:import_upload")
    messages.error(request, _("This import was confirmed before and cannot be discarded."))
    return redirect(batch)


@require_POST
@may_import
def import_cancel(request, pk):
    """Take back what the worker was asked to do; what it has done already stays."""
    batch = batch_in_sight(request, pk)
    if batch.work:
        cancel(batch)
    else:
        messages.info(request, _("There was nothing left to be cancelled."))
    return redirect(batch)


@require_POST
@may_import
def import_again(request, pk):
    """Ask the worker once more for what was interrupted."""
    batch = batch_in_sight(request, pk)
    if not start_again(batch, actor=request.user):
        messages.info(request, _("There was nothing to be started again."))
    return redirect(batch)


@require_GET
@may_import
def import_error_sheet(request, pk):
    """Download the workbook with its doubts; `?only=left` without those that keep nothing out."""
    batch = batch_in_sight(request, pk)
    if not batch.format:  # not read yet, or in vain: its page says so
        return redirect(batch)
    try:
        file, name = error_sheet(batch, actor=request.user, all_levels=request.GET.get("only") != "left")
    except (FileLost, UnreadableFile) as error:
        messages.error(request, str(error))
        return redirect(batch)
    except OSError as error:
        if not is_out_of_room(error):
            raise
        messages.error(
            request,
            _(
                "The error sheet could not be written: the server’s disk is full. Tell whoever runs the server, and "
                "try again afterwards."
            ),
        )
        return redirect(batch)
    return FileResponse(file, as_attachment=True, filename=name)


def _work_page(request, batch):
    context = {"batch": batch, "title": batch.file_name, **work_view(batch)}
    if request.htmx.target == "work":
        return render(request, "members/_import_work.html", context)
    return render_page(request, "members/import_work.html", context)


def _being_done(batch):
    if batch.work == Work.UNDOING:
        return _("This import is being undone.")
    return _("This file is being imported.")
