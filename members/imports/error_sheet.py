"""The error sheet: an uploaded roster given back with its doubts, for whoever typed it.

An .xlsx comes back as it was, with colours and comments in its doubtful cells (`roster/readers/marking.py`). Of the
other formats, which we cannot write, a copy is made (`error_copy.py`): cells as values, with an extra column that says
what is doubtful. Both end with a list of all doubts, since telephones show no comments, and both can be imported again.
"""

import os
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.imports.error_copy import write_copy
from members.imports.files import is_lost
from members.imports.pipeline import limits
from members.models import Disclosed, ImportRow, Member
from members.rights import FIELD_CLASSES, FieldClass
from members.roster.contract import DOUBTS, DOUBTS_TITLE, HEADERS, REMARKS
from members.roster.messages import ERROR, LEVELS, QUESTION, REFUSED, WARNING, Message
from members.roster.rows import REPEATED_HEADER
from members.roster.workbook import mark_workbook, read_workbook
from organizations.models import Action

# from the gravest on: a cell has the colour of the gravest of its doubts
COLOURS = {ERROR: "FFC7CE", REFUSED: "F8CBAD", QUESTION: "BDD7EE", WARNING: "FFEB9C"}
GRAVITY = list(COLOURS)
NOT_IMPORTED = (ERROR, REFUSED, QUESTION)
SUFFIX = "-待核对"
LISTED = 500
"""Doubts in the list at the end; it must not make the workbook longer than can be read."""
LONGEST_COMMENT = 2000


class FileLost(Exception):
    """The uploaded file is no longer there; str() is a sentence for people."""

    def __str__(self):
        return _(
            "The uploaded file was deleted, so it cannot be given back. Upload it again: the new preview has its own "
            "error sheet."
        )


@dataclass(slots=True)
class Doubt:
    sheet: int
    """Index into the batch's sheets."""
    row: int | None
    """Number of the row, as a person counts; None in the header."""
    cell: str
    level: str
    text: str

    @property
    def line(self):
        return f"【{LEVELS[self.level]}】{self.text}"


def doubts_of(batch, *, all_levels=True):
    """The Doubts of a batch in the order of the file; without `all_levels` those that keep something out of it.

    Just what is in the ledger: cells that somebody corrected and rows that somebody left out are no doubts any more.
    """
    levels = GRAVITY if all_levels else NOT_IMPORTED
    found = [
        (sheet, None, message)
        for sheet, summary in enumerate(batch.sheets)
        for message in summary["messages"]
    ]
    rows = batch.rows.filter(is_doubtful=True).exclude(outcome=ImportRow.Outcome.LEFT_OUT)
    for row in rows.order_by("position").iterator():
        found += [(row.sheet, row.row, message) for message in row.content()["messages"]]
    return [
        Doubt(sheet, row, message["cell"], message["level"], Message(**message).text)
        for sheet, row, message in found
        if message["level"] in levels
    ]


def error_sheet(batch, *, actor, all_levels=True):
    """(open file, its name): the batch's workbook with its doubts; the log of exports tells of it.

    Raises FileLost, or UnreadableFile where the file cannot be worked on within the limits.
    """
    if is_lost(batch):
        raise FileLost
    doubts = doubts_of(batch, all_levels=all_levels)
    job, path, name = _job(batch, doubts), batch.file.path, batch.file_name
    if batch.format == "xlsx":
        file, extension = mark_workbook(path, job, limits=limits(), filename=name)
    else:
        workbook = read_workbook(path, limits=limits(), filename=name)
        file, extension = write_copy(workbook, job, _remarks(batch, doubts)), "xlsx"
    _record(batch, extension, actor)
    return file, f"{os.path.splitext(batch.file_name)[0]}{SUFFIX}.{extension}"


def notes_of(doubts):
    """{cell: [level, text]} of the doubts of one sheet."""
    notes = {}
    for doubt in doubts:
        level, text = notes.get(doubt.cell, (WARNING, ""))
        level = min(level, doubt.level, key=GRAVITY.index)
        notes[doubt.cell] = [level, f"{text}\n{doubt.line}".strip()[:LONGEST_COMMENT]]
    return notes


def _job(batch, doubts):
    """What the child process is told to do (`marking.Marking`)."""
    return {
        "author": SUFFIX[1:],
        "colours": COLOURS,
        "sheets": {
            summary["name"]: notes_of([doubt for doubt in doubts if doubt.sheet == number])
            for number, summary in enumerate(batch.sheets)
        },
        "list": _list(batch, doubts),
    }


def _remarks(batch, doubts):
    """{name of the sheet: {number of the row: text of the extra column}}."""
    remarks = {}
    for number, summary in enumerate(batch.sheets):
        own = [doubt for doubt in doubts if doubt.sheet == number and doubt.row is not None]
        if own:
            repeated = [
                skipped["row"] for skipped in summary["skipped"] if skipped["kind"] == REPEATED_HEADER
            ]
            rows = dict.fromkeys([*summary["header_rows"], *repeated], REMARKS)
            for doubt in own:
                rows[doubt.row] = f"{rows[doubt.row]}\n{doubt.line}" if doubt.row in rows else doubt.line
            remarks[summary["name"]] = rows
    return remarks


def _list(batch, doubts):
    """The sheet at the end of the workbook. An earlier one of ours was set aside in reading and gives way."""
    notes = [_("Correct the cells in this workbook, save it, and send it back; it can be imported as it is.")]
    if len(doubts) > LISTED:
        more = ngettext(
            "{count} further doubt is told in the comments of its cell.",
            "{count} further doubts are told in the comments of their cells.",
            len(doubts) - LISTED,
        )
        notes.append(more.format(count=len(doubts) - LISTED))
    return {
        "name": DOUBTS,
        "replaces": all(summary["name"] != DOUBTS for summary in batch.sheets),
        "title": DOUBTS_TITLE,
        "legend": [[level, f"{LEVELS[level]}：{MEANINGS[level]}"] for level in GRAVITY],
        "header": [_("Sheet"), _("Cell"), _("Colour"), _("What to do")],
        "rows": [
            [batch.sheets[doubt.sheet]["name"], doubt.cell, doubt.level, str(LEVELS[doubt.level]), doubt.text]
            for doubt in doubts[:LISTED]
        ],
        "notes": notes,
    }


MEANINGS = {
    ERROR: gettext_lazy("the whole row stays out until this is corrected."),
    REFUSED: gettext_lazy("the row is imported without the value of this cell."),
    QUESTION: gettext_lazy("the row stays out until somebody decides."),
    WARNING: gettext_lazy("it is imported as understood; please compare."),
}


@transaction.atomic
def _record(batch, extension, actor):
    """The file holds what its rows say of persons, identity numbers too: whoever takes it out is in the log."""
    keys = {column["field"] for summary in batch.sheets for column in summary["columns"]}
    keys &= set(HEADERS)
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=batch.association,
        details={
            "count": batch.counts["rows"],
            "fields": [header for key, header in HEADERS.items() if key in keys],
            "filter": _("Error sheet of {file}").format(file=batch.file_name),
            "format": extension,
            "reason": "",
            "identity": any(FIELD_CLASSES[key] == FieldClass.IDENTITY for key in keys),
            "import": batch.pk,
        },
    )
    matched = batch.rows.filter(member__isnull=False).order_by().values_list("member", flat=True)
    created = Member.objects.filter(imported_from__batch=batch).order_by().values_list("pk", flat=True)
    Disclosed.objects.note(action, [*matched, *created])
