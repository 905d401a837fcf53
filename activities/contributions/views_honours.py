"""The staff's pages of honours."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities.contributions.claims import is_own
from activities.contributions.forms import HonourDecisionForm, HonourFilter, HonourForm
from activities.contributions.frame import form_page, may_change, tabs_of
from activities.models import Honour, Service
from organizations.frame import posted, render_page

ROWS = 50
State = Service.State

may_view = permission_required("activities.view_honour", raise_exception=True)


@may_view
@require_GET
def honours(request):
    """The honours of members, the latest first; those to be confirmed, the oldest first."""
    form = HonourFilter(request.GET, user=request.user)
    rows = form.narrowed(Honour.objects.staff_visible_to(request.user))
    tabs = tabs_of(rows, State.choices)
    counts = {value: count for value, _label, count in tabs}
    waits = request.user.has_perm("activities.change_honour") and counts[State.CLAIMED]
    state = request.GET.get("state")
    if state not in State.values:
        state = State.CLAIMED if waits else State.CONFIRMED
    shown = rows.filter(state=state).select_related("member__association", "activity")
    order = ["claimed_at", "pk"] if state == State.CLAIMED else ["-on", "-pk"]
    context = {
        "title": _("Honours"),
        "form": form,
        "is_asked": bool(form.asked),
        "state": state,
        "tabs": tabs,
        "page": Paginator(shown.order_by(*order), ROWS).get_page(request.GET.get("page")),
        "may_enter": request.user.has_perm("activities.add_honour"),
        "several": len(request.user.rights.association_rows) > 1,
    }
    return render_page(request, "activities/honours.html", context)


def _in_sight(request, pk):
    rows = Honour.objects.staff_visible_to(request.user)
    return get_object_or_404(
        rows.select_related("member__association", "activity__host", "decided_by"), pk=pk
    )


@may_view
def honour(request, pk):
    """One honour; on POST it is confirmed, refused or taken back."""
    row = _in_sight(request, pk)
    if request.method == "POST" and not may_change(request.user, row):
        raise PermissionDenied
    do = request.POST.get("do") if request.POST.get("do") in DONE else "confirm"
    form = HonourDecisionForm(posted(request), instance=_in_sight(request, pk), user=request.user, do=do)
    waits, own = row.state == State.CLAIMED, is_own(row, request.user)
    may = may_change(request.user, row) and not own
    context = {
        "title": _("Honour of {name}").format(name=row.member),
        "honour": row,
        "is_own": own and waits,
        "may_decide": waits and may,
        "may_take_back": row.state == State.CONFIRMED and may,
    }

    def done(saved):
        return DONE[do]().format(name=saved.member), reverse("activities:honours")

    return form_page(request, form, "activities/honour.html", context, done=done)


DONE = {
    "confirm": lambda: _("The honour of {name} is confirmed."),
    "refuse": lambda: _("The honour of {name} is not confirmed; the member is told."),
    "take_back": lambda: _("The honour of {name} is taken back; the member is told."),
}


@permission_required("activities.add_honour", raise_exception=True)
def honour_new(request):
    """Enter an honour of a member."""
    form = HonourForm(posted(request), user=request.user, initial=request.GET.dict())
    context = {"title": _("Enter an honour"), "back": reverse("activities:honours")}
    return form_page(request, form, "activities/honour_form.html", context, done=_saved)


@may_view
def honour_edit(request, pk):
    """Correct a confirmed honour."""
    row = _in_sight(request, pk)
    if not may_change(request.user, row) or row.state != State.CONFIRMED or is_own(row, request.user):
        raise PermissionDenied
    form = HonourForm(posted(request), instance=_in_sight(request, pk), user=request.user)
    context = {"title": _("Edit: {name}").format(name=row), "back": row.get_absolute_url(), "honour": row}
    return form_page(request, form, "activities/honour_form.html", context, done=_saved)


def _saved(row):
    return _("Saved."), row.get_absolute_url()
