"""The staff's pages for requests of persons about their data: queue, one request with its answer, entering one."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.models import Member, PersonRequest
from members.privacy.copy import copy_name, take_copy
from members.privacy.forms import AnswerForm, ReceivedForm, RequestFilter
from members.privacy.requests import NotOpen, answer_request, lift_restriction, receive_request
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.keyset import is_key

PAGE = 50
# kinds that are answered with a copy of the data
COPIED = frozenset({PersonRequest.Kind.ACCESS, PersonRequest.Kind.COPY, PersonRequest.Kind.TRANSFER})

may_view = permission_required("members.view_personrequest", raise_exception=True)
may_add = permission_required("members.add_personrequest", raise_exception=True)
may_change = permission_required("members.change_personrequest", raise_exception=True)


def _request(request, pk, *, to_change=False):
    """The PersonRequest of that key: 404 out of sight, 403 where the user may not answer it."""
    rows = PersonRequest.objects.staff_visible_to(request.user)
    found = get_object_or_404(rows.select_related("association", "member", "decided_by"), pk=pk)
    if to_change and not _may_answer(request.user, found):
        raise PermissionDenied
    return found


def _may_answer(user, found):
    return (
        user.has_perm("members.change_personrequest")
        and user.rights.may(Ability.EDIT, found.association_id)
        and (found.member is None or found.member.user_id != user.pk)
    )


@may_view
def person_requests(request):
    """Those that wait by the day they are due, the overdue marked; the others the latest first."""
    form = RequestFilter(request.GET)
    rows = PersonRequest.objects.staff_visible_to(request.user).select_related("association", "member")
    is_open = form.is_open
    if is_open:
        rows = rows.open().order_by("due_on", "pk")
    else:
        rows = rows.exclude(state=PersonRequest.State.OPEN).order_by("-pk")
        before = request.GET.get("before", "")
        rows = rows.filter(pk__lt=int(before)) if is_key(before) else rows
        rows = list(rows[: PAGE + 1])
    context = {
        "title": _("Requests about personal data"),
        "form": form,
        "requests": rows if is_open else rows[:PAGE],
        "is_open": is_open,
        "older": None if is_open or len(rows) <= PAGE else rows[PAGE - 1].pk,
        "today": timezone.localdate(),
        "several": len(request.user.rights.associations) > 1,
        "may_add": request.user.has_perm("members.add_personrequest"),
    }
    return render_page(request, "members/person_requests.html", context)


@may_view
def person_request(request, pk):
    """One request, what can be done for it, and the answer."""
    found = _request(request, pk, to_change=request.method == "POST")
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            answer_request(found, actor=request.user, **form.decision)
        except NotOpen as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The answer is kept. The member finds it in the portal."))
        return redirect("members:person_request", pk)
    user, member = request.user, found.member
    may_answer = _may_answer(user, found)
    context = {
        "title": str(found),
        "request_row": found,
        "form": form if may_answer and found.state == PersonRequest.State.OPEN else None,
        "may_answer": may_answer,
        "is_late": found.state == PersonRequest.State.OPEN and found.due_on < timezone.localdate(),
        "is_restricting": PersonRequest.objects.restricting().filter(pk=pk).exists(),
        "sees_member": member and Member.objects.staff_visible_to(user).filter(pk=member.pk).exists(),
        "may_copy": _may_copy(user, found),
    }
    return render_page(request, "members/person_request.html", context, status=422 if form.errors else 200)


def _may_copy(user, found):
    return bool(
        found.member
        and found.kind in COPIED
        and user.has_perm("members.export_member")
        and user.rights.may(Ability.EXPORT, found.member.association_id)
        and _may_answer(user, found)
    )


@may_change
@require_POST
def person_request_copy(request, pk):
    """The copy of the member's data to hand over, the identity number masked; logged with the request as its reason."""
    found = _request(request, pk, to_change=True)
    if not _may_copy(request.user, found):
        raise PermissionDenied
    reason = _("request of {day}: {kind}").format(
        day=found.received_on.isoformat(), kind=found.get_kind_display()
    )
    file = take_copy(found.member, actor=request.user, reason=reason)
    response = FileResponse(
        file, as_attachment=True, filename=copy_name(found.member), content_type="application/zip"
    )
    add_never_cache_headers(response)
    return response


@may_change
@require_POST
def person_request_lift(request, pk):
    found = _request(request, pk, to_change=True)
    try:
        lift_restriction(found)
    except NotOpen as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Lifted. The data may be used again; consents are given anew by the member.")
        )
    return redirect("members:person_request", pk)


@may_add
def person_request_new(request):
    """Enter a request that came in otherwise: by letter, at the desk, from a relative."""
    form = ReceivedForm(posted(request), user=request.user, initial={"who": request.GET.get("member", "")})
    if form.is_valid():
        made = receive_request(**form.received)
        said = _("Entered. It is to be answered by {day}.")
        messages.success(request, said.format(day=made.due_on.isoformat()))
        return redirect("members:person_request", made.pk)
    context = {"title": _("Enter a request"), "form": form}
    return render_page(
        request, "members/person_request_form.html", context, status=422 if form.errors else 200
    )
