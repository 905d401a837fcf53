"""What the page of a body shows of its rosters."""

from django import template

from members.imports.work import IMPORT_PERMISSIONS
from members.models import ImportBatch
from members.models.imports import BODIES
from members.rights import Ability

register = template.Library()
LISTED = 5


@register.simple_tag(takes_context=True)
def rosters_of(context, body):
    """{may_import, may_export, batches}: what the user may do with rosters of `body`, and its latest imports."""
    user = context["request"].user
    rights = user.rights
    may_import = (
        user.has_perms(IMPORT_PERMISSIONS)
        and rights.may(Ability.IMPORT, body.association_id)
        and rights.may_in_body(Ability.EDIT, body)
    )
    may_export = user.has_perm("members.export_member") and rights.may_in_body(Ability.EXPORT, body)
    batches = ImportBatch.objects.none()
    if may_import:
        batches = ImportBatch.objects.visible_to(user).filter(kind=BODIES, body=body)
        batches = batches.exclude(state=ImportBatch.State.DISCARDED).select_related("created_by")
    return {
        "may_import": may_import,
        "may_export": may_export,
        "batches": list(batches.defer("sheets", "look")[:LISTED]),
    }
