"""Sheets with a column for each of several activities: one of them is taken at a time."""

import re
from dataclasses import dataclass, replace

from django.utils import timezone

from activities.sheets.guess import propose
from activities.sheets.heading import day_in, read_heading
from activities.sheets.words import read_words
from members.imports.looks import look_of
from members.roster.decisions import ASIDE, Decisions

CHOSEN = "signature"


@dataclass(frozen=True)
class DayColumn:
    """A column that tells who was at one of several activities."""

    sheet: int
    letter: str
    header: str

    @property
    def key(self):
        return f"{self.sheet}-{self.letter}"


def day_columns(batch):
    """The `DayColumn`s of a batch, [] unless there are several, or one and no column with signatures."""
    looks, found = look_of(batch), []
    for number, sheet in enumerate(batch.sheets):
        mine = []
        decided = Decisions.from_json(batch.decisions).of_sheet(sheet["name"]).columns
        for column in sheet["columns"]:
            is_open = not column["field"] and not column.get("ignored")
            is_chosen = decided.get(column["column"]) == CHOSEN
            if (is_open or is_chosen) and _is_about_a_day(column, looks[number]):
                mine.append(DayColumn(number, column["column"], column["header"]))
        has_other = any(
            column["field"] in ("signature", "presence") and decided.get(column["column"]) != CHOSEN
            for column in sheet["columns"]
        )
        found += mine if len(mine) > 1 or not has_other else []
    return found


def _is_about_a_day(column, look):
    """Whether its header names a day, or its cells say who was there."""
    samples = look["samples"].get(column["column"], [])
    tells = bool(samples) and all(read_words(text) is not None for text in samples)
    return tells or (bool(column["header"]) and day_in(column["header"], timezone.localdate())[0] is not None)


def take_column(batch, column):
    """Let `column` tell who was there, those beside it be kept aside, and the activity be that of its header.

    Returns the Decisions with which the file is to be read again; the caller saves the batch's options with it.
    """
    decisions = Decisions.from_json(batch.decisions)
    sheet = batch.sheets[column.sheet]["name"]
    decision = decisions.of_sheet(sheet)
    letters = {other.letter: ASIDE for other in day_columns(batch) if other.sheet == column.sheet}
    letters = decision.columns | letters | {column.letter: CHOSEN}
    found = read_heading([[column.header]], stem=batch.file_name, today=timezone.localdate())
    title = re.sub(r"[\d年月日号.\-/()（）\s]+", "", column.header)
    above = read_heading(
        [texts for _number, texts in look_of(batch)[column.sheet]["rows"][:2]],
        stem=batch.file_name,
        today=timezone.localdate(),
    )
    found.title = title if len(title) > 1 else above.title
    found.place = ""
    for key in ("activity", "meeting", "make", "of_association"):
        batch.options.pop(key, None)
    batch.body = None
    propose(batch, found)
    return replace(decisions, sheets=decisions.sheets | {sheet: replace(decision, columns=letters)})
