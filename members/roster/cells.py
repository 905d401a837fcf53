"""What a cell holds, as text in the form shown, and what was found in it."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from members.identity import IdNumber
from members.roster.text import tidy
from members.roster.vocabulary import MEMBERS, Vocabulary
from members.roster.workbook import Cell

_ZEROS = re.compile(r'(?:"([^"]*)"|((?:\\.)*))(0+)(?:"([^"]*)")?')
_SHOWN_PARTS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|e+)|(m+)|(d+)|(.)', re.IGNORECASE | re.DOTALL)


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
    vocabulary: Vocabulary = MEMBERS
    tell: Callable | None = None
    """Called now and then with "understanding", a row's index and the number of rows; what it raises ends the
    reading."""


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
        head = (escaped or "").replace("\\", "") if quoted is None else quoted
        return f"{head}{value:0{len(zeros)}}{tail or ''}"
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


def value_of(cell):
    return cell.value if isinstance(cell, Cell) else cell


def text_of(cell):
    """The text in a cell, "" for numbers, dates and empty cells."""
    value = value_of(cell)
    return tidy(value) if isinstance(value, str) else ""
