"""What the import pages show of a batch: tabs, rows, sheets."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.identity import mask_id_number
from members.imports.matching import DATE_KEYS
from members.models import ImportRow
from members.roster.contract import HEADERS
from members.roster.messages import LEVELS, Message
from organizations.partial_dates import dotted

# shown of each row beside its name, in this order, as far as the row has them
SUMMARY = ("number", "sex", "birth", "category", "employer", "position", "mobile", "township")

SKIPPED_KINDS = {
    "title": _("title above the header"),
    "subheading": _("subheading"),
    "blank": _("no person"),
    "subtotal": _("subtotal"),
    "repeated_header": _("repeated header"),
    "note": _("note"),
}


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    help: str
    filter: dict | None = None

    def rows(self, batch):
        return batch.rows.filter(**self.filter)


def tabs_of(batch):
    """The tabs of a batch; those of the outcomes add up to its rows, with the left out ones to the file."""
    counts = batch.counts
    outcome = ImportRow.Outcome
    return [
        Tab(
            "question",
            outcome.QUESTION.label,
            counts["question"],
            _("A person has to decide. These rows are not imported."),
            {"outcome": outcome.QUESTION},
        ),
        Tab("new", outcome.NEW.label, counts["new"], _("Not in the register yet."), {"outcome": outcome.NEW}),
        Tab(
            "update",
            outcome.UPDATE.label,
            counts["update"],
            _("In the register, with something else written there. Blank cells erase nothing."),
            {"outcome": outcome.UPDATE},
        ),
        Tab(
            "unchanged",
            outcome.UNCHANGED.label,
            counts["unchanged"],
            _("The register says the same already."),
            {"outcome": outcome.UNCHANGED},
        ),
        Tab(
            "error",
            pgettext_lazy("import rows", "with errors"),
            counts["error"],
            _("These rows cannot be imported as they are."),
            {"outcome": outcome.ERROR},
        ),
        Tab(
            "doubtful",
            _("doubtful cells"),
            counts["doubtful"],
            _("All rows with a remark on a cell, whatever becomes of the row."),
            {"is_doubtful": True},
        ),
        Tab("skipped", _("no members"), counts["skipped"], _("Rows of the file that name no person.")),
    ]


def row_view(row, batch):
    """One row of a tab, ready to show; the identity number masked."""
    content = row.content()
    values = content["values"]
    created = row.created_members.all()
    return {
        "row": row,
        "member": created[0].pk if created else row.member_id,
        "is_applied": row.is_written(batch),
        "place": place(batch, row.sheet, row.row),
        "name": values.get("name", ""),
        "summary": [(label(key), shown(key, values[key])) for key in SUMMARY if key in values],
        "diff": [
            (label(key), *(shown(key, side) for side in pair or ("", "")))
            for key, pair in content["diff"].items()
        ],
        "kept": content["kept"],
        "messages": [message_view(message) for message in content["messages"]],
    }


def message_view(message):
    return message | {"text": Message(**message).text, "level_label": LEVELS[message["level"]]}


def place(batch, sheet, row):
    """``5`` or, in a file of several sheets, ``Sheet 5``."""
    return f"{batch.sheets[sheet]['name']} {row}" if len(batch.sheets) > 1 else str(row)


def label(key):
    """The field's name as the association's spreadsheets write it."""
    return HEADERS[key]


def shown(key, value):
    if key == "id_number":
        return mask_id_number(value)
    return dotted(value) if key in DATE_KEYS else value


def sheet_views(batch):
    """The sheets with how their columns were understood."""
    return [
        sheet
        | {
            "columns": [
                column | {"label": label(column["field"]) if column["field"] else ""}
                for column in sheet["columns"]
            ],
            "messages": [message_view(message) for message in sheet["messages"]],
            "unknown": [message for message in sheet["messages"] if message["code"] == "header_unknown"],
        }
        for sheet in batch.sheets
    ]


def skipped_rows(batch):
    return [
        {
            "place": place(batch, number, skipped["row"]),
            "kind": SKIPPED_KINDS.get(skipped["kind"], skipped["kind"]),
        }
        for number, sheet in enumerate(batch.sheets)
        for skipped in sheet["skipped"]
    ]


UNDO_LISTED = 200
"""Rows of each list of an undoing that are shown; the numbers beside them are of all."""


def undo_view(batch, plan):
    """The three lists of a `undoing.Plan`, ready to show; values of identity numbers masked."""

    def rows(written):
        return [
            {
                "place": place(batch, row.sheet, row.row),
                "name": row.name,
                "member": row.member,
                "back": [
                    (label(key), shown(key, present), shown(key, before))
                    for key, (present, before) in row.back.items()
                ],
                "kept": [label(key) for key in row.kept],
                "is_new": row.is_new,
            }
            for row in written[:UNDO_LISTED]
        ]

    lists = (
        (
            "removed",
            plan.removed,
            _("Will be removed"),
            _("New members of this import that nobody touched since."),
        ),
        (
            "restored",
            plan.restored,
            _("Will be restored"),
            _("Fields that still say what this import wrote return to what they were."),
        ),
        (
            "kept",
            plan.kept,
            _("Stays as it is"),
            _("Touched since the import by somebody else, or gone. Nobody’s work is lost."),
        ),
    )
    return {
        "lists": [
            {"key": key, "title": title, "count": len(written), "rows": rows(written), "help": help_text}
            for key, written, title, help_text in lists
        ]
    }
