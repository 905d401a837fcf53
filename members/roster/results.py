"""What reading a roster yields: sheets with columns, rows, messages and the rows left out."""

from dataclasses import dataclass, field

from members.roster.messages import Message


@dataclass(slots=True)
class Column:
    column: str
    """Its letter."""
    header: str
    field: str | None
    """The contract's key; the first of a fused column's; None for a column kept aside or ignored."""
    also: tuple[str, ...] = ()
    """Further fields this column's cells may fill."""
    ignored: bool = False
    """Known and of no use: sequence numbers, ages."""

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
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

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

    @property
    def rows(self):
        """(index of the sheet, Row) of all rows in the file's order."""
        return ((index, row) for index, sheet in enumerate(self.sheets) for row in sheet.rows)


def letter(index):
    """The letters of the column with this index, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
