"""The log of exports and papers: who took which data of whom, when and what for (PIPL arts. 23 and 51)."""

import io

import xlsxwriter
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from members.export import by_class, keys_of
from members.models import Disclosed, Member, User
from members.privacy.own_file import what_left
from organizations.changes_in_sight import told_actions
from organizations.frame import render_page
from organizations.history_screen import PeriodForm, made_between
from organizations.keyset import BEFORE, is_key
from organizations.models import Action

PAGE = 50
PERSONS = 200
MOST_LINES = 10_000
"""Lines of the workbook; who needs more filters by day."""


def visible_exports(user):
    """Exports out of associations whose log `user` reads, and the user's own."""
    rows = Action.objects.filter(kind=Action.Kind.EXPORT)
    if user.is_superuser:
        return rows
    places = user.rights.associations_with("members.view_disclosed")
    return rows.filter(Q(association__in=places) | Q(actor=user), told_actions(user))


class LogForm(PeriodForm):
    """By whom, in which days (both included), whose data were in it, with identity columns or without."""

    person = forms.ModelChoiceField(
        User.objects.none(),
        label=pgettext_lazy("export", "By"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    member = forms.CharField(
        label=gettext_lazy("With the data of"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("name or number")}),
    )
    identity = forms.ChoiceField(
        label=gettext_lazy("Identity data"),
        required=False,
        choices=[
            ("", gettext_lazy("with and without")),
            ("yes", gettext_lazy("with")),
            ("no", gettext_lazy("without")),
        ],
    )
    field_order = ["person", "member", "since", "until", "identity"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.exports = user, visible_exports(user)
        self.fields["person"].queryset = User.objects.filter(
            Exists(self.exports.order_by().filter(actor=OuterRef("pk")))
        ).order_by("name", "email", "pk")

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("This day is before the first."))
        return data

    def found(self):
        """The exports asked for; none while the form has errors."""
        if not self.is_valid():
            return self.exports.none()
        asked = self.cleaned_data
        rows = self.exports.filter(made_between(asked["since"], asked["until"], at="at"))
        if asked["person"]:
            rows = rows.filter(actor=asked["person"])
        if asked["identity"]:
            rows = rows.filter(details__identity=asked["identity"] == "yes")
        if text := asked["member"]:
            named = Member.objects.staff_visible_to(self.user).filter(Q(name=text) | Q(number=text))
            rows = rows.filter(Exists(Disclosed.objects.filter(action=OuterRef("pk"), member__in=named)))
        return rows


def _staff_only(request):
    if not request.user.is_staff:
        raise PermissionDenied


def disclosures(request):
    """The newest exports in sight, or those before `?before=`."""
    _staff_only(request)
    form = LogForm(request.GET, user=request.user)
    rows = form.found()
    edge = request.GET.get(BEFORE, "")
    if is_key(edge):
        rows = rows.filter(pk__lt=int(edge))
    found = list(rows.select_related("actor", "association").order_by("-pk")[: PAGE + 1])
    page, query = found[:PAGE], request.GET.copy()
    query.pop(BEFORE, None)
    named = set(
        Disclosed.objects.filter(action__in=page).order_by().values_list("action", flat=True).distinct()
    )
    context = {
        "title": _("Log of exports"),
        "form": form,
        "exports": [(action, by_class(keys_of(action))) for action in page],
        "named": named,
        "query": query.urlencode(),
        "asked": [(name, value) for name, value in query.items() if value],
        "is_filtered": any(query.values()),
        "older": page[-1].pk if len(found) > PAGE else None,
        "newest": bool(edge),
    }
    return render_page(request, "members/disclosures.html", context, status=422 if form.errors else 200)


def disclosure(request, pk):
    """One export with the members whose data were in it, as far as they are in the reader's sight; in pages."""
    _staff_only(request)
    action = get_object_or_404(visible_exports(request.user).select_related("actor", "association"), pk=pk)
    rows = Disclosed.objects.filter(action=action)
    seen = rows.filter(member__in=Member.objects.staff_visible_to(request.user))
    after = request.GET.get("after", "")
    page = seen.filter(pk__gt=int(after)) if is_key(after) else seen
    found = list(page.select_related("member__association").order_by("pk")[: PERSONS + 1])
    total, in_sight = rows.count(), seen.count()
    context = {
        "title": _("Export of {day}").format(day=f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}"),
        "action": action,
        "what": what_left(action.details),
        "classes": by_class(keys_of(action)),
        "persons": [row.member for row in found[:PERSONS]],
        "total": total,
        "hidden": total - in_sight,
        "next": found[PERSONS - 1].pk if len(found) > PERSONS else None,
        "is_further": is_key(after),
    }
    return render_page(request, "members/disclosure.html", context)


@require_POST
def disclosures_sheet(request):
    """The log as a workbook, as filtered; without the persons. Taking it out is in the log as well."""
    _staff_only(request)
    form = LogForm(request.POST, user=request.user)
    rows = list(form.found().select_related("actor", "association").order_by("-pk")[:MOST_LINES])
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("导出记录")
        head = workbook.add_format({"bold": True, "bg_color": "#EFEFEF", "border": 1})
        cell = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for place, (heading, width) in enumerate(COLUMNS.items()):
            sheet.write_string(0, place, heading, head)
            sheet.set_column(place, place, width)
        for number, action in enumerate(rows, 1):
            for place, text in enumerate(_line(action)):
                sheet.write_string(number, place, text, cell)
        sheet.freeze_panes(1, 0)
    Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=request.user,
        note=_("Log of exports, no persons"),
        details={"log": True, "fields": list(COLUMNS), "filter": _("Log of exports"), "format": "xlsx"},
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"导出记录-{timezone.localdate():%Y%m%d}.xlsx")


# headings of the workbook and widths in characters
COLUMNS = {"时间": 17, "操作人": 16, "协会": 24, "种类": 16, "范围": 36, "人数": 8, "项目": 50, "含证件号码": 10,
           "事由": 30, "接收单位": 24, "格式": 8}  # fmt: skip


def _line(action):
    details = action.details
    return [
        f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}",
        str(action.actor or ""),
        action.association.name if action.association else "",
        str(what_left(details)) if "count" in details else action.note,
        details.get("filter", ""),
        str(details.get("count", "")),
        "、".join(details.get("fields", ())),
        "是" if details.get("identity") else "否",
        details.get("reason", ""),
        details.get("recipient", ""),
        details.get("format", ""),
    ]
