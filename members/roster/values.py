"""Cells to values: one reader a column, chosen by its field, fast where the cell is clean."""

import datetime as dt
import re

from members.identity import InvalidNumber, read_citizen_number
from members.roster.cells import Found, text_of_value
from members.roster.dates import FIRST_YEAR, MINIMUM_AGE, DateReader, shown_parts
from members.roster.kinds import EMAIL, READERS
from members.roster.messages import REFUSED, WARNING, Doubt
from members.roster.names import is_plain
from members.roster.text import EMPTY_LINES, EMPTY_MARKS, ERROR_TEXT, tidy
from members.roster.workbook import Cell

_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
# Marks that begin a text which is not what it looks like.
_SUSPICIOUS = frozenset("=#'’‘`E")


class ColumnReader:
    """Reads the cells of one column; call it with a cell."""

    def __init__(self, fields, settings, *, kind=""):
        """`fields` as in `headers.Meaning`; `kind` is the meaning's, else the field decides."""
        self.field = fields[0]
        self.fields = fields
        self.vocabulary = settings.vocabulary
        own = self.vocabulary.fields[self.field]
        self.header = own.header
        self.limit = own.max_length
        self.kind = kind or own.kind
        reader = "fused" if len(fields) > 1 else self.kind
        self.read = self.vocabulary.readers.get(reader) or READERS[reader]
        self.dates = DateReader(today=settings.today, birth=self.kind == "birth", date1904=settings.date1904)
        self.empty = (
            EMPTY_LINES if self.kind in ("party", "title_level") and kind != "second_party" else EMPTY_MARKS
        )
        if self.kind == "title_level":
            self.empty = EMPTY_LINES
        # nothing longer is worth the work of understanding it
        self.longest = max(self.limit, 500)
        self._known = {}

    def __call__(self, cell):
        if cell is None or cell is True or cell is False:
            return self.slow(cell)
        known = self._known
        found = known.get(cell, known)
        if found is not known:
            return found
        found = self.fast(cell) if type(cell) is str else self.slow(cell)
        if len(known) < 4096:
            known[cell] = found
        return found

    def fast(self, text):
        return self.slow(text)

    def slow(self, cell):
        """None, a str or a Found, after all that may be wrong with a cell."""
        if cell is None:
            return None
        code, formula = "", False
        if isinstance(cell, Cell):
            if cell.error:
                return Found(notes=[(REFUSED, "formula", {"variant": "error", "value": cell.error})])
            if cell.formula and cell.value is None:
                return Found(notes=[(REFUSED, "formula", {"variant": "empty"})])
            cell, code, formula = cell.value, cell.format, cell.formula
            if cell is None:
                return None
        if isinstance(cell, str):
            cell = tidy(cell)
            if cell[:2] == '="' and (match := _FORMULA_TEXT.fullmatch(cell)):
                cell = tidy(match[1])
            if ERROR_TEXT.fullmatch(cell):
                return Found(notes=[(REFUSED, "formula", {"variant": "error", "value": cell})])
            if not cell or cell in self.empty:
                return None
            if len(cell) > self.longest:
                return Found(notes=[_too_long(cell, self.limit)])
        try:
            found = self.read(self, cell, code)
        except Doubt as doubt:
            return Found(notes=[(doubt.level, doubt.code, doubt.params)])
        if isinstance(found, str):
            if not found:
                return None
            if len(found) <= self.limit and not formula:
                return found
            found = Found({self.field: found})
        if found is not None:
            self._check_lengths(found)
            if formula:
                found.notes.append(
                    (WARNING, "formula", {"variant": "cached", "value": text_of_value(cell, code)})
                )
        return found

    def _check_lengths(self, found):
        for values in (found.values, found.extras):
            for key, value in list(values.items()):
                field = self.vocabulary.fields.get(key)
                limit = field.max_length if field else self.limit
                if len(value) > limit:
                    del values[key]
                    found.notes.append(_too_long(value, limit))


def _too_long(text, limit):
    return REFUSED, "too_long", {"value": text[:60], "length": len(text), "limit": limit}


class TextColumn(ColumnReader):
    """Free text: most cells are taken as they are."""

    def __call__(self, cell):
        if type(cell) is str and cell.isprintable() and len(cell) <= self.limit:
            text = cell.strip()
            if text and text not in self.empty and text[0] not in _SUSPICIOUS:
                return text
        return self.slow(cell)


class NameColumn(ColumnReader):
    def __call__(self, cell):
        return cell if type(cell) is str and is_plain(cell) else self.slow(cell)


class MobileColumn(ColumnReader):
    def __call__(self, cell):
        if (
            type(cell) is str
            and len(cell) == 11
            and cell[0] == "1"
            and cell.isascii()
            and cell.isdecimal()
            and cell[1] > "2"
        ):
            return cell
        return self.slow(cell)


class EmailColumn(ColumnReader):
    def __call__(self, cell):
        if type(cell) is str and EMAIL.fullmatch(cell) and len(cell) <= self.limit:
            return cell.lower()
        return self.slow(cell)


class DateColumn(ColumnReader):
    """Dates that show their day need no more than a look at the calendar."""

    def __init__(self, fields, settings, *, kind=""):
        super().__init__(fields, settings, kind=kind)
        self.first, self.last = dt.date(FIRST_YEAR, 1, 1), settings.today
        if self.kind == "birth":
            self.last = dt.date(settings.today.year - MINIMUM_AGE, 1, 1)
        self.formats = {}

    def __call__(self, cell):
        if type(cell) is Cell and type(cell.value) is dt.date and not cell.formula:
            value, code = cell.value, cell.format
            shows_day = self.formats.get(code)
            if shows_day is None:
                shows_day = self.formats[code] = shown_parts(code) == (True, True, True)
            if shows_day and self.first <= value <= self.last:
                return f"{value.year}.{value.month:02}.{value.day:02}"
            return self.slow(cell)
        return super().__call__(cell)


class IdColumn(ColumnReader):
    """Each call returns None, an IdNumber without doubts, or a Found."""

    def __call__(self, cell):
        if type(cell) is str and len(cell) == 18:
            try:
                number = read_citizen_number(cell)
            except InvalidNumber:
                return self.slow(cell)
            if number.area_known:
                return number
        return self.slow(cell)


_COLUMNS = {
    "text": TextColumn,
    "subject": TextColumn,
    "name": NameColumn,
    "mobile": MobileColumn,
    "email": EmailColumn,
    "id_number": IdColumn,
    "date": DateColumn,
    "birth": DateColumn,
}


def column_reader(fields, settings, *, kind=""):
    """The reader for a column of these fields."""
    own = "" if len(fields) > 1 else kind or settings.vocabulary.fields[fields[0]].kind
    return _COLUMNS.get(own, ColumnReader)(fields, settings, kind=kind)
