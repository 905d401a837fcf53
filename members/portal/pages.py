"""Lists in pages from row to row, as those of the staff (organizations/keyset.py)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from organizations.keyset import AFTER, BEFORE, beyond, is_key

SIZE = 30


@dataclass(frozen=True)
class Page:
    rows: list
    previous: str
    """The query of the page before, "" on the first; so `next`."""
    next: str


def page_of(rows, request, *, ordering, size=SIZE, **kept):
    """The Page of the queryset `rows`, in the order of the field names `ordering`, that `request` asks for.

    `kept` are parameters that the links to other pages repeat. A row to begin at that is not among `rows` any more
    leads to the first page.
    """
    side = AFTER if AFTER in request.GET or BEFORE not in request.GET else BEFORE
    names = [name.removeprefix("-") for name in ordering]
    key = request.GET.get(side, "")
    edge = rows.filter(pk=int(key)).values_list(*names).first() if is_key(key) else None
    order = ordering
    if edge is not None:
        if side == BEFORE:
            order = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in ordering]
        rows = rows.filter(beyond(order, edge))
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if side == BEFORE and edge is not None:
        found.reverse()
        has_previous, has_next = more, True
    else:
        has_previous, has_next = edge is not None, more
    return Page(
        found,
        _query(kept, BEFORE, found[0]) if found and has_previous else "",
        _query(kept, AFTER, found[-1]) if found and has_next else "",
    )


def _query(kept, side, row):
    return "?" + urlencode({name: value for name, value in kept.items() if value} | {side: row.pk})
