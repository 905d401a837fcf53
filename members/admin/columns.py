"""Columns of staff screens that show a field of a member under its class."""

from django.utils.translation import gettext_lazy as _

from members.models import Member
from members.rights import HIDDEN, mask


def readable_column(rights, key, empty):
    """A column (a callable for the admin) with the field `key` of each member as the user of `rights` may read it."""

    def column(member):
        if key == "id_number":
            if not member.id_sealed:
                return empty
            return member.masked_id if rights.may_read(key, member.association_id) else HIDDEN
        value = getattr(member, key)
        shown = value if rights.may_read(key, member.association_id) else mask(key, value)
        return shown or empty

    column.__name__ = key
    column.short_description = (
        _("identity number") if key == "id_number" else Member._meta.get_field(key).verbose_name
    )
    return column
