"""What members may do to the fields of their own record: change at once, ask for a change, or read only (design §6)."""

from django.db.models import TextChoices

from members.rights import FIELD_CLASSES, FieldClass, class_of


class OwnAccess(TextChoices):
    DIRECT = "direct"
    REVIEWED = "reviewed"
    READ = "read"


# beside the contact data, what members alone know and nobody decides by
_DIRECT = frozenset({"position", "occupation", "social_posts", "honours", "photo"})
# given by the association; posts follow from appointments
_READ = frozenset(
    {"number", "association_posts", "joined", "status", "township", "remarks", "further_categories"}
)


def own_access(key):
    """The OwnAccess of members to the field `key` (of the roster contract, or "photo") of their own record.

    Contact data are changed at once; identity, personal data and what the association counts by are reviewed.
    """
    if key in _READ:
        return OwnAccess.READ
    if key in _DIRECT or class_of(key) == FieldClass.CONTACT:
        return OwnAccess.DIRECT
    return OwnAccess.REVIEWED


DIRECT_FIELDS = tuple(key for key in FIELD_CLASSES if own_access(key) == OwnAccess.DIRECT)
REVIEWED_FIELDS = tuple(key for key in FIELD_CLASSES if own_access(key) == OwnAccess.REVIEWED)
