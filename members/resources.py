"""Columns of the member export: one a field of the roster contract, in its form.

Column headings are a file format, not interface text. Imports go through `members.imports`.
"""

from collections import defaultdict

from import_export import fields, resources, widgets

from members import crypto
from members.models import Member
from members.models.member import ID_COLUMN
from members.rights import FIELD_CLASSES, Ability
from members.roster.contract import FIELDS
from organizations.partial_dates import PartialDateField, dotted

KEYS = [field.key for field in FIELDS]
HEADERS = {field.key: field.header for field in FIELDS}
CHUNK = 2000


class TextWidget(widgets.Widget):
    """A text as it is stored."""

    def render(self, value, obj=None, **kwargs):
        return value


class OptionalWidget(widgets.Widget):
    """A text of a record that need not be there."""

    def render(self, value, obj=None, **kwargs):
        return value or ""


class DottedDateWidget(widgets.Widget):
    """A partial date as rosters write it: 1985.06."""

    def render(self, value, obj=None, **kwargs):
        return dotted(value or "")


class SealedWidget(widgets.Widget):
    """An identity number in clear; who may read it was asked before."""

    def __init__(self):
        super().__init__()
        self.open = crypto.opener(ID_COLUMN)

    def render(self, value, obj=None, **kwargs):
        return self.open(value) if value else ""


# Where a key is not the name of the model's own field
ATTRIBUTES = {"employer": "employer__name", "id_number": "id_sealed"}
DATES = {field.name for field in Member._meta.concrete_fields if isinstance(field, PartialDateField)}


def _column(key):
    if key == "id_number":
        widget = SealedWidget()
    elif key in DATES:
        widget = DottedDateWidget()
    elif key in ATTRIBUTES:
        widget = OptionalWidget()
    else:
        widget = TextWidget()
    return fields.Field(attribute=ATTRIBUTES.get(key, key), column_name=HEADERS[key], widget=widget)


def exportable_keys(user):
    """The keys that `user` reads unmasked in every row they may export, in the contract's order."""
    rights = user.rights
    rows = rights.associations_for(Ability.EXPORT)
    return [key for key in KEYS if rows <= rights.associations_showing(FIELD_CLASSES[key])]


class MemberResource(resources.ModelResource):
    """The columns of `keys`, in that order (all in the contract's without it), of members."""

    class Meta:
        model = Member
        fields = ()

    def __init__(self, keys=None, **kwargs):
        super().__init__(**kwargs)
        self.fields = {key: _column(key) for key in (KEYS if keys is None else keys)}

    def rows(self, queryset, seen=None):
        """The rows of `queryset` as lists of texts, read in chunks past the model; what `export` gives, quicker.

        In the dict `seen` the ids of the members are gathered by the id of the association they belong to.
        """
        seen = defaultdict(list) if seen is None else seen
        columns = list(self.fields.values())
        special = [
            (place, column.widget.render)
            for place, column in enumerate(columns)
            if not isinstance(column.widget, TextWidget)
        ]
        paths = [column.attribute for column in columns]
        found = queryset.values_list(*paths, "association_id", "pk")
        for *row, association, pk in found.iterator(chunk_size=CHUNK):
            for place, render in special:
                row[place] = render(row[place])
            seen[association].append(pk)
            yield row
