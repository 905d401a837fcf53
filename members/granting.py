"""What must hold when roles are taken: an association always has somebody who manages it."""

import datetime as dt

from django.utils import timezone

from members.models import RoleGrant
from members.rights import Role


def left_without_manager(before, after):
    """The first local date on which nobody manages the association of the RoleGrant `before` once it reads as `after`.

    None if somebody does, or if nobody did before. `after` is None for an account that is closed. Locks the roles of
    the managers there: of two who take each other's role the second sees what the first has done.
    """
    today = timezone.localdate()
    if before.role != Role.MANAGER or before.body_id or (before.ends_on and before.ends_on < today):
        return None
    day = max(today, before.starts_on or today)
    if after is not None and _is_the_same_role(before, after):
        begins_later = after.starts_on and after.starts_on > day
        if not begins_later and after.ends_on is None:
            return None
        if not begins_later:
            day = max(day, after.ends_on + dt.timedelta(days=1))
    if before.ends_on and day > before.ends_on:
        return None
    above = [int(pk) for pk in before.association.path.split("/") if pk]
    managers = RoleGrant.objects.filter(role=Role.MANAGER, association__in=above, body=None)
    locked = list(managers.select_for_update(of=("self",)).in_force_on(day).select_related("user"))
    left = [
        grant
        for grant in locked
        if grant.user.is_active
        and grant.pk != before.pk
        and not (after is None and grant.user_id == before.user_id)
    ]
    return None if left else day


def _is_the_same_role(before, after):
    return after.role == Role.MANAGER and not after.body_id and after.association_id == before.association_id
