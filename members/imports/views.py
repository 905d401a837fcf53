"""Upload → preview → confirm → result, inside the frame of the staff screens."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.imports.forms import UploadForm
from members.imports.pipeline import apply_batch, discard_batch, preview_file
from members.imports.presentation import row_view, sheet_views, skipped_rows, tabs_of, undo_view
from members.imports.undoing import plan_undo, undo_batch
from members.models import ImportBatch, ImportStep, Member
from members.roster.workbook import UnreadableFile

ROWS_A_PAGE = 40

IMPORT_PERMISSIONS = ["members.import_member", "members.add_member", "members.change_member"]
may_import = permission_required(IMPORT_PERMISSIONS, raise_exception=True)


def _render(request, template, context, **kwargs):
    return render(request, template, admin.site.each_context(request) | context, **kwargs)


@may_import
def import_upload(request):
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = preview_file(
                upload,
                file_name=upload.name,
                association=form.cleaned_data["association"],
                actor=request.user,
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect(batch)
    recent = ImportBatch.objects.visible_to(request.user).select_related("association", "created_by")[:10]
    return _render(
        request,
        "members/import_upload.html",
        {"form": form, "recent": recent, "title": _("Import a roster")},
        status=422 if form.errors else 200,
    )


@may_import
def import_batch(request, pk):
    """One import: what it would do, or what it has done."""
    batch = _batch(request, pk)
    tabs = tabs_of(batch)
    tab = next((tab for tab in tabs if tab.key == request.GET.get("tab")), None) or next(
        (tab for tab in tabs if tab.count), tabs[0]
    )
    created = Prefetch("created_members", Member.objects.only("imported_from"))
    if tab.key == "skipped":
        listed = skipped_rows(batch)
    else:
        listed = tab.rows(batch).prefetch_related(created)
    # the tab's own count, so that no page counts rows
    paginator = Paginator(listed, ROWS_A_PAGE)
    paginator.count = tab.count
    page = paginator.get_page(request.GET.get("page"))
    if tab.key != "skipped":
        page.object_list = [row_view(row, batch) for row in page.object_list]
    steps = list(batch.steps.select_related("by").order_by("at"))
    undoing = next((step for step in steps if step.number == ImportStep.UNDOING), None)
    context = {
        "batch": batch,
        "title": batch.file_name,
        "sheets": sheet_views(batch),
        "tabs": tabs,
        "tab": tab,
        "page": page,
        "ready": batch.ready,
        "steps": steps,
        "undoing": undoing,
    }
    return _render(request, "members/import_batch.html", context)


@require_POST
@may_import
def import_apply(request, pk):
    """Confirm a preview. Pressed twice, in one tab or two, it imports once."""
    batch = _batch(request, pk)
    batch = apply_batch(batch, actor=request.user)
    if batch.state == ImportBatch.State.DISCARDED:
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
    batch = _batch(request, pk)
    if batch.state == ImportBatch.State.UNDONE:
        messages.info(request, _("This import was undone before."))
        return redirect(batch)
    if batch.state != ImportBatch.State.APPLIED:
        messages.error(request, _("This import was not applied; there is nothing to undo."))
        return redirect(batch)
    if request.method == "POST":
        batch = undo_batch(batch, actor=request.user)
        if batch.step_made is None:
            messages.info(request, _("This import was undone before."))
        else:
            sentence = _(
                "The import was undone: {removed} removed, {restored} restored, {kept} left as they are."
            )
            messages.success(request, sentence.format(**batch.step_made.counts))
        return redirect(batch)
    context = {"batch": batch, "title": _("Undo the import"), **undo_view(batch, plan_undo(batch))}
    return _render(request, "members/import_undo.html", context)


@require_POST
@may_import
def import_discard(request, pk):
    """Put a preview away without importing anything; its file is deleted."""
    batch = _batch(request, pk)
    if discard_batch(batch):
        messages.success(request, _("The import was discarded; nothing was imported."))
        return redirect("members:import_upload")
    messages.error(request, _("This import was confirmed before and cannot be discarded."))
    return redirect(batch)


def _batch(request, pk):
    batches = ImportBatch.objects.visible_to(request.user)
    return get_object_or_404(batches.select_related("association", "created_by"), pk=pk)
