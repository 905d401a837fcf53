"""The page that shows managers who may do and read what: the tables of members/rights.py, nothing of its own."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.admin.sections import label_of
from members.rights import FIELD_CLASSES, PART_CLASSES, ROLES, Ability, FieldClass, Role

PART_LABELS = {
    "sort_name": _("name for the order of strokes"),
    "photo": _("photo"),
    "further_categories": _("further categories"),
    "status_changes": _("changes of status"),
}
# In words what the permissions of a role come to, beyond its abilities
EXTRA = (
    ("members.reveal_identity", _("have an identity number shown in full, with a reason")),
    ("organizations.view_change", pgettext_lazy("role", "read the list of changes and actions")),
    ("members.delete_member", pgettext_lazy("role", "delete members")),
)


@permission_required("members.view_rolegrant", raise_exception=True)
def rights(request):
    context = {
        "title": _("Roles and fields"),
        "roles": [Role(role).label for role in ROLES],
        "abilities": [
            (ability.label, [ability in ROLES[role].abilities for role in ROLES]) for ability in Ability
        ]
        + [(label, [name in ROLES[role].permissions for role in ROLES]) for name, label in EXTRA],
        "reads": [(each.label, [each in ROLES[role].classes for role in ROLES]) for each in FieldClass],
        "fields": [(each.label, fields_of(each)) for each in FieldClass],
    }
    return render(request, "admin/members/member/rights.html", admin.site.each_context(request) | context)


def fields_of(field_class):
    """Labels of the fields and other parts of a record that are of that class."""
    fields = [label_of(key) for key, found in FIELD_CLASSES.items() if found == field_class]
    return fields + [PART_LABELS[key] for key, found in PART_CLASSES.items() if found == field_class]
