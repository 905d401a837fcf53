"""A member's own evidence record: the lines by year, a year in figures, and what the member says against a line."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.evidence.facts import by_year, fact_of, facts_of
from activities.evidence.forms import FIRST_YEAR, LAST_YEAR, ObjectionForm
from activities.evidence.objecting import MISSING, object_to, withdraw_objection
from activities.evidence.summary import summary_of
from activities.models import Objection
from members.portal.frame import for_members, render_portal
from organizations.frame import posted
from organizations.services import NotPossible


def known_year(year):
    """`year`, 404 where there can be no record of it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


@for_members
@require_GET
@never_cache
def record(request, member):
    """All lines by year, with what was said against them."""
    facts = facts_of(member)
    said = {}
    for row in member.objections.exclude(state=Objection.State.WITHDRAWN).order_by("pk"):
        said[f"{row.source}-{row.row}"] = row
    years = [(year, [(fact, said.get(fact.key)) for fact in rows]) for year, rows in by_year(facts)]
    context = {
        "years": years,
        "this_year": timezone.localdate().year,
        "objections": member.objections.count(),
    }
    return render_portal(request, "portal/evidence.html", member, context)


@for_members
@require_GET
@never_cache
def year(request, member, year):
    """One year in figures, to look at and to print."""
    context = {"summary": summary_of(member, known_year(year)), "today": timezone.localdate()}
    return render_portal(request, "portal/evidence_year.html", member, context)


@for_members
@require_GET
@never_cache
def objections(request, member):
    """What the member said, and what came of it."""
    rows = member.objections.order_by("-made_at", "-pk")
    return render_portal(request, "portal/objections.html", member, {"objections": rows})


def _line(request, member):
    """The Fact that `?line=` names, None without one; 404 for one that is not in the record."""
    named = request.GET.get("line", "")
    if not named:
        return None
    source, _dash, row = named.partition("-")
    found = None
    if row.isascii() and row.isdigit() and len(row) < 19:
        found = fact_of(member, source, int(row))
    if found is None:
        raise Http404
    return found


@for_members
@never_cache
def objection_new(request, member):
    """Says what is wrong in a line, or without one what is missing."""
    fact = _line(request, member)
    form = ObjectionForm(posted(request))
    if form.is_valid():
        line = {"source": fact.source, "row": fact.row} if fact else {"source": MISSING}
        try:
            object_to(member, text=form.cleaned_data["text"], **line)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. The association looks at it and answers you here."))
            return redirect("own_activities:objections")
    context = {"fact": fact, "form": form, "days": member.association.request_days}
    status = 422 if form.errors else 200
    return render_portal(request, "portal/objection_new.html", member, context, status=status)


@require_POST
@for_members
def objection_withdraw(request, member, pk):
    found = get_object_or_404(member.objections, pk=pk)
    try:
        withdraw_objection(found)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You have taken it back."))
    return redirect("own_activities:objections")
