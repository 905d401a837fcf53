"""Where in a sheet the tables are: header rows, columns, and where the people begin."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from members.roster.cells import text_of, value_of
from members.roster.headers import UNKNOWN, Meaning, header_key, header_text
from members.roster.names import is_plain
from members.roster.text import tidy

# A header is looked for in this many rows; sheets that begin with pages of text are not rosters.
SEARCH_ROWS = 400
MAX_LEVELS = 4
# Columns under one header of headers that is not merged over them.
MAX_GROUP = 8
# Headers of headers, which mean no field themselves.
_GROUP = re.compile(
    r"(?:个人|人员|会员|基本|联系|通讯|学历|学位|教育|学习|工作|单位|职业|职称|专业技术|社会|会内|任职|党派|政治|家庭|身份|证件|入会|紧急|配偶|推荐|其他|本人|附加|主要)?"
    r"(?:基本)?(?:信息|情况|资料|方式|身份|背景|内容|面貌|学历|学位|教育|关系|单位|职务)?"
)
_RELATIVES = re.compile(r"称谓|关系|与本人关系|亲属关系|家庭关系")
_NUMBER = re.compile(r"\d{4}")
_SENTENCE = re.compile(r"[:：。；;]|\d{4}年|\d{4}[-./]\d")


@dataclass(slots=True)
class TableColumn:
    index: int
    header: str
    """All levels joined by hyphens, as shown."""
    meaning: Meaning
    row: int
    """Index of the row in which the lowest level stands."""


@dataclass(slots=True)
class Table:
    header_rows: range
    columns: list[TableColumn]
    first_row: int
    """Index of the first row below the header."""
    blocks: list[list[TableColumn]] = field(default_factory=list)
    """Columns of the persons beside each other in a row; one list unless the same headers repeat."""

    @property
    def last_header_row(self):
        """The first row with people instead, if there is no header."""
        return self.header_rows[-1] if self.header_rows else self.first_row


class Grid:
    """A sheet's cells with what merging says about them, and what its headers may mean."""

    def __init__(self, sheet, vocabulary):
        self.rows = sheet.rows
        self.headers = vocabulary.headers
        self.person = vocabulary.person
        self.merged = [area for area in sheet.merged if area[0] != area[2] or area[1] != area[3]]
        self._by_row = {}
        self._by_left = by_left(self.merged)
        for area in self.merged:
            if area[0] < SEARCH_ROWS:
                for row in range(area[0], min(area[2], area[0] + 20) + 1):
                    self._by_row.setdefault(row, []).append(area)

    def text(self, row, column):
        cells = self.rows[row] if row < len(self.rows) else ()
        return text_of(cells[column]) if column < len(cells) else ""

    def area(self, row, column):
        """The merged area that covers a cell, or None."""
        if row < SEARCH_ROWS:
            areas = self._by_row.get(row, ())
        else:
            areas = (area_over(row, areas) for left, areas in self._by_left.items() if left <= column)
        for area in areas:
            if area and area[0] <= row <= area[2] and area[1] <= column <= area[3]:
                return area
        return None

    def areas_from(self, row):
        return [area for area in self._by_row.get(row, ()) if area[0] == row]

    def width(self, row):
        return len(self.rows[row]) if row < len(self.rows) else 0

    def filled(self, row):
        """(column, text or None) of the cells of a row that are not empty; None where it is no text."""
        out = []
        for column, cell in enumerate(self.rows[row] if row < len(self.rows) else ()):
            value = value_of(cell)
            if isinstance(value, str):
                text = tidy(value)
                if text:
                    out.append((column, text))
            elif value is not None:
                out.append((column, None))
        return out


def by_left(areas):
    """{first column: merged areas from the top down}"""
    lists = {}
    for area in sorted(areas):
        lists.setdefault(area[1], []).append(area)
    return lists


def area_over(row, areas):
    """The one of `areas`, which begin in one column, that reaches over `row`, or None; they cannot overlap."""
    place = bisect_right(areas, (row + 1,)) - 1
    return areas[place] if place >= 0 and areas[place][2] >= row else None


def find_table(grid, start=0):
    """The first Table at or below the row index `start`, or None."""
    for row in range(start, min(len(grid.rows), start + SEARCH_ROWS)):
        if is_header(grid, row) and (table := read_table(grid, row)):
            return table
    return None


def is_header(grid, row):
    """Does this row name columns, the person's name among them?"""
    filled = grid.filled(row)
    if not filled or len(filled) > 200:
        return False
    meanings = [
        grid.headers.meaning_of(text) if text and len(text) <= 60 else UNKNOWN for _column, text in filled
    ]
    if any(text and _RELATIVES.fullmatch(header_key(text)) for _column, text in filled):
        return False  # the family of somebody
    names = [
        column
        for (column, _text), meaning in zip(filled, meanings, strict=True)
        if meaning.field == grid.person
    ]
    if not names:
        return False
    below = grid.text(row + 1, names[0])
    if (
        below
        and grid.headers.meaning_of(below).fields
        and not _is_broken(grid, row)
        and not _repeats(grid, row)
    ):
        return False  # an empty form: labels stand below each other
    known = sum(bool(meaning.fields or meaning.ignored) for meaning in meanings)
    others = {meaning.field for meaning in meanings} - {grid.person, None}
    if others:
        groups = sum(bool(text) and bool(_GROUP.fullmatch(header_key(text))) for _column, text in filled)
        return known + groups >= 0.4 * len(filled) or _heads_persons(filled, below)
    # 姓名 alone, or with a number: a bare list of names; or a header whose other fields stand one level lower.
    if _has_lower_level(grid, row):
        return True
    return known >= len(filled) / 3 and bool(below) and len(below) <= 30


def _heads_persons(filled, below):
    """Are these different words without numbers over a person's name? Lists have columns that nobody foresaw."""
    texts = {text for _column, text in filled if text and len(text) <= 60 and not _NUMBER.search(text)}
    return len(texts) == len(filled) and is_plain(below)


def _repeats(grid, row):
    """Does the next row say the same?"""
    return [text for _column, text in grid.filled(row)] == [text for _column, text in grid.filled(row + 1)]


def _has_lower_level(grid, row):
    return (
        any(area[2] > row for area in grid.areas_from(row))
        and sum(bool(text and grid.headers.meaning_of(text).field) for _column, text in grid.filled(row + 1))
        >= 2
    )


def read_table(grid, row):
    """The Table whose names column is headed in `row`; None if with all levels the header tells of no names."""
    top = _top(grid, row)
    bottom = _bottom(grid, top, row)
    columns = _columns(grid, top, bottom)
    if not any(column.meaning.field == grid.person for column in columns):
        return None
    return _table(grid, range(top, bottom + 1), columns)


def table_at(grid, row):
    """The Table whose last header row is `row`, whatever the words in it say."""
    found = find_table(grid)
    if found and found.header_rows[-1] == row:
        return found
    reaching = (grid.area(row, column) for column in range(max(grid.width(row - 1), grid.width(row))))
    tops = (area[0] for area in reaching if area and row - area[0] < MAX_LEVELS)
    top = _top(grid, min(tops, default=row))
    return _table(grid, range(top, row + 1), _columns(grid, top, row))


def headless_table(grid):
    """The Table of a list without header, which begins in the first filled row; None if there is none."""
    first = next((row for row in range(len(grid.rows)) if grid.filled(row)), None)
    if first is None:
        return None
    columns = [
        TableColumn(index, "", UNKNOWN, first)
        for index in range(max(map(len, grid.rows)))
        if any(index < len(cells) and cells[index] is not None for cells in grid.rows)
    ]
    return _table(grid, range(first, first), columns)


def _table(grid, header_rows, columns):
    table = Table(header_rows, columns, header_rows.stop)
    table.blocks = _blocks(grid, columns)
    return table


def _columns(grid, top, bottom):
    """The columns that a header in these rows names."""
    columns = []
    for index in range(max(grid.width(level) for level in range(top, bottom + 1))):
        levels = _levels(grid, top, bottom, index)
        if not levels:
            continue
        *parents, (leaf_row, leaf) = levels
        area = grid.area(leaf_row, index)
        if area and area[1] < index and area[2] >= bottom:
            continue  # the second half of a header that is merged over two columns
        meaning = grid.headers.meaning_below(tuple(text for _row, text in parents), leaf)
        header = "-".join(header_text(text) for _row, text in levels)
        columns.append(TableColumn(index, header, meaning, leaf_row))
    return columns


def _top(grid, row):
    """The first row of the header: above the names there may be headers of headers."""
    top = row
    while top > 0 and row - top < MAX_LEVELS - 1 and _is_group_row(grid, top - 1, row):
        top -= 1
    return top


def _is_group_row(grid, row, header):
    filled = grid.filled(row)
    if not filled or any(
        text is None or len(text) > 20 or _SENTENCE.search(text) for _column, text in filled
    ):
        return False
    width = grid.width(header)
    if any(area[3] - area[1] + 1 >= width > 2 for area in grid.areas_from(row)):
        return False
    known = [
        bool(grid.headers.meaning_of(text).fields) or bool(_GROUP.fullmatch(header_key(text)))
        for _column, text in filled
    ]
    return all(known) and (len(filled) > 1 or bool(grid.areas_from(row)))


def _bottom(grid, top, row):
    """The last row of the header: as far down as its merged cells reach, or as headers stand below headers."""
    bottom = row
    for level in range(top, row + 1):
        for area in grid.areas_from(level):
            if grid.text(area[0], area[1]) and area[2] - top < MAX_LEVELS:
                bottom = max(bottom, area[2])
    if bottom == row and _is_broken(grid, row):
        return row + 1
    while bottom - top < MAX_LEVELS - 1 and _is_lower_level(grid, top, bottom, row):
        bottom += 1
    return bottom


def _is_lower_level(grid, top, bottom, row):
    below = bottom + 1
    filled = grid.filled(below)
    if not filled or any(text is None or len(text) > 30 for _column, text in filled):
        return False
    name = next(
        column
        for column, text in grid.filled(row)
        if text and grid.headers.meaning_of(text).field == grid.person
    )
    if grid.text(below, name) or any(
        column < name and not grid.text(row, column) for column, _text in filled
    ):
        return False
    known = 0
    for column, text in filled:
        above = tuple(level for _row, level in _levels(grid, top, bottom, column, below))
        if not above:
            return False
        known += bool(grid.headers.meaning_below(above, text).fields) and header_key(text) not in ("男", "女")
    spans = any(area[3] > area[1] and grid.text(area[0], area[1]) for area in grid.areas_from(bottom))
    return known >= 1 and known >= (0.3 if spans else 0.6) * len(filled)


def _levels(grid, top, bottom, column, below=None):
    """(row, text) of the header's levels over a column, from the top down."""
    levels = []
    for row in range(top, bottom + 1):
        area = grid.area(row, column)
        if area:
            if area[0] != row:
                continue  # reaches down from a row above
            text = grid.text(area[0], area[1])
        else:
            text = grid.text(row, column) or _from_the_left(
                grid, row, column, bottom if below is None else below
            )
        if text and (not levels or levels[-1][1] != text):
            levels.append((row, text))
    return levels


def _from_the_left(grid, row, column, bottom):
    """The header that an empty cell belongs to: that of the group which began further left."""

    def stands_over_another(place):
        return any(grid.text(below, place) for below in range(row + 1, bottom + 1))

    if row >= bottom or not stands_over_another(column):
        return ""
    left = column - 1
    while left >= max(column - MAX_GROUP, 0) and not grid.text(row, left) and not grid.area(row, left):
        left -= 1
    if left < 0 or not stands_over_another(left):
        return ""
    area = grid.area(row, left)
    return grid.text(area[0], area[1]) if area and area[0] == row else grid.text(row, left)


def _is_broken(grid, row):
    """Do the words of this row go on in the next, as in 姓|名 over two rows?"""
    above = {column: text for column, text in grid.filled(row) if text}
    below = grid.filled(row + 1)
    if not below or any(text is None or len(text) > 6 for _column, text in below):
        return False
    if not {column for column, _text in below} <= set(above) or len(below) < len(above) / 2:
        return False
    joined = sum(bool(_known(grid, above[column] + text)) for column, text in below)
    alone = sum(bool(_known(grid, text)) for _column, text in below)
    return joined >= 0.6 * len(below) and joined > alone


def _known(grid, text):
    meaning = grid.headers.meaning_of(text)
    return meaning.fields or meaning.ignored


def _blocks(grid, columns):
    """The columns by person: two persons stand beside each other where the row of headers repeats."""
    places = [place for place, column in enumerate(columns) if column.meaning.field == grid.person]
    keys = [header_key(column.header) for column in columns]
    for step in {second - first for first, second in pairwise(places)}:
        starts = range(0, len(columns), step)
        parts = [columns[place : place + step] for place in starts]
        texts = [keys[place : place + step] for place in starts]
        # the last part may lack a column or two
        long_enough = len(parts[-1]) >= max(2, step - 2)
        if step > 1 and long_enough and len(parts) == len(places) and _agree(texts):
            return parts
    return [columns]


def _agree(parts):
    return all(part == parts[0][: len(part)] for part in parts)


def matches_header(grid, row, table):
    """Is this row the header of `table` once more (one of its rows, if it has several)?"""
    filled = [(column, header_key(text)) for column, text in grid.filled(row) if text]
    for level in table.header_rows:
        header = {column: header_key(text) for column, text in grid.filled(level) if text}
        same = sum(header.get(column) == key for column, key in filled)
        if (
            same
            and same >= 0.7 * max(len(filled), 1)
            and (same >= 2 or len(header) == 1)
            and same >= len(header) / 2
        ):
            return True
    return False
