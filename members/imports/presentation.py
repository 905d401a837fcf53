"""What the import pages show of a batch: tabs, rows, sheets."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.imports.kinds import KINDS, kind_of
from members.imports.looks import look_of
from members.models import ImportRow
from members.models.imports import OPEN_STATES
from members.roster.decisions import Decisions
from members.roster.messages import LEVELS, Message

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

    @property
    def is_doubts(self):
        """Whether its rows come with inputs to repair them."""
        return self.key in ("question", "error", "doubtful")

    @property
    def is_shown(self):
        """Whether the sum of the head names it: left out rows only where there are some."""
        return self.key != "left_out" or self.count

    def rows(self, batch):
        return batch.rows.filter(**self.filter)


def tabs_of(batch):
    """The tabs of a batch; those of the outcomes add up to its rows, with the left out ones to the file."""
    counts = Counter(batch.counts)  # one that was never read has none
    outcome, words = ImportRow.Outcome, KINDS[batch.kind].words
    return [
        Tab(
            "question",
            outcome.QUESTION.label,
            counts["question"],
            _("A person has to decide. These rows are not imported."),
            {"outcome": outcome.QUESTION},
        ),
        Tab(
            "new",
            outcome.NEW.label,
            counts["new"],
            words.get("new") or _("Not in the register yet."),
            {"outcome": outcome.NEW},
        ),
        Tab(
            "update",
            outcome.UPDATE.label,
            counts["update"],
            words.get("update")
            or _("In the register, with something else written there. Blank cells erase nothing."),
            {"outcome": outcome.UPDATE},
        ),
        Tab(
            "unchanged",
            outcome.UNCHANGED.label,
            counts["unchanged"],
            words.get("unchanged") or _("The register says the same already."),
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
        Tab(
            "left_out",
            outcome.LEFT_OUT.label,
            counts.get("left_out", 0),
            _("Somebody left these rows out. They can be taken in again."),
            {"outcome": outcome.LEFT_OUT},
        ),
        Tab("skipped", _("no members"), counts["skipped"], _("Rows of the file that name no person.")),
    ]


def message_view(message):
    return message | {"text": Message(**message).text, "level_label": LEVELS[message["level"]]}


def place(batch, sheet, row):
    """“row 5” or, in a file of several sheets, “Sheet row 5”."""
    words = gettext("row {number}").format(number=row)
    return f"{batch.sheets[sheet]['name']} {words}" if len(batch.sheets) > 1 else words


def sheet_views(batch):
    """The sheets with how their columns were understood."""
    kind = kind_of(batch)
    return [
        sheet
        | {
            "columns": [
                column | {"label": kind.header(column["field"]) if column["field"] else ""}
                for column in sheet["columns"]
            ],
            "messages": [message_view(message) for message in sheet["messages"]],
            "unknown": [message for message in sheet["messages"] if message["code"] == "header_unknown"],
        }
        for sheet in batch.sheets
    ]


HEADER_DOUBTS = frozenset(("header_unknown", "header_ambiguous", "name_column_missing"))


def columns_open(batch):
    """Number of columns about which somebody should decide; 0 once they can no longer."""
    if batch.state not in OPEN_STATES:
        return 0
    doubts = [
        message
        for sheet in batch.sheets
        if sheet["layout"] != "form"  # read by its labels
        for message in sheet["messages"]
        if message["code"] in HEADER_DOUBTS
        # kept columns can be brought in later, the others are settled by then
        and (message["code"] == "header_unknown" or not batch.steps_applied)
    ]
    return len(doubts)


def sheets_unread(batch):
    """Names of the sheets with something in them in which no table was found; not those that staff left out."""
    if batch.state not in OPEN_STATES:
        return []
    unread = [
        (number, sheet)
        for number, sheet in enumerate(batch.sheets)
        if not sheet["columns"] and not sheet["layout"] and not sheet["hidden"]
    ]
    if not unread:
        return []
    looks, decisions = look_of(batch), Decisions.from_json(batch.decisions)
    return [
        sheet["name"]
        for number, sheet in unread
        if looks[number]["rows"] and decisions.of_sheet(sheet["name"]).is_read is not False
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


def undo_view(batch, plan):
    """The three lists of a `plans.WholePlan`, ready to show; values of identity numbers masked."""
    kind = kind_of(batch)

    def rows(written):
        return [
            {
                "place": place(batch, row.sheet, row.row) if row.row else "",
                "name": row.name,
                "member": row.member,
                "back": [
                    (kind.header(key), kind.shown(key, present), kind.shown(key, before))
                    for key, (present, before) in row.back.items()
                ],
                "kept": [kind.header(key) for key in row.kept],
                "is_new": row.is_new,
            }
            for row in written
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
            {
                "key": key,
                "title": title,
                "count": plan.counts[key],
                "rows": rows(written),
                "help": kind.words.get(key) or help_text,
            }
            for key, written, title, help_text in lists
        ]
    }
