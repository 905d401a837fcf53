"""The kind of sheet: what the imports take sign-in sheets by."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.sheets.fields import LISTS, OWN, PERSON, VOCABULARY
from activities.sheets.guess import choose
from activities.sheets.matching import ALIKE, GUESTS, PICKS, SENTENCES, SheetRegister
from activities.sheets.panel import panel
from activities.sheets.taking_back import SheetUndoing
from activities.sheets.target import Target
from activities.sheets.writing import SheetWriter
from members.admin.sections import SECTIONS
from members.imports.kinds import SheetKind
from members.models.imports import SHEETS as KEY
from members.template_sheet import LISTS_OF


def fitted(kind, batch):
    """The kind with what its classes need to know of `batch`: the activity or meeting it goes to."""
    known = {"target": Target(batch)}
    # guests of a meeting stand in its own page
    picks = {code: each for code, each in PICKS.items() if code != GUESTS or "meeting" not in batch.options}
    return replace(
        kind,
        register=type("Register", (SheetRegister,), known),
        writer=type("Writer", (SheetWriter,), known),
        picks=picks,
    )


SHEETS = SheetKind(
    key=KEY,
    label=_("Sign-in sheet of an activity or meeting"),
    vocabulary=VOCABULARY,
    register=SheetRegister,
    writer=SheetWriter,
    undoing=SheetUndoing,
    summary=("presence", "signature", "remarks", "reason", "proxy", "employer", "position", "mobile"),
    groups=(
        (pgettext_lazy("section", "Attendance"), tuple(field.key for field in OWN[:-2])),
        *((section.title, tuple(key for key in section.fields if key in PERSON)) for section in SECTIONS),
    ),
    lists=LISTS_OF | LISTS,
    needed=frozenset(VOCABULARY.fields),
    words={
        "new": _("They come onto the list of the activity with this import."),
        "update": _(
            "They are on the list already; the sheet says something of their coming that it does not."
        ),
        "unchanged": _("The list says the same already."),
        "removed": _("Rows of the list that this import made, and the activity, if it made that too."),
        "restored": _("Rows of the list that this import changed; they are again as they were."),
        "kept": _(
            "Touched since by somebody else, or settled since; and persons whom this import registered, who stay "
            "members."
        ),
    },
    fit=fitted,
    choose=choose,
    panel=panel,
    sentences=SENTENCES,
    alike=ALIKE,
    picks=PICKS,
)
