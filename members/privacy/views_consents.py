"""The staff's page with the consents of one member: those given on paper are entered here."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Consent, Member
from members.privacy.consents import give_consent, withdraw_consent
from members.privacy.forms import PaperConsentForm
from members.rights import Ability
from organizations.frame import render_page

may_view = permission_required("members.view_consent", raise_exception=True)


@may_view
def member_consents(request, pk):
    """Those in force, with a button to withdraw each, those of earlier, and the form for one given on paper."""
    member = get_object_or_404(
        Member.objects.staff_visible_to(request.user).select_related("association"), pk=pk
    )
    if member.association_id not in request.user.rights.associations_with("members.view_consent"):
        raise PermissionDenied
    may_add = request.user.has_perm("members.add_consent") and request.user.rights.may(
        Ability.EDIT, member.association_id
    )
    if request.method == "POST" and not may_add:
        raise PermissionDenied
    withdrawn = request.POST.get("withdraw", "")
    form = PaperConsentForm(request.POST if request.method == "POST" and not withdrawn else None)
    if withdrawn:
        return _withdraw(request, member, withdrawn)
    if form.is_valid():
        return _give(request, member, **form.cleaned_data)
    rows = member.consents.select_related("notice", "given_by")
    context = {
        "title": _("Consents of {name}").format(name=member.name),
        "member": member,
        "given": rows.in_force(),
        "past": rows.filter(withdrawn_at__isnull=False),
        "form": form if may_add else None,
    }
    return render_page(request, "members/person_consents.html", context, status=422 if form.errors else 200)


def _give(request, member, *, purpose, on):
    today = timezone.localdate()
    # of a paper the day is known: its noon, which is that day anywhere in the country
    at = None if on == today else timezone.make_aware(dt.datetime.combine(on, dt.time(12)))
    give_consent(member, purpose, way=Consent.Way.PAPER, actor=request.user, at=at)
    messages.success(request, _("The consent given on paper is entered."))
    return redirect("members:consents", member.pk)


def _withdraw(request, member, purpose):
    if withdraw_consent(member, purpose[:20], actor=request.user):
        messages.success(request, _("The consent is withdrawn from now on."))
    else:
        messages.info(request, _("There was no such consent in force."))
    return redirect("members:consents", member.pk)
