"""Pages of this app inside the frame of the staff screens, and the body they are about."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from organizations.admin.scoped import EDIT
from organizations.models import Body


def render_page(request, template, context, **kwargs):
    """`template` filled with `context` inside the frame: navigation, name of the association, who is signed in."""
    return render(request, template, admin.site.each_context(request) | context, **kwargs)


def body_in_sight(request, pk, *, ability=""):
    """The Body with the key `pk`: 404 out of sight of the request's user, 403 where `ability` is not theirs in it."""
    body = get_object_or_404(Body.objects.visible_to(request.user).select_related("association"), pk=pk)
    if ability and not request.user.rights.may_in_body(ability, body):
        raise PermissionDenied
    return body


def body_to_edit(request, pk):
    """As `body_in_sight`, for whoever writes what belongs to the body."""
    return body_in_sight(request, pk, ability=EDIT)
