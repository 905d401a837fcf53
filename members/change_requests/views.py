"""The staff's pages of requests for changes: the queue, one request beside the record, an identity number in full."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from members.admin.member_page import DOUBTED, doubts
from members.admin.reveal import RevealForm
from members.change_requests.asking import lock
from members.change_requests.deciding import NotPossible, decide, may_decide, rows_of
from members.change_requests.forms import DecisionForm, QueueFilter
from members.models import ChangeRequest, RequestedChange
from members.models.member import LEFT
from members.privacy.viewings import note_viewing
from members.services import TooManyReveals, reveal_id_number
from organizations.frame import posted, render_page

ROWS = 50

may_view = permission_required("members.view_changerequest", raise_exception=True)


@may_view
def change_requests(request):
    """The queue: those that wait, the oldest first; those that are closed, the latest first."""
    form = QueueFilter(request.GET, user=request.user)
    rows = form.narrowed(ChangeRequest.objects.staff_visible_to(request.user))
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state")
    state = state if state in ChangeRequest.State.values else ChangeRequest.State.OPEN
    shown = rows.filter(state=state).select_related("member__association", "made_by", "decided_by")
    fields = RequestedChange.objects.defer("before_sealed", "after_sealed")
    shown = shown.prefetch_related(Prefetch("fields", fields)).order_by(
        "pk" if state == ChangeRequest.State.OPEN else "-pk"
    )
    context = {
        "title": _("Requests for changes"),
        "form": form,
        "is_asked": any(request.GET.get(name) for name in form.fields),
        "state": state,
        "tabs": [(value, label, counts.get(value, 0)) for value, label in ChangeRequest.State.choices],
        "page": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "several": "association" in form.fields,
    }
    return render_page(request, "members/change_requests.html", context)


def _in_sight(request, pk):
    rows = ChangeRequest.objects.staff_visible_to(request.user)
    return get_object_or_404(
        rows.select_related("member__association", "member__employer", "made_by", "decided_by"), pk=pk
    )


@may_view
def change_request(request, pk):
    """One request beside the record; POST decides it."""
    asked = _in_sight(request, pk)
    if request.method != "POST":
        return _page(request, asked, asked.member)
    if not may_decide(request.user, asked):
        raise PermissionDenied
    with transaction.atomic():
        # locked: of two who decide the second sees what the first has done
        member = lock(asked.member)
        ChangeRequest.objects.select_for_update().get(pk=pk)
        asked = _in_sight(request, pk)
        return _decide(request, asked, member)


def _decide(request, asked, member):
    if not asked.is_open:
        messages.warning(request, _("This request was closed meanwhile; nothing of yours was written."))
        return redirect("members:change_request", pk=asked.pk)
    rows = rows_of(asked, member, request.user.rights)
    form = DecisionForm(request.POST, rows=rows, accept_rest="accept_rest" in request.POST)
    if form.is_valid():
        try:
            decide(asked, member, form.refused(), answer=form.cleaned_data["answer"], actor=request.user)
        except NotPossible as error:
            form.say(error.errors)
            # what could not be written stands in the objects
            asked, member = _in_sight(request, asked.pk), lock(member)
        else:
            messages.success(request, _("The request of {name} is decided.").format(name=member))
            if DOUBTED & {"id_sealed" if row.key == "id_number" else row.key for row in rows}:
                for sentence in doubts(member):
                    messages.warning(request, sentence)
            return redirect("members:change_requests")
    return _page(request, asked, member, form, status=422)


def _page(request, asked, member, form=None, status=200):
    note_viewing(member, request.user)
    rights = request.user.rights
    rows = form.rows if form else rows_of(asked, member, rights)
    is_own = member.user_id == request.user.pk
    if asked.is_open and form is None and may_decide(request.user, asked):
        form = DecisionForm(None, rows=rows)
    context = {
        "title": _("Request for changes: {name}").format(name=member),
        "asked": asked,
        "member": member,
        "rows": rows,
        "form": form,
        "is_own": is_own and asked.is_open,
        "has_left": member.status in LEFT,
        "has_overtaken": asked.is_open and any(row.is_overtaken for row in rows),
        "may_reveal": _may_reveal(request, member) and _numbers(asked) is not None,
        "made_by_other": asked.made_by and asked.made_by_id != member.user_id,
    }
    return render_page(request, "members/change_request.html", context, status=status)


def _may_reveal(request, member):
    return request.user.has_perm("members.reveal_identity") and request.user.rights.may_read(
        "id_number", member.association_id
    )


def _numbers(asked):
    """The RequestedChange of the identity number, None if none is asked for."""
    return next((each for each in asked.fields.all() if each.field == "id_number"), None)


@may_view
def change_request_number(request, pk):
    """The identity numbers of a request in full: on POST, with a reason, recorded; a GET never shows them."""
    asked = _in_sight(request, pk)
    change = _numbers(asked)
    if change is None or not _may_reveal(request, asked.member):
        raise PermissionDenied
    note_viewing(asked.member, request.user)
    form, numbers = RevealForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            now = reveal_id_number(asked.member, reason=form.cleaned_data["reason"], actor=request.user)
        except TooManyReveals as error:
            form.add_error(None, str(error))
        else:
            numbers = {"before": change.before, "now": now, "after": change.after}
    context = {
        "title": _("Identity number in full"),
        "asked": asked,
        "member": asked.member,
        "form": form,
        "numbers": numbers,
    }
    status = 422 if form.errors else 200
    response = render_page(request, "members/change_request_number.html", context, status=status)
    add_never_cache_headers(response)  # no-store is among them
    return response
