"""Screens of body rosters beside those of every import: what a file is about, export, template."""

import io

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from members.body_rosters.forms import BodyExportForm, BodyRosterForm
from members.body_rosters.sheets import body_template, export_body, file_name
from members.imports.columns import read_anew
from members.imports.files import is_lost
from members.imports.repair import NotOpen
from members.imports.views import batch_in_sight, may_import, render_page
from members.imports.work import Work, start
from members.models.imports import BODIES, DISCARDABLE_STATES
from members.rights import Ability
from members.roster.decisions import Decisions
from members.roster.workbook import UnreadableFile
from organizations.frame import body_in_sight


@may_import
def body_roster(request, pk):
    """Which body and term a batch is about, and the rules for the whole file; sent back, the file is read again."""
    batch = batch_in_sight(request, pk)
    if batch.work or batch.kind != BODIES:
        return redirect(batch)
    if batch.state not in DISCARDABLE_STATES:
        messages.error(
            request, _("This import was confirmed before; its body and term cannot be changed any more.")
        )
        return redirect(batch)
    form = BodyRosterForm(request.POST or None, batch=batch, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.note()
        try:
            return _read_again(request, batch)
        except NotOpen as reason:
            messages.error(request, str(reason))
            return redirect(batch)
        except UnreadableFile as reason:
            form.add_error(None, str(reason))
    context = {"batch": batch, "form": form, "title": _("Body and term")}
    return render_page(request, "members/body_roster.html", context, status=422 if form.errors else 200)


def _body_where(request, pk, ability):
    """The Body with the key `pk`: 404 out of sight, 403 where the user may not do `ability` in it."""
    body = body_in_sight(request, pk)
    if not request.user.rights.may_in_body(ability, body):
        raise PermissionDenied
    return body


@permission_required("members.export_member", raise_exception=True)
def body_export(request, pk):
    """The roster of a body on a day as a file; the log of exports tells of it."""
    body = _body_where(request, pk, Ability.EXPORT)
    form = BodyExportForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        file_format = form.file_format
        file = export_body(
            body,
            on=form.cleaned_data["on"],
            keys=form.cleaned_data["keys"],
            file_format=file_format,
            actor=request.user,
            reason=form.cleaned_data["reason"],
        )
        return FileResponse(
            file,
            as_attachment=True,
            filename=file_name(body, file_format),
            content_type=file_format.get_content_type(),
        )
    context = {"body": body, "form": form, "title": _("Export the roster of the body")}
    return render_page(request, "members/body_export.html", context, status=422 if form.errors else 200)


@may_import
def body_roster_template(request, pk):
    """The sheet to fill in for a body."""
    body = _body_where(request, pk, Ability.EDIT)
    return FileResponse(
        io.BytesIO(body_template(body)),
        as_attachment=True,
        filename=f"{body.name}名册模板.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _read_again(request, batch):
    decisions = Decisions.from_json(batch.decisions)
    if not is_lost(batch) and batch.file.size > settings.ROSTER_AT_ONCE_BYTES:
        batch.save(update_fields=["body", "options"])
        start(batch, Work.REREADING, actor=request.user, decisions=decisions)
    else:
        batch = read_anew(batch, decisions)
        messages.success(request, _("The rows were read for this body and term."))
    return redirect(batch)
