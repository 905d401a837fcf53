"""Whose activity it is, for all pages of this app."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from activities.models import Activity
from members.rights import Ability

may_view = permission_required("activities.view_activity", raise_exception=True)


def activity_in_sight(request, pk, *, ability=""):
    """The Activity with the key `pk`: 404 out of sight of the request's user, 403 where `ability` is not theirs."""
    rows = Activity.objects.select_related("association", "host", "base", "campaign", "field")
    activity = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if ability and not may(request.user, ability, activity):
        raise PermissionDenied
    return activity


def may(user, ability, activity):
    """Whether `user` may do `ability` to `activity`, which is in sight."""
    if activity.host_id:
        return user.rights.may_in_body(ability, activity.host)
    return user.rights.may(ability, activity.association_id)


def may_edit(user, activity):
    return may(user, Ability.EDIT, activity)


def own_activity(member, pk):
    """(Activity shown to `member`, the member's own row in its list or None); 404 where it is not shown."""
    rows = Activity.objects.select_related("association", "host", "base", "campaign", "field")
    activity = rows.shown_to(member).filter(pk=pk).first()
    if activity is None:
        raise Http404
    return activity, activity.participations.filter(member=member).prefetch_related("answers").first()
