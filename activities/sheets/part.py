"""Sign-in sheets on the page of an activity: the way to bring one, and those brought."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.frame import may_edit
from activities.models import Activity
from activities.parts import Part, Tool
from members.imports.work import IMPORT_PERMISSIONS
from members.models import ImportBatch
from members.models.imports import SHEETS
from members.rights import Ability

LISTED = 5


def part(activity, user):
    rights = user.rights
    may_import = user.has_perms(IMPORT_PERMISSIONS) and rights.may(Ability.IMPORT, activity.association_id)
    if not may_import or not may_edit(user, activity):
        return None
    batches = ImportBatch.objects.visible_to(user).filter(kind=SHEETS, options__activity=activity.pk)
    batches = batches.exclude(state=ImportBatch.State.DISCARDED).select_related("created_by")
    batches = list(batches.defer("sheets", "look")[:LISTED])
    tools = ()
    if activity.state != Activity.State.CANCELLED:
        address = reverse("activities:sheet_upload", args=[activity.pk])
        tools = (Tool(_("Import a sign-in sheet"), address),)
    template = "activities/_sheets_part.html" if batches else ""
    return Part(template, {"batches": batches}, is_aside=True, tools=tools)
