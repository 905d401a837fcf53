"""What staff decide about a file before it is read again: sheets, header rows, columns."""

from dataclasses import dataclass, field

from members.roster.headers import Meaning, header_key
from members.roster.results import index_of, letter

# Choices for a column besides a field's key and the keys of a fused pair (`Vocabulary.pairs`: `employer+position`).
ASIDE = "-aside"
"""Keep what it says with the batch, without a remark."""
IGNORE = "-ignore"
"""Leave it out."""
NO_HEADER = 0
"""Instead of a header row: the list begins in the first filled row."""


@dataclass(frozen=True, slots=True)
class SheetDecision:
    is_read: bool | None = None
    """None: unless the sheet is hidden."""
    header_row: int | None = None
    """Number of the (last) header row, as a person counts, or NO_HEADER; None: where the reader finds one."""
    columns: dict[str, str] = field(default_factory=dict)
    """{column letter: choice}"""
    clears: list[str] = field(default_factory=list)
    """Letters of the columns in which a blank cell says that there is nothing; elsewhere it says nothing."""

    def to_json(self):
        return {
            "is_read": self.is_read,
            "header_row": self.header_row,
            "columns": self.columns,
            "clears": self.clears,
        }


@dataclass(frozen=True, slots=True)
class Decisions:
    sheets: dict[str, SheetDecision] = field(default_factory=dict)
    """By the sheet's name."""
    headers: dict[str, str] = field(default_factory=dict)
    """{header: choice} for every sheet, where its column has none of its own."""

    def to_json(self):
        return {
            "sheets": {name: sheet.to_json() for name, sheet in self.sheets.items()},
            "headers": self.headers,
        }

    @classmethod
    def from_json(cls, data):
        sheets = {name: SheetDecision(**sheet) for name, sheet in data.get("sheets", {}).items()}
        return cls(sheets, data.get("headers", {}))

    def of_sheet(self, name):
        return self.sheets.get(name) or SheetDecision()


class ColumnChoices:
    """The choices for single columns of one sheet."""

    def __init__(self, letters, vocabulary):
        """`letters`: {column letter: choice}"""
        self.letters = letters
        self.vocabulary = vocabulary
        self.indexes = frozenset(map(index_of, letters))
        self._decided = {}

    def meaning(self, column):
        """The Meaning chosen for a `layout.TableColumn`, None for none.

        A letter was chosen for the first table of the sheet in which the column has a header; a table below with
        another header there is not meant.
        """
        letters, key = letter(column.index), header_key(column.header)
        if letters not in self.letters or (key and self._decided.setdefault(letters, key) != key):
            return None
        return chosen_meaning(self.letters[letters], column.meaning, self.vocabulary)


def taught(headers, vocabulary):
    """`vocabulary` with the choices of staff for `headers`: {header: choice}."""
    meanings = {
        header_key(header): chosen_meaning(choice, vocabulary.headers.meaning_of(header), vocabulary)
        for header, choice in headers.items()
    }
    return vocabulary.teach({key: meaning for key, meaning in meanings.items() if key and meaning})


def chosen_meaning(choice, own, vocabulary):
    """The Meaning of a choice, None if it is none (any more). `own` is the header's by itself."""
    if choice == ASIDE:
        return Meaning(is_chosen=True)
    if choice == IGNORE:
        return Meaning(ignored=True, is_chosen=True)
    if choice not in vocabulary.fields and choice not in vocabulary.pairs:
        return None
    fields = tuple(choice.split("+"))
    # 是否中共党员 stays a question with the answer yes or no, 姓 a part of the name
    return Meaning(fields, kind=own.kind if own.fields == fields else "", is_chosen=True)
