"""The page on which a user makes and revokes the secret address of the own calendar; one for staff and members."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.calendar.services import new_feed, revoke_feed
from config.addresses import whole_address
from members.qr import qr_svg


def change_feed(request, back):
    """Do what was POSTed about the feed of the request's user, and go to the page called `back`."""
    do = request.POST.get("do")
    if do == "make":
        new_feed(request.user)
        messages.success(request, _("This is your secret address. Add it to your calendar."))
    elif do == "renew":
        new_feed(request.user)
        messages.success(request, _("The new address is ready; the old one is dead. Add the new one."))
    elif do == "revoke" and revoke_feed(request.user):
        messages.success(request, _("The address is revoked: calendars that read it get nothing any more."))
    return redirect(back)


def feed_context(request):
    """What the page shows of the feed in force of the request's user, or that there is none."""
    feed = request.user.calendar_feeds.in_force().first()
    if feed is None:
        return {"feed": None}
    address = whole_address(reverse("calendar_feed", args=[feed.token]), request)
    webcal = "webcal" + address[address.index(":") :]
    return {
        "feed": feed,
        "address": address,
        "webcal": webcal,
        "code": qr_svg(webcal, _("Code that leads to your calendar")),
    }
