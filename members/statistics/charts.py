"""Charts of tables as shapes for an SVG: bars for a cut, a line and columns for the growth.

Numbers are in units of the drawing, which is as wide as `WIDTH`; a character of text is `EM` wide. Colours are the
style sheet's, by the number of the series.
"""

import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.statistics.cuts import GROWTH
from members.statistics.dimensions import GROUP, VALUE
from members.statistics.tables import NUMBER, TOTAL

WIDTH = 400
EM = 14
LABELS = 9 * EM
"""Width of the labels on the left."""
VALUES = 3 * EM
"""Width of the numbers on the right."""
BAR, GAP = 16, 10
MOST_BARS = 20
COLUMNS_HIGH = 150
MOST_LABELS = 8


@dataclass
class Chart:
    """`rects` are (x, y, width, height, series), `texts` (x, y, anchor, text), `lines` (x1, y1, x2, y2)."""

    title: str
    description: str
    height: int = 0
    width: int = WIDTH
    rects: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    dots: list = field(default_factory=list)
    legend: list = field(default_factory=list)
    """[(series, label)]"""

    @property
    def path(self):
        """The dots as the points of a line."""
        return " ".join(f"{x},{y}" for x, y in self.dots)


def charts_of(table):
    """The charts to stand beside `table`; none for an empty one."""
    if table.key == GROWTH.key:
        return _growth(table)
    chart = _bars(table)
    return [chart] if chart.rects else []


def _bars(table):
    """One bar a line: stacked by the columns of the first further dimension, or one for each of two days."""
    rows = [row for row in table.rows if row.kind not in (GROUP, TOTAL)]
    comparing = any(column.group and column.line == TOTAL for column in table.columns)
    if comparing:
        places = [0, 1]
    else:
        group = next((column.group for column in table.columns if column.group), None)
        places = [place for place, column in enumerate(table.columns) if group and column.group == group]
    bars = [(row.label, [row.cells[place].value for place in places or [0]]) for row in rows]
    bars = _the_largest([bar for bar in bars if any(bar[1])])
    chart = Chart(table.title, _described(bars, comparing))
    if len(places) > 1:
        chart.legend = [
            (number, table.columns[place].label)
            for number, place in enumerate(places, 1)
            if any(parts[number - 1] for _label, parts in bars)
        ]
    longest = max((max(parts) if comparing else sum(parts) for _label, parts in bars), default=0)
    room, y = WIDTH - LABELS - VALUES, GAP
    for label, parts in bars:
        height = BAR * len(parts) if comparing else BAR
        chart.texts.append((LABELS - 8, y + height / 2, "end", _shortened(label)))
        x = LABELS
        for series, number in enumerate(parts, 1):
            width = round(room * number / longest, 1)
            chart.rects.append((x, y, width, BAR, series))
            if comparing:
                chart.texts.append((LABELS + width + 6, y + BAR / 2, "start", str(number)))
                y += BAR
            else:
                x = round(x + width, 1)
        if not comparing:
            chart.texts.append((x + 6, y + BAR / 2, "start", str(sum(parts))))
            y += BAR
        y += GAP
    chart.lines.append((LABELS, GAP / 2, LABELS, y - GAP / 2))
    chart.height = y
    return chart


def _the_largest(bars):
    """`bars` in their order, the smallest of too many summed up in one."""
    if len(bars) <= MOST_BARS:
        return bars
    by_size = sorted(range(len(bars)), key=lambda place: -sum(bars[place][1]))
    kept, others = by_size[: MOST_BARS - 1], by_size[MOST_BARS - 1 :]
    rest = [sum(numbers) for numbers in zip(*(bars[place][1] for place in others), strict=True)]
    return [*(bars[place] for place in sorted(kept)), (pgettext("figures", "Others"), rest)]


def _described(bars, comparing):
    """What somebody hears who does not see the drawing: the longest bars; all numbers are in the table."""
    totals = [(parts[-1] if comparing else sum(parts), label) for label, parts in bars]
    first = sorted(totals, key=lambda each: -each[0])[:3]
    listed = pgettext("between values", ", ").join(f"{label} {number}" for number, label in first)
    return _("Largest: {listed}. The table has all numbers.").format(listed=listed)


def _growth(table):
    years = [row for row in table.rows if row.kind == VALUE]
    places = [place for place, column in enumerate(table.columns) if column.kind == NUMBER]
    joined, left, members = places[0], places[-2], places[-1]
    last = years[-1]
    line = Chart(
        _("Members at the end of each year"),
        _("{year}: {n}. The table has all numbers.").format(year=last.label, n=last.cells[members].value),
    )
    _draw_years(line, [(row.label, [row.cells[members].value]) for row in years], as_line=True)
    columns = Chart(
        _("Joined and left by year"),
        _("{year}: {joined} joined, {left} left. The table has all numbers.").format(
            year=last.label, joined=last.cells[joined].value, left=last.cells[left].value
        ),
        legend=[(1, table.columns[joined].label), (2, table.columns[left].group)],
    )
    _draw_years(columns, [(row.label, [row.cells[place].value for place in (joined, left)]) for row in years])
    return [line, columns]


def _draw_years(chart, years, *, as_line=False):
    """Columns, or one line, over a base at nought; numbers stand at them as long as there is room."""
    highest = max(max(numbers) for _label, numbers in years) or 1
    floor = COLUMNS_HIGH + 2 * EM
    step = WIDTH / len(years)
    every = -(-len(years) // MOST_LABELS)
    for place, (label, numbers) in enumerate(years):
        middle = round(step * (place + 0.5), 1)
        if (len(years) - 1 - place) % every == 0:
            chart.texts.append((middle, floor + EM, "middle", label))
        width = min(24, step * 0.8 / len(numbers))
        for series, number in enumerate(numbers, 1):
            high = round(COLUMNS_HIGH * number / highest, 1)
            x = round(middle + (series - 1 - len(numbers) / 2) * width, 1)
            if as_line:
                chart.dots.append((middle, floor - high))
            elif number:
                chart.rects.append((x, floor - high, round(width, 1), high, series))
            if every == 1 and (number or as_line):
                at = middle if as_line else round(x + width / 2, 1)
                chart.texts.append((at, floor - high - EM * 0.8, "middle", str(number)))
    chart.lines.append((0, floor, WIDTH, floor))
    chart.height = floor + 2 * EM


def _shortened(label):
    """`label` as far as it fits on the left: a Chinese character is as wide as two letters, so are the dots."""
    room = LABELS // EM * 2 - 2
    if _width(label) <= room:
        return label
    while _width(label) > room - 2:
        label = label[:-1]
    return f"{label.rstrip()}…"


def _width(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
