"""Members' own pages about their personal data: my file, its copy, consents, requests."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.models import Consent
from members.portal.frame import for_members, render_portal
from members.privacy import own_file
from members.privacy.consents import give_consent, notice_in_force, withdraw_consent
from members.privacy.copy import copy_name, take_copy
from members.privacy.forms import OwnRequestForm
from members.privacy.notices import notice_to_read
from members.privacy.purposes import MEANINGS
from members.privacy.requests import NotOpen, receive_request, withdraw_request
from organizations.frame import posted


@for_members
@never_cache
def data(request, member):
    """All that is stored, who can see it, who changed, opened and took it."""
    limit = own_file.LISTED
    context = {
        "sections": own_file.own_sections(member),
        "further": list(member.further_categories.order_by("pk")),
        "steps": member.status_changes.order_by("-on", "-pk"),
        "posts": member.appointments.valid()
        .select_related("body", "post", "term")
        .order_by("-starts_on", "pk"),
        "history": own_file.own_history(member, limit=limit),
        "viewings": own_file.own_viewings(member, limit=limit),
        "reveals": own_file.own_reveals(member),
        "disclosures": own_file.own_disclosures(member, limit=limit),
        "consents_given": member.consents.in_force().exclude(purpose=Consent.Purpose.NOTICE).count(),
        "requests_open": member.person_requests.open().count(),
        "change_requests": member.change_requests.count(),
        "messages_kept": member.messages.count(),
        "stored": [found(member) for found in own_file.FURTHER],
        "notice": notice_in_force(member.association),
        "limit": limit,
    }
    return render_portal(request, "portal/data.html", member, context)


def _wants_identity(request):
    return request.method == "POST" and request.POST.get("identity") == "on"


@require_POST
@reauthentication_required(enabled=_wants_identity)
@for_members
def data_copy(request, member):
    """The copy as a download; with the identity number in full only after signing in once more."""
    file = take_copy(member, actor=request.user, with_identity=_wants_identity(request))
    response = FileResponse(
        file, as_attachment=True, filename=copy_name(member), content_type="application/zip"
    )
    add_never_cache_headers(response)
    return response


@for_members
@never_cache
def consents(request, member):
    """Each purpose with what it means, when and under which version it was given; given and withdrawn by one press."""
    if request.method == "POST":
        return _change_consent(request, member)
    found = member.consents.in_force().select_related("notice")
    given = {consent.purpose: consent for consent in found}
    context = {
        "purposes": [(purpose, meaning, given.get(purpose)) for purpose, meaning in MEANINGS.items()],
        "notice": notice_in_force(member.association),
        "read": given.get(Consent.Purpose.NOTICE),
        "to_read": notice_to_read(member),
        "past": member.consents.filter(withdrawn_at__isnull=False).select_related("notice"),
    }
    return render_portal(request, "portal/consents.html", member, context)


def _change_consent(request, member):
    purpose, does = request.POST.get("purpose", ""), request.POST.get("do", "")
    is_reading = purpose == Consent.Purpose.NOTICE
    if purpose in MEANINGS and does == "withdraw":
        withdraw_consent(member, purpose, actor=request.user)
        messages.success(request, _("Withdrawn. It has effect from now on."))
    elif does == "give" and (purpose in MEANINGS or (is_reading and notice_in_force(member.association))):
        give_consent(member, purpose, way=Consent.Way.SELF, actor=request.user)
        messages.success(
            request, _("Thank you for reading it.") if is_reading else _("Given. You can withdraw it here.")
        )
    else:
        messages.error(request, _("This was not understood. Nothing was changed."))
    return redirect("portal:home" if request.POST.get("next") == "home" else "portal:consents")


@for_members
@never_cache
def person_requests(request, member):
    """The member's requests with their answers; one that waits can be taken back."""
    rows = member.person_requests.order_by("-received_on", "-pk")
    if request.method == "POST":
        found = get_object_or_404(rows, pk=_key(request.POST.get("withdraw", "")))
        try:
            withdraw_request(found)
        except NotOpen as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("You have taken the request back."))
        return redirect("portal:person_requests")
    context = {"requests": rows, "today": timezone.localdate()}
    return render_portal(request, "portal/person_requests.html", member, context)


def _key(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@for_members
@never_cache
def person_request_new(request, member):
    form = OwnRequestForm(
        posted(request), member=member, initial={"kind": request.GET.get("kind") or OwnRequestForm.USUAL}
    )
    if form.is_valid():
        made = receive_request(member.association, asker=member.name, member=member, **form.cleaned_data)
        said = _("Your request has been received. You get an answer by {day}.")
        messages.success(request, said.format(day=made.due_on.isoformat()))
        return redirect("portal:person_requests")
    context = {"form": form, "days": member.association.request_days}
    status = 422 if form.errors else 200
    return render_portal(request, "portal/person_request_new.html", member, context, status=status)
