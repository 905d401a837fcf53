"""What importing a roster would do: every row with its outcome, kept in the batch's ledger."""

import hashlib
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from members.imports import bulk
from members.imports.kinds import MEMBERS
from members.imports.looks import seal_look
from members.imports.matching import Match
from members.imports.progress import CHECKING, KEEPING, silent
from members.models import ImportRow, payload_sealer
from members.roster.spool import SpooledList

TOLD_EVERY = 1000
PART = 5000
"""Rows of a long file that are matched together."""
OUTCOMES = ("new", "update", "unchanged", "error", "question")
_ROW_COLUMNS = (
    "batch_id",
    "position",
    "sheet",
    "row",
    "outcome",
    "is_doubtful",
    "name",
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


class Ledger:
    """Prepared rows as they will stand in a batch's ledger, sealed; those of a long file not in memory."""

    def __init__(self, *, is_long):
        self.rows = SpooledList() if is_long else []
        self.counts = {"rows": 0, **dict.fromkeys(OUTCOMES, 0), "doubtful": 0}
        self._sealed = payload_sealer()

    def add(self, row):
        match, is_doubtful = row.match, bool(row.messages)
        self.counts["rows"] += 1
        self.counts[match.outcome] += 1
        self.counts["doubtful"] += is_doubtful
        name = row.values.get("name", "")
        payload = self._sealed(_content(row))
        self.rows.append(
            (
                row.sheet,
                row.reading.row,
                match.outcome,
                is_doubtful,
                name,
                match.member,
                match.version,
                payload,
            )
        )


def prepare(roster, association, *, kind=MEMBERS, decisions=None, tell=silent):
    """The `Ledger` of a `Roster` read from a file of that `kind` with these `Decisions`. Writes nothing."""
    ledger = Ledger(is_long=roster.is_stored)
    for row in prepared(roster, association, kind=kind, decisions=decisions, tell=tell):
        ledger.add(row)
    return ledger


def prepared(roster, association, *, kind=MEMBERS, decisions=None, tell=silent):
    """Yield the `Prepared` rows of a `Roster` in the file's order, those of a long one part by part."""
    letters = [
        {column.field: column.column for column in reversed(sheet.columns) if column.field}
        for sheet in roster.sheets
    ]
    clears = [_cleared(sheet, kind, decisions) for sheet in roster.sheets]
    total = roster.row_count
    size, file = (PART, kind.register.long_file(association)) if roster.is_stored else (total, None)
    # a long file is gone through twice at the same time, since not even a part of it should be in memory
    ahead, rows = roster.rows, enumerate(roster.rows)
    for _start in range(0, total, size or 1):
        wanted = [
            kind.register.found_by(reading.values)
            for _sheet, reading in islice(ahead, size)
            if _is_whole(reading)
        ]
        register = kind.register(association, wanted, file=file)
        for position, (sheet, reading) in islice(rows, size):
            if not position % TOLD_EVERY:
                tell(CHECKING, position, total)
            row = Prepared(sheet, reading, kind.stored(reading.values), None)
            if clears[sheet]:
                row.values |= _blanks(reading, clears[sheet])
            row.match = _match(row, position, register, letters[sheet])
            yield row
        if file:
            register.leave()


def _cleared(sheet, kind, decisions):
    """Keys of the fields of a sheet that blank cells clear."""
    letters = decisions.of_sheet(sheet.name).clears if decisions else ()
    keys = {key for column in sheet.columns if column.column in letters for key in column.fields}
    return keys - kind.needed


def _blanks(reading, keys):
    """{key: ""} of those `keys` of which the row has no value, nor one that was refused."""
    doubted = {message.field for message in reading.messages}
    return dict.fromkeys(keys - reading.values.keys() - doubted, "")


def _match(row, position, register, letters):
    reading = row.reading
    if reading.error:
        return Match("error")
    if reading.question:
        return Match("question")
    if reading.merged_into:
        # the earlier row with the same data stands for both
        return Match("unchanged")
    return register.match(
        row.values, position, lambda key: f"{letters.get(key, 'A')}{reading.row}", reading.derived
    )


def _is_whole(reading):
    """Whether the row can be matched at all."""
    return not (reading.error or reading.question or reading.merged_into)


def count(rows):
    """{"rows": …, "new": …, "update": …, "unchanged": …, "error": …, "question": …}; the parts add up to rows."""
    counts = {"rows": len(rows), **dict.fromkeys(OUTCOMES, 0)}
    for row in rows:
        counts[row.match.outcome] += 1
    return counts


@transaction.atomic(savepoint=False)
def store(batch, roster, ledger, *, tell=silent):
    """Save the unsaved `batch` (association, actor, file and its name set) with its prepared `ledger`."""
    with batch.file.open("rb") as file:
        batch.file_digest = hashlib.file_digest(file, "sha256").hexdigest()
    batch.format, batch.encoding = roster.format, roster.encoding or ""
    batch.sheets = [sheet_summary(sheet) for sheet in roster.sheets]
    batch.look = seal_look(roster.sheets)
    batch.counts = ledger.counts | {"skipped": sum(len(sheet.skipped) for sheet in roster.sheets)}
    batch.save()
    bulk.insert(ImportRow, _ROW_COLUMNS, _ledger_rows(batch, ledger, tell))
    bulk.take_stock(ImportRow, ledger.counts["rows"])
    return batch


def _ledger_rows(batch, ledger, tell):
    for position, row in enumerate(ledger.rows):
        if not position % TOLD_EVERY:
            tell(KEEPING, position, ledger.counts["rows"])
        yield batch.pk, position, *row


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
        "columns": [
            column.to_json()
            | {"also": list(column.also), "fields": list(column.fields), "ignored": column.ignored}
            for column in sheet.columns
        ],
        "messages": [message_json(message) for message in sheet.messages],
        "skipped": [skipped.to_json() for skipped in sheet.skipped],
    }


def message_json(message):
    """A message as the ledger keeps it; `Message(**message)` makes it one again."""
    return {
        "cell": message.cell,
        "level": message.level,
        "code": message.code,
        "params": message.params,
        **({"field": message.field} if message.field else {}),
    }
