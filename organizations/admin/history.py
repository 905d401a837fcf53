"""Staff screens of the history: what was changed lately, and what was done."""

from django.contrib import admin
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.admin.scoped import ReadOnlyAdmin
from organizations.change_list import (
    ActionKindFilter,
    ActorFilter,
    ChangeKindFilter,
    ChangeOfRecordList,
    FieldFilter,
    PeriodFilter,
    RecordKindFilter,
)
from organizations.changes_in_sight import told_actions, visible_changes
from organizations.models import Action, Change

# Names of changed fields in one line of the list of changes
FIELDS_LISTED = 6


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """What was changed lately, in all records in sight, under the classes of their fields."""

    changelist_class = ChangeOfRecordList
    change_list_template = "admin/organizations/changes.html"
    list_display = ["at", "actor", "done_by", "record_kind", "record", "changed"]
    list_display_links = None
    list_filter = [
        RecordKindFilter,
        FieldFilter,
        ActorFilter,
        ChangeKindFilter,
        ActionKindFilter,
        PeriodFilter,
    ]
    list_select_related = ["action__actor", "content_type", "part_of_type"]
    list_per_page = 50
    sortable_by = []

    class Media:
        css = {"all": ["css/history.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).filter(visible_changes(self.admin_site, request))

    def has_view_permission(self, request, obj=None):
        # the list alone: a single change is read on the record's history page
        return super().has_view_permission(request, obj) and obj is None

    @admin.display(description=_("when"))
    def at(self, change):
        return f"{timezone.localtime(change.action.at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("who"))
    def actor(self, change):
        return change.action.actor or gettext("the system")

    @admin.display(description=pgettext_lazy("history", "by way of"))
    def done_by(self, change):
        return change.action.get_kind_display()

    @admin.display(description=_("kind of record"))
    def record_kind(self, change):
        return capfirst(change.content_type.model_class()._meta.verbose_name)

    @admin.display(description=_("record"))
    def record(self, change):
        if change.about is None:
            names = change.diff.get("name") or [""]
            return names[0] or f"#{change.object_id}"
        meta = change.about._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[change.about.pk])
        return format_html('<a href="{}">{}</a>', address, change.about)

    @admin.display(description=_("what"))
    def changed(self, change):
        """The first few fields; of new and deleted records their number."""
        context = {
            "record": {"change": change, "lines": change.lines[:FIELDS_LISTED]},
            "total": len(change.lines),
            "more": len(change.lines) > FIELDS_LISTED,
        }
        return render_to_string("admin/organizations/_change_row.html", context)


@admin.register(Action)
class ActionAdmin(ReadOnlyAdmin):
    """Imports, exports, numbers shown and commands; single edits are in the list of changes."""

    list_display = ["when", "actor", "kind", "association", "note", "particulars"]
    list_display_links = None
    list_filter = ["kind"]
    list_select_related = ["actor", "association"]
    sortable_by = []

    def get_queryset(self, request):
        rows = super().get_queryset(request).exclude(kind=Action.Kind.EDIT)
        if request.user.is_superuser:
            return rows
        in_sight = Q(association__in=request.user.rights.associations) | Q(actor=request.user)
        return rows.filter(in_sight, told_actions(request.user))

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and obj is None

    @admin.display(description=_("when"))
    def when(self, action):
        return f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("details"))
    def particulars(self, action):
        parts = []
        for name, value in action.details.items():
            if isinstance(value, list):
                text = "、".join(map(str, value))
            elif isinstance(value, bool):
                text = gettext("yes") if value else gettext("no")
            else:
                text = str(value)
            # of a body its name stands in the other words
            if text and name != "body":
                parts.append(f"{DETAILS.get(name, name)}: {text}")
        return "; ".join(parts)


# Labels of the entries of Action.details
DETAILS = {
    "fields": _("fields"),
    "filter": _("filter"),
    "count": _("number of rows"),
    "format": _("format"),
    "reason": _("reason"),
    "identity": _("identity data"),
    "file": _("file"),
    "paper": pgettext_lazy("export", "paper"),
    "member": _("member"),
    "merge": _("merge of members"),
}
