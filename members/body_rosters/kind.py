"""The kind of sheet: what the imports take rosters of bodies by."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.sections import SECTIONS
from members.body_rosters.fields import OWN, PERSON, VOCABULARY, EndWord, HowWord
from members.body_rosters.guess import choose
from members.body_rosters.matching import BodyRegister
from members.body_rosters.panel import panel
from members.body_rosters.taking_back import BodyUndoing
from members.body_rosters.target import Target
from members.body_rosters.writing import BodyWriter
from members.imports.kinds import SheetKind
from members.models.imports import BODIES as KEY
from members.template_sheet import LISTS_OF


def fitted(kind, batch):
    """The kind with what its classes need to know of `batch`: the body and the term it is about."""
    known = {"target": Target(batch)}
    return replace(
        kind,
        register=type("Register", (BodyRegister,), known),
        writer=type("Writer", (BodyWriter,), known),
    )


BODIES = SheetKind(
    key=KEY,
    label=_("Roster of a body"),
    vocabulary=VOCABULARY,
    register=BodyRegister,
    writer=BodyWriter,
    undoing=BodyUndoing,
    summary=(
        "association_posts",
        "started",
        "ended",
        "how",
        "basis",
        "birth",
        "employer",
        "mobile",
        "remarks",
    ),
    groups=(
        (pgettext_lazy("section", "Posts"), tuple(field.key for field in OWN)),
        *((section.title, tuple(key for key in section.fields if key in PERSON)) for section in SECTIONS),
    ),
    lists=LISTS_OF | {"how": HowWord, "end_reason": EndWord},
    needed=frozenset(VOCABULARY.fields),
    carries=("association_posts", "term"),
    words={
        "new": _("They get a post that they do not hold yet."),
        "update": _("The post is held already; its dates or its basis are written otherwise."),
        "unchanged": _("They hold these posts already."),
        "removed": _("Appointments of this import: they are kept as voided and no longer count."),
        "restored": _("Appointments that this import changed or ended; they are again as they were."),
        "kept": _(
            "Touched since by somebody else; and persons whom this import registered, who stay members. A body that "
            "it established stays as well."
        ),
    },
    fit=fitted,
    choose=choose,
    panel=panel,
)
