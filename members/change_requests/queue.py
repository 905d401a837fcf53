"""How many requests for changes wait for a user: on the workbench and in the navigation."""

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from members.models import ChangeRequest
from members.waiting import Waiting


def waiting_for(user):
    """The number of requests that wait and that `user` may decide."""
    return sum(_by_association(user).values())


def requests_waiting(user, scope):
    """What the workbench says of them in the associations `scope` (ids); None without any."""
    count = sum(count for pk, count in _by_association(user).items() if pk in scope)
    text = ngettext("{count} request for changes waits", "{count} requests for changes wait", count)
    return Waiting(text.format(count=count), reverse("members:change_requests")) if count else None


def _by_association(user):
    """{id of an association: number of requests that wait there for `user`}, counted once for the user object."""
    if not hasattr(user, "_requests_waiting"):
        found = {}
        if user.has_perm("members.change_changerequest"):
            rows = ChangeRequest.objects.open().editable_by(user).order_by()
            found = dict(rows.values_list("member__association").annotate(Count("pk")))
        user._requests_waiting = found
    return user._requests_waiting


def with_open_request(members):
    """The queryset `members`, each with `open_request`: the key of the request that waits, or None."""
    rows = ChangeRequest.objects.open().filter(member=OuterRef("pk"))
    return members.annotate(open_request=Subquery(rows.values("pk")))
