"""Values in requests for changes, as text: what a record holds, and what people read of a value."""

from members import identity
from members.admin.sections import SECTIONS
from members.models import Member
from members.own_fields import REVIEWED_FIELDS

# the reviewed fields as they stand in a record
IN_ORDER = tuple(name for section in SECTIONS for name in section.fields if name in REVIEWED_FIELDS)


def in_order(changes):
    """RequestedChange rows in the order of a record."""
    return sorted(changes, key=lambda change: IN_ORDER.index(change.field))


def stored(member, key):
    """The value of the reviewed field `key` in the record of `member`, "" without one; the employer by its name."""
    if key == "employer":
        return member.employer.name if member.employer else ""
    return getattr(member, key)


def in_words(key, text):
    """The value `text` of the field `key` for people; of an identity number the middle is hidden."""
    if not text:
        return ""
    if key == "id_number":
        return identity.mask_id_number(text)
    return str(dict(Member._meta.get_field(key).flatchoices).get(text, text))
