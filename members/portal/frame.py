"""The frame of the members' own pages: whose record it is, and the few pages there are to go to."""

from functools import wraps

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from members.models import Member

# (name of the address, label, picture in config/static/img/icons.svg): the bar of a phone holds five
PAGES = (
    ("home", pgettext_lazy("portal", "Home"), "home"),
    ("profile", pgettext_lazy("portal", "My record"), "person"),
    ("directory", pgettext_lazy("portal", "Directory"), "directory"),
    ("inbox", pgettext_lazy("portal", "Messages"), "inbox"),
    ("data", pgettext_lazy("portal", "My file"), "privacy"),
)


def own_member(request):
    """The record of the request's user, None without one."""
    rows = Member.objects.select_related("association", "employer")
    return rows.filter(user=request.user).first()


def for_members(view):
    """The decorated view gets the reader's own Member as second argument; who has no record is told whom to ask."""

    @wraps(view)
    def with_member(request, *args, **kwargs):
        member = own_member(request)
        if member is None:
            return render_portal(request, "portal/no_record.html", None, {}, status=404)
        return view(request, member, *args, **kwargs)

    return with_member


def render_portal(request, template, member, context, **kwargs):
    """`template` (which extends portal/base.html) for the reader whose record is `member`."""
    pages = [
        {"name": name, "label": label, "icon": icon, "address": reverse(f"portal:{name}")}
        for name, label, icon in PAGES
    ]
    # the innermost of nested addresses is where one is
    reached = [page for page in pages if request.path.startswith(page["address"])]
    here = max(reached, key=lambda page: len(page["address"]), default=None)
    for page in pages:
        page["current"] = page is here
    unread = member.messages.unread().count() if member else 0
    for page in pages:
        page["unread"] = unread if page["name"] == "inbox" else 0
    frame = {
        "member": member,
        "portal_pages": pages if member else [],
        "unread": unread,
    }
    return render(request, template, frame | context, **kwargs)
