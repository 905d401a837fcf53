"""What signing up leaves for the staff to do."""

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from activities.models import Activity, Participation, Presence
from members.rights import Ability
from members.waiting import Waiting

State = Participation.State


def lines_waiting(user, scope):
    """People who wait in line for an activity to come that has free places; None if there are none.

    Whoever gives a place back makes the line move up by itself; leave entered in the list of attendance does not.
    """
    if not user.has_perm("activities.change_participation"):
        return None
    seated = Q(participations__state=State.SIGNED_UP) & ~Q(participations__presence=Presence.LEAVE)
    rows = Activity.objects.where_may(user, Ability.EDIT).filter(
        association__in=scope, state=Activity.State.PUBLISHED, starts_at__gt=timezone.now()
    )
    rows = rows.filter(pk__in=Participation.objects.waiting().order_by().values("activity"))
    rows = rows.annotate(
        taken=Count("participations", filter=seated),
        in_line=Count("participations", filter=Q(participations__state=State.WAITING)),
    )
    rows = rows.filter(Q(capacity=None) | Q(capacity__gt=F("taken"))).order_by("starts_at", "pk")
    found = list(rows.values_list("pk", "in_line"))
    if not found:
        return None
    count = sum(in_line for _pk, in_line in found)
    said = ngettext(
        "{count} person waits in line for an activity that has free places",
        "{count} people wait in line for activities that have free places",
        count,
    )
    return Waiting(said.format(count=count), reverse("activities:sign_ups", args=[found[0][0]]))
