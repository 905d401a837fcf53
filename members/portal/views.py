from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from members.portal.frame import for_members, render_portal
from members.portal.home import coming_posts, former_posts, posts_held, what_is_next
from members.portal.pages import page_of


@for_members
@never_cache
def home(request, member):
    """What is next for the member."""
    return render_portal(request, "portal/home.html", member, what_is_next(member))


@for_members
@require_GET
@never_cache
def posts(request, member):
    """The posts that the reader holds, held and will hold."""
    day = timezone.localdate()
    context = {
        "held": posts_held(member, day),
        "coming": coming_posts(member, day),
        "former": former_posts(member, day),
    }
    return render_portal(request, "portal/posts.html", member, context)


def took_part(request):
    """The address of old; what a member took part in stands in the evidence record."""
    return redirect("own_activities:record")


# -- messages


@for_members
@require_GET
@never_cache
def inbox(request, member):
    """The messages to the reader, latest first."""
    page = page_of(member.messages.all(), request, ordering=["-id"])
    return render_portal(request, "portal/inbox.html", member, {"page": page})


@for_members
@require_GET
@never_cache
def message(request, member, pk):
    """One message; opening it marks it as read.

    Robots that look at links for a preview are not signed in; a browser that loads pages ahead says so.
    """
    row = get_object_or_404(member.messages, pk=pk)
    if row.read_at is None and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        row.read_at = timezone.now()
        row.save(update_fields=["read_at"])
    leads_home = row.link.startswith("/") and url_has_allowed_host_and_scheme(row.link, allowed_hosts=None)
    context = {"message_row": row, "link": row.link if leads_home else ""}
    return render_portal(request, "portal/message.html", member, context)


@for_members
@require_POST
def inbox_read(request, member):
    """Mark all messages as read."""
    member.messages.unread().update(read_at=timezone.now())
    messages.success(request, _("All messages are marked as read."))
    return redirect("portal:inbox")
