"""Counting, and putting the numbers in rows and columns.

A `Table` is what page, chart and sheet are made of. Its rows are those of the cut, then the total; its columns the
number of members and its share, then the values of each further dimension. All but the parts of a group add up.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Func
from django.db.models.lookups import In
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.models import Member
from members.statistics.cuts import LEAST
from members.statistics.dimensions import BLANK, PART, REST, Line

# Kind of the last row and of the column of everybody, beside the kinds of lines
TOTAL = "total"
# Kinds of columns
NUMBER, SHARE, CHANGE = "number", "share", "change"


@dataclass(frozen=True)
class Column:
    """`group` is the heading above the column and its neighbours, "" for none; `line` the kind of line it counts."""

    label: str
    kind: str = NUMBER
    group: str = ""
    line: str = TOTAL


@dataclass(frozen=True)
class Cell:
    """A number of members, a share (of 1) or a change, by the kind of its column; None where there is nothing to say.

    `about` are the ((dimension, line), …) that the members counted have in common, None if no list could show them;
    `address` is that of such a list.
    """

    value: float | None
    kind: str = NUMBER
    about: tuple | None = None
    address: str = ""

    @property
    def text(self):
        if self.value is None:
            return "–"
        if self.kind == SHARE:
            return f"{self.value:.1%}"
        if self.kind == CHANGE and self.value:
            return f"{self.value:+}".replace("-", "−")
        return str(self.value)


@dataclass(frozen=True)
class Row:
    label: str
    kind: str
    cells: tuple


@dataclass(frozen=True)
class Table:
    """`head` is the heading of the first column, that of the rows' labels."""

    key: str
    title: str
    head: str
    columns: tuple
    rows: tuple

    @property
    def groups(self):
        """[(heading, columns under it, label of the column if it has no heading above)]; [] if no column has one."""
        found = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1][1] += 1
            else:
                found.append([column.group, 1, "" if column.group else column.label])
        return [tuple(each) for each in found] if any(column.group for column in self.columns) else []


class Scanned(Func):
    """A column that SQLite compares row by row, not through an index.

    Most figures are of most of the table: looking up each row of an index costs SQLite three times the scan.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


def in_place(question, path="association_id"):
    """The condition that the column `path` is of the associations of `question`."""
    return In(Scanned(path, output_field=BigIntegerField()), question.ids)


def members_of(question):
    """The members of the associations of `question`, whatever their status, in no order."""
    return Member.objects.filter(in_place(question)).order_by()


def count(question, day, dimensions):
    """Counter {values of the `dimensions`: members in force on `day`}, in one statement."""
    expressions = {f"by_{each.key}": each.expression(question, day) for each in dimensions}
    rows = (
        members_of(question)
        .in_force_on(day)
        .values(**expressions)
        .annotate(number=Count("pk"))
        .values_list(*expressions, "number")
    )
    return Counter({tuple(values): number for *values, number in rows})


def cut_table(cut, question):
    """The table of `cut` (as `offered_cuts` gives it) on the day of `question`, or on its two days with the change."""
    days = [question.day] if cut.is_coarse else question.days
    counts = [count(question, day, (cut.rows, *cut.columns)) for day in days]
    found = _summed(counts, 0)
    lines = cut.rows.lines(found, question)
    if cut.is_coarse:
        lines = merged(lines, found)
    lines = [*lines, Line(pgettext("figures", "Total"), frozenset(found), TOTAL)]

    # what stands beside each other: everybody, then each line of each further dimension
    blocks = [(None, None)]
    for place, dimension in enumerate(cut.columns, 1):
        blocks += [(place, line) for line in dimension.lines(_summed(counts, place), question)]
    numbers = [[_spread(counted, lines, *block) for counted in counts] for block in blocks]

    if len(days) == 2:
        columns, grid = _beside_each_other(cut, blocks, numbers, days)
    else:
        columns, grid = _on_one_day(cut, blocks, numbers, lines)
    rows = [Row(line.label, line.kind, tuple(cells)) for line, cells in zip(lines, grid, strict=True)]
    return Table(cut.key, str(cut.title), cut.rows.label, tuple(columns), tuple(rows))


def _summed(counts, place):
    """{value in that place: number} over all `counts`."""
    found = Counter()
    for counted in counts:
        for values, number in counted.items():
            found[values[place]] += number
    return found


def _spread(counted, lines, place, line):
    """The numbers of the `lines`, of those only whose value in `place` is of `line` if it is given."""
    rows = {}
    for number, each in enumerate(lines):
        for value in each.values:
            rows.setdefault(value, []).append(number)
    numbers = [0] * len(lines)
    for values, members in counted.items():
        if line is None or values[place] in line.values:
            for row in rows[values[0]]:
                numbers[row] += members
    return numbers


def _on_one_day(cut, blocks, numbers, lines):
    columns = [Column(pgettext("figures", "Members")), Column(pgettext("figures", "Share"), SHARE)]
    columns += [
        Column(line.label, group=cut.columns[place - 1].label, line=line.kind) for place, line in blocks[1:]
    ]
    everybody = numbers[0][0]
    total = everybody[-1]
    grid = []
    for row, line in enumerate(lines):
        of_row = () if line.kind == TOTAL else ((cut.rows, line),)
        cells = [
            Cell(everybody[row], about=of_row),
            Cell(everybody[row] / total if total else None, SHARE),
        ]
        for (place, of_column), (on_day,) in zip(blocks[1:], numbers[1:], strict=True):
            cells.append(Cell(on_day[row], about=(*of_row, (cut.columns[place - 1], of_column))))
        grid.append(cells)
    return columns, grid


def _beside_each_other(cut, blocks, numbers, days):
    columns = []
    for place, line in blocks:
        if line is None:
            heading = pgettext("figures", "Members")
        elif len(cut.columns) > 1:
            heading = _("{field}: {value}").format(field=cut.columns[place - 1].label, value=line.label)
        else:
            heading = line.label
        kind = line.kind if line else TOTAL
        columns += [Column(day.isoformat(), group=heading, line=kind) for day in days]
        columns.append(Column(pgettext("figures", "Change"), CHANGE, group=heading, line=kind))
    grid = []
    for row in range(len(numbers[0][0])):
        cells = []
        for before, after in numbers:
            cells += [Cell(before[row]), Cell(after[row]), Cell(after[row] - before[row], CHANGE)]
        grid.append(cells)
    return columns, grid


def merged(lines, found):
    """`lines` with those of fewer than LEAST members put together, so that none of them can be told from the sums.

    First the parts within each group, then the lines that stand for themselves; noughts go along, lest what is missing
    from a known list be told from what is left. What is not filled in says nothing about anybody and stays.
    """
    groups = {}
    for line in lines:
        if line.kind == PART:
            groups[next(reversed(groups))].append(line)
        else:
            groups[line] = []
    kept = []
    for line in _merged(list(groups), found, REST):
        parts = _merged(groups.get(line, []), found, PART)
        kept.append(line)
        # one part alone would repeat its group
        kept += parts if len(parts) > 1 else []
    return kept


def _merged(lines, found, kind):
    def members(line):
        return sum(found[value] for value in line.values)

    named = sorted((line for line in lines if line.kind != BLANK), key=members)
    if not any(0 < members(line) < LEAST for line in named):
        return lines
    together, number = [], 0
    for line in named:
        if members(line) >= LEAST and number >= LEAST:
            break
        together.append(line)
        number += members(line)
    rest = Line(_("Small groups together"), frozenset().union(*(line.values for line in together)), kind)
    kept = [line for line in lines if line not in together]
    blanks = [line for line in kept if line.kind == BLANK]
    return [*(line for line in kept if line.kind != BLANK), rest, *blanks]
