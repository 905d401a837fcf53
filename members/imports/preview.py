"""What importing a roster would do: every row with its outcome, kept in the batch's ledger."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from members.imports import bulk
from members.imports.matching import Match, Register, stored
from members.models import ImportRow, payload_sealer

OUTCOMES = ("new", "update", "unchanged", "error", "question")
_ROW_COLUMNS = (
    "batch_id",
    "position",
    "sheet",
    "row",
    "outcome",
    "is_doubtful",
    "member_id",
    "member_version",
    "payload",
)


@dataclass(slots=True)
class Prepared:
    """A row of the file (`reading`, of `members.roster`) and what it means for the register (`match`)."""

    sheet: int
    reading: object
    values: dict  # stored form
    match: Match

    @property
    def messages(self):
        return [*self.reading.messages, *self.match.messages]


def prepare(roster, association):
    """The `Prepared` rows of a `Roster` read from a file, in the file's order. Writes nothing."""
    rows = [
        Prepared(number, reading, stored(reading.values), None)
        for number, sheet in enumerate(roster.sheets)
        for reading in sheet.rows
    ]
    register = Register(association, [row.values for row in rows if _is_whole(row.reading)])
    letters = [
        {column.field: column.column for column in reversed(sheet.columns) if column.field}
        for sheet in roster.sheets
    ]
    for position, row in enumerate(rows):
        reading = row.reading
        if reading.error:
            row.match = Match("error")
        elif reading.question:
            row.match = Match("question")
        elif reading.merged_into:
            # the earlier row with the same data stands for both
            row.match = Match("unchanged")
        else:
            fields = letters[row.sheet]
            row.match = register.match(
                row.values,
                position,
                lambda key, fields=fields, row=reading.row: f"{fields.get(key, 'A')}{row}",
                reading.derived,
            )
    return rows


def _is_whole(reading):
    """Whether the row can be matched at all."""
    return not (reading.error or reading.question or reading.merged_into)


def count(rows):
    """{"rows": …, "new": …, "update": …, "unchanged": …, "error": …, "question": …}; the parts add up to rows."""
    counts = {"rows": len(rows), **dict.fromkeys(OUTCOMES, 0)}
    for row in rows:
        counts[row.match.outcome] += 1
    return counts


@transaction.atomic
def store(batch, roster, rows):
    """Save the unsaved `batch` (association, actor, file and its name set) with the prepared `rows` as its ledger."""
    with batch.file.open("rb") as file:
        batch.file_digest = hashlib.file_digest(file, "sha256").hexdigest()
    batch.format, batch.encoding = roster.format, roster.encoding or ""
    batch.sheets = [sheet_summary(sheet) for sheet in roster.sheets]
    batch.counts = count(rows) | {
        "skipped": sum(len(sheet.skipped) for sheet in roster.sheets),
        "doubtful": sum(bool(row.messages) for row in rows),
    }
    batch.save()
    sealed = payload_sealer()
    bulk.insert(
        ImportRow,
        _ROW_COLUMNS,
        [
            (
                batch.pk,
                position,
                row.sheet,
                row.reading.row,
                row.match.outcome,
                bool(row.messages),
                row.match.member,
                row.match.version,
                sealed(_content(row)),
            )
            for position, row in enumerate(rows)
        ],
    )
    bulk.take_stock(ImportRow, len(rows))
    return batch


def _content(row):
    """The payload of a row; what is empty is left out."""
    content = {
        "values": row.values,
        "messages": [message_json(message) for message in row.messages],
        "kept": row.reading.kept,
        "derived": sorted(row.reading.derived),
        "diff": row.match.diff,
    }
    return {key: value for key, value in content.items() if value}


def sheet_summary(sheet):
    """What the ledger keeps of a sheet besides its rows."""
    return {
        "name": sheet.name,
        "hidden": sheet.hidden,
        "layout": sheet.layout,
        "header_rows": sheet.header_rows,
        "columns": [column.to_json() for column in sheet.columns],
        "messages": [message_json(message) for message in sheet.messages],
        "skipped": [skipped.to_json() for skipped in sheet.skipped],
    }


def message_json(message):
    return {
        "cell": message.cell,
        "level": message.level,
        "code": message.code,
        "params": message.params,
    }
