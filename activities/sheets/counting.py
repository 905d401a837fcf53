"""The numbers that a sheet states beside those that its rows give."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import PRESENT, Presence
from activities.sheets.words import understand
from members.models import payload_opener


@dataclass(frozen=True)
class Line:
    """One number of the sheet."""

    label: str
    stated: int | None
    read: int
    sentence: str = ""
    """What to look at, where the two differ."""

    @property
    def fits(self):
        return self.stated is None or self.stated == self.read


@dataclass(frozen=True)
class Read:
    """What the rows of a batch say."""

    numbers: dict
    """{expected, present, leave, absent, late, observers, blank, unclear: number}"""
    strangers: list
    """Ids of the open rows about people who are no members, nor have the name of one."""


def read_rows(batch, blank):
    """The Read of a batch: of all rows but those left out and those that repeat another one."""
    opened, numbers, strangers = payload_opener(), Counter(), []
    rows = batch.rows.exclude(outcome="left_out").order_by("position")
    for pk, payload in rows.values_list("pk", "payload"):
        content = opened(payload)
        if any(_is_repeat(message) for message in content["messages"]):
            continue
        if any(_is_stranger(message) for message in content["messages"]):
            strangers.append(pk)
        said = understand(content["values"], blank=blank)
        if said.presence == Presence.OBSERVER:
            numbers["observers"] += 1
            continue
        numbers["expected"] += 1
        if said.unclear:
            numbers["unclear"] += 1
        elif not said.presence:
            numbers["blank"] += 1
        elif said.presence in PRESENT:
            numbers["present"] += 1
            numbers["late"] += said.presence == Presence.LATE
        else:
            numbers[said.presence] += 1
    return Read(dict(numbers), strangers)


def _is_repeat(message):
    return message["code"] == "duplicate_in_file" and message["params"].get("variant") == "same"


def _is_stranger(message):
    return message["code"] == "not_registered" and not message["params"].get("members")


def lines(stated, read):
    """[Line] of the numbers that the sheet states, or that are told anyway."""
    numbers = Counter(read.numbers)
    labels = {
        "expected": pgettext("attendance", "expected (应到)"),
        "present": pgettext("attendance", "were there (实到)"),
        "leave": pgettext("attendance", "on leave"),
        "absent": pgettext("attendance", "absent"),
        "late": pgettext("attendance", "late"),
        "observers": pgettext("attendance", "observers"),
    }
    found = []
    for key, label in labels.items():
        number = stated.get(key)
        if number is None and key in ("late", "observers") and not numbers[key]:
            continue
        found.append(Line(label, number, numbers[key], _sentence(key, number, numbers)))
    return found


def _sentence(key, stated, numbers):
    read = numbers[key]
    if stated is None or stated == read:
        return ""
    sentences = {
        "expected": _("The sheet states {stated} expected and names {read}. Please check."),
        "present": _(
            "The sheet states that {stated} were there; {read} have signed or are said to have come."
        ),
        "leave": _("The sheet states {stated} on leave; of {read} it is written. Please check."),
        "absent": _("The sheet states {stated} absent; of {read} it is written. Please check."),
        "late": _("The sheet states {stated} late; of {read} it is written. Please check."),
        "observers": _("The sheet states {stated} observers; of {read} it is written. Please check."),
    }
    return sentences[key].format(stated=stated, read=read)
