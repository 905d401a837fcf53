"""Staff screens of associations and of the history, and the base of all screens scoped to what their user sees."""

import string

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.forms import BaseInlineFormSet
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.change_list import (
    ActionKindFilter,
    ActorFilter,
    ChangeKindFilter,
    ChangeOfRecordList,
    FieldFilter,
    PeriodFilter,
    RecordKindFilter,
)
from organizations.changes_in_sight import visible_changes
from organizations.history_screen import HistoryAdmin
from organizations.keyset import KeysetAdmin
from organizations.models import Action, Association, Change, Milestone, indented

# Abilities of members/rights.py, which this app does not import
EDIT, MANAGE = "edit", "manage"
# Names of changed fields in one line of the list of changes
FIELDS_LISTED = 6


class ScopedAdmin(KeysetAdmin, HistoryAdmin):
    """A screen over rows that belong to associations (design §4).

    Rows out of sight are 404; rows in sight that the user may not change open read-only, and writing them is 403.
    """

    change_ability = EDIT
    delete_ability = MANAGE
    view_on_site = False

    class Media:
        css = {"all": ["css/lists.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def association_id(self, obj):
        return obj.association_id

    def may(self, request, ability, obj):
        if obj is None:
            return bool(request.user.rights.associations_for(ability))
        return request.user.rights.may(ability, self.association_id(obj))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self.may(request, self.change_ability, None)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may(request, self.change_ability, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may(request, self.delete_ability, obj)

    def lookup_allowed(self, lookup, value, request):
        """Only the filters on the screen: every other lookup in an address could ask about fields one may not read."""
        if "\x00" in value:
            return False
        allowed = set()
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, tuple) else item
            if isinstance(name, str):
                allowed |= {f"{name}__exact", f"{name}__isnull"}
            else:
                allowed |= set(name.parameters) if hasattr(name, "parameters") else {name.parameter_name}
        return lookup in allowed

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Association and "queryset" not in kwargs:
            ids = request.user.rights.associations_for(self.change_ability)
            kwargs["queryset"] = Association.objects.filter(pk__in=ids)
            if len(ids) == 1:
                kwargs.setdefault("initial", next(iter(ids)))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        if db_field.related_model is Association:
            only_to_choose(field)
        return field

    def delete_queryset(self, request, queryset):
        # one by one: a bulk delete would leave nothing in the history
        for obj in queryset:
            obj.delete()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404


def only_to_choose(field):
    """Takes the buttons for making and changing the related record from a form field of the admin."""
    for button in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
        setattr(field.widget, button, False)


class LabelledFormSet(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")


class LabelledInline:
    """Mixin of an inline in a table: its column headings are no labels for who listens to the page."""

    formset = LabelledFormSet

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


class ScopedInline(LabelledInline):
    """Mixin of an inline whose rows may be written where the record they hang on may be."""

    extra = 0

    def _parent_is_editable(self, request, obj):
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and self._parent_is_editable(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._parent_is_editable(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._parent_is_editable(request, obj)


class AssociationFilter(admin.SimpleListFilter):
    """One association and everything below it, out of those in sight."""

    title = _("association")
    parameter_name = "association"
    path = "association"

    def lookups(self, request, model_admin):
        rows = request.user.rights.association_rows
        return [(str(row.pk), name) for row, name in indented(rows)] if len(rows) > 1 else []

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        rows = request.user.rights.association_rows
        root = next((row.path for row in rows if str(row.pk) == self.value()), None)
        if root is None:
            return queryset.none()
        below = [row.pk for row in rows if row.path.startswith(root)]
        return queryset.filter(**{f"{self.path}__in": below})


class AssociationForm(forms.ModelForm):
    def clean_number_pattern(self):
        """A pattern may use {year} and {serial}, each with a width, and nothing else."""
        pattern = self.cleaned_data["number_pattern"]
        try:
            names = {
                name
                for _text, name, _spec, _conversion in string.Formatter().parse(pattern)
                if name is not None
            }
            if names <= {"year", "serial"}:
                pattern.format(year=2019, serial=1)
                return pattern
        except ValueError:
            pass
        raise forms.ValidationError(_("Write {year} and {serial} only, for example JJ{year}{serial:04}."))


class MilestoneInline(ScopedInline, admin.TabularInline):
    model = Milestone


@admin.register(Association)
class AssociationAdmin(ScopedAdmin):
    form = AssociationForm
    restorable = True
    change_ability = MANAGE
    list_display = ["name", "short_name", "level", "parent", "code", "founded_on"]
    list_select_related = ["parent"]
    list_filter = ["level"]
    sortable_by = ["name", "code"]
    search_fields = ["name", "short_name", "code"]
    ordering = ["path"]
    inlines = [MilestoneInline]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "code", "parent", "level"]}),
        (
            _("Registration"),
            {"fields": ["region_code", "credit_code", "supervising_authority", "registry", "founded_on",
                        "registered_on", "term_started_on"]},
        ),
        (_("Settings"), {"fields": ["number_pattern", "name_order", "townships"]}),
    ]  # fmt: skip

    def association_id(self, obj):
        return obj.pk

    def has_delete_permission(self, request, obj=None):
        # a whole association goes only by the hand of who runs the installation
        return request.user.is_superuser

    def get_readonly_fields(self, request, obj=None):
        # who manages an association from somewhere in the tree on does not say where in the tree it hangs
        if (
            obj
            and obj.parent_id
            and not self.may(request, MANAGE, obj.parent)
            and not request.user.is_superuser
        ):
            return ["parent"]
        if obj and not obj.parent_id and not request.user.is_superuser:
            return ["parent"]
        return []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent":
            field.required = not request.user.is_superuser
            field.empty_label = None if field.required else field.empty_label
        return field


class ReadOnlyAdmin(KeysetAdmin, admin.ModelAdmin):
    class Media:
        css = {"all": ["css/lists.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def lookup_allowed(self, lookup, value, request):
        return ScopedAdmin.lookup_allowed(self, lookup, value, request)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404


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
        return rows.filter(Q(association__in=request.user.rights.associations) | Q(actor=request.user))

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
            if text:
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
    "member": _("member"),
    "merge": _("merge of members"),
}
