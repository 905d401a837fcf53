"""Pages of this app inside the frame of the staff screens, and the body they are about."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from organizations.admin.scoped import EDIT
from organizations.models import Body


def render_page(request, template, context, **kwargs):
    """`template` filled with `context` inside the frame: navigation, name of the association, who is signed in."""
    return render(request, template, admin.site.each_context(request) | context, **kwargs)


def posted(request):
    """What was sent with a POST, for a form; None before."""
    return request.POST if request.method == "POST" else None


def body_in_sight(request, pk):
    """The Body with the key `pk`: 404 out of sight of the request's user."""
    return get_object_or_404(Body.objects.visible_to(request.user).select_related("association"), pk=pk)


def to_write(request, rows, pk):
    """The row of `rows` with the key `pk`, in whose body the request's user may edit: else 404 or 403.

    About to be written it is locked: of two who write it the second sees what the first has done.
    """
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    row = get_object_or_404(rows.visible_to(request.user), pk=pk)
    if not request.user.rights.may_in_body(EDIT, row if isinstance(row, Body) else row.body):
        raise PermissionDenied
    return row
