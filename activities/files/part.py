"""This part's piece of the pages of an activity."""

from activities.frame import may_edit
from activities.models import ActivityFile
from activities.parts import Part


def part(activity, user):
    is_editor = may_edit(user, activity)
    context = _parted(activity.files.all())
    if not is_editor and not (context["photos"] or context["files"]):
        return None
    return Part(template="activities/_files.html", context=context | {"may_edit": is_editor})


def own_part(activity, member, participation):
    context = _parted(ActivityFile.objects.shown_to(member).filter(activity=activity))
    if not (context["photos"] or context["files"]):
        return None
    return Part(template="portal/_activity_files.html", context=context)


def _parted(rows):
    rows = list(rows)
    kinds = ActivityFile.Kind
    return {
        "photos": [row for row in rows if row.kind == kinds.PHOTO],
        "files": [row for row in rows if row.kind == kinds.FILE],
    }
