"""How many remarks of members on their records wait for a user: on the workbench and in the navigation."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from activities.evidence.objecting import answer_by, in_sight
from members.waiting import Waiting


def waiting_for(user):
    """The number of remarks that wait and that `user` answers."""
    return sum(count for count, _due in _by_association(user).values())


def objections_waiting(user, scope):
    """What the workbench says of them in the associations `scope` (ids); None without any."""
    found = [row for pk, row in _by_association(user).items() if pk in scope]
    if not found:
        return None
    count, due = sum(count for count, _due in found), min(due for _count, due in found)
    text = ngettext(
        "{count} remark on an evidence record waits, to be answered by {day}",
        "{count} remarks on evidence records wait, the first to be answered by {day}",
        count,
    )
    return Waiting(
        text.format(count=count, day=due.isoformat()),
        reverse("activities:objections"),
        is_late=due < timezone.localdate(),
    )


def _by_association(user):
    """{id of an association: (remarks that wait there for `user`, day the first is due)}, read once for the user."""
    if not hasattr(user, "_objections_waiting"):
        found = {}
        if user.has_perm("activities.change_objection"):
            rows = in_sight(user).waiting().order_by()
            counted = rows.values_list("member__association", "member__association__request_days").annotate(
                Count("pk"), Min("made_at")
            )
            found = {pk: (count, answer_by(first, days)) for pk, days, count, first in counted}
        user._objections_waiting = found
    return user._objections_waiting
