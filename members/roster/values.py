"""Cells to values: one reader a column, chosen by its field, fast where the cell is clean.

A reader takes a cell and returns None (empty), the value of its field as str, or a `Found` for all that is
more than that.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from unicodedata import normalize

from members.identity import (
    IdNumber,
    InvalidNumber,
    clean_number,
    read_citizen_number,
    read_credit_code,
    read_id_number,
)
from members.roster import lists, splitting
from members.roster.contract import FIELD, HEADERS
from members.roster.dates import FIRST_YEAR, MINIMUM_AGE, DateReader, shown_parts
from members.roster.messages import QUESTION, REFUSED, WARNING, Doubt, Message
from members.roster.names import is_plain, read_name
from members.roster.phones import read_phones
from members.roster.text import EMPTY_LINES, EMPTY_MARKS, ERROR_TEXT, tidy
from members.roster.workbook import Cell

_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_LONG_NUMBER = re.compile(r"\d{16,}\.0+")
_ZEROS = re.compile(r'(?:"([^"]*)"|((?:\\.)*))(0+)(?:"([^"]*)")?')
_SHOWN_PARTS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|e+)|(m+)|(d+)|(.)', re.IGNORECASE | re.DOTALL)
_YES = frozenset(["是", "yes", "y", "√", "对", "true", "1"])
_NO = frozenset(["否", "no", "n", "×", "不是", "非", "false", "0", "x"])
# Marks that begin a text which is not what it looks like.
_SUSPICIOUS = frozenset("=#'’‘`E")


@dataclass(slots=True)
class Found:
    """What a cell says beyond one plain value."""

    values: dict[str, str] = field(default_factory=dict)
    """Of the column's own fields."""
    extras: dict[str, str] = field(default_factory=dict)
    """Of other fields; they count where the row has none of its own."""
    notes: list[tuple[str, str, dict]] = field(default_factory=list)
    """(level, code, parameters) of messages on this cell."""
    id_number: IdNumber | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    today: dt.date
    date1904: bool = False


def text_of_value(value, code=""):
    """A cell's value as text in the form shown."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value, code)
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return _date_text(value, code)
    return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)


def _number_text(value, code):
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 1e15:
            return f"{value:.15g}"
        value = int(value)
    match = _ZEROS.fullmatch(code)
    if match:
        quoted, escaped, zeros, tail = match.groups()
        return f"{quoted or escaped.replace(chr(92), '') if quoted is None else quoted}{value:0{len(zeros)}}{tail or ''}"
    return str(value)


def _date_text(value, code):
    """The date in the parts its number format shows; ISO form where the format says nothing."""
    out = []
    for quoted, escaped, year, month, day, other in _SHOWN_PARTS.findall(code.split(";")[0]):
        if year:
            out.append(f"{value.year}" if len(year) != 2 else f"{value:%y}")
        elif month:
            out.append(f"{value.month:02}" if len(month) == 2 else str(value.month))
        elif day:
            out.append(f"{value.day:02}" if len(day) == 2 else str(value.day))
        else:
            out.append(quoted or escaped or (other if other not in "hsHS@" else ""))
    text = "".join(out).strip()
    return text if any(character.isdigit() for character in text) else f"{value:%Y-%m-%d}"


class ColumnReader:
    """Reads the cells of one column; call it with a cell."""

    def __init__(self, fields, settings, *, kind=""):
        """`fields` as in `headers.Meaning`; `kind` is the meaning's, else the field decides."""
        self.field = fields[0]
        self.fields = fields
        self.limit = FIELD[self.field].max_length
        self.read = _READERS["fused" if len(fields) > 1 else kind or FIELD[self.field].kind]
        self.kind = kind or FIELD[self.field].kind
        self.dates = DateReader(today=settings.today, birth=self.kind == "birth", date1904=settings.date1904)
        self.empty = (
            EMPTY_LINES if self.kind in ("party", "title_level") and kind != "second_party" else EMPTY_MARKS
        )
        if self.kind == "title_level":
            self.empty = EMPTY_LINES
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
                limit = FIELD[key].max_length
                if len(value) > limit:
                    del values[key]
                    note = (REFUSED, "too_long", {"value": value[:60], "length": len(value), "limit": limit})
                    found.notes.append(note)


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
        if type(cell) is str and _EMAIL.fullmatch(cell) and len(cell) <= self.limit:
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


def _text(reader, value, code):
    return text_of_value(value, code)


def _lines(reader, value, code):
    return splitting.join_lines(text_of_value(value, code))


def _posts(reader, value, code):
    return "、".join(splitting.split_posts(text_of_value(value, code)))


def _name(reader, value, code):
    name, added = read_name(text_of_value(value, code) if isinstance(value, str) else "")
    if not added:
        return name
    return Found({reader.field: name}, added if reader.field == "name" else {})


def _date(reader, value, code):
    return reader.dates.read(value, code)


def _listed(read):
    """A reader for a list: `read` takes text and returns lists.Understood."""

    def reader_of_list(reader, value, code):
        text = text_of_value(value)
        understood = read(text)
        if not understood.outdated:
            return understood.value
        note = (WARNING, "outdated_value", {"value": text, "understood": understood.value})
        return Found({reader.field: understood.value}, notes=[note])

    return reader_of_list


def _party(reader, value, code):
    parties = lists.read_parties(text_of_value(value))
    found = Found({reader.field: parties.values[0]})
    if len(parties.values) > 1:
        found.extras["second_party"] = parties.values[1]
    if parties.joined:
        found.extras["party_joined"] = reader.dates.read(parties.joined)
    return found if found.extras else parties.values[0]


def _second_party(reader, value, code):
    parties = lists.read_parties(text_of_value(value), key="second_party")
    if len(parties.values) > 1:
        raise Doubt(REFUSED, "unknown_value", variant="list", value=value, list=HEADERS["second_party"])
    if parties.joined:
        note = (WARNING, "not_split", {"value": text_of_value(value), "field": HEADERS["second_party"]})
        return Found({reader.field: parties.values[0]}, notes=[note])
    return parties.values[0]


def _cpc_question(reader, value, code):
    text = text_of_value(value).lower()
    if text in _YES:
        return "中共党员"
    return "" if text in _NO else _second_party(reader, value, code)


def _education(reader, value, code):
    level, degree = lists.read_education(text_of_value(value), key=reader.field)
    if not degree:
        return level
    return Found({reader.field: level}, {reader.field.replace("education", "degree"): degree})


def _degree(reader, value, code):
    return lists.read_degree(text_of_value(value))


def _phones(reader, value, code):
    return _found_phones(read_phones(value), value, reader.field)


def _office_phone(reader, value, code):
    phones = read_phones(value, office=True)
    numbers = phones.landlines + phones.mobiles
    found = Found({"office_phone": numbers[0]})
    if len(numbers) > 1:
        found.notes.append((WARNING, "several_phones", {"value": str(value)}))
        if phones.landlines and phones.mobiles:
            found.extras["second_mobile"] = phones.mobiles[0]
    return found if found.notes else numbers[0]


def _found_phones(phones, value, key):
    count = len(phones.mobiles) + len(phones.landlines)
    if count == 1 and phones.mobiles and not phones.wechat:
        return phones.mobiles[0]
    found = Found()
    if phones.mobiles:
        found.values[key] = phones.mobiles[0]
    if len(phones.mobiles) > 1 and key == "mobile":
        found.extras["second_mobile"] = phones.mobiles[1]
    if phones.landlines:
        found.extras["office_phone"] = phones.landlines[0]
    if phones.wechat and phones.mobiles:
        found.extras["wechat"] = phones.mobiles[0]
    if count > 1:
        found.notes.append((WARNING, "several_phones", {"value": str(value)}))
    return found


def _email(reader, value, code):
    text = normalize("NFKC", text_of_value(value)).removeprefix("mailto:")
    text = "".join(text.split())
    if not _EMAIL.fullmatch(text):
        raise Doubt(REFUSED, "unknown_value", variant="email", value=str(value))
    return text.lower()


def read_id_cell(value, kind=""):
    """A Found with the identity number in a cell's value; `kind` as in identity.read_id_number. Raises Doubt."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # Spreadsheets keep 15 digits of a number: of 18 the last three are lost for ever.
        if isinstance(value, float) or value >= 10**15:
            raise Doubt(
                REFUSED, "id_lost_digits", value=f"{value:.15g}" if isinstance(value, float) else str(value)
            )
        value = str(value)
    text = text_of_value(value)
    clean = clean_number(text)
    if _SCIENTIFIC.fullmatch(clean) or _LONG_NUMBER.fullmatch(clean):
        raise Doubt(REFUSED, "id_lost_digits", value=text)
    if clean.endswith(".0") and clean[:-2].isdecimal():
        clean = clean[:-2]
    try:
        number = read_id_number(clean, kind)
    except InvalidNumber as invalid:
        raise Doubt(REFUSED, "id_invalid", variant=invalid.reason, value=text) from None
    found = Found(id_number=number)
    if number.converted:
        found.notes.append((WARNING, "id_converted", {"value": clean}))
    if not number.area_known:
        found.notes.append((WARNING, "id_area_unknown", {"value": number.number, "area": number.number[:6]}))
    return found


def _id_number(reader, value, code):
    return read_id_cell(value)


def _credit_code(reader, value, code):
    if isinstance(value, (int, float)) and value >= 10**15:
        raise Doubt(REFUSED, "id_lost_digits", value=text_of_value(value))
    text = text_of_value(value)
    if _SCIENTIFIC.fullmatch(text):
        raise Doubt(REFUSED, "id_lost_digits", value=text)
    try:
        return read_credit_code(text)
    except InvalidNumber:
        raise Doubt(REFUSED, "id_invalid", variant="credit_code", value=text) from None


def _fused(reader, value, code):
    return _FUSED[reader.fields if reader.fields in _FUSED else ("education", "degree")](reader, value, code)


def _pair(reader, parts, value):
    """A Found of the two parts, or of the whole in the first field where it could not be divided."""
    text = text_of_value(value)
    if parts is None:
        note = (WARNING, "not_split", {"value": text, "field": HEADERS[reader.field]})
        return Found({reader.field: text}, notes=[note])
    return Found({key: part for key, part in zip(reader.fields, parts, strict=True) if part})


def _employer_position(reader, value, code):
    return _pair(reader, splitting.split_employer(text_of_value(value, code)), value)


def _school_major(reader, value, code):
    return _pair(reader, splitting.split_school(text_of_value(value, code)), value)


def _education_degree(reader, value, code):
    pair = lists.read_education(text_of_value(value), fused=True, key=reader.field)
    return Found({key: part for key, part in zip(reader.fields, pair, strict=True) if part})


def _party_joined(reader, value, code):
    parties = lists.read_parties(text_of_value(value))
    found = Found({"political_status": parties.values[0]})
    if len(parties.values) > 1:
        found.extras["second_party"] = parties.values[1]
    if parties.joined:
        try:
            found.values["party_joined"] = reader.dates.read(parties.joined)
        except Doubt as doubt:
            found.notes.append((doubt.level, doubt.code, doubt.params))
    return found


def _title_level(reader, value, code):
    text = text_of_value(value, code)
    parts = [part for part in re.split(r"[/、,，;；\s()（）]+", text) if part]
    if len(parts) == 1:
        return Found({"title": text})
    if len(parts) == 2:
        try:
            return Found({"title": parts[0], "title_level": lists.read_title_level(parts[1]).value})
        except Doubt:
            pass
    return _pair(reader, None, value)


_FUSED = {
    ("employer", "position"): _employer_position,
    ("school", "major"): _school_major,
    ("education", "degree"): _education_degree,
    ("political_status", "party_joined"): _party_joined,
    ("title", "title_level"): _title_level,
}
_READERS = {
    "text": _text,
    "lines": _lines,
    "posts": _posts,
    "name": _name,
    "date": _date,
    "birth": _date,
    "sex": _listed(lists.read_sex),
    "ethnicity": _listed(lists.read_ethnicity),
    "party": _party,
    "second_party": _second_party,
    "cpc_question": _cpc_question,
    "education": _education,
    "degree": _degree,
    "title_level": _listed(lists.read_title_level),
    "category": _listed(lists.read_category),
    "mobile": _phones,
    "second_mobile": _phones,
    "office_phone": _office_phone,
    "email": _email,
    "id_kind": _listed(lists.read_id_kind),
    "id_number": _id_number,
    "credit_code": _credit_code,
    "status": _listed(lists.read_status),
    "fused": _fused,
    "subject": _text,
    "name_part": _name,
}
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
    own = "" if len(fields) > 1 else kind or FIELD[fields[0]].kind
    return _COLUMNS.get(own, ColumnReader)(fields, settings, kind=kind)


def finish_row(row, identity, cell, today):
    """Compare what a row says twice and add what follows from other values. `cell` gives a field's address."""
    values = row.values
    derived = None
    if identity is not None:
        said = row.messages and {
            message.cell for message in row.messages if message.level in (REFUSED, QUESTION)
        }
        if "id_kind" not in values:
            values["id_kind"] = identity.kind
            derived = ["id_kind"]
        birth, sex = values.get("birth"), values.get("sex")
        if birth is None:
            if identity.birth and cell("birth") not in said:
                if not _is_grown(identity.birth, today):
                    return _leave_out_child(row, identity, cell)
                values["birth"] = identity.birth
                derived = [*(derived or ()), "birth"]
        elif identity.birth and not identity.birth.startswith(birth):
            params = {"value": birth, "id_value": identity.birth}
            row.messages.append(Message(cell("birth"), WARNING, "birth_differs_from_id", params))
        if sex is None:
            if identity.sex and cell("sex") not in said:
                values["sex"] = identity.sex
                derived = [*(derived or ()), "sex"]
        elif identity.sex and identity.sex != sex:
            params = {"value": sex, "id_value": identity.sex}
            row.messages.append(Message(cell("sex"), WARNING, "sex_differs_from_id", params))
    if "title" in values and "title_level" not in values:
        level = lists.title_level_of(values["title"])
        if level:
            values["title_level"] = level
            derived = [*(derived or ()), "title_level"]
    if derived:
        row.derived = frozenset(derived)


def _is_grown(birth, today):
    """Is somebody born on `birth` at least 14? Otherwise the date is not taken from the number."""
    return birth <= f"{today.year - 14:04}.{today.month:02}.{today.day:02}"


def _leave_out_child(row, identity, cell):
    """The number is of a child under 14: it is not kept."""
    for key in ("id_number", "id_kind"):
        row.values.pop(key, None)
    params = {"value": identity.birth}
    row.messages.append(Message(cell("id_number"), REFUSED, "under_age", params))
