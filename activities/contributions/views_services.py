"""The staff's pages of services and volunteer hours."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from activities.contributions.claims import confirm_all, is_own
from activities.contributions.forms import DecisionForm, EnterForm, ServiceFilter
from activities.contributions.frame import form_page, may_change, tabs_of
from activities.contributions.sums import served
from activities.models import Service
from organizations.frame import posted, render_page

ROWS = 50
State = Service.State

may_view = permission_required("activities.view_service", raise_exception=True)


@may_view
@require_GET
def services(request):
    """Those to be confirmed, the oldest first; the others, the latest first."""
    may_decide = request.user.has_perm("activities.change_service")
    form = ServiceFilter(request.GET, user=request.user)
    rows = form.narrowed(Service.objects.staff_visible_to(request.user))
    state = request.GET.get("state")
    if state not in State.values:
        state = State.CLAIMED if may_decide else State.CONFIRMED
    shown = rows.filter(state=state).select_related("member__association", "field", "activity", "decided_by")
    order = ["claimed_at", "pk"] if state == State.CLAIMED else ["-on", "-pk"]
    context = {
        "title": _("Services and volunteer hours"),
        "form": form,
        "is_asked": bool(form.asked),
        "state": state,
        "tabs": tabs_of(rows, State.choices),
        "served": served(rows),
        "page": Paginator(shown.order_by(*order), ROWS).get_page(request.GET.get("page")),
        "may_decide": may_decide,
        "may_enter": request.user.has_perm("activities.add_service"),
        "several": len(request.user.rights.association_rows) > 1,
    }
    return render_page(request, "activities/services.html", context)


def _in_sight(request, pk):
    rows = Service.objects.staff_visible_to(request.user)
    return get_object_or_404(
        rows.select_related("member__association", "field", "activity__host", "decided_by"), pk=pk
    )


@may_view
def service(request, pk):
    """One service; on POST it is confirmed, refused or taken back."""
    row = _in_sight(request, pk)
    if request.method == "POST" and not may_change(request.user, row):
        raise PermissionDenied
    do = request.POST.get("do") if request.POST.get("do") in DONE else "confirm"
    form = DecisionForm(posted(request), instance=_in_sight(request, pk), user=request.user, do=do)
    waits, own = row.state == State.CLAIMED, is_own(row, request.user)
    context = {
        "title": _("Service of {name}").format(name=row.member),
        "service": row,
        "may_certify": row.state == State.CONFIRMED and may_change(request.user, row),
        "is_own": own and waits,
        "may_decide": waits and not own and may_change(request.user, row),
        "may_take_back": row.state == State.CONFIRMED
        and not own
        and not getattr(row, "is_credited", False)
        and may_change(request.user, row),
    }

    def done(saved):
        return DONE[do]().format(name=saved.member), reverse("activities:services")

    return form_page(request, form, "activities/service.html", context, done=done)


DONE = {
    "confirm": lambda: _("The service of {name} is confirmed."),
    "refuse": lambda: _("The service of {name} is not confirmed; the member is told."),
    "take_back": lambda: _("The service of {name} is taken back; the member is told."),
}


@may_view
@require_POST
def services_confirm(request):
    """Confirm the claims that were ticked, as they were claimed."""
    if not request.user.has_perm("activities.change_service"):
        raise PermissionDenied
    keys = [
        int(key) for key in request.POST.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19
    ]
    rows = Service.objects.staff_visible_to(request.user).editable_by(request.user).filter(pk__in=keys[:ROWS])
    count, left = confirm_all(rows.order_by("claimed_at", "pk"), actor=request.user)
    if count:
        said = ngettext("{count} service is confirmed.", "{count} services are confirmed.", count)
        messages.success(request, said.format(count=count))
    for sentence in left:
        messages.warning(request, sentence)
    if not count and not left:
        messages.warning(request, _("Tick at least one."))
    return redirect("activities:services")


@permission_required("activities.add_service", raise_exception=True)
def service_new(request):
    """Enter a service for one or many members; ``?activity=`` proposes one."""
    form = EnterForm(posted(request), user=request.user, initial=request.GET.dict())
    context = {"title": _("Enter services"), "back": reverse("activities:services")}

    def done(count):
        said = ngettext(
            "Entered for {count} member, who is told.", "Entered for {count} members, who are told.", count
        )
        return said.format(count=count), f"{reverse('activities:services')}?state={State.CONFIRMED}"

    return form_page(request, form, "activities/service_form.html", context, done=done)
