"""Staff screens of filings: what was filed with the authorities, and what is due."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from organizations import filings
from organizations.admin.scoped import AssociationFilter, ScopedAdmin, only_to_choose
from organizations.models import Body, Filing, Term


class FilingForm(forms.ModelForm):
    class Meta:
        model = Filing
        fields = [
            "association", "kind", "year", "term", "consented_on", "opens_on", "due_on", "filed_on", "approval_number",
            "note",
        ]  # fmt: skip
        help_texts = {
            "due_on": _(
                "Left empty it is worked out by rule: for annual reports, the charter and registered items."
            )
        }

    def clean(self):
        data = super().clean()
        association, term = data.get("association"), data.get("term")
        if association and term and term.body.association_id != association.pk:
            self.add_error("term", _("This term is of a body of another association."))
        return data

    def save(self, commit=True):
        if not self.instance.due_on:
            self.instance.due_on = filings.due_on(self.instance)
        return super().save(commit)


class FilingStateFilter(admin.SimpleListFilter):
    title = pgettext_lazy("filing", "state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("open", pgettext_lazy("filing", "open")),
            ("overdue", pgettext_lazy("filing", "overdue")),
            ("filed", pgettext_lazy("filing", "filed")),
        ]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() == "filed":
            return queryset.exclude(filed_on=None)
        if self.value() == "overdue":
            return queryset.open().filter(due_on__lt=timezone.localdate())
        return queryset.open()


@admin.register(Filing)
class FilingAdmin(ScopedAdmin):
    form = FilingForm
    restorable = True
    list_display = ["name", "association", "due_on", "filed_on", "state", "approval_number", "note"]
    list_select_related = ["association", "term__body"]
    list_filter = [FilingStateFilter, "kind", AssociationFilter]
    sortable_by = []
    ordering = ["-pk"]
    fieldsets = [
        (None, {"fields": ["association", "kind", "year", "term"]}),
        (_("Dates"), {"fields": ["consented_on", "opens_on", "due_on", "filed_on"]}),
        (_("Answer of the authority"), {"fields": ["approval_number", "note"]}),
    ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "term":
            # a filing is read by all who read the association
            bodies = Body.objects.where_may(request.user, self.change_ability).filter(hides_people=False)
            kwargs["queryset"] = Term.objects.filter(body__in=bodies).select_related("body")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "term":
            only_to_choose(field)
        return field

    @admin.display(description=_("filing"))
    def name(self, filing):
        return filing.whole_name

    @admin.display(description=pgettext_lazy("filing", "state"))
    def state(self, filing):
        if filing.filed_on:
            return pgettext("filing", "filed")
        is_late = filing.is_overdue_on(timezone.localdate())
        return pgettext("filing", "overdue") if is_late else pgettext("filing", "open")
