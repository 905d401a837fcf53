"""The staff's pages of donations: the ledger, one booking, what goes out of it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from activities.contributions.donating import note_day
from activities.contributions.donation_forms import (
    DonationForm,
    ExportForm,
    LedgerFilter,
    NoteDayForm,
    SeenDonationForm,
    VoidForm,
)
from activities.contributions.donors import kind_of as kind_of_donor
from activities.contributions.donors import knows, shown_donor
from activities.contributions.donors import name_in_form as donor_in_form
from activities.contributions.frame import form_page
from activities.contributions.ledger import lines_of, log_export, quantity_of, workbook_of
from activities.contributions.sums import donated
from activities.models import Activity, Donation
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.history_entries import entries
from organizations.models import Association, Change

ROWS = 50
CHANGES_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = "＊＊＊"
# what copies take over
COPIED = ("kind", "is_anonymous", "amount", "purpose", "campaign", "activity", "receiver")

may_view = permission_required("activities.view_donation", raise_exception=True)


def states():
    """{key of a tab: (label, function of donations)}."""
    return {
        "": (_("All donations"), lambda rows: rows.valid()),
        "unreported": (_("Not yet reported"), lambda rows: rows.valid().filter(reported_on=None)),
        "unpublished": (_("Not yet published"), lambda rows: rows.valid().filter(published_on=None)),
        "voided": (_("Voided"), lambda rows: rows.exclude(voided_on=None)),
    }


def _asked(request):
    """(filter, rows of the ledger in sight that fit it, key of the tab)."""
    form = LedgerFilter(request.GET, user=request.user)
    rows = form.narrowed(Donation.objects.visible_to(request.user))
    state = request.GET.get("state", "")
    return form, rows, state if state in states() else ""


@may_view
@require_GET
def donations(request):
    """The ledger, latest first, with its sums."""
    form, rows, state = _asked(request)
    shown = states()[state][1](rows).select_related("association", "member", "employer", "campaign")
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.shown_donor = shown_donor(request.user, row)
    rights = request.user.rights
    context = {
        "title": _("Donations"),
        "form": form,
        "is_asked": bool(form.asked),
        "state": state,
        "tabs": [(key, label, fits(rows).count()) for key, (label, fits) in states().items()],
        "sum": donated(shown),
        "page": page,
        "note_form": NoteDayForm() if state in ("unreported", "unpublished") else None,
        "may_edit": request.user.has_perm("activities.change_donation"),
        "may_export": bool(rights.associations_for(Ability.EXPORT)),
        "query": request.GET.urlencode(),
        "several": len(rights.association_rows) > 1,
    }
    return render_page(request, "activities/donations.html", context)


def _in_sight(request, pk, *, to_edit=False):
    rows = Donation.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("association", "member", "employer", "campaign"), pk=pk)
    if to_edit and not _may_edit(request.user, row):
        raise PermissionDenied
    return row


def _may_edit(user, donation):
    return user.has_perm("activities.change_donation") and user.rights.may(
        Ability.EDIT, donation.association_id
    )


@may_view
@require_GET
def donation(request, pk):
    """One booking with its goods; its history for those who may know the donor."""
    row = _in_sight(request, pk)
    may_edit = _may_edit(request.user, row)
    context = {
        "title": _("Donation of {day}").format(day=row.received_on.isoformat()),
        "donation": row,
        "donor": shown_donor(request.user, row),
        # what was noted about who wished to stay unnamed may name them
        "knows": knows(request.user, row),
        "activity": Activity.objects.visible_to(request.user).filter(pk=row.activity_id).first(),
        "goods": [(item, quantity_of(item)) for item in row.goods.all()],
        "may_edit": may_edit,
        "entries": _history(request.user, row) if may_edit else [],
    }
    return render_page(request, "activities/donation.html", context)


def _history(user, donation):
    """The history of `donation`, without the names of activities that `user` does not see."""
    changes = Change.objects.of(donation).select_related("action__actor", "content_type").order_by("-pk")

    def read(model, name, text):
        if name != "activity" or not text or Activity.objects.visible_to(user).filter(title=text).exists():
            return text
        return HIDDEN

    return entries(list(changes[:CHANGES_SHOWN]), read, about=donation)


@permission_required("activities.add_donation", raise_exception=True)
def donation_new(request):
    """Book a donation; ``?copy=`` takes over another one, ``?activity=`` and ``?campaign=`` propose."""
    initial = {"received_on": timezone.localdate(), "kind": "cash", "assign_number": True, **_copied(request)}
    form = DonationForm(posted(request), user=request.user, initial=initial)
    context = {"title": _("Enter a donation"), "back": reverse("activities:donations")}
    return form_page(request, form, "activities/donation_form.html", context, done=_saved)


def _copied(request):
    key = request.GET.get("copy", "")
    found = (
        Donation.objects.editable_by(request.user).filter(pk=key) if key.isascii() and key.isdigit() else []
    )
    for row in found:
        columns = ("name", "specification", "quantity", "unit", "value")
        return {name: getattr(row, f"{name}_id", None) or getattr(row, name) for name in COPIED} | {
            "association": row.association_id,
            "donor_kind": kind_of_donor(row),
            "donor": donor_in_form(row),
            "goods": list(row.goods.values(*columns)),
        }
    return {name: request.GET[name] for name in ("activity", "campaign") if name in request.GET}


@may_view
def donation_edit(request, pk):
    """Correct a booking; one that is voided stays as it is."""
    row = _in_sight(request, pk, to_edit=True)
    if row.voided_on:
        messages.warning(request, _("This donation is voided."))
        return redirect(row)
    form = SeenDonationForm(posted(request), instance=_in_sight(request, pk), row=row, user=request.user)
    context = {"title": _("Edit the donation"), "back": row.get_absolute_url(), "donation": row}
    return form_page(request, form, "activities/donation_form.html", context, done=_saved)


def _saved(row):
    said = _("The donation is saved.")
    if row.receipt_number:
        said = _("The donation is saved, receipt {number}.").format(number=row.receipt_number)
    return said, row.get_absolute_url()


@may_view
def donation_void(request, pk):
    """Void a booking, with the reason."""
    row = _in_sight(request, pk, to_edit=True)
    form = VoidForm(posted(request), donation=row)
    context = {
        "title": _("Void the donation"),
        "back": row.get_absolute_url(),
        "donation": row,
        "is_grave": True,
    }

    def done(saved):
        return _("The donation is voided; it stays in the ledger."), saved.get_absolute_url()

    return form_page(request, form, "activities/donation_form.html", context, done=done)


@may_view
@require_POST
def donations_note(request):
    """Note the day on which the donations ticked were reported or published."""
    if not request.user.has_perm("activities.change_donation"):
        raise PermissionDenied
    form = NoteDayForm(request.POST)
    keys = [
        int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19
    ]
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    elif not keys:
        messages.warning(request, _("Tick at least one."))
    else:
        rows = Donation.objects.editable_by(request.user).filter(pk__in=keys[:ROWS])
        count, left = note_day(rows, **form.cleaned_data)
        if count:
            said = ngettext("Noted for {count} donation.", "Noted for {count} donations.", count)
            messages.success(request, said.format(count=count))
        for sentence in left:
            messages.warning(request, sentence)
    state = {"reported_on": "unreported"}.get(request.POST.get("column"), "unpublished")
    return redirect(f"{reverse('activities:donations')}?state={state}")


@may_view
@require_GET
def donations_print(request):
    """The donations asked for on paper: as ledger, or with ``?as=publication`` as the list that is published."""
    _form, rows, state = _asked(request)
    rows = states()[state][1](rows).valid()
    year = request.GET.get("year", "")
    context = {
        "title": _("Ledger of donations"),
        "is_publication": request.GET.get("as") == "publication",
        "associations": Association.objects.filter(pk__in=rows.order_by().values("association")),
        "year": year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        "day": timezone.localdate(),
        "lines": lines_of(rows),
        "sum": donated(rows),
        "query": request.GET.urlencode(),
    }
    return render_page(request, "activities/donations_print.html", context)


@may_view
def donations_export(request):
    """The donations asked for as a spreadsheet."""
    places = request.user.rights.associations_for(Ability.EXPORT)
    if not places:
        raise PermissionDenied
    _form, rows, state = _asked(request)
    rows = states()[state][1](rows).filter(association__in=places)
    form = ExportForm(posted(request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        return _handed_out(request, rows, **form.cleaned_data)
    context = {
        "title": _("Ledger of donations as a spreadsheet"),
        "form": form,
        "count": rows.valid().count(),
        "query": request.GET.urlencode(),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "activities/donations_export.html", context, status=status)


def _handed_out(request, rows, *, with_names, reason):
    if with_names:
        rows = rows.filter(association__in=request.user.rights.associations_for(Ability.EDIT))
    places = list(Association.objects.filter(pk__in=rows.order_by().values("association"))[:2])
    log_export(
        rows,
        actor=request.user,
        association=places[0] if len(places) == 1 else None,
        with_names=with_names,
        reason=reason,
    )
    response = HttpResponse(workbook_of(rows, with_names=with_names), content_type=XLSX)
    name = f"捐赠台账{timezone.localdate():%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
