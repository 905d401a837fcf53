"""How many requests about personal data wait for a user: on the workbench and in the navigation."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from members.models import PersonRequest
from members.waiting import Waiting


def waiting_for(user):
    """The number of requests that wait and that `user` answers."""
    return sum(count for count, _due in _by_association(user).values())


def requests_waiting(user, scope):
    """What the workbench says of them in the associations `scope` (ids); None without any."""
    found = [row for pk, row in _by_association(user).items() if pk in scope]
    if not found:
        return None
    count, due = sum(count for count, _due in found), min(due for _count, due in found)
    text = ngettext(
        "{count} request about personal data waits, to be answered by {day}",
        "{count} requests about personal data wait, the first to be answered by {day}",
        count,
    )
    return Waiting(
        text.format(count=count, day=due.isoformat()),
        reverse("members:person_requests"),
        is_late=due < timezone.localdate(),
    )


def _by_association(user):
    """{id of an association: (requests that wait there for `user`, day the first is due)}, read once for the user."""
    if not hasattr(user, "_person_requests_waiting"):
        found = {}
        if user.has_perm("members.change_personrequest"):
            rows = PersonRequest.objects.open().editable_by(user).order_by()
            counted = rows.values_list("association").annotate(Count("pk"), Min("due_on"))
            found = {pk: (count, due) for pk, count, due in counted}
        user._person_requests_waiting = found
    return user._person_requests_waiting
