"""The members' own pages of requests for changes."""

import copy

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from members.change_requests import asking
from members.change_requests.forms import RequestForm
from members.change_requests.values import in_order, in_words, stored
from members.portal.frame import for_members, render_portal
from organizations.frame import posted


@for_members
@never_cache
def requests(request, member):
    """What the member has asked for, the one that waits first."""
    rows = list(member.change_requests.annotate(count=Count("fields")).order_by("-pk"))
    rows.sort(key=lambda row: not row.is_open)
    return render_portal(request, "portal/requests.html", member, {"requests": rows})


@for_members
@never_cache
def request_new(request, member):
    """Ask for changes, or change what waits: there is one open request at a time."""
    waiting = asking.open_request(member)
    # the form writes what is typed into its instance, the page is about the record
    form = RequestForm(posted(request), instance=copy.copy(member), request=waiting)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = asking.ask_for_changes(member, form.wanted(), reason=reason, actor=request.user)
        if made is not None:
            messages.success(request, _("Your request is with the secretariat."))
            return redirect("portal:request", pk=made.pk)
        if waiting is not None:
            messages.success(request, _("Nothing is left to ask for; the request is withdrawn."))
            return redirect("portal:requests")
        form.add_error(None, _("Nothing differs from your record, so there is nothing to ask for."))
    context = {"form": form, "waiting": waiting}
    status = 422 if form.errors else 200
    return render_portal(request, "portal/request_new.html", member, context, status=status)


@for_members
@never_cache
def request_page(request, member, pk):
    """One request with what was decided; as long as it waits a field of it, or all, can be taken back."""
    asked = get_object_or_404(member.change_requests.prefetch_related("fields"), pk=pk)
    if request.method == "POST":
        return _take_back(request, asked)
    lines = [
        {
            "change": each,
            "before": in_words(each.field, each.before),
            "after": in_words(each.field, each.after),
            "is_same": asked.is_open and each.after == stored(member, each.field),
        }
        for each in in_order(asked.fields.all())
    ]
    return render_portal(request, "portal/request.html", member, {"asked": asked, "lines": lines})


def _take_back(request, asked):
    field = request.POST.get("field")
    if field:
        done = asking.take_back(asked, field, actor=request.user)
    else:
        done = asking.withdraw(asked, actor=request.user)
    if done:
        messages.success(request, _("Taken back."))
    else:
        messages.warning(request, _("This was decided meanwhile and cannot be taken back."))
    return redirect("portal:request", pk=asked.pk)
