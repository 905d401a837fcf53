"""Tables of a document as plain data for `paper.typ`."""

from organizations.papers.ooxml import (
    attribute,
    border,
    child,
    children,
    color,
    local_name,
    number,
    points,
    switch,
    value,
    written,
)

NARROWEST = 4.0
DEEPEST = 6
"""Tables within tables; what lies deeper is left out."""


def table(pages, element, part):
    """The block of a ``w:tbl`` element."""
    applied = pages.styles.table(child(element, "tblPr"))
    rows = list(_rows(element))
    depth = sum(1 for above in element.iterancestors() if local_name(above) == "tbl")
    if depth >= DEEPEST:
        pages.notes.add("nesting")
        rows = []
    widths = _widths(element, rows)
    cells = _Cells(pages, part, applied, len(widths))
    for y, row in enumerate(rows):
        cells.add_row(y, row)
    indents = child(element, "tblPr", "tblInd")
    return {
        "kind": "table",
        "align": attribute(applied.get("jc"), "val", "left"),
        "left": max(points(attribute(indents, "w")), 0),
        "widths": widths,
        "heights": [min(points(value(row, "trPr", "trHeight")), 2000) for row in rows],
        "headers": cells.headers(rows),
        "cells": cells.finished(rows),
    }


def _rows(element):
    for each in element:
        name = local_name(each)
        if name == "tr":
            yield each
        elif name in ("sdt", "sdtContent", "ins"):
            yield from _rows(each)


def _cells_of(element):
    for each in element:
        name = local_name(each)
        if name == "tc":
            yield each
        elif name in ("sdt", "sdtContent", "ins"):
            yield from _cells_of(each)


def _span(cell):
    return max(int(number(value(cell, "tcPr", "gridSpan"), 1)), 1)


def _skipped(row, name):
    return max(int(number(value(row, "trPr", name), 0)), 0)


def _widths(element, rows):
    """Width of each column in points: from the grid, else from the cells of the first row that has all."""
    most = max((_skipped(row, "gridBefore") + sum(map(_span, _cells_of(row))) for row in rows), default=1)
    grid = [points(attribute(column, "w")) for column in children(child(element, "tblGrid"), "gridCol")]
    if len(grid) < most or not sum(grid):
        for row in rows:
            cells = list(_cells_of(row))
            own = [points(attribute(child(cell, "tcPr", "tcW"), "w")) for cell in cells]
            if len(cells) == most and all(own):
                grid = own
    grid = (grid + [60.0] * most)[: max(most, 1)]
    return [max(width, NARROWEST) for width in grid]


class _Cells:
    """The cells of one table, merged ones put together."""

    def __init__(self, pages, part, applied, columns):
        self.pages, self.part, self.applied, self.columns = pages, part, applied, columns
        self.found = []
        self.open = {}  # column: the cell that goes on below
        # most cells look like others
        self._looks, self._borders = {}, {}

    def add_row(self, y, row):
        breaks = not switch(child(row, "trPr"), "cantSplit")
        x = _skipped(row, "gridBefore")
        for cell in _cells_of(row):
            span = min(_span(cell), self.columns - x)
            if span < 1:
                break
            merge = child(cell, "tcPr", "vMerge")
            goes_on = merge is not None and attribute(merge, "val", "continue") == "continue"
            above = self.open.get(x)
            if goes_on and above and above["colspan"] == span and above["y"] + above["rowspan"] == y:
                above["rowspan"] += 1
                above["last"] = cell
            else:
                found = self._cell(cell, x, y, span, breaks)
                self.found.append(found)
                for column in range(x, x + span):
                    self.open.pop(column, None)
                if merge is not None:
                    self.open[x] = found
            x += span

    def _cell(self, cell, x, y, span, breaks):
        properties = child(cell, "tcPr")
        key = written(properties)
        if key not in self._looks:
            self._looks[key] = {
                "fill": color(attribute(child(properties, "shd"), "fill"), None),
                "valign": value(properties, "vAlign", default="top"),
                "inset": [self._inset(properties, side) for side in ("left", "right", "top", "bottom")],
            }
        return {
            "x": x,
            "y": y,
            "colspan": span,
            "rowspan": 1,
            "breaks": breaks,
            **self._looks[key],
            "blocks": self.pages.blocks(cell, self.part),
            "first": cell,
            "last": cell,
        }

    def _inset(self, properties, side):
        usual = {"left": 5.4, "right": 5.4, "top": 0.0, "bottom": 0.0}[side]
        other = {"left": "start", "right": "end"}.get(side, side)
        for margins in (child(properties, "tcMar"), self.applied.get("tblCellMar")):
            for name in (side, other):
                width = attribute(child(margins, name), "w")
                if width is not None:
                    return min(max(points(width), 0), 60)
        return usual

    def headers(self, rows):
        """Rows at the top that are repeated on each page; none if a merged cell reaches below them."""
        count = 0
        for row in rows[:-1]:
            if not switch(child(row, "trPr"), "tblHeader"):
                break
            count += 1
        reaches = any(cell["y"] < count < cell["y"] + cell["rowspan"] for cell in self.found)
        return 0 if reaches else count

    def finished(self, rows):
        """The cells with their borders."""
        for cell in self.found:
            first, last = cell.pop("first"), cell.pop("last")
            right, below = cell["x"] + cell["colspan"], cell["y"] + cell["rowspan"]
            outer = {
                "top": cell["y"] == 0,
                "bottom": below == len(rows),
                "left": cell["x"] == 0,
                "right": right == self.columns,
            }
            for side, is_outer in outer.items():
                own = child(last if side == "bottom" else first, "tcPr", "tcBorders")
                key = written(own), side, is_outer
                if key not in self._borders:
                    self._borders[key] = self._border(own, side, is_outer)
                cell[side] = self._borders[key]
        return self.found

    def _border(self, own, side, is_outer):
        other = {"left": "start", "right": "end"}.get(side, side)
        for name in (side, other):
            element = child(own, name)
            if element is not None:
                return border(element)
        inner = "insideV" if side in ("left", "right") else "insideH"
        return border(child(self.applied.get("tblBorders"), side if is_outer else inner))
