"""What reading a roster yields: sheets with columns, rows, messages and the rows left out."""

from array import array
from dataclasses import dataclass, field

from members.roster.looking import said_in
from members.roster.messages import Message
from members.roster.spool import SpooledList

SAID = 60
"""Rows without a person whose texts are kept."""


@dataclass(slots=True)
class Column:
    column: str
    """Its letter."""
    header: str
    field: str | None
    """The contract's key; the first of a fused column's; None for a column kept aside or ignored."""
    also: tuple[str, ...] = ()
    """Further fields this column's cells may fill."""
    fields: tuple[str, ...] = ()
    """All of a fused column's, `field` the first; else `field` alone or nothing."""
    ignored: bool = False
    """Known and of no use: sequence numbers, ages."""
    samples: list[str] = field(default_factory=list)
    """The first different texts in it, a few and cut short: for those who choose what it is."""

    def to_json(self):
        return {"column": self.column, "header": self.header, "field": self.field}


@dataclass(slots=True)
class Row:
    row: int
    """Row of the sheet, or line of a CSV file."""
    values: dict[str, str]
    messages: list[Message] = field(default_factory=list)
    error: bool = False
    """The row must not be imported."""
    question: bool = False
    """A person has to choose something before the row is imported."""
    merged_into: tuple[int, int] | None = None
    """(index of the sheet, row) of an earlier row with the same data; that one is to be imported."""
    derived: frozenset = frozenset()
    """Keys of values that follow from others and do not stand in the row."""
    kept: dict[str, str] = field(default_factory=dict)
    """Texts of columns nobody recognised, by column letter (in a form: by address)."""

    def to_json(self, *, action=None, member=None):
        """The contract's shape; without `action` (new, update …, known after matching) it is error or question."""
        action = action or ("error" if self.error else "question" if self.question else None)
        return {
            "row": self.row,
            "action": action,
            "member": member,
            "values": self.values,
            "messages": [message.to_json() for message in self.messages],
        }


class RowStore(SpooledList):
    """The rows of a sheet too long for memory, in order."""

    def __init__(self, identity):
        """`identity(row)` gives two things by which a row's person is known in others, None where it has none."""
        super().__init__(pack=_packed, unpack=_unpacked)
        self._identity = identity
        self.signs = array("q")
        """Hashes of the two, row for row; 0 for none."""
        self.changed = {}
        """{place: Row} of rows that are not any more as they were when they were put here."""

    def append(self, entry):
        for sign in (None, None) if entry.error else self._identity(entry):
            self.signs.append(hash(sign) if sign else 0)
        super().append(entry)

    def __iter__(self):
        if not self.changed:
            return super().__iter__()
        return (self.changed.get(place, row) for place, row in enumerate(super().__iter__()))


def _packed(row):
    messages = [(told.cell, told.level, told.code, told.params, told.field) for told in row.messages]
    return row.row, row.values, messages, row.error, row.question, row.merged_into, row.derived, row.kept


def _unpacked(packed):
    number, values, messages, *rest = packed
    return Row(number, values, [Message(*told) for told in messages], *rest)


@dataclass(slots=True)
class Skipped:
    row: int
    kind: str
    """title, subheading, blank, subtotal, repeated_header or note."""

    def to_json(self):
        return {"row": self.row, "kind": self.kind}


@dataclass(slots=True)
class SheetReading:
    name: str
    hidden: bool = False
    layout: str | None = None
    """`form` for registration forms of single persons."""
    header_rows: list[int] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    """Those on header cells."""
    rows: list[Row] | RowStore = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    look: list = field(default_factory=list)
    """The first filled rows, cut short, whether the sheet is read or not: [row number, [text, …]]."""
    said: list = field(default_factory=list)
    """What the first rows without a person say, above the header and below it: [row number, [text, …]]."""

    def skip(self, number, kind, cells):
        """Leave out the row with this number and these `cells`."""
        self.skipped.append(Skipped(number, kind))
        if len(self.said) < SAID and (texts := said_in(cells)):
            self.said.append([number, texts])

    def to_json(self, rows=None):
        """`rows` are the rows' JSON after matching; without them they stand as read."""
        return {
            "name": self.name,
            **({"hidden": True} if self.hidden else {}),
            **({"layout": self.layout} if self.layout else {}),
            "header_rows": self.header_rows,
            "columns": [column.to_json() for column in self.columns],
            "messages": [message.to_json() for message in self.messages],
            "rows": [row.to_json() for row in self.rows] if rows is None else rows,
            "skipped": [skipped.to_json() for skipped in self.skipped],
        }


@dataclass(slots=True)
class Roster:
    format: str
    encoding: str | None
    sheets: list[SheetReading] = field(default_factory=list)
    is_stored: bool = False
    """The rows are too many for memory; each sheet's are a RowStore."""

    @property
    def rows(self):
        """(index of the sheet, Row) of all rows in the file's order."""
        return ((index, row) for index, sheet in enumerate(self.sheets) for row in sheet.rows)

    @property
    def row_count(self):
        return sum(len(sheet.rows) for sheet in self.sheets)


def letter(index):
    """The letters of the column with this index, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters):
    """The index of the column with these letters, counted from 0."""
    index = 0
    for character in letters:
        index = index * 26 + ord(character) - 64
    return index - 1
