"""Columns of staff screens that show a field of a member under its class."""

from members.admin.sections import label_of, text_of


def readable_column(rights, key, empty):
    """A column (a callable for the admin) with the field `key` of each member as the user of `rights` may read it."""

    def column(member):
        return text_of(member, key, rights) or empty

    column.__name__ = key
    column.short_description = label_of(key)
    return column
