"""Staff screens of associations."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.admin.scoped import MANAGE, ScopedAdmin, ScopedInline
from organizations.models import Association, Milestone
from organizations.number_patterns import NotAPattern, NumberPattern


class AssociationForm(forms.ModelForm):
    def clean_number_pattern(self):
        """A pattern may use {year} and {serial}, each with a width, and nothing else."""
        pattern = self.cleaned_data["number_pattern"]
        try:
            if pattern:
                NumberPattern.read(pattern)
        except NotAPattern as error:
            raise forms.ValidationError(
                _("Write {year} and {serial} only, the serial once, for example JJ{year}{serial:04}.")
            ) from error
        return pattern


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
        (_("Settings"), {"fields": ["number_pattern", "name_order", "report_due", "filing_days", "townships"]}),
        (
            _("Members' self-service"),
            {"fields": ["invitation_days", "takes_applications", "introducers", "notice_days", "card_years"]},
        ),
        (
            _("Personal data"),
            {"fields": ["data_contact", "request_days", "retention_years", "grace_days"]},
        ),
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
