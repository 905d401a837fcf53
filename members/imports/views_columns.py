"""What the sheets and columns of a file are, where the reader does not know or somebody knows better."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.imports.columns import bring_in_kept, read_anew, remember
from members.imports.columns_form import ColumnsForm, KeptColumnsForm
from members.imports.files import is_lost
from members.imports.repair import NotOpen
from members.imports.views import batch_in_sight, may_import, render_page
from members.imports.work import Work, start
from members.models.imports import OPEN_STATES
from members.roster.workbook import UnreadableFile


@may_import
def import_columns(request, pk):
    """Sheets, header rows and columns of a file; once something of it was imported, the columns kept aside."""
    batch = batch_in_sight(request, pk)
    if batch.work:
        return redirect(batch)
    if batch.state not in OPEN_STATES:
        messages.error(request, _("This import is closed; its file is not read again."))
        return redirect(batch)
    return _kept_columns(request, batch) if batch.steps_applied else _columns(request, batch)


def _columns(request, batch):
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        try:
            if not is_lost(batch) and batch.file.size > settings.ROSTER_AT_ONCE_BYTES:
                return _read_by_worker(request, batch, form)
            batch = read_anew(batch, form.decisions())
        except NotOpen as reason:
            messages.error(request, str(reason))
            return redirect(batch)
        except UnreadableFile as reason:
            form.add_error(None, str(reason))
        else:
            remember(batch, form.to_remember(), actor=request.user)
            rows = batch.counts["rows"]
            told = ngettext(
                "The file was read again: {count} row with a member.",
                "The file was read again: {count} rows with members.",
                rows,
            )
            messages.success(request, told.format(count=rows))
            return redirect(batch) if rows else redirect("members:import_columns", batch.pk)
    context = {"batch": batch, "form": form, "title": _("Sheets and columns")}
    return render_page(request, "members/import_columns.html", context, status=422 if form.errors else 200)


def _read_by_worker(request, batch, form):
    if start(batch, Work.REREADING, actor=request.user, decisions=form.decisions()):
        remember(batch, form.to_remember(), actor=request.user)
    return redirect(batch)


def _kept_columns(request, batch):
    form = KeptColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        choices = form.choices()
        try:
            further = bring_in_kept(batch, choices, actor=request.user) if choices else None
        except NotOpen as reason:
            messages.error(request, str(reason))
            return redirect(batch)
        remember(batch, form.to_remember(), actor=request.user)
        if further:
            messages.success(
                request,
                _(
                    "This is what the columns would add to the members of the import before. Look, then confirm."
                ),
            )
            return redirect(further)
        messages.info(request, _("Nothing was to be brought in."))
        return redirect(batch)
    context = {"batch": batch, "form": form, "title": _("Columns kept aside")}
    return render_page(
        request, "members/import_kept_columns.html", context, status=422 if form.errors else 200
    )
