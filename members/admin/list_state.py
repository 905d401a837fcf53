"""What a member list shows: out of its address, the saved list open in it, and what its reader chose.

Parameters: `list` (a saved list), `g` and `q` (`members.filters`), `order`, `cols`; `edit` holds conditions somebody is
still writing, in groups as `g`. With a saved list open the others say only what deviates from it, so that ``g=`` means
"no conditions after all".
"""

from functools import cached_property
from urllib.parse import quote, urlencode

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from members.filters import FIELDS, Selection
from members.filters.selection import GROUP, SEARCH
from members.models import ColumnChoice, ListedMember, Member, SavedList
from members.rights import FIELD_CLASSES
from members.stroke_order import missing_characters
from organizations.keyset import is_key

LIST, ORDER, COLUMNS, EDIT = "list", "order", "cols", "edit"
PARAMETERS = (LIST, GROUP, ORDER, COLUMNS, EDIT)

USUAL_COLUMNS = ["sex", "category", "employer", "position", "mobile", "township", "status", "joined"]
# a column whose value is masked is still good to recognise somebody by
MASKED_COLUMNS = {"mobile"}
ENTRY, STROKES = "entry", "strokes"
# name in addresses: the column ordered by, what it is called, the field whose class decides
ORDERS = {
    ENTRY: ("id", pgettext_lazy("order", "as entered"), ""),
    "name": ("pinyin", pgettext_lazy("order", "name in pinyin"), "name"),
    STROKES: ("stroke_key", pgettext_lazy("order", "strokes of the name"), "name"),
    "number": ("number", gettext_lazy("member number"), "number"),
    "joined": ("joined", gettext_lazy("joined"), "joined"),
    "birth": ("birth", gettext_lazy("born"), "birth"),
}


def column_label(key):
    if key == "association":
        return str(capfirst(Member._meta.get_field(key).verbose_name))
    return FIELDS[key].label


def ticked_ids(query):
    """The keys of the rows ticked in a list, out of `?ids=` in the QueryDict `query`; None without that."""
    if "ids" not in query:
        return None
    return [int(pk) for pk in query["ids"].split(",") if is_key(pk)]


def state_of(request):
    """The ListState of the request, made once for an address."""
    found = getattr(request, "_list_state", None)
    if found is None or found.query is not request.GET:
        found = request._list_state = ListState(request.GET, request.user)
    return found


class ListState:
    """`selection`, `order` and `columns` are what is shown; `saved` the open list or None.

    Raises Http404 for a saved list out of sight.
    """

    def __init__(self, query, user):
        self.query, self.user, self.rights = query, user, user.rights
        self.saved = self._open_list()
        self.base = self._base_selection()
        self.selection = self._selection()
        self.order = self._order()

    def _open_list(self):
        pk = self.query.get(LIST)
        if not pk:
            return None
        found = next((each for each in self.saved_lists if str(each.pk) == pk), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def saved_lists(self):
        """The lists that the reader may open."""
        return list(SavedList.objects.visible_to(self.user).select_related("association", "owner"))

    def _base_selection(self):
        if self.saved is None:
            return Selection()
        return Selection.read(self.saved.groups, self.saved.search)

    def _selection(self):
        asked = Selection.parse(self.query)
        if self.saved is None:
            return asked
        groups = asked if GROUP in self.query else self.base
        search = asked.search if SEARCH in self.query else self.base.search
        return Selection(groups.groups, search, groups.unread)

    # -- order

    def _order(self):
        asked = self.query.get(ORDER) or self.base_order
        return asked if self._may_order(asked) else self.base_order

    def _may_order(self, order):
        known = ORDERS.get(order.removeprefix("-"))
        return known is not None and (not known[2] or self.rights.may_search(known[2]))

    @cached_property
    def base_order(self):
        order = self.saved.order if self.saved else ""
        return order if order and self._may_order(order) else ENTRY

    @property
    def ordering(self):
        """The names of fields to order the queryset by; the key makes it total, in the same direction."""
        name = ORDERS[self.order.removeprefix("-")][0]
        sign = "-" if self.order.startswith("-") else ""
        return [f"{sign}{each}" for each in dict.fromkeys([name, "id"])]

    def orders(self):
        """[(name in addresses, label, chosen)] of the orders open to the reader, both directions."""
        found = []
        for name, (_column, label, _key) in ORDERS.items():
            if self._may_order(name):
                for sign, arrow in (("", "↑"), ("-", "↓")):
                    found.append((sign + name, f"{capfirst(label)} {arrow}", sign + name == self.order))
        return found

    # -- columns

    @cached_property
    def open_columns(self):
        """Keys of the columns that the reader may have, in the order of the filters."""
        keys = [key for key in FIELDS if key in FIELD_CLASSES and key != "name"]
        found = [key for key in keys if self.rights.may_search(key) or key in MASKED_COLUMNS]
        return [*found, "association"] if len(self.rights.associations) > 1 else found

    @cached_property
    def columns(self):
        """Keys of the columns shown, besides the name."""
        if COLUMNS in self.query:
            return self._open(self.query[COLUMNS].split(","))
        return self.base_columns

    @cached_property
    def base_columns(self):
        if self.saved and self.saved.columns:
            return self._open(self.saved.columns)
        chosen = ColumnChoice.objects.filter(user=self.user).values_list("columns", flat=True).first()
        return self._open(chosen) if chosen else self._open(USUAL_COLUMNS)

    def _open(self, keys):
        return [key for key in dict.fromkeys(keys) if key in self.open_columns]

    # -- rows

    def filter(self, queryset):
        """Those of the members of `queryset` that the list shows; the search is left to the list itself."""
        if self.saved is not None and self.saved.is_picked:
            listed = ListedMember.objects.filter(saved_list=self.saved)
            queryset = queryset.filter(pk__in=listed.values("member"))
        return queryset.filter(self.selection.q(self.rights))

    @cached_property
    def problems(self):
        """Sentences: why the list shows nobody."""
        return self.selection.problems(self.user)

    @property
    def description(self):
        """The open list and the conditions in words, "" for everybody."""
        name = _("list “{name}”").format(name=self.saved) if self.saved else ""
        parts = filter(None, [name, self.selection.description(self.user)])
        return pgettext("between conditions", "; ").join(parts)

    @property
    def notes(self):
        """Sentences: what of the address or the saved list is passed over."""
        asked = self.query.get(ORDER) or (self.saved.order if self.saved else "")
        if asked and not self._may_order(asked):
            yield _("This order is not open to you; the list stands in its usual one.")
        columns = self.query[COLUMNS].split(",") if COLUMNS in self.query else []
        columns = columns or (self.saved.columns if self.saved else [])
        if any(key and key != "name" and key not in self.open_columns for key in columns):
            yield _("Some of the columns are not open to you and are left out.")
        if self.order.removeprefix("-") == STROKES and (missing := missing_characters(self.user)):
            yield _(
                "The strokes of {characters} are not known; names with them stand last in their group. See"
                " Settings, Strokes of characters."
            ).format(characters="、".join(missing))

    # -- addresses

    def pairs(self, selection=None, order=None, columns=None, less=""):
        """The list's parameters, with changes and without that of the name `less`: [(name, text)].

        What the saved list says already is left out.
        """
        selection = self.selection if selection is None else selection
        order = order or self.order
        if columns is None and COLUMNS in self.query:
            columns = self.columns
        found = [(LIST, str(self.saved.pk))] if self.saved is not None else []
        if selection.written() != self.base.written():
            found += [(GROUP, text) for text in selection.written() or [""]]
        if selection.search != self.base.search:
            found.append((SEARCH, selection.search))
        if order != self.base_order:
            found.append((ORDER, order))
        if columns is not None and less != COLUMNS:
            found.append((COLUMNS, ",".join(columns)))
        return [pair for pair in found if pair[0] != less]

    def address(self, extra=(), **changes):
        """The query string with its question mark; `extra` are further pairs."""
        return "?" + urlencode([*self.pairs(**changes), *extra], safe=":,;", quote_via=quote)

    @property
    def is_modified(self):
        """Whether what is shown deviates from the open list."""
        if self.saved is None:
            return False
        return (self.selection, self.order, self.columns) != (self.base, self.base_order, self.base_columns)

    @property
    def may_save(self):
        """Whether the open list is the reader's own to change."""
        return self.saved is not None and self.saved.owner_id == self.user.pk and not self.problems

    @property
    def is_narrowed(self):
        return bool(self.selection.groups or self.selection.unread or self.selection.search)

    # -- for the page

    def chips(self):
        """The groups of conditions: [[{"text", "fault", "remove"}]]; what is not understood is a group of its own."""
        found = []
        for place, group in enumerate(self.selection.groups):
            chips = []
            for index, condition in enumerate(group):
                fault = condition.fault(self.user)
                chips.append(
                    {
                        "text": str(condition) if fault else condition.description(self.user),
                        "fault": bool(fault),
                        "remove": self.address(selection=self.selection.without(place, index)),
                    }
                )
            found.append(chips)
        understood = Selection(self.selection.groups, self.selection.search)
        if self.selection.unread:
            remove = self.address(selection=understood)
            found.append([{"text": part, "fault": True, "remove": remove} for part in self.selection.unread])
        return found

    @property
    def without_search(self):
        return self.address(selection=Selection(self.selection.groups, "", self.selection.unread))

    @property
    def search_pairs(self):
        """What the search box sends along."""
        return [pair for pair in self.pairs() if pair[0] != SEARCH]

    @property
    def own_address(self):
        return self.address()

    def column_choices(self):
        """[(key, label, chosen)] of the columns to choose from."""
        return [(key, column_label(key), key in self.columns) for key in self.open_columns]

    @property
    def clear(self):
        """The address without conditions and search."""
        return self.address(selection=Selection())
