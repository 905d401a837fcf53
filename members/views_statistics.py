from dataclasses import replace

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.rights import Ability
from members.statistics import CUTS, DEFAULT_BANDS, GROWTH, cut_table, growth_table, linked, offered_cuts
from members.statistics.forms import QuestionForm, written
from members.statistics.sheet import export_figures, sheet_name
from organizations.models import Association

ALL = "all"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Asked:
    """What a request for figures asks, within the rights of its user. Raises Http404 and PermissionDenied."""

    def __init__(self, request):
        associations = list(Association.objects.where_may(request.user, Ability.COUNT))
        self.form = QuestionForm(request.GET, associations)
        self.question = self.form.question()
        self.offered = offered_cuts(request.user.rights, self.question.ids)
        self.key = request.GET.get("cut", "") or self.offered[0].key
        self.cuts = self.offered if self.key == ALL else [cut for cut in self.offered if cut.key == self.key]
        if not self.cuts and self.key in {cut.key for cut in (*CUTS, GROWTH)}:
            raise PermissionDenied(_("These figures are about fields that you may not read."))
        if not self.cuts:
            raise Http404
        if any(cut.is_coarse for cut in self.offered):
            # bands of one year each would say how old somebody is
            self.question = replace(self.question, bands=DEFAULT_BANDS)
            del self.form.fields["bands"]
            self.form.errors.pop("bands", None)

    def tables(self):
        return [
            growth_table(self.question) if cut.key == GROWTH.key else cut_table(cut, self.question)
            for cut in self.cuts
        ]

    def query(self, cut=None):
        """The query of the same question for another cut (or the same)."""
        question = self.question
        asked = {
            "cut": cut or self.key,
            "association": question.association.pk if question.association else "",
            "day": question.day.isoformat() if question.day != self.form.today else "",
            "other_day": question.other_day.isoformat() if question.other_day else "",
            "bands": written(question.bands) if question.bands != DEFAULT_BANDS else "",
        }
        return urlencode({name: text for name, text in asked.items() if text})


@permission_required("members.view_statistics", raise_exception=True)
def statistics(request):
    """Tables and charts of one cut, or of all for printing."""
    asked = Asked(request)
    tables = asked.tables()
    if asked.question.days == [asked.form.today]:
        tables = [linked(table, asked.question, request.user) for table in tables]
    tabs = [(cut.key, cut.title) for cut in asked.offered] + [(ALL, _("All tables"))]
    context = {
        **admin.site.each_context(request),
        "title": _("Statistics"),
        "form": asked.form,
        "question": asked.question,
        "is_today": asked.question.day == asked.form.today,
        "asked": asked,
        "tabs": [{"key": key, "title": title, "query": asked.query(key)} for key, title in tabs],
        "tables": tables,
        "is_coarse": any(cut.is_coarse for cut in asked.cuts),
        "sheet_query": asked.query(),
    }
    return render(request, "members/statistics.html", context)


@require_POST
@permission_required("members.view_statistics", raise_exception=True)
def statistics_sheet(request):
    """The same tables as a workbook; it takes the page's own query. What is wrong there is said on the page."""
    asked = Asked(request)
    if asked.form.errors:
        return redirect(f"{reverse('members:statistics')}?{request.GET.urlencode()}")
    file = export_figures(asked.tables(), asked.question, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=sheet_name(asked.question), content_type=XLSX)
