from django.contrib.auth.decorators import permission_required
from django.utils.translation import gettext as _

from organizations.frame import body_in_sight, render_page
from organizations.models import Body

may_view = permission_required("organizations.view_body", raise_exception=True)


@may_view
def bodies(request):
    """The bodies in sight."""
    rows = Body.objects.visible_to(request.user).select_related("association")
    context = {"title": _("Bodies"), "bodies": rows}
    return render_page(request, "organizations/bodies.html", context)


@may_view
def body(request, pk):
    """One body, to read."""
    body = body_in_sight(request, pk)
    return render_page(request, "organizations/body_detail.html", {"title": str(body), "body": body})
