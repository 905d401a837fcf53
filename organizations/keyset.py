"""Change lists that cost the same on page 1 and page 10,000, with ten rows or a million.

Pages go from row to row (`?after=` and `?before=` name the row at the edge) instead of by number, so that nothing is
skipped over; the count stops at a cap. The stock list counts the whole table and skips by OFFSET.
"""

from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.utils.text import capfirst

COUNT_CAP = 1000
AFTER, BEFORE = "after", "before"


def is_key(text):
    """Whether `text` is digits that a database takes for a key."""
    return text.isascii() and text.isdigit() and len(text) < 19


class Count(int):
    """A number of rows, shown as ``1000+`` when counting stopped there."""

    def __new__(cls, found, cap=COUNT_CAP):
        count = super().__new__(cls, min(found, cap))
        count.is_capped = found > cap
        return count

    def __str__(self):
        return f"{int(self)}+" if self.is_capped else str(int(self))


def capped_count(queryset, cap=COUNT_CAP):
    return Count(queryset.order_by()[: cap + 1].count(), cap)


class KeysetChangeList(ChangeList):
    """A change list in pages by row; columns sorted by must not be null.

    `order_by` maps a column to the field whose order it takes.
    """

    order_by = {}
    own_parameters = (AFTER, BEFORE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # the name of what is listed, instead of "Select … to change"
        if not self.is_popup:
            self.title = capfirst(self.opts.verbose_name_plural)

    def get_queryset(self, request, exclude_parameters=None):
        for name in self.own_parameters:
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_ordering_field(self, field_name):
        # `?o=` is not held to `sortable_by` by Django: a column one may not sort by must have no order here
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return self.order_by.get(field_name) or super().get_ordering_field(field_name)

    def get_ordering(self, request, queryset):
        ordering = super().get_ordering(request, queryset)
        # Django ends with the latest row first whatever comes before; an index reads in one direction
        if ordering[-1] == "-pk" and not ordering[0].startswith("-"):
            ordering[-1] = "pk"
        return ordering

    def get_results(self, request):
        found = self.queryset
        size = self.list_per_page
        backwards = BEFORE in request.GET and AFTER not in request.GET
        ordering = list(found.query.order_by)
        if backwards:
            found = found.reverse()
            ordering = [_opposite(name) for name in ordering]
        edge = self._edge(request, ordering)
        if edge is not None:
            found = found.filter(beyond(ordering, edge))
        rows = list(found[: size + 1])
        more = len(rows) > size
        rows = rows[:size]
        if backwards:
            rows.reverse()
        has_next = more if not backwards else edge is not None
        has_previous = more if backwards else edge is not None

        self.result_list = rows
        # a list that ends on its first page is counted by then
        whole = edge is None and not more
        self.result_count = Count(len(rows)) if whole else capped_count(self.queryset)
        self.next_link = self.get_query_string({AFTER: rows[-1].pk}) if rows and has_next else ""
        self.previous_link = self.get_query_string({BEFORE: rows[0].pk}) if rows and has_previous else ""
        self.first_link = self.get_query_string() if edge is not None else ""
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = bool(rows)
        self.show_all = self.can_show_all = self.multi_page = False
        self.paginator = None

    def _edge(self, request, ordering):
        """The values by which the rows are ordered of the row that `?after=` or `?before=` names; None without one."""
        pk = request.GET.get(AFTER) or request.GET.get(BEFORE) or ""
        if not is_key(pk):
            return None
        names = [name.lstrip("-") for name in ordering]
        return self.root_queryset.filter(pk=int(pk)).values_list(*names).first()


def _opposite(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def beyond(ordering, edge):
    """The condition "after the row with the values `edge`" in the order of the field names `ordering`."""
    condition = None
    for name, value in reversed(list(zip(ordering, edge, strict=True))):
        field = name.lstrip("-")
        side = "lt" if name.startswith("-") else "gt"
        further = Q(**{f"{field}__{side}": value})
        if condition is None:
            condition = further
        else:
            # the closed bound repeats what follows from the rest, in the form an index can use
            condition = Q(**{f"{field}__{side}e": value}) & (further | condition)
    return condition


class WithoutPage:
    """Mixin of a ChangeList for its rows alone: reads no page of them."""

    def get_results(self, request):
        pass


class KeysetAdmin:
    """Mixin for a ModelAdmin whose list is a `KeysetChangeList`."""

    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    changelist_class = KeysetChangeList

    def get_changelist(self, request, **kwargs):
        return self.changelist_class

    def list_without_page(self, request):
        """The list's ChangeList for `request`, as `get_changelist_instance` makes it, without a page of rows."""
        display = self.get_list_display(request)
        links = self.get_list_display_links(request, display)
        if self.get_actions(request):
            display = ["action_checkbox", *display]
        return type("ListOfAll", (WithoutPage, self.get_changelist(request)), {})(
            request,
            self.model,
            display,
            links,
            self.get_list_filter(request),
            self.date_hierarchy,
            self.get_search_fields(request),
            self.get_list_select_related(request),
            self.list_per_page,
            self.list_max_show_all,
            self.list_editable,
            self,
            self.get_sortable_by(request),
            self.search_help_text,
        )
