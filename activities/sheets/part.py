"""Sign-in sheets on the pages of an activity and of a meeting: the way to bring one, and those brought."""

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.frame import may_edit
from activities.models import Activity
from activities.parts import Part, Tool
from members.imports.work import IMPORT_PERMISSIONS
from members.models import ImportBatch
from members.models.imports import SHEETS
from members.rights import Ability
from organizations.models import Meeting

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


def meeting_part(meeting, may_edit):
    """The way to bring the sheet of a `meeting`, for organizations.meetings.page: (template, context) or None."""
    if not may_edit or meeting.state not in (Meeting.State.PLANNED, Meeting.State.HELD):
        return None
    return "activities/_meeting_sheet.html", {}
