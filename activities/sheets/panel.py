"""What the page of a batch says about the sheet as a whole."""

from activities.models import Presence
from activities.sheets.columns import day_columns
from activities.sheets.counting import lines, read_rows
from activities.sheets.target import Target
from members.models.imports import DISCARDABLE_STATES, OPEN_STATES


def panel(batch):
    """The template of the part of the page, and what it shows."""
    target = Target(batch)
    read = read_rows(batch, target.blank)
    numbers = read.numbers
    return {
        "template": "activities/_sheet.html",
        "target": target,
        "activity": target.activity,
        "meeting": target.meeting,
        "thing": target.thing,
        "may_choose": batch.state in DISCARDABLE_STATES and not batch.work,
        "may_answer": batch.state in OPEN_STATES and not batch.work,
        "lines": lines(target.options.get("stated", {}), read),
        "blank_word": Presence(target.blank).label if target.blank else "",
        "blank": numbers.get("blank", 0),
        "unclear": numbers.get("unclear", 0),
        "pictures": target.options.get("pictures", 0),
        "strangers": len(read.strangers) if not target.meeting else 0,
        "columns": day_columns(batch) if batch.state in DISCARDABLE_STATES else [],
    }
