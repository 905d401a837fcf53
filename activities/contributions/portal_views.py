"""The members' own pages of contributions: services and hours, honours, donations."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.contributions import claims
from activities.contributions.forms import ClaimForm, HonourClaimForm
from activities.contributions.own import contributions as contributions_of
from activities.models import Honour, Service
from activities.papers_contributions import SERVED, OwnPeriodForm, service_paper
from members.portal.frame import for_members, render_portal
from organizations.frame import posted
from organizations.papers.making import NotMade, pdf_is_there
from organizations.papers.templates import make_paper
from organizations.papers.views import file_response
from organizations.services import NotPossible


@for_members
@require_GET
@never_cache
def contributions(request, member):
    """What the member gave, with sums by year; what waits stands apart."""
    return render_portal(request, "portal/contributions.html", member, contributions_of(member))


def _claim_page(request, member, form, title):
    if request.method == "POST" and form.is_valid() and form.attempt():
        messages.success(request, _("This is with the secretariat; you get a message when it is decided."))
        return redirect("own_activities:contributions")
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title}
    return render_portal(request, "portal/contributions_claim.html", member, context, status=status)


@for_members
@never_cache
def service_claim(request, member):
    """Claim a service; ``?activity=`` proposes one of the own activities."""
    form = ClaimForm(posted(request), member=member, initial=request.GET.dict())
    return _claim_page(request, member, form, _("Claim a service"))


@for_members
@never_cache
def service_edit(request, member, pk):
    """Change a claim that waits."""
    row = get_object_or_404(Service, member=member, pk=pk, state=Service.State.CLAIMED)
    form = ClaimForm(posted(request), instance=row, member=member)
    return _claim_page(request, member, form, _("Change what waits"))


@for_members
@require_POST
def service_withdraw(request, member, pk):
    return _withdraw(request, get_object_or_404(Service, member=member, pk=pk))


@for_members
@never_cache
def service_certificate(request, member):
    """The certificate of the own confirmed services of a period, as file."""
    form = OwnPeriodForm(posted(request), member=member)
    if request.method == "POST" and form.is_valid():
        filled = service_paper(member, **form.cleaned_data)
        as_pdf = request.POST.get("as") != "docx" and pdf_is_there()
        try:
            made = make_paper(filled.association, SERVED, filled.context, as_pdf=as_pdf)
        except NotMade as error:
            form.add_error(None, str(error))
        else:
            return file_response(made.content, f"志愿服务证明.{'pdf' if as_pdf else 'docx'}")
    context = {"form": form, "has_pdf": pdf_is_there()}
    status = 422 if form.is_bound else 200
    return render_portal(request, "portal/service_certificate.html", member, context, status=status)


@for_members
@never_cache
def honour_claim(request, member):
    form = HonourClaimForm(posted(request), member=member)
    return _claim_page(request, member, form, _("Tell of an honour"))


@for_members
@never_cache
def honour_edit(request, member, pk):
    row = get_object_or_404(Honour, member=member, pk=pk, state=Service.State.CLAIMED)
    form = HonourClaimForm(posted(request), instance=row, member=member)
    return _claim_page(request, member, form, _("Change what waits"))


@for_members
@require_POST
def honour_withdraw(request, member, pk):
    return _withdraw(request, get_object_or_404(Honour, member=member, pk=pk))


def _withdraw(request, row):
    try:
        claims.withdraw_claim(row)
    except NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Taken back."))
    return redirect("own_activities:contributions")
