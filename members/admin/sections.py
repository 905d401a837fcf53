"""The sections in which a member's record is read and edited, and what a reader sees of each field."""

import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.codes import Category
from members.models import Member
from members.rights import HIDDEN, mask
from organizations.partial_dates import age_on


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    fields: tuple[str, ...]
    """Fields of the form in its order."""


SECTIONS = (
    Section(
        "identity",
        pgettext_lazy("section", "Identity"),
        ("name", "former_name", "sex", "birth", "ethnicity", "native_place", "political_status", "second_party",
         "party_joined", "id_kind", "id_number", "remove_id"),
    ),
    Section(
        "work",
        pgettext_lazy("section", "Work"),
        ("employer", "position", "employer_kind", "employer_uscc", "occupation", "title", "title_level",
         "qualification", "work_started", "social_posts", "honours"),
    ),
    Section(
        "education",
        pgettext_lazy("section", "Education"),
        ("education", "degree", "school", "major", "full_time_education", "full_time_degree", "full_time_school",
         "in_service_education", "in_service_degree", "in_service_school"),
    ),
    Section(
        "association",
        pgettext_lazy("section", "Association"),
        ("association", "number", "category", "status", "joined", "association_posts", "township",
         "sort_name"),
    ),
    Section(
        "contact",
        pgettext_lazy("section", "Contact"),
        ("mobile", "second_mobile", "office_phone", "email", "wechat", "address"),
    ),
    Section("notes", pgettext_lazy("section", "Notes"), ("remarks",)),
)  # fmt: skip
SECTION_OF = {name: section for section in SECTIONS for name in section.fields}

# Without these a record is not finished
IMPORTANT = (
    "sex", "birth", "ethnicity", "political_status", "id_number", "employer", "education", "number", "category",
    "joined", "mobile",
)  # fmt: skip
LABELS = {"id_number": gettext_lazy("identity number")}
PHONES = frozenset({"mobile", "second_mobile", "office_phone"})
DIALLED = re.compile(r"\+?[0-9 -]{5,20}")


@dataclass(frozen=True)
class Fact:
    """One field of a record as its reader sees it; `link` dials or writes, `""` where there is nothing to."""

    key: str
    label: str
    text: str
    link: str = ""


def label_of(key):
    return capfirst(LABELS.get(key) or Member._meta.get_field(key).verbose_name)


def text_of(member, key, rights):
    """The field `key` of `member` in words, masked for who may not read its class; ``""`` without a value."""
    readable = key == "association" or rights.may_read(key, member.association_id)
    if key == "id_number":
        # the middle of the number is hidden from everybody; it is shown on request only
        return "" if not member.id_sealed else member.masked_id if readable else HIDDEN
    value = getattr(member, key)
    if not readable:
        return mask(key, value)
    if Member._meta.get_field(key).choices:
        return getattr(member, f"get_{key}_display")()
    if key == "birth" and value:
        return _("{date} (aged {age})").format(date=value, age=age_on(value, timezone.localdate()))
    return str(value or "")


def fact(member, key, rights):
    text = text_of(member, key, rights)
    link = ""
    if text and (key in PHONES or key == "email") and rights.may_read(key, member.association_id):
        if key == "email":
            link = f"mailto:{text}"
        elif DIALLED.fullmatch(text):
            link = f"tel:{text.replace(' ', '')}"
    return Fact(key, label_of(key), text, link)


def facts(member, section, rights):
    """The Facts of a Section; inputs that are no field of the record are left out."""
    return [fact(member, key, rights) for key in section.fields if key != "remove_id"]


def missing(member, rights):
    """[(label, Section)] of the important fields that are empty, as far as the reader of `rights` may read them."""
    return [
        (label_of(key), SECTION_OF[key])
        for key in IMPORTANT
        if rights.may_read(key, member.association_id)
        and not _has(member, key)
        # who works for nobody lacks no employer
        and not (key == "employer" and member.category == Category.FREELANCE)
    ]


def _has(member, key):
    return bool(member.id_sealed if key == "id_number" else getattr(member, key))
