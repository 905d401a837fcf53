"""Registration forms of single persons: a label in one cell, the value in the next.

A sheet may hold several forms below each other; a form may hold tables of other persons (family, introducers),
which are passed over.
"""

import re
from dataclasses import dataclass, field

from members.identity import IdNumber
from members.roster.cells import text_of, text_of_value, value_of
from members.roster.headers import PERSONAL, UNKNOWN, header_key, header_text
from members.roster.layout import SEARCH_ROWS
from members.roster.messages import QUESTION, REFUSED, WARNING, Message
from members.roster.results import Row, letter
from members.roster.rows import is_note, looks_like_person
from members.roster.text import EMPTY_MARKS, squeeze
from members.roster.values import column_reader

MAX_ROWS = 120
_NAME_SIGN = re.compile("[姓名]|name|ｎａｍｅ", re.IGNORECASE)
_INLINE = re.compile(r"^(.{1,20}?)[:：]\s*(\S.*)$", re.DOTALL)
_OTHERS_TABLE = re.compile(r"称谓|关系|起止年月|起止时间|与本人关系|成员姓名")
_SCHOOLING = re.compile(r"全日制|在职")


@dataclass(slots=True)
class Pair:
    """A label with its value, wherever they stand."""

    label: str
    meaning: object
    label_at: tuple[int, int]
    cell: object
    cell_at: tuple[int, int]


@dataclass(slots=True)
class Form:
    row: int
    """Index of the row with the name."""
    pairs: list[Pair] = field(default_factory=list)


def read_forms(grid, source, reading, settings):
    """Read the forms of a sheet into `reading`; False if it holds none."""
    anchors = _anchors(grid)
    rows = []
    messages = []
    for place, (row, column) in enumerate(anchors):
        end = anchors[place + 1][0] if place + 1 < len(anchors) else min(len(grid.rows), row + MAX_ROWS)
        start = max(row - 1, anchors[place - 1][0] if place else 0) if place == 0 else row
        form = Form(row, list(_pairs(grid, start, end, column)))
        read = _FormReader(form, source, settings).read()
        if read:
            rows.append(read[0])
            messages.extend(read[1])
    if not rows:
        return False
    reading.layout = "form"
    reading.rows.extend(rows)
    reading.messages.extend(messages)
    return True


def _anchors(grid):
    """(row, column) of the labels 姓名 that begin forms, from the top down."""
    anchors = []
    taught = grid.headers.taught
    for row in range(min(len(grid.rows), SEARCH_ROWS)):
        for column, text in grid.filled(row):
            # every word for the name has one of these; looking up each cell's meaning costs ten times as much
            if not text or len(text) > 60:
                continue
            if not (_NAME_SIGN.search(text) or (taught and header_key(text) in taught)):
                continue
            if (_is_name_label(grid, text) and _begins_form(grid, row, column)) or _inline(
                grid.headers, text, grid.person
            ):
                anchors.append((row, column))
                break
    return anchors


def _is_name_label(grid, text):
    meaning = grid.headers.meaning_of(text)
    return meaning.field == grid.person and not meaning.loose and not meaning.kind


def _inline(headers, text, field=None):
    """(label, meaning, value) of a cell like 姓名：张三, or None."""
    match = _INLINE.match(text)
    if not match:
        return None
    meaning = headers.meaning_of(match[1])
    if not meaning.fields or (field and meaning.field != field):
        return None
    return match[1], meaning, match[2]


def _begins_form(grid, row, column):
    """Beside the label stands a value, below it the next label."""
    if _is_label(grid.headers, grid.text(row, _after(grid, row, column))):
        return False
    for below in range(row + 1, row + 4):
        text = grid.text(below, column)
        if not text:
            continue
        beside = grid.text(below, _after(grid, below, column))
        return _is_label(grid.headers, text) and (
            not _is_label(grid.headers, beside, strict=True) or bool(_SCHOOLING.search(squeeze(beside)))
        )
    return False


def _after(grid, row, column):
    """The column right of a cell, or of the merged area around it."""
    area = grid.area(row, column)
    return (area[3] if area else column) + 1


def _is_label(headers, text, strict=False):
    if not text or len(text) > 40:
        return False
    meaning = headers.meaning_of(text)
    if meaning.fields:
        # 会员 and 其他 are labels as well as values.
        return not (strict and (meaning.loose or meaning.field == "remarks"))
    return meaning.ignored and not text.isdecimal()


def _pairs(grid, start, end, first_column):
    """The labels of rows `start` to `end` with their values."""
    row = start
    while row < end:
        skip_to = _others_end(grid, row, end)
        if skip_to > row:
            row = skip_to
            continue
        yield from _row_pairs(grid, row)
        row += 1


def _others_end(grid, row, end):
    """If a table of other persons begins in this row: the row below it."""
    texts = [squeeze(text) for _column, text in grid.filled(row) if text]
    labels = sum(_is_label(grid.headers, text) for text in texts)
    if not (
        any(_OTHERS_TABLE.search(text) and len(text) <= 8 for text in texts)
        and len(texts) >= 3
        and labels >= 1
    ):
        return row
    column = grid.filled(row)[0][0]
    area = grid.area(row, column)
    if area and area[2] > row:
        return area[2] + 1
    below = row + 1
    while below < end:
        filled = grid.filled(below)
        if (
            filled
            and filled[0][1]
            and filled[0][0] <= column
            and (_is_label(grid.headers, filled[0][1]) or is_note(filled[0][1]))
        ):
            return below
        below += 1
    return end


def _row_pairs(grid, row):
    cells = grid.rows[row] if row < len(grid.rows) else ()
    headers = grid.headers
    column = 0
    group = ()
    contact = False
    while column < len(cells):
        area = grid.area(row, column)
        if area and area[0] < row:
            column = area[3] + 1
            continue
        text = grid.text(row, column)
        after = _after(grid, row, column)
        if not text:
            column = after
            continue
        inline = _inline(headers, text)
        if inline:
            label, meaning, value = inline
            yield Pair(label, meaning, (row, column), value, (row, column))
            column = after
            continue
        meaning = headers.meaning_below(group, text) if group else headers.meaning_of(text)
        contact = contact or headers.is_contact(text)
        if contact and meaning.field in PERSONAL and not meaning.is_chosen:
            meaning = UNKNOWN
        if _SCHOOLING.search(squeeze(text)):
            group = (text,)
        beside = cells[after] if after < len(cells) else None
        if _is_label(headers, text_of(beside), strict=True) or _SCHOOLING.fullmatch(
            squeeze(text_of(beside)).removesuffix("教育")
        ):
            if not meaning.fields and not meaning.ignored:
                group = group or ((text,) if _SCHOOLING.search(squeeze(text)) else ())
            column = after
            continue
        if value_of(beside) is not None or beside is not None:
            yield Pair(text, meaning, (row, column), beside, (row, after))
        column = _after(grid, row, after)


class _FormReader:
    def __init__(self, form, source, settings):
        # what staff chose first: no other label takes its field then
        self.pairs = sorted(form.pairs, key=lambda pair: not pair.meaning.is_chosen)
        self.form = form
        self.source = source
        self.settings = settings

    def _address(self, place):
        return f"{letter(place[1])}{self.source.row_number(place[0])}"

    def read(self):
        """(Row, messages about labels), or None if this is no filled form."""
        row = Row(self.source.row_number(self.form.row), {})
        messages, places, extras, chosen = [], {}, {}, set()
        identity = None
        filled = failed = 0
        for pair in self.pairs:
            meaning = pair.meaning
            address = self._address(pair.cell_at)
            if meaning.ignored:
                continue
            if not meaning.fields or meaning.field in places or chosen.intersection(meaning.fields):
                text = text_of_value(value_of(pair.cell)) if value_of(pair.cell) is not None else ""
                if not text or text in EMPTY_MARKS:
                    continue
                row.kept[address] = text
                if not meaning.fields:
                    if meaning.is_chosen:
                        continue
                    params = {"variant": "named", "header": header_text(pair.label)}
                    messages.append(Message(self._address(pair.label_at), WARNING, "header_unknown", params))
                elif row.values.get(meaning.field) != text:
                    taken = [places[key] for key in meaning.fields if key in places]
                    params = {"field": pair.label, "columns": [*taken[:1], address]}
                    cell = self._address(pair.label_at)
                    messages.append(Message(cell, QUESTION, "header_ambiguous", params, meaning.field))
                continue
            found = column_reader(meaning.fields, self.settings, kind=meaning.kind)(pair.cell)
            if found is None:
                continue
            filled += 1
            for key in meaning.fields:
                places[key] = address
            if meaning.is_chosen:
                chosen.update(meaning.fields)
            if isinstance(found, str):
                row.values[meaning.field] = found
                continue
            if isinstance(found, IdNumber):
                identity = found
                row.values["id_number"] = found.number
                continue
            failed += any(level in (REFUSED, QUESTION) for level, _code, _params in found.notes)
            row.messages.extend(
                Message(address, level, code, params, meaning.field) for level, code, params in found.notes
            )
            row.values.update(found.values)
            extras |= {key: value for key, value in found.extras.items() if key not in extras}
            if found.id_number is not None:
                identity = found.id_number
                row.values["id_number"] = identity.number
        person = self.settings.vocabulary.person
        name = row.values.get(person, "")
        if not name or not looks_like_person(name) or filled < 2 or failed > filled / 2:
            return None
        for key, value in extras.items():
            row.values.setdefault(key, value)
        if finish := self.settings.vocabulary.finish:
            finish(row, identity, lambda key: places.get(key, places[person]), self.settings.today)
        row.question = any(message.level == QUESTION for message in row.messages)
        return row, messages
