"""The fields by which members may be filtered, by their name in addresses."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import codes
from members.filters.kinds import (
    Age,
    Choice,
    Further,
    Kind,
    Moment,
    Name,
    Operator,
    PartialDate,
    Place,
    Presence,
    RelatedName,
    Text,
)
from members.models import Member
from members.rights import FIELD_CLASSES
from organizations.partial_dates import PartialDateField


@dataclass(frozen=True)
class Field:
    """`reads` is the key in `FIELD_CLASSES` whose class decides who may ask, "" for what every reader of a row knows.

    `lookup` leads to the column from a member; `column` is that in the rows of a relation.
    """

    key: str
    title: str
    kind: Kind
    reads: str
    lookup: str
    column: str = ""

    @property
    def label(self):
        return str(capfirst(self.title))

    def open_to(self, rights):
        return not self.reads or rights.may_search(self.reads)


POLITICAL_GROUPS = {
    "cpc": (_("CPC members, with probationary members"), codes.CPC_MEMBERS),
    "democratic_parties": (_("the eight democratic parties"), codes.DEMOCRATIC_PARTIES),
}
ETHNIC_GROUPS = {"minorities": (_("ethnic minorities"), codes.MINORITIES)}

# Lists of values; every other field of a member is text or, by its column, a partial date
CHOICES = {
    "sex": Choice(choices=codes.Sex),
    "category": Choice(choices=codes.Category),
    "ethnicity": Choice(choices=codes.Ethnicity, groups=ETHNIC_GROUPS),
    "political_status": Choice(choices=codes.PoliticalStatus, groups=POLITICAL_GROUPS),
    "second_party": Choice(choices=codes.PoliticalStatus, groups=POLITICAL_GROUPS),
    "education": Choice(choices=codes.Education),
    "full_time_education": Choice(choices=codes.Education),
    "in_service_education": Choice(choices=codes.Education),
    "title_level": Choice(choices=codes.TitleLevel),
    "id_kind": Choice(choices=codes.IdKind),
    "status": Choice(choices=codes.Status, operators=(Operator.IS, Operator.NOT)),
}
# The order in which fields are offered; those not named here follow in the order of the member's columns
FIRST = ("category", "occupation", "further_category", "status", "association", "township", "sex", "age", "birth",
         "political_status", "ethnicity", "education", "degree", "title_level", "title", "employer", "employer_kind",
         "position", "joined", "work_started")  # fmt: skip


def _field(key):
    """The filter by the member's own field `key`."""
    column = Member._meta.get_field(key)
    if key in CHOICES:
        kind = CHOICES[key]
    else:
        kind = PartialDate() if isinstance(column, PartialDateField) else Text()
    return Field(key, column.verbose_name, kind, key, key)


def _fields():
    own = {
        "name": Field("name", _("name"), Name(), "name", "name"),
        "employer": Field("employer", _("employer"), RelatedName(), "employer", "employer__name"),
        "id_number": Field("id_number", _("identity number"), Presence(), "id_number", "id_sealed"),
        "age": Field("age", _("age"), Age(), "birth", "birth"),
        "association": Field("association", _("association"), Place(), "", "association"),
        "further_category": Field(
            "further_category",
            _("further category"),
            Further(choices=codes.Category),
            "category",
            "further_categories",
            "category",
        ),
        "entered": Field("entered", _("entered"), Moment(), "", "created_at"),
        "changed": Field("changed", pgettext_lazy("filter", "last changed"), Moment(), "", "updated_at"),
    }
    columns = [column.name for column in Member._meta.concrete_fields if column.name in FIELD_CLASSES]
    order = dict.fromkeys([*FIRST, *columns, *own])
    return {key: own.get(key) or _field(key) for key in order}


FIELDS = _fields()


def filterable_fields(rights):
    """The fields by which the user of `rights` may filter, in the order to offer them."""
    return [field for field in FIELDS.values() if field.open_to(rights)]
