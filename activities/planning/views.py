"""The staff's pages of activities to read: the list, one activity, its print view and history."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from activities.frame import activity_in_sight, may_edit, may_view
from activities.models import Activity, Participation
from activities.parts import staff_parts
from activities.planning.checks import warnings
from activities.planning.lists import ActivityFilter, Page
from activities.planning.part import facts
from organizations.frame import render_page
from organizations.history_entries import entries
from organizations.models import Change

CHANGES_SHOWN = 200


@may_view
@require_GET
def activities(request):
    """The activities in sight: those to come, past ones, drafts."""
    form = ActivityFilter(request.GET, user=request.user)
    context = {
        "title": _("Activities"),
        "form": form,
        "page": Page(Activity.objects.visible_to(request.user), form, request.GET),
        "may_plan": request.user.has_perm("activities.add_activity"),
    }
    return render_page(request, "activities/activities.html", context)


@may_view
@require_GET
def activity(request, pk):
    """One activity with all that belongs to it."""
    row = activity_in_sight(request, pk)
    parts = staff_parts(row, request.user)
    tools = [tool for part in parts for tool in part.tools]
    context = {
        "title": str(row),
        "activity": row,
        "may_edit": may_edit(request.user, row),
        "warnings": warnings(row, request.user),
        "parts": [part for part in parts if part.template and not part.is_aside],
        "parts_aside": [part for part in parts if part.template and part.is_aside],
        "tools": [tool for tool in tools if not tool.is_rare],
        "rare_tools": [tool for tool in tools if tool.is_rare],
    }
    return render_page(request, "activities/activity.html", context)


@may_view
@require_GET
def activity_print(request, pk):
    """One activity on paper."""
    row = activity_in_sight(request, pk)
    context = {
        "title": str(row),
        "activity": row,
        "part": facts(row, request.user),
        "counts": row.participations.counts(),
    }
    return render_page(request, "activities/activity_print.html", context)


@may_view
@require_GET
def activity_history(request, pk):
    """The latest changes of the activity and of all that belongs to it."""
    row = activity_in_sight(request, pk)
    if not request.user.has_perm("organizations.view_change"):
        raise PermissionDenied
    changes = Change.objects.of(row).select_related("action__actor", "content_type").order_by("-pk")
    # of what some may not read (reasons, guests) the history keeps the fact of a change alone
    found = entries(changes[:CHANGES_SHOWN], lambda model, name, text: text, about=row)
    _name_participations(row, found)
    context = {"title": _("History: {name}").format(name=row), "activity": row, "entries": found}
    return render_page(request, "activities/activity_history.html", context)


def _name_participations(activity, found):
    """Put the names of members over the changes of their rows in the history `found`."""
    kind = ContentType.objects.get_for_model(Participation)
    records = [record for entry in found for record in entry["records"]]
    rows = [record for record in records if record["change"].content_type == kind]
    keys = {record["change"].object_id for record in rows}
    people = activity.participations.filter(pk__in=keys, member__isnull=False)
    names = dict(people.values_list("pk", "member__name"))
    for record in rows:
        record["model"] = names.get(record["change"].object_id, record["model"])
