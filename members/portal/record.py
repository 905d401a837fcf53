"""One's own record as its member reads it: by section, each field with what may be done about it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin import sections
from members.admin.sections import IMPORTANT, label_of
from members.codes import Category
from members.models import Member
from members.own_fields import OwnAccess, own_access


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    fields: tuple[str, ...]

    @property
    def direct(self):
        """The fields that are changed at once."""
        return [key for key in self.fields if own_access(key) == OwnAccess.DIRECT]

    @property
    def first_reviewed(self):
        """Key of the first field that is changed by a request, "" without one."""
        return next((key for key in self.fields if own_access(key) == OwnAccess.REVIEWED), "")


def _as_the_staff_see_it(key):
    """The section of the staff's record, less the inputs that are no field."""
    section = next(each for each in sections.SECTIONS if each.key == key)
    return Section(key, section.title, tuple(name for name in section.fields if name != "remove_id"))


SECTIONS = (
    _as_the_staff_see_it("contact"),
    Section(
        "work",
        pgettext_lazy("section", "Work"),
        ("employer", "position", "employer_kind", "employer_uscc", "category", "further_categories", "occupation",
         "title", "title_level", "qualification", "work_started", "social_posts", "honours"),
    ),
    _as_the_staff_see_it("identity"),
    _as_the_staff_see_it("education"),
    Section(
        "association",
        pgettext_lazy("section", "Association"),
        ("number", "status", "joined", "association_posts", "township", "remarks"),
    ),
)  # fmt: skip
SECTION_OF = {key: section for section in SECTIONS for key in section.fields}
MARKS = {
    OwnAccess.DIRECT: _("changed at once"),
    OwnAccess.REVIEWED: _("reviewed"),
    OwnAccess.READ: _("kept by the association"),
}


@dataclass(frozen=True)
class OwnFact:
    key: str
    label: str
    text: str
    access: OwnAccess

    @property
    def mark(self):
        return MARKS[self.access]


def own_text(member, key):
    """The field `key` in words; the identity number is masked even for its owner, since screens get looked at."""
    if key == "id_number":
        return member.masked_id
    if key == "further_categories":
        return "、".join(str(further) for further in member.further_categories.all())
    field = Member._meta.get_field(key)
    return str((getattr(member, f"get_{key}_display")() if field.choices else getattr(member, key)) or "")


def own_facts(member):
    """[(Section, [OwnFact])] of the record of `member`."""
    return [
        (
            section,
            [OwnFact(key, own_label(key), own_text(member, key), own_access(key)) for key in section.fields],
        )
        for section in SECTIONS
    ]


def own_label(key):
    return _("Further categories") if key == "further_categories" else label_of(key)


def missing(member):
    """[(label, key, Section, OwnAccess)] of the empty important fields that the member can fill in or ask for."""
    keys = [key for key in IMPORTANT if own_access(key) != OwnAccess.READ and not own_text(member, key)]
    return [
        (own_label(key), key, SECTION_OF[key], own_access(key))
        for key in keys
        # who works for nobody lacks no employer
        if not (key == "employer" and member.category == Category.FREELANCE)
    ]
