"""The JSON object of the roster contract, for the command line."""

from members.imports.kinds import MEMBERS
from members.imports.preview import message_json, sheet_summary
from members.roster.messages import Message

COLUMN_KEYS = ("column", "header", "field")
"""What the contract says of a column; the ledger keeps more."""


def roster_report(file, roster, rows, counts):
    """The report of a roster that was read and prepared but not kept."""
    lines = [
        (
            row.sheet,
            row.reading.row,
            row.match.outcome,
            row.match.member,
            row.values,
            [message_json(message) for message in row.messages],
        )
        for row in rows
    ]
    sheets = [sheet_summary(sheet) for sheet in roster.sheets]
    return _report(file, roster.format, roster.encoding, None, sheets, lines, counts)


def batch_report(file, batch):
    """The report of a batch, from its ledger."""
    lines = []
    for row in batch.rows.order_by("position"):
        content = row.content()
        lines.append((row.sheet, row.row, row.outcome, row.member_id, content["values"], content["messages"]))
    return _report(file, batch.format, batch.encoding or None, batch.pk, batch.sheets, lines, batch.counts)


def _report(file, format, encoding, batch, sheets, lines, counts):
    listed = [
        {
            "name": sheet["name"],
            "header_rows": sheet["header_rows"],
            **({"layout": sheet["layout"]} if sheet["layout"] else {}),
            "columns": [{key: column[key] for key in COLUMN_KEYS} for column in sheet["columns"]],
            "messages": [with_text(message) for message in sheet["messages"]],
            "rows": [],
            "skipped": sheet["skipped"],
        }
        for sheet in sheets
    ]
    for sheet, row, outcome, member, values, messages in lines:
        listed[sheet]["rows"].append(
            {
                "row": row,
                "action": outcome,
                "member": member,
                "values": MEMBERS.written(values),
                "messages": [with_text(message) for message in messages],
            }
        )
    return {
        "file": str(file),
        "format": format,
        "encoding": encoding,
        "batch": batch,
        "sheets": listed,
        "counts": {key: counts[key] for key in ("rows", "new", "update", "unchanged", "error", "question")},
    }


def with_text(message):
    """A message kept in the ledger, in the contract's form."""
    return Message(**message).to_json()
