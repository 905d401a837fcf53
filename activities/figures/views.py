"""Figures of activities: tables without persons for who may see statistics, members' numbers for who reads members."""

import datetime as dt

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from activities.figures.members import MEMBERS_A_PAGE, MembersForm, member_lines
from activities.figures.question import QuestionForm
from activities.figures.sheet import export_figures, sheet_name
from activities.figures.tables import Figures
from members.rights import Ability
from members.views_statistics import XLSX
from organizations.frame import render_page
from organizations.models import Association

may_count = permission_required("members.view_statistics", raise_exception=True)


def _asked(request, ability=Ability.COUNT):
    """(QuestionForm, Question) of the request, within the rights of its user. Raises Http404."""
    associations = list(Association.objects.where_may(request.user, ability))
    form = QuestionForm(request.GET, associations)
    return form, form.question(request.user)


@may_count
@require_GET
def figures(request):
    """All tables of a period."""
    form, question = _asked(request)
    reads_members = bool(question.ids & request.user.rights.associations)
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    context = {
        "title": _("Figures of activities"),
        "form": form,
        "question": question,
        "tables": Figures(question).tables(),
        "reads_members": reads_members,
        "absent_query": urlencode({"since": year_ago.isoformat(), "who": "absent"}),
    }
    return render_page(request, "activities/figures.html", context)


@require_POST
@may_count
def figures_sheet(request):
    """The same tables as a workbook; what is wrong with the period is said on the page."""
    form, question = _asked(request)
    if form.errors:
        return redirect(f"{reverse('activities:figures')}?{request.GET.urlencode()}")
    file = export_figures(Figures(question).tables(), question, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=sheet_name(question), content_type=XLSX)


@may_count
@require_GET
def figures_members(request):
    """How often each member came, for who reads members."""
    if not request.user.has_perm("members.view_member") or not request.user.rights.associations:
        raise PermissionDenied
    form, question = _asked(request, Ability.READ)
    narrow = MembersForm(request.GET)
    lines = narrow.narrowed(member_lines(question), question)
    context = {
        "title": _("Attendance of members"),
        "form": form,
        "narrow": narrow,
        "question": question,
        "count": len(lines),
        "page": Paginator(lines, MEMBERS_A_PAGE).get_page(request.GET.get("page")),
        "figures_query": urlencode(
            {name: request.GET[name] for name in form.fields if request.GET.get(name)}
        ),
    }
    return render_page(request, "activities/figures_members.html", context)
