"""The staff's pages of evidence records: a year of many members, the record of one, what members say against a line."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities.evidence.correcting import correction_of
from activities.evidence.facts import fact_of, without_reasons
from activities.evidence.forms import FIRST_YEAR, LAST_YEAR, AnswerForm, ReasonForm, TableForm
from activities.evidence.objecting import MISSING, answer_by, answer_objection, in_sight, may_decide
from activities.evidence.summary import summary_of
from activities.evidence.table import PAPER, export_table, may_export, member_years
from activities.models import Objection
from members.models import Member
from members.privacy.viewings import note_viewing
from members.rights import Ability, FieldClass
from organizations.frame import posted, render_page
from organizations.services import NotPossible

ROWS = 50

may_view = permission_required("activities.view_participation", raise_exception=True)
may_view_objections = permission_required("activities.view_objection", raise_exception=True)


@may_view
@require_GET
def records(request):
    """Members with their figures of a year; each leads to the record."""
    form = TableForm(request.GET, user=request.user)
    page = Paginator(form.members().select_related("employer", "association").in_stroke_order(), ROWS)
    page = page.get_page(request.GET.get("page"))
    year = form.year_shown
    context = {
        "title": _("Evidence records"),
        "form": form,
        "page": page,
        "year": year,
        "rows": member_years(page.object_list, year, user=request.user),
        "may_export": bool(request.user.rights.associations_for(Ability.EXPORT)),
        "several": len(request.user.rights.associations) > 1,
    }
    return render_page(request, "activities/evidence_table.html", context)


@may_view
def records_export(request):
    """The table as a sheet: first why, then the file, which is logged."""
    if not request.user.rights.associations_for(Ability.EXPORT):
        raise PermissionDenied
    asked = TableForm(request.GET, user=request.user)
    members = may_export(asked.members(), request.user)
    count = members.order_by().count()
    form = ReasonForm(posted(request))
    if count and form.is_valid():
        members = members.select_related("employer").in_stroke_order()
        year, reason = asked.year_shown, form.cleaned_data["reason"]
        file = export_table(members, year, actor=request.user, words=asked.words, reason=reason)
        name = f"{year}年度{PAPER}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name)
    context = {
        "title": _("Take the table out"),
        "form": form,
        "count": count,
        "year": asked.year_shown,
        "words": asked.words if asked.is_valid() else "",
        "query": request.GET.urlencode(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "activities/evidence_export.html", context, status=status)


def tool(member, user):
    """(label, address) of the record on the page of `member`."""
    if not user.has_perm("activities.view_participation"):
        return None
    return _("Evidence record"), reverse("activities:member_record", args=[member.pk])


def _year(request):
    """The year that `?year=` names, this one where it names none that can be."""
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    return timezone.localdate().year


@may_view
@require_GET
def record(request, pk):
    """One member's year, with its lines."""
    rows = Member.objects.staff_visible_to(request.user).select_related("association", "employer")
    member = get_object_or_404(rows, pk=pk)
    note_viewing(member, request.user)
    year, reads = _year(request), _reads_reasons(request.user, member)
    waits = in_sight(request.user).waiting().filter(member=member).order_by("made_at", "pk")
    context = {
        "title": _("Evidence record: {name}").format(name=member),
        "member": member,
        "year": year,
        "summary": summary_of(member, year, user=request.user, reasons=reads),
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < timezone.localdate().year else None,
        "objections": waits if request.user.has_perm("activities.view_objection") else [],
        "today": timezone.localdate(),
    }
    return render_page(request, "activities/evidence_record.html", context)


def _reads_reasons(user, member):
    return member.association_id in user.rights.associations_showing(FieldClass.PERSONAL)


# -- what members say against a line


@may_view_objections
@require_GET
def objections(request):
    """Those that wait, the one to be answered first first; those that are closed, the latest first."""
    rows = in_sight(request.user)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state")
    state = state if state in Objection.State.values else Objection.State.OPEN
    order = ["made_at", "pk"] if state == Objection.State.OPEN else ["-decided_at", "-pk"]
    shown = rows.filter(state=state).select_related("member__association", "decided_by").order_by(*order)
    page = Paginator(shown, ROWS).get_page(request.GET.get("page"))
    context = {
        "title": _("Remarks on evidence records"),
        "state": state,
        "tabs": [(value, label, counts.get(value, 0)) for value, label in Objection.State.choices],
        "page": page,
        "rows": [(row, answer_by(row.made_at, row.member.association.request_days)) for row in page],
        "today": timezone.localdate(),
        "several": len(request.user.rights.associations) > 1,
    }
    return render_page(request, "activities/objections.html", context)


@may_view_objections
def objection(request, pk):
    """One remark beside the line as it is now; POST answers it."""
    rows = in_sight(request.user).select_related("member__association", "decided_by")
    asked = get_object_or_404(rows, pk=pk)
    may = may_decide(request.user, asked)
    if request.method == "POST" and not may:
        return _refuse(request, asked)
    form = AnswerForm(posted(request)) if may else None
    if request.method == "POST" and form.is_valid():
        try:
            answer_objection(
                asked, upheld=form.upheld, answer=form.cleaned_data["answer"], actor=request.user
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("{name} has the answer.").format(name=asked.member))
            return redirect("activities:objections")
    return _objection_page(request, asked, form)


def _refuse(request, asked):
    """Who answers twice is told, who may not at all is refused."""
    if asked.state == Objection.State.OPEN:
        raise PermissionDenied
    messages.warning(request, _("This has been dealt with in the meantime."))
    return redirect("activities:objection", pk=asked.pk)


def _objection_page(request, asked, form):
    member, fact = asked.member, None
    note_viewing(member, request.user)
    if asked.source != MISSING:
        fact = fact_of(member, asked.source, asked.row, user=request.user)
    if fact and not _reads_reasons(request.user, member):
        (fact,) = without_reasons([fact])
    context = {
        "title": _("Remark: {name}").format(name=member),
        "asked": asked,
        "member": member,
        "fact": fact,
        "is_missing": asked.source == MISSING,
        "year": timezone.localdate(asked.made_at).year if fact is None else fact.on.year,
        "correction": correction_of(fact) if fact else None,
        "due": answer_by(asked.made_at, member.association.request_days),
        "today": timezone.localdate(),
        "is_own": member.user_id == request.user.pk,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "activities/objection.html", context, status=status)
