"""What the workbench says of activities: those that are over and whose attendance nobody has settled."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from activities.models import Activity
from members.rights import Ability
from members.waiting import Waiting


def attendance_open(user, scope):
    """How many such activities of the associations `scope` (ids) `user` may settle; None without any."""
    if not user.has_perm("activities.change_activity"):
        return None
    rows = Activity.objects.where_may(user, Ability.EDIT)
    if scope != user.rights.associations:
        rows = rows.filter(association__in=scope)
    count = rows.filter(state=Activity.State.PUBLISHED, ends_at__lt=timezone.now()).count()
    if not count:
        return None
    text = ngettext(
        "{count} activity is over, and its attendance is not settled",
        "{count} activities are over, and their attendance is not settled",
        count,
    )
    address = reverse("activities:activities") + "?when=past&state=published"
    return Waiting(text.format(count=count), address)
