"""Member numbers given by hand: to one member, or to all that have none."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Member
from members.models.member import IN_FORCE
from members.numbers import assign_missing, assign_number, missing_numbers, next_number
from members.rights import Ability
from organizations.frame import render_page
from organizations.models import Association
from organizations.partial_dates import beginning

LISTED = 500


@permission_required("members.change_member", raise_exception=True)
def number(request, pk):
    """Ask once, then give the member with that key the next number."""
    rows = Member.objects.editable_by(request.user).select_related("association")
    member = get_object_or_404(rows, pk=pk)
    on = beginning(member.joined) if member.joined else timezone.localdate()
    if member.number or member.status not in IN_FORCE:
        messages.info(request, _("Only members in force without a number get one."))
        return redirect(member)
    if request.method == "POST":
        given = assign_number(rows.get(pk=pk), on=on)
        if given:
            messages.success(
                request, _("{name} has the member number {number}.").format(name=member, number=given)
            )
            return redirect(member)
    context = {
        "title": _("Member number: {name}").format(name=member),
        "member": member,
        "next": next_number(member.association, on=on),
    }
    return render_page(request, "members/application_number.html", context)


@permission_required("organizations.change_association", raise_exception=True)
def numbers(request):
    """Who has no number in an association (``?association=``): the plan; POST gives them."""
    places = list(Association.objects.where_may(request.user, Ability.MANAGE))
    chosen = request.POST.get("association") or request.GET.get("association") or ""
    association = next((row for row in places if str(row.pk) == chosen), places[0] if places else None)
    plan = missing_numbers(association)
    if request.method == "POST" and association is not None:
        given = assign_missing(association, planned=request.POST.get("planned", ""))
        if given is None:
            messages.error(request, _("Something has changed meanwhile: look at the plan once more."))
        else:
            text = ngettext("{count} member has a number now.", "{count} members have a number now.", given)
            messages.success(request, text.format(count=given))
        return redirect(f"{request.path}?association={association.pk}")
    context = {
        "title": _("Assign missing member numbers"),
        "places": places,
        "association": association,
        "plan": plan.rows[:LISTED],
        "count": len(plan.rows),
        "mark": plan.mark,
    }
    return render_page(request, "members/application_numbers.html", context)
