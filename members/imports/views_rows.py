"""Rows of an import on the screen: repaired, chosen for, left out, one by one or all of a tab."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from members.imports.repair import Answer, NotOpen, rows_alike, see_to, unwritten
from members.imports.row_form import RowForm, place_of
from members.imports.row_views import RowViews
from members.imports.views import CREATED, batch_in_sight, head_of, may_import, render_page
from members.models import ImportRow, Member
from members.models.imports import NEW, WRITTEN

# what may be done to all rows of a tab, and how it is told afterwards
ALL_OF_TAB = {
    "leave": (("question", "error"), Answer(left_out=True)),
    "take": (("left_out",), Answer(left_out=False)),
    "check": (("question", "error"), Answer()),
}


@may_import
def import_row(request, pk, row):
    """One row of an import with all its fields; sent back, it is checked and matched at once."""
    batch = batch_in_sight(request, pk)
    row = get_object_or_404(batch.rows.select_related("seen_by").prefetch_related(CREATED), pk=row)
    if request.method == "POST":
        return _answer(request, batch, row)
    context = {"item": _view(request, batch, row, back=place_of(request.GET), whole=True)}
    if request.htmx:
        return render(request, "members/_import_row.html", context | {"is_opened": True})
    context |= {"batch": batch, "title": context["item"]["name"] or context["item"]["place"]}
    return render_page(request, "members/import_row.html", context)


def _view(request, batch, row, **kwargs):
    [view] = RowViews(batch, request.user, [row], **kwargs)
    return view


def _answer(request, batch, row):
    form = RowForm(request.POST, batch=batch, row=row, content=row.content(), is_whole=True)
    form.drop_absent()
    if not form.is_valid():
        [problem, *_rest] = [error for errors in form.errors.values() for error in errors]
        messages.error(request, problem)
        return _back(request, batch, row, "")
    back, answer = form.cleaned_data["back"], form.answer()
    if answer.choice not in (None, NEW) and not _in_sight(request, batch, answer.choice):
        messages.error(request, _("This member is no longer in the register. Choose again."))
        return _back(request, batch, row, back)
    alike = form.cleaned_data["alike"]
    others = rows_alike(batch, row, alike) if alike in answer.entered else []
    try:
        batch = see_to(batch, [row.pk], answer, actor=request.user)
        if len(others) > 1:
            same = Answer(entered={alike: answer.entered[alike]})
            batch = see_to(batch, [pk for pk in others if pk != row.pk], same, actor=request.user)
    except NotOpen as reason:
        messages.error(request, str(reason))
        return _back(request, batch, row, back)
    row = batch.rows.select_related("seen_by").prefetch_related(CREATED).get(pk=row.pk)
    said = _told(row, answer, len(others))
    if not request.htmx or batch.also_seen or len(others) > 1:
        messages.success(request, said)
        return _back(request, batch, row, back)
    view = _view(request, batch, row, back=back)
    context = {"item": view, "said": said, "is_saved": True}
    context |= head_of(batch, request.user, QueryDict(back).get("tab", ""))
    return render(request, "members/_import_row_saved.html", context)


def _in_sight(request, batch, member):
    members = Member.objects.visible_to(request.user).filter(association=batch.association_id)
    return members.filter(pk=member).exists()


def _back(request, batch, row, back):
    """To where the row was seen; with htmx the page is loaded anew, for other rows may have changed."""
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect(f"{batch.get_absolute_url()}?{back}#row-{row.pk}")


def _told(row, answer, count):
    """What became of the answer, in a sentence."""
    if count > 1:
        done = ngettext("{count} row was answered.", "{count} rows were answered.", count)
        return done.format(count=count)
    if row.outcome == ImportRow.Outcome.LEFT_OUT:
        return _("The row is left out.")
    if answer.from_file:
        return _("The row is again what the file says.")
    if row.outcome in WRITTEN:
        return _("Checked: the row is ready to be imported.")
    if row.outcome == ImportRow.Outcome.UNCHANGED:
        return _("Checked: the register says the same already.")
    return _("Checked: the row still needs you.")


@require_POST
@may_import
def import_rows(request, pk):
    """Leave out, take in again or check anew all rows of a tab."""
    batch = batch_in_sight(request, pk)
    tab, do = request.POST.get("tab"), request.POST.get("do")
    outcomes, answer = ALL_OF_TAB.get(do, ((), None))
    if tab in outcomes:
        rows = list(unwritten(batch).filter(outcome=tab).order_by("position").values_list("pk", flat=True))
        try:
            batch = see_to(batch, rows, answer, actor=request.user)
        except NotOpen as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, _all_told(do, len(rows)))
        return redirect(f"{batch.get_absolute_url()}?tab={tab}#rows")
    return redirect(batch)


def _all_told(do, count):
    sentences = {
        "leave": ngettext("{count} row was left out.", "{count} rows were left out.", count),
        "take": ngettext("{count} row was taken in again.", "{count} rows were taken in again.", count),
        "check": ngettext("{count} row was checked again.", "{count} rows were checked again.", count),
    }
    return sentences[do].format(count=count)
