"""Writing members to a file, with an entry in the log of who took what."""

import tempfile
from collections import defaultdict
from functools import cached_property
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Disclosed
from members.resources import HEADERS, KEYS, MemberResource
from members.rights import FIELD_CLASSES, Ability, FieldClass
from organizations.models import Action, Association

# Classes of which the log keeps the reason for taking them
NEED_REASON = frozenset({FieldClass.PERSONAL, FieldClass.IDENTITY})
# Columns by which an import tells members of one name apart
TELLING = frozenset({"id_number", "number", "mobile", "second_mobile", "birth"})
KEY_OF_HEADER = {header: key for key, header in HEADERS.items()}

# Choices of columns that offices ask for, in the order of their sheets: {name: (label, keys)}
PRESETS = {
    "all": (_("All columns"), KEYS),
    "roster": (
        pgettext_lazy("columns", "Roster"),
        ["number", "name", "sex", "birth", "ethnicity", "political_status", "education", "employer", "position",
         "category", "mobile", "association_posts", "joined", "status"],
    ),
    "contacts": (
        pgettext_lazy("columns", "Address list"),
        ["name", "sex", "employer", "position", "association_posts", "mobile", "office_phone", "email", "wechat",
         "address"],
    ),
    "form": (
        pgettext_lazy("columns", "Registration form"),
        ["name", "former_name", "sex", "birth", "ethnicity", "native_place", "political_status", "party_joined",
         "second_party", "full_time_education", "full_time_degree", "full_time_school", "in_service_education",
         "in_service_degree", "in_service_school", "title", "title_level", "qualification", "work_started",
         "employer", "position", "employer_kind", "category", "occupation", "mobile", "email", "address",
         "township", "id_kind", "id_number", "social_posts", "honours", "association_posts", "joined"],
    ),
}  # fmt: skip
USUAL = "roster"


def by_class(keys):
    """[(FieldClass, [headers])] of the columns `keys`, the classes in the order of their care."""
    place = list(FieldClass).index
    classes = sorted(keys, key=lambda key: place(FIELD_CLASSES[key]))
    return [
        (found, [HEADERS[key] for key in group])
        for found, group in groupby(classes, FIELD_CLASSES.__getitem__)
    ]


class KeysField(forms.MultipleChoiceField):
    """Keys of columns. Which of them may be taken the form checks, and calls the others by name."""

    def valid_value(self, value):
        return True


class ColumnsForm(forms.Form):
    """Which columns in which order, in which format.

    `keys` are the columns ticked; those named in the parameter `order` come first, in that order, the rest in the
    contract's.
    """

    keys = KeysField(label=_("Columns"), error_messages={"required": _("Tick at least one column.")})
    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)

    def __init__(self, *args, formats, allowed, **kwargs):
        """`formats`: Format classes; `allowed`: keys of the columns the user may take."""
        super().__init__(*args, **kwargs)
        self.formats = {format_class().get_extension(): format_class() for format_class in formats}
        self.allowed = allowed
        self.fields["format"].choices = [(ending, each.get_title()) for ending, each in self.formats.items()]
        self.fields["format"].initial = next(iter(self.formats))

    def clean_keys(self):
        ticked = self.cleaned_data["keys"]
        refused = [HEADERS.get(key, key[:40]) for key in dict.fromkeys(ticked) if key not in self.allowed]
        if refused:
            raise ValidationError(
                _("These columns cannot be exported: %(names)s."), params={"names": "、".join(refused[:10])}
            )
        return in_order(ticked, self.data.get("order", ""))

    def check_count(self, count):
        """Refuses a format that cannot hold `count` members."""
        most = self.formats[self.cleaned_data["format"]].most_rows
        if most is not None and count > most:
            self.add_error(
                "format",
                _(
                    "{count} members are more than a sheet holds ({most}). Choose CSV or filter the list."
                ).format(count=count, most=most),
            )

    @property
    def file_format(self):
        return self.formats[self.cleaned_data["format"]]

    @property
    def groups(self):
        """What the page shows of the choice: [(FieldClass, [(key, header, ticked)])]."""
        chosen = self["keys"].value() or []
        return [
            (
                found,
                [(key, HEADERS[key], key in chosen) for key in self.allowed if FIELD_CLASSES[key] == found],
            )
            for found in FieldClass
            if any(FIELD_CLASSES[key] == found for key in self.allowed)
        ]


def in_order(keys, order):
    """The `keys`, each once: first those in the comma-separated text `order`, then the rest in the contract's."""
    keys = set(keys)
    return [key for key in dict.fromkeys([*order.split(","), *KEYS]) if key in keys]


def moved(keys, key, step):
    """`keys` with `key` one place further up (`step` ``"up"``) or down (``"down"``), or before all (``"first"``)."""
    keys = list(keys)
    if key not in keys:
        return keys
    place = keys.index(key)
    keys.remove(key)
    keys.insert({"up": max(place - 1, 0), "down": place + 1}.get(step, 0), key)
    return keys


class ReleaseForm(forms.Form):
    """Why personal data leave the register, and that identity numbers are meant to."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For whom and what for. It is kept in the log of exports."),
        error_messages={"required": _("The file will hold personal data: say for whom and what for.")},
    )
    recipient = forms.CharField(
        label=_("Handed to"),
        max_length=100,
        required=False,
        help_text=_(
            "The organization that gets the file, if it leaves the association: that needs the members' separate "
            "consent (PIPL art. 23). Members read it in their own file."
        ),
    )
    identity = forms.BooleanField(
        label=_("Yes, the file shall hold identity data, numbers in clear."),
        error_messages={"required": _("Tick this to export identity data, or go back and leave them out.")},
    )

    def __init__(self, *args, keys, **kwargs):
        """`keys`: the columns to be written, which decide what is asked."""
        super().__init__(*args, **kwargs)
        classes = {FIELD_CLASSES[key] for key in keys}
        self.fields["reason"].required = bool(classes & NEED_REASON)
        if FieldClass.IDENTITY not in classes:
            del self.fields["identity"]


class Heading:
    """The lines above the table of an exported sheet, and what was taken from where."""

    def __init__(self, *, actor, words, seen):
        """`seen` gathers the members by association while they are written; `words` say how they were chosen."""
        self.actor, self.maker, self.words, self.seen = actor, str(actor), words, seen

    def title(self):
        name = self.taken[0][0].name if len(self.taken) == 1 else ""
        return f"{name}会员名册"

    def note(self, count):
        day = timezone.localdate()
        return f"日期：{day:%Y-%m-%d}　共 {count} 人　制表：{self.maker}　范围：{self.words}"

    @cached_property
    def taken(self):
        """[(association, ids of members)]: one for each branch of the tree in which the actor may export.

        The association is the nearest above all rows of the branch. So the managers of each branch find in the log
        what was taken out of theirs, and not what was out of another.
        """
        own = self.actor.rights.associations_for(Ability.EXPORT)
        branches = {}
        for pk, path in Association.objects.filter(pk__in=self.seen).values_list("pk", "path"):
            top = next(step for step in path.split("/") if int(step) in own)
            branches.setdefault(top, []).append((pk, path))
        found = {_shared([path for _pk, path in rows]): rows for rows in branches.values()}
        return [
            (above, [member for pk, _path in found[above.path] for member in self.seen[pk]])
            for above in Association.objects.filter(path__in=found)
        ]


def _shared(paths):
    """What paths of one tree have in common from its root on."""
    shared = ""
    for steps in zip(*(path.rstrip("/").split("/") for path in paths), strict=False):
        if len(set(steps)) > 1:
            break
        shared += f"{steps[0]}/"
    return shared


def export_members(queryset, *, keys, file_format, actor, words, reason="", recipient=""):
    """Write the columns `keys` of the members of `queryset`; return an open temporary file, to be read from its start.

    Whether `actor` may is asked before. `words` say for people how the rows were chosen. The members themselves are
    noted too, for their own files. The file is not written in a transaction: on SQLite it would hold up all writers.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    resource, seen = MemberResource(keys=keys), defaultdict(list)
    headers = [HEADERS[key] for key in keys]
    heading = Heading(actor=actor, words=words, seen=seen)
    try:
        file_format.write(file, headers, resource.rows(queryset, seen), heading)
        details = {
            "fields": headers,
            "filter": words,
            "format": file_format.get_extension(),
            "reason": reason,
            "identity": any(FIELD_CLASSES[key] == FieldClass.IDENTITY for key in keys),
        }
        if recipient:
            details["recipient"] = recipient
        with transaction.atomic():
            for above, members in heading.taken:
                action = Action.objects.create(
                    kind=Action.Kind.EXPORT,
                    actor=actor,
                    association=above,
                    details={"count": len(members)} | details,
                )
                Disclosed.objects.note(action, members)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def last_columns(user):
    """The keys of the last export of `user` that the log tells of, [] without one.

    Error sheets, papers, rosters of bodies and copies for single members are none.
    """
    exports = Action.objects.filter(kind=Action.Kind.EXPORT, actor=user).exclude(
        details__has_any_keys=["import", "paper", "body", "copy", "log"]
    )
    last = exports.order_by("-pk").first()
    return keys_of(last) if last else []


def keys_of(action):
    """The keys of the columns of a logged export, without those that are no columns any more."""
    return [KEY_OF_HEADER[header] for header in action.details.get("fields", ()) if header in KEY_OF_HEADER]


def export_name(file_format):
    return f"会员名册-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"
