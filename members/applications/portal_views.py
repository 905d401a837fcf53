"""A member introduces somebody by a link, and answers those who named them as introducer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from config.addresses import whole_address
from members.applications import introducing
from members.applications.forms import IntroduceForm, IntroductionForm
from members.models import Application, Introduction
from members.portal.frame import for_members, render_portal
from members.qr import qr_data_uri
from organizations.frame import posted
from organizations.services import NotPossible

State = Introduction.State
# what an introducer is shown of an application (said to its author before they name somebody)
SHOWN = ("employer", "position", "reason")


def _mine(member):
    return Introduction.objects.filter(member=member).select_related("application__association")


@never_cache
@for_members
def introductions(request, member):
    """Who asks the member, whom the member has introduced, and a link for somebody new."""
    form = IntroduceForm(posted(request))
    may = introducing.may_introduce(member)
    if request.method == "POST":
        if not may:
            raise PermissionDenied(_("Only registered members can introduce somebody."))
        if form.is_valid():
            try:
                application = introducing.introduce(member, name=form.cleaned_data["name"])
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                return redirect("portal:introduction", pk=application.introductions.get().pk)
    rows = list(_mine(member).order_by("-pk")[:100])
    asked = [
        row for row in rows if row.state == State.ASKED and row.application.state in Application.UNDER_REVIEW
    ]
    context = {
        "form": form,
        "may_introduce": may,
        "asked": asked,
        "others": [row for row in rows if row not in asked],
        "State": Application.State,
    }
    status = 422 if form.errors else 200
    return render_portal(request, "portal/introductions.html", member, context, status=status)


@never_cache
@for_members
def introduction(request, member, pk):
    """One introduction: the link to send while nobody has used it, or the question to answer."""
    row = _mine(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    application = row.application
    is_open = application.state in Application.UNDER_REVIEW
    form = IntroductionForm(posted(request), initial={"opinion": row.opinion})
    if request.method == "POST":
        if not is_open:
            messages.error(request, _("This application no longer waits for introducers."))
            return redirect("portal:introductions")
        if form.is_valid():
            try:
                introducing.answer(
                    row, confirmed="confirm" in request.POST, opinion=form.cleaned_data["opinion"]
                )
            except NotPossible as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("Your answer is noted. Thank you."))
            return redirect("portal:introductions")
    context = {"introduction": row, "application": application, "form": form, "is_open": is_open}
    if application.state == Application.State.DRAFT and application.notice_id is None:
        address = whole_address(application.draft_url, request)
        context |= {
            "address": address,
            "picture": qr_data_uri(address),
        }
    elif is_open:
        # what the applicant was told that introducers see
        answers = application.answers
        context["shown"] = [(key, answers[key]) for key in SHOWN if answers.get(key)]
    status = 422 if form.errors else 200
    return render_portal(request, "portal/introduction.html", member, context, status=status)


def asked_of(member):
    """(how many applicants wait for the member's answer, the address where to give it)."""
    rows = Introduction.objects.filter(
        member=member, state=State.ASKED, application__state__in=Application.UNDER_REVIEW
    )
    return rows.count(), reverse("portal:introductions")
