"""The kinds of spreadsheet that imports take: what each speaks of, how its rows find whom they are about, what they
write. Preview, repair, columns, applying in steps, undoing and background work are the same for all of them.

Whatever the kind, a row is about one member.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.admin.sections import SECTIONS
from members.identity import mask_id_number
from members.imports.matching import Register
from members.imports.taking_back import MemberUndoing
from members.imports.writing import MemberWriter
from members.roster import vocabulary
from members.roster.cells import Settings
from members.roster.messages import SENTENCES
from members.template_sheet import LISTS_OF
from organizations.partial_dates import dotted


class NotWritable(Exception):
    """What the rows of a batch need cannot be made; the text says why, in a sentence for people."""


@dataclass(frozen=True)
class SheetKind:
    """One kind of spreadsheet. The classes are used as those of MEMBERS are; see there for what they take."""

    key: str
    label: str
    vocabulary: vocabulary.Vocabulary
    register: type
    """Finds the member of a row, and what the row would change: `matching.Register`."""
    writer: type
    """Writes the rows that are new or changed: `writing.MemberWriter`."""
    undoing: type
    """Says what undoing would do, and does it: `taking_back.MemberUndoing`."""
    summary: tuple
    """Keys of the fields that a row of the preview shows beside its name."""
    groups: tuple = ()
    """((title, keys), …): the order in which fields are offered for a column."""
    lists: dict = field(default_factory=dict)
    """{key: TextChoices} of fields with a list of values."""
    needed: frozenset = frozenset()
    """Keys of fields that blank cells never clear."""

    carries: tuple = ()
    """Keys of the fields that rows of a further batch, of columns kept aside, need beside the name."""
    words: dict = field(default_factory=dict)
    """{tab of the preview or list of the undoing: sentence about it}, where it is not that about members."""
    choose: Callable | None = None
    """``choose(batch, roster)`` fills `ImportBatch.options` from what a file says of itself, before its rows are
    matched. What somebody decided already stays."""
    fit: Callable | None = None
    """``fit(kind, batch)`` is this kind, its classes knowing the options of `batch`. A writer may raise NotWritable."""
    panel: Callable | None = None
    """``panel(batch)`` is what the page of a batch shows of its options: a dict with the key ``template``."""
    sentences: dict = field(default_factory=dict)
    """{code: sentence} of further messages that matching a row gives, said anew whenever the row is checked."""
    alike: frozenset = frozenset()
    """Codes of messages that many rows of a file share, to be answered for all of them."""
    picks: dict = field(default_factory=dict)
    """{code of a message: ((label, key of a field, text), …)}: answers to be given by one button."""

    @cached_property
    def dates(self):
        """Keys of the fields that hold dates of any precision."""
        return frozenset(
            key for key, each in self.vocabulary.fields.items() if each.kind in ("date", "birth", "period")
        )

    @cached_property
    def field_choices(self):
        """Groups of (key, header), as forms want them."""
        fields = self.vocabulary.fields
        groups = self.groups or (("", tuple(fields)),)
        return [
            (title, [(key, fields[key].header) for key in keys if key in fields]) for title, keys in groups
        ]

    def header(self, key):
        """The field's name as spreadsheets of this kind write it."""
        return self.vocabulary.header(key)

    def shown(self, key, text):
        """A stored value for people to read: dates as spreadsheets write them, identity numbers masked."""
        if key == "id_number":
            return mask_id_number(text)
        return dotted(text) if key in self.dates else text

    def settings(self, today):
        """What `values.column_reader` needs to read a typed text on the local date `today`."""
        return Settings(today, vocabulary=self.vocabulary)

    def stored(self, values):
        """A row's values as the database keeps them: dates in ISO form."""
        out = dict(values)
        for key in self.dates:
            if key in out:
                out[key] = out[key].replace(".", "-")
        return out

    def written(self, values):
        """Stored values as spreadsheets write them."""
        return {key: dotted(text) if key in self.dates else text for key, text in values.items()}


MEMBERS = SheetKind(
    key="members",
    label=_("Roster of members"),
    vocabulary=vocabulary.MEMBERS,
    register=Register,
    writer=MemberWriter,
    undoing=MemberUndoing,
    summary=("number", "sex", "birth", "category", "employer", "position", "mobile", "township"),
    groups=tuple((section.title, section.fields) for section in SECTIONS),
    lists=LISTS_OF,
    # what a record is told by, and what other rules hang on
    needed=frozenset(("name", "number", "sex", "birth", "id_kind", "id_number", "category", "status")),
)
KINDS = {}


def add_kind(kind):
    """Let imports take a further kind of spreadsheet; an app does so when it is ready."""
    KINDS[kind.key] = kind
    SENTENCES.update(kind.sentences)


def kind_of(batch):
    """The SheetKind of an ImportBatch, fit for its options."""
    kind = KINDS[batch.kind]
    return kind.fit(kind, batch) if kind.fit else kind


add_kind(MEMBERS)
