"""What the checker says."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Severity(TextChoices):
    """Errors first: the order here is that of all lists of findings."""

    ERROR = "error", pgettext_lazy("finding", "Not allowed")
    WARNING = "warning", pgettext_lazy("finding", "To be checked")
    HINT = "hint", pgettext_lazy("finding", "Hint")


class Place(TextChoices):
    """Where what a finding is about is put right; the screens know the address (charter/places.py)."""

    BODY = "body", pgettext_lazy("place", "Body")
    MEMBERS = "members", pgettext_lazy("place", "Member list")
    MEETINGS = "meetings", pgettext_lazy("place", "Meetings")
    FILINGS = "filings", pgettext_lazy("place", "Filings")
    ELECTION = "election", pgettext_lazy("place", "Re-election")


class Concerned(NamedTuple):
    """A person whom a finding names; `detail` is the value it rests on, to be read under a field class."""

    id: int
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Found:
    """What a rule finds, before it is known how severe that is and where it is written.

    `sentence` and `cure` name no person and no value of a field, so that everybody in sight of the bodies may read
    them. `reads` is the member's field (key of members/rights.py) that the details of the persons rest on; where
    `names_tell`, being in the list of persons says that field's value already, and the list is for its readers alone.
    """

    sentence: str
    cure: str = ""
    place: str = Place.BODY
    persons: tuple[Concerned, ...] = ()
    reads: str = ""
    names_tell: bool = False
    bodies: tuple[int, ...] = ()
    """Ids of the bodies it is about, the one it is listed under first; none: the association itself."""
    article: str = ""
    source: str = ""
    """Where it is written, if not where the rule is."""


@dataclass(frozen=True)
class Finding:
    """A rule broken, or something to think of, on one day. Sentences are in the language of the moment it was made."""

    rule: str
    """Key of the kind of rule: `age_limit`."""
    title: str
    severity: str
    article: str
    source: str
    sentence: str
    persons: tuple[Concerned, ...]
    cure: str
    place: str
    bodies: tuple[int, ...]
    reads: str
    names_tell: bool

    @property
    def body(self):
        """Id of the body under which it is listed, None for the association."""
        return self.bodies[0] if self.bodies else None
