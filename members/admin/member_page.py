"""The page of one member: sections, fields under their classes, saving."""

from django.contrib import admin, messages
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members import identity
from members.admin.columns import readable_column
from members.admin.forms import MemberForm, StatusChangeForm
from members.models import Employer, FurtherCategory, StatusChange
from members.rights import FIELD_CLASSES
from members.services import first_status
from organizations.admin import ScopedInline


class FurtherCategoryInline(ScopedInline, admin.TabularInline):
    model = FurtherCategory


class StatusChangeInline(ScopedInline, admin.TabularInline):
    """The steps of a member's life in the association. New ones are added; those recorded stay."""

    model = StatusChange
    form = StatusChangeForm
    fields = ["status", "on", "decided_by", "document", "clerk"]
    readonly_fields = ["clerk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entered_by")

    def has_add_permission(self, request, obj):
        # a new member's first step follows from the status chosen in the form
        return obj is not None and super().has_add_permission(request, obj)

    @admin.display(description=_("entered by"))
    def clerk(self, step):
        # the name alone: the account behind it is a page for managers
        return str(step.entered_by or "")


class PageScreen:
    """The part of the member's admin that shows and changes one member."""

    form = MemberForm
    autocomplete_fields = ["employer"]
    inlines = [StatusChangeInline, FurtherCategoryInline]
    fieldsets = [
        (
            pgettext_lazy("section", "Association"),
            {"fields": ["name", "association", "number", "status", "category", "joined", "association_posts",
                        "township"]},
        ),
        (
            pgettext_lazy("section", "Identity"),
            {"fields": ["sex", "birth", "former_name", "ethnicity", "native_place", "political_status",
                        "second_party", "party_joined", "id_kind", "id_number", "remove_id"]},
        ),
        (
            pgettext_lazy("section", "Work"),
            {"fields": ["employer", "position", "employer_kind", "employer_uscc", "occupation", "title",
                        "title_level", "qualification", "work_started", "social_posts", "honours"]},
        ),
        (
            pgettext_lazy("section", "Education"),
            {"fields": ["education", "degree", "school", "major", "full_time_education", "full_time_degree",
                        "full_time_school", "in_service_education", "in_service_degree", "in_service_school"]},
        ),
        (
            pgettext_lazy("section", "Contact"),
            {"fields": ["mobile", "second_mobile", "office_phone", "email", "wechat", "address"]},
        ),
        (pgettext_lazy("section", "Notes"), {"fields": ["remarks"]}),
    ]  # fmt: skip

    def get_fieldsets(self, request, obj=None):
        editable = self._editable(request, obj)
        sections = []
        for title, options in self.fieldsets:
            fields = [self._shown(request, obj, name, editable) for name in options["fields"]]
            sections.append((title, {**options, "fields": [field for field in fields if field is not None]}))
        return sections

    def get_readonly_fields(self, request, obj=None):
        if not self._editable(request, obj):
            return []  # the admin makes every field read-only
        return [*(["status"] if obj else []), *(f for f in self._flat(request, obj) if callable(f))]

    def get_autocomplete_fields(self, request):
        return self.autocomplete_fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "employer":
            kwargs["queryset"] = Employer.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            first_status(obj, actor=request.user)
        for sentence in doubts(obj):
            messages.warning(request, sentence)

    def save_formset(self, request, form, formset, change):
        if formset.model is not StatusChange:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)  # fills the lists that the admin's own log reads
        for added in formset.extra_forms:
            if added.has_changed():
                added.record(form.instance, request.user)

    def _editable(self, request, obj):
        return self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)

    def _flat(self, request, obj):
        return [field for _title, options in self.get_fieldsets(request, obj) for field in options["fields"]]

    def _shown(self, request, obj, name, editable):
        """What stands in the form for the field `name`: itself, a masked text (a callable), or None for nothing."""
        if name == "remove_id":
            return name if editable and obj is not None and obj.id_sealed else None
        key = name if name in FIELD_CLASSES else None
        readable = key is None or obj is None or request.user.rights.may_read(key, obj.association_id)
        if editable and readable:
            return name
        # the number itself is never on a page that only shows it
        return self._column(request, name) if name == "id_number" or not readable else name

    def _column(self, request, key):
        return readable_column(request.user.rights, key, self.get_empty_value_display())


def doubts(member):
    """Sentences about what does not fit together in a record that was saved all the same."""
    number = member.id_number
    if len(number) != 18:
        return
    try:
        said = identity.read_citizen_number(number)
    except identity.InvalidNumber:
        return
    born = said.birth.replace(".", "-")
    if member.birth and not born.startswith(member.birth) and not member.birth.startswith(born):
        yield gettext("The date of birth differs from the identity number.")
    if member.sex and member.sex != said.sex:
        yield gettext("The sex differs from the identity number.")
    if not said.area_known:
        yield gettext("The first six digits of the identity number are no area code that is known.")
