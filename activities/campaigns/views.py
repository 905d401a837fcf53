"""The staff's pages of campaigns: the list, one campaign with what came of it, its form."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities.campaigns.figures import figures_of
from activities.campaigns.forms import CampaignChangeForm, CampaignFilter, CampaignForm
from activities.models import Activity, Campaign, Participation
from activities.planning.views_steps import form_page
from organizations.frame import posted, render_page

CAMPAIGNS_A_PAGE = 50
ACTIVITIES_SHOWN = 300

may_view = permission_required("activities.view_campaign", raise_exception=True)


def campaign_in_sight(request, pk, *, to_write=False):
    """The Campaign with the key `pk`: 404 out of sight of the request's user, 403 where it is not theirs to write."""
    rows = Campaign.objects.visible_to(request.user).select_related("association")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=pk)
    if to_write and not may_change(request.user, row):
        raise PermissionDenied
    return row


def may_change(user, campaign):
    return campaign.association_id in user.rights.associations_with("activities.change_campaign")


@may_view
@require_GET
def campaigns(request):
    """The campaigns in sight, latest first, with what came of each."""
    form = CampaignFilter(request.GET)
    rows = form.narrowed(Campaign.objects.visible_to(request.user)).select_related("association")
    page = Paginator(rows, CAMPAIGNS_A_PAGE).get_page(request.GET.get("page"))
    figures = figures_of([row.pk for row in page.object_list], request.user)
    context = {
        "title": _("Campaigns"),
        "form": form,
        "page": page,
        "rows": [(row, figures[row.pk]) for row in page.object_list],
        "is_asked": any(form.cleaned_data.values()),
        "several": len(request.user.rights.association_rows) > 1,
        "may_add": request.user.has_perm("activities.add_campaign"),
    }
    return render_page(request, "activities/campaigns.html", context)


@may_view
@require_GET
def campaign(request, pk):
    """One campaign: plan, figures, activities, report."""
    row = campaign_in_sight(request, pk)
    seen = Activity.objects.visible_to(request.user).filter(campaign=row)
    activities = list(
        seen.select_related("association", "host").order_by("starts_at", "pk")[:ACTIVITIES_SHOWN]
    )
    counts = Participation.objects.counts_of_each([activity.pk for activity in activities])
    for activity in activities:
        activity.counts = counts.get(activity.pk)
    context = {
        "title": str(row),
        "campaign": row,
        "figures": figures_of([row.pk], request.user)[row.pk],
        "activities": activities,
        "may_edit": may_change(request.user, row),
        "may_plan": request.user.has_perm("activities.add_activity") and may_change(request.user, row),
    }
    return render_page(request, "activities/campaign.html", context)


@permission_required("activities.add_campaign", raise_exception=True)
def campaign_new(request):
    form = CampaignForm(posted(request), user=request.user)

    def done(row):
        return _("“{name}” was saved.").format(name=row), row

    back = redirect("activities:campaigns").url
    return form_page(
        request,
        form,
        title=_("A new campaign"),
        back=back,
        done=done,
        template="activities/campaign_form.html",
    )


@may_view
@transaction.atomic
def campaign_edit(request, pk):
    row = campaign_in_sight(request, pk, to_write=True)
    form = CampaignChangeForm(posted(request), instance=row, user=request.user)
    title = _("Edit: {name}").format(name=row)

    def done(saved):
        for notice in form.notices(request.user):
            messages.info(request, notice)
        return _("“{name}” was saved.").format(name=saved), saved

    return form_page(
        request,
        form,
        title=title,
        back=row.get_absolute_url(),
        done=done,
        template="activities/campaign_form.html",
        campaign=row,
    )
