"""How many claims of services and honours wait for a user: on the workbench and in the navigation."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from activities.models import Honour, Service
from members.waiting import Waiting


def services_waiting(user):
    return sum(_by_association(user, Service).values())


def honours_waiting(user):
    return sum(_by_association(user, Honour).values())


def services_to_decide(user, scope):
    """What the workbench says of claimed hours in the associations `scope` (ids); None without any."""
    count = _within(user, Service, scope)
    text = ngettext("{count} service waits to be confirmed", "{count} services wait to be confirmed", count)
    return Waiting(text.format(count=count), reverse("activities:services")) if count else None


def honours_to_decide(user, scope):
    """What the workbench says of claimed honours in the associations `scope` (ids); None without any."""
    count = _within(user, Honour, scope)
    text = ngettext("{count} honour waits to be confirmed", "{count} honours wait to be confirmed", count)
    return Waiting(text.format(count=count), reverse("activities:honours")) if count else None


def _within(user, model, scope):
    return sum(count for pk, count in _by_association(user, model).items() if pk in scope)


def _by_association(user, model):
    """{id of an association: number of claims that wait there for `user`}, counted once for the user object."""
    name = model._meta.model_name
    kept = f"_{name}s_waiting"
    if not hasattr(user, kept):
        found = {}
        if user.has_perm(f"activities.change_{name}"):
            rows = model.objects.to_decide(user).order_by()
            found = dict(rows.values_list("member__association").annotate(Count("pk")))
        setattr(user, kept, found)
    return getattr(user, kept)
