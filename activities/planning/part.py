"""This part's piece of the page of an activity: all that is known about it, and what may be done with it next."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.frame import may_edit
from activities.models import Activity, Audience
from activities.parts import Part, Tool
from organizations.models import Body

State = Activity.State


def part(activity, user):
    return Part(
        template="activities/_facts.html",
        context=facts(activity, user),
        is_aside=True,
        tools=tuple(_tools(activity, user)),
    )


def facts(activity, user):
    """What is known about `activity` beside its columns, as far as `user` sees it."""
    partners = list(activity.partners.select_related("body"))
    audiences = list(activity.audiences.select_related("body", "saved_list"))
    bodies = [row.body for row in (*partners, *audiences) if row.body_id]
    hidden = _hidden(bodies + ([activity.base] if activity.base_id else []), user)
    return {
        "partners": [str(row) for row in partners if row.body_id not in hidden],
        "audiences": [_audience(row, user) for row in audiences if row.body_id not in hidden],
        "base": activity.base if activity.base_id not in hidden else None,
        "questions": activity.questions.all(),
        "taken": activity.participations.taking_seats().count() if activity.capacity else 0,
    }


def _hidden(bodies, user):
    """Keys of those of `bodies` that hide their people from `user`."""
    hiding = {body.pk for body in bodies if body.hides_people}
    if not hiding:
        return hiding
    return hiding - set(Body.objects.visible_to(user).filter(pk__in=hiding).values_list("pk", flat=True))


def _audience(row, user):
    if row.kind == Audience.Kind.LIST:
        saved = row.saved_list
        if saved.owner_id != user.pk and saved.association_id not in user.rights.associations:
            # a list of somebody's own
            return row.get_kind_display()
    return str(row)


def _tools(activity, user):
    def tool(label, name, **fields):
        return Tool(label, reverse(f"activities:activity_{name}", args=[activity.pk]), **fields)

    edits, state = may_edit(user, activity), activity.state
    if edits and state == State.DRAFT:
        yield tool(_("Announce …"), "publish", is_primary=True)
    if edits and state != State.CANCELLED:
        yield tool(_("Edit"), "edit")
    if edits and state == State.PUBLISHED and activity.starts_at <= timezone.now():
        over = activity.ends_at <= timezone.now()
        yield tool(_("Settle the attendance …"), "settle", is_primary=over)
    yield tool(_("Print view"), "print", is_rare=True)
    if edits:
        yield tool(_("Make a copy …"), "copy", is_rare=True)
    if user.has_perm("organizations.view_change"):
        yield tool(_("History"), "history", is_rare=True)
    if edits and state == State.CLOSED:
        yield tool(_("Reopen the attendance …"), "reopen", is_rare=True)
    if edits and activity.is_open:
        yield tool(_("Cancel the activity …"), "cancel", is_rare=True)
    if edits and state == State.DRAFT:
        yield tool(_("Delete the draft …"), "delete", is_rare=True)
