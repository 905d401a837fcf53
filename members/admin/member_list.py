"""The list of members: columns, search, filters, actions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from members.admin.columns import readable_column
from organizations.admin import AssociationFilter, ClosedChoicesFilter, visible_associations
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


class ListScreen:
    """The part of the member's admin that lists."""

    changelist_class = MemberChangeList
    list_select_related = ["employer"]
    list_per_page = 50
    sortable_by = ["name", "number", "joined"]
    # `MemberQuerySet.search` looks elsewhere too; the admin wants a list to show the box at all
    search_fields = ["name"]
    search_help_text = _(
        "Name, pinyin or initials, mobile number, employer or member number; any part of it."
    )
    actions = ["export_selected"]

    def get_list_display(self, request):
        mobile = readable_column(request.user.rights, "mobile", self.get_empty_value_display())
        return ["name", "number", "sex", "category", "employer", "position", mobile, "township", "status",
                "joined"]  # fmt: skip

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
