"""The page that shows managers who may do and read what: the tables of members/rights.py, nothing of its own."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.sections import label_of
from members.own_fields import OwnAccess, own_access
from members.rights import BODY_ROLES, FIELD_CLASSES, PART_CLASSES, ROLES, Ability, FieldClass, Role

PART_LABELS = {
    "sort_name": _("name for the order of strokes"),
    "photo": _("photo"),
    "further_categories": _("further categories"),
    "status_changes": _("changes of status"),
}
# In words what the permissions of a role come to, beyond its abilities
EXTRA = (
    ("members.view_statistics", pgettext_lazy("role", "open the statistics")),
    ("members.reveal_identity", _("have an identity number shown in full, with a reason")),
    ("members.add_invitation", pgettext_lazy("role", "invite members to their accounts")),
    ("members.change_changerequest", pgettext_lazy("role", "decide what members ask to have changed")),
    ("members.change_application", pgettext_lazy("role", "decide applications for membership")),
    ("members.add_membercard", pgettext_lazy("role", "issue member cards")),
    ("organizations.change_meeting", pgettext_lazy("role", "keep meetings, terms and posts")),
    ("organizations.view_change", pgettext_lazy("role", "read the list of changes and actions")),
    ("members.view_personrequest", pgettext_lazy("role", "see requests about personal data")),
    ("members.view_disclosed", pgettext_lazy("role", "read the log of disclosures")),
    ("members.add_retentionrun", pgettext_lazy("role", "start retention runs")),
    ("members.delete_member", pgettext_lazy("role", "delete members")),
)
OWN = (
    (OwnAccess.DIRECT, _("change at once")),
    (OwnAccess.REVIEWED, _("ask for a change, which the secretariat decides field by field")),
    (OwnAccess.READ, _("read only: the association keeps it")),
)


@permission_required("members.view_rolegrant", raise_exception=True)
def rights(request):
    # those that are held in one body alone stand beside the others
    columns = [(Role(role).label, rights) for role, rights in ROLES.items()]
    columns += [
        (_("{role} of one body").format(role=Role(role).label), rights) for role, rights in BODY_ROLES.items()
    ]
    context = {
        "title": _("Roles and fields"),
        "roles": [label for label, _rights in columns],
        "abilities": [
            (ability.label, [ability in rights.abilities for _label, rights in columns])
            for ability in Ability
        ]
        + [(label, [name in rights.permissions for _label, rights in columns]) for name, label in EXTRA],
        "reads": [
            (each.label, [_read_as(each, rights) for _label, rights in columns]) for each in FieldClass
        ],
        "fields": [(each.label, fields_of(each)) for each in FieldClass],
        "own": [(label, own_fields(access)) for access, label in OWN],
    }
    return render(request, "admin/members/member/rights.html", admin.site.each_context(request) | context)


def fields_of(field_class):
    """Labels of the fields and other parts of a record that are of that class."""
    fields = [label_of(key) for key, found in FIELD_CLASSES.items() if found == field_class]
    return fields + [PART_LABELS[key] for key, found in PART_CLASSES.items() if found == field_class]


def own_fields(access):
    """Labels of the fields to which members have that OwnAccess in their own record."""
    fields = [label_of(key) for key in FIELD_CLASSES if own_access(key) == access]
    return fields + [PART_LABELS[key] for key in ("photo", "further_categories") if own_access(key) == access]


def _read_as(field_class, rights):
    """How a role shows the fields of that class: "reads", "masked", "counted" or "" for nothing at all."""
    if field_class in rights.classes:
        return "reads"
    if Ability.READ in rights.abilities:
        return "masked"
    return "counted" if field_class in rights.counted else ""
