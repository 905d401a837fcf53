"""The list of an activity for reading: who is on it, what became of the invitation, who was there."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count

from activities.models import Activity, Participation
from organizations.models import Action


def percent(share):
    """A share of 1 as people read it, "–" where there is none."""
    return "–" if share is None else f"{share:.1%}"


@dataclass(frozen=True)
class Correction:
    """An action that changed the list after the attendance was settled."""

    at: object
    actor: object
    note: str
    count: int


def corrections(activity, most=5):
    """The latest Corrections of `activity`, [] while its attendance is not settled."""
    if activity.state != Activity.State.CLOSED:
        return []
    rows = (
        Action.objects.filter(
            changes__content_type=ContentType.objects.get_for_model(Participation),
            changes__part_of_type=ContentType.objects.get_for_model(Activity),
            changes__part_of_id=activity.pk,
            at__gt=activity.settled_at,
        )
        .annotate(rows=Count("changes"))
        .select_related("actor")
        .order_by("-pk")
    )
    return [Correction(row.at, row.actor, row.note, row.rows) for row in rows[:most]]
