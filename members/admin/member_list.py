"""The list of members: columns, conditions, order, search, actions."""

from functools import cached_property

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members import codes
from members.admin import conditions
from members.admin.bulk import BulkScreen
from members.admin.columns import readable_column
from members.admin.list_state import EDIT, ORDERS, PARAMETERS, column_label, state_of
from members.admin.saved_lists import SavedListScreen
from members.filters import Selection
from members.filters.selection import LONGEST_SEARCH
from organizations.keyset import KeysetChangeList

# shown under their class: masked, or never in clear
GUARDED_COLUMNS = {"mobile", "id_number"}


class MemberChangeList(KeysetChangeList):
    own_parameters = (*KeysetChangeList.own_parameters, *PARAMETERS, "ids")

    def __init__(self, request, *args, **kwargs):
        self.state = state_of(request)
        super().__init__(request, *args, **kwargs)
        if self.state.saved is not None:
            self.title = self.state.saved.name

    @cached_property
    def townships(self):
        return conditions.township_names(self.state.rights)

    @property
    def quick_filters(self):
        return conditions.quick_filters(self.state, self.townships)

    @property
    def panel(self):
        return conditions.panel(self.state, self.townships)

    def get_queryset(self, request, exclude_parameters=None):
        self.query = ""
        rows = self.state.filter(super().get_queryset(request, exclude_parameters))
        # last of all: it looks at the rows it searches to choose its way
        self.query = self.state.selection.search
        return self.model_admin.get_search_results(request, rows, self.query)[0]

    def get_ordering(self, request, queryset):
        return self.state.ordering

    def get_ordering_field_columns(self):
        return {}  # the headings are our own

    def get_query_string(self, new_params=None, remove=None):
        extra = [(name, value) for name, value in (new_params or {}).items() if value is not None]
        return self.state.address(extra)

    def url_for_result(self, result):
        return result.get_absolute_url()

    @property
    def headings(self):
        """[{"key", "label", "address", "sort"}] of the columns; the address orders by the column."""
        found = []
        for column in self.list_display:
            key = column if isinstance(column, str) else column.__name__
            if key == "action_checkbox":
                continue
            heading = {"key": key, "label": column_label(key), "sort": "none"}
            if key in ORDERS:
                order = self.state.order
                if order.removeprefix("-") == key:
                    heading["sort"] = "descending" if order.startswith("-") else "ascending"
                heading["address"] = self.state.address(order=f"-{key}" if order == key else key)
            found.append(heading)
        return found

    @property
    def is_register_empty(self):
        """Whether nobody is in sight at all, for any conditions."""
        return not self.state.is_narrowed and self.state.saved is None and not self.result_list


@admin.display(description=_("category"))
def category(member):
    """The category by its short name, the full one at hand."""
    if not member.category:
        return None
    return format_html(
        '<abbr title="{}">{}</abbr>',
        member.get_category_display(),
        codes.CATEGORY_SHORT[member.category],
    )


class ListScreen(SavedListScreen, BulkScreen):
    """The part of the member's admin that lists."""

    changelist_class = MemberChangeList
    change_list_template = "admin/members/member/change_list.html"
    list_per_page = 50
    sortable_by = []
    # `MemberQuerySet.search` looks elsewhere too; the admin wants a list to show the box at all
    search_fields = ["name"]
    search_help_text = _(
        "Name, pinyin or initials, mobile number, employer or member number; any part of it."
    )

    def get_list_display(self, request):
        return ["name", *(self._list_column(request, key) for key in state_of(request).columns)]

    def _list_column(self, request, key):
        if key in GUARDED_COLUMNS:
            return readable_column(request.user.rights, key, self.get_empty_value_display())
        return category if key == "category" else key

    def get_list_select_related(self, request):
        return [key for key in ("employer", "association") if key in state_of(request).columns] or False

    def get_list_filter(self, request):
        return []

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term.strip()[:LONGEST_SEARCH], request.user), False

    def get_urls(self):
        narrow = path("narrow/", self.admin_site.admin_view(self.narrow_view), name="members_member_narrow")
        return [narrow, *super().get_urls()]

    def narrow_view(self, request):
        """From the forms above the list to the address that says the same (GET)."""
        state = state_of(request)
        if "rows" not in request.GET:
            selection = conditions.read_quick(request.GET, state.selection)
            return self._to_list(state.address(selection=selection))
        groups = conditions.read_rows(request.GET)
        if request.GET.get("do", "apply") == "apply":
            selection = Selection(tuple(map(tuple, groups)), state.selection.search)
            return self._to_list(state.address(selection=selection))
        groups = conditions.change_rows(groups, request.GET)
        edit = [(EDIT, text) for text in Selection(tuple(map(tuple, groups))).written() or [""]]
        return self._to_list(state.address(edit) + "#conditions")

    def _to_list(self, address):
        return HttpResponseRedirect(reverse("admin:members_member_changelist") + address)
