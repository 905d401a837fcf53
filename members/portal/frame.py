"""The frame of the members' own pages: whose record it is, and the few pages there are to go to."""

from dataclasses import dataclass
from functools import wraps

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from members.models import Member


@dataclass(frozen=True)
class Page:
    address: str
    """Name of its address."""
    label: str
    icon: str
    """Name of a picture in config/static/img/icons.svg."""
    is_in_bar: bool = True
    """Whether the bar of a phone has it, which holds five; the others are led to from a page that it has."""


# a later app adds its own when it starts
PAGES = [
    Page("portal:home", pgettext_lazy("portal", "Home"), "home"),
    Page("portal:profile", pgettext_lazy("portal", "My record"), "person"),
    Page("portal:directory", pgettext_lazy("portal", "Directory"), "directory"),
    Page("portal:inbox", pgettext_lazy("portal", "Messages"), "inbox"),
    Page("portal:data", pgettext_lazy("portal", "My file"), "privacy", is_in_bar=False),
]


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
        {
            "name": page.address,
            "label": page.label,
            "icon": page.icon,
            "is_in_bar": page.is_in_bar,
            "address": reverse(page.address),
        }
        for page in PAGES
    ]
    # the innermost of nested addresses is where one is
    reached = [page for page in pages if request.path.startswith(page["address"])]
    here = max(reached, key=lambda page: len(page["address"]), default=None)
    for page in pages:
        page["current"] = page is here
    unread = member.messages.unread().count() if member else 0
    for page in pages:
        page["unread"] = unread if page["name"] == "portal:inbox" else 0
    frame = {
        "member": member,
        "portal_pages": pages if member else [],
        "unread": unread,
    }
    return render(request, template, frame | context, **kwargs)
