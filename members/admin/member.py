from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin

from members import identity
from members.admin.export import ExportScreen
from members.admin.forms import MemberForm, StatusChangeForm
from members.models import Employer, FurtherCategory, Member, StatusChange
from members.rights import FIELD_CLASSES, HIDDEN, mask
from members.services import first_status
from organizations.admin import (
    AssociationFilter,
    ClosedChoicesFilter,
    ScopedAdmin,
    ScopedInline,
    visible_associations,
)
from organizations.keyset import KeysetChangeList

LONGEST_SEARCH = 20
# Townships are free text: those offered as a filter come from the settings and from so many rows
TOWNSHIP_SAMPLE = 1000


class TownshipFilter(admin.SimpleListFilter):
    title = _("township")
    parameter_name = "township"
    template = ClosedChoicesFilter.template

    def lookups(self, request, model_admin):
        names = {name for row in visible_associations(request) for name in row.township_list}
        rows = model_admin.get_queryset(request).order_by("-pk").values_list("township", flat=True)
        names.update(rows[:TOWNSHIP_SAMPLE])
        return [(name, name) for name in sorted(names - {""})]

    def queryset(self, request, queryset):
        return queryset if self.value() is None else queryset.filter(township=self.value())


class MemberChangeList(KeysetChangeList):
    order_by = {"name": "pinyin"}
    own_parameters = (*KeysetChangeList.own_parameters, "ids")


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


@admin.register(Member)
class MemberAdmin(ScopedAdmin, ExportScreen, ImportExportModelAdmin):
    form = MemberForm
    changelist_class = MemberChangeList
    list_select_related = ["employer"]
    list_per_page = 50
    sortable_by = ["name", "number", "joined"]
    # `MemberQuerySet.search` looks elsewhere too; the admin wants a list to show the box at all
    search_fields = ["name"]
    search_help_text = _(
        "Name, pinyin or initials, mobile number, employer or member number; any part of it."
    )
    autocomplete_fields = ["employer"]
    inlines = [StatusChangeInline, FurtherCategoryInline]
    actions = ["export_selected"]
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

    # -- rows

    def get_queryset(self, request):
        return Member.objects.staff_visible_to(request.user)

    def has_import_permission(self, request):
        return (
            super().has_import_permission(request)
            and request.user.has_perm("members.add_member")
            and request.user.has_perm("members.change_member")
        )

    def import_action(self, request, **kwargs):
        return redirect("members:import_upload")

    def process_import(self, request, **kwargs):
        # the package's own second step reads a file somebody else may have left
        return redirect("members:import_upload")

    # -- list

    def get_list_display(self, request):
        return ["name", "number", "sex", "category", "employer", "position", self._readable(request, "mobile"),
                "township", "status", "joined"]  # fmt: skip

    def get_list_filter(self, request):
        personal = [
            key
            for key in ("political_status", "education", "ethnicity")
            if request.user.rights.may_search(key)
        ]
        quiet = [(key, ClosedChoicesFilter) for key in ("sex", *personal)]
        return [AssociationFilter, "category", "status", TownshipFilter, *quiet]

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term.strip()[:LONGEST_SEARCH], request.user), False

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self.has_export_permission(request):
            actions.pop("export_selected", None)
        return actions

    # -- one member

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

    # -- history

    def history_of(self, obj):
        condition = super().history_of(obj)
        for relation in (obj.status_changes, obj.further_categories):
            kind = ContentType.objects.get_for_model(relation.model)
            keys = list(relation.values_list("pk", flat=True))
            condition |= Q(content_type=kind, object_id__in=keys)
        kind = ContentType.objects.get_for_model(FurtherCategory)
        # a further category taken away is found by what it belonged to
        return condition | Q(content_type=kind) & (Q(diff__member__0=obj.pk) | Q(diff__member__1=obj.pk))

    def history_reader(self, request, obj):
        rights = request.user.rights

        def read(model, name, text):
            if model is not Member or name not in FIELD_CLASSES or rights.may_read(name, obj.association_id):
                return text
            return mask(name, text)

        return read

    # -- fields under their classes

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
        return self._readable(request, name) if name == "id_number" or not readable else name

    def _readable(self, request, key):
        """A column that shows the field `key` of each member as the user may read it."""
        rights = request.user.rights

        def column(member):
            if key == "id_number":
                if not member.id_sealed:
                    return self.get_empty_value_display()
                return member.masked_id if rights.may_read(key, member.association_id) else HIDDEN
            value = getattr(member, key)
            shown = value if rights.may_read(key, member.association_id) else mask(key, value)
            return shown or self.get_empty_value_display()

        column.__name__ = key
        column.short_description = (
            _("identity number") if key == "id_number" else Member._meta.get_field(key).verbose_name
        )
        return column


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
