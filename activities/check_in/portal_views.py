"""The members' pages of check-in: by the code on the screen of the room, and the code that they show to staff."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from activities.check_in import codes
from activities.check_in.doors import why_shut
from activities.check_in.forms import CheckInForm, CodeForm, new_key
from activities.check_in.services import check_in_oneself, standing_of, why_not_theirs
from activities.models import Door
from members.portal.frame import for_members, render_portal
from members.qr import qr_svg
from members.signing_in.limits import too_many, within_limit
from organizations.services import NotPossible

LATELY = dt.timedelta(days=3)


# signing in is asked for inside: whose code is in time gets a ticket first, and so loses nothing by signing in
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request, door_pk, code):
    """What the QR code on the screen leads to: one button; reading the page counts nothing."""
    door = Door.objects.with_event().filter(pk=door_pk).first() if door_pk < 2**63 else None
    if request.user.is_authenticated:
        return _own_check_in(request, door, codes.plain_code(code))
    response = redirect_to_login(request.path, resolve_url(settings.LOGIN_URL))
    if request.htmx:
        response = HttpResponseClientRedirect(response.url)
    reading = door and codes.read_code(door, codes.plain_code(code), now=timezone.now())
    if reading and reading.is_fresh:
        codes.keep_ticket(response, door, reading)
    return response


@for_members
def _own_check_in(request, member, door, code):
    form = CheckInForm(request.POST if request.method == "POST" else {})
    form.is_valid()
    reading = door and _reading(request, door, code, form.cleaned_data)
    if reading is None:
        return _wrong_code(request, member)
    if request.method == "POST":
        return _check_in(request, member, door, reading, form.cleaned_data["key"])
    standing = standing_of(door, member)
    if why := why_not_theirs(door, member, standing.row):
        return _refused(request, member, why, status=200)
    context = {
        "door": door,
        "reading": reading,
        "standing": standing,
        "why_shut": why_shut(door),
        "ticket": codes.new_ticket(door, reading, user=request.user),
        "key": new_key(),
    }
    return render_portal(request, "portal/check_in.html", member, context)


def _reading(request, door, code, sent):
    """The best Reading that the address, the form `sent` or the cookie of before signing in gives, or None."""
    now = timezone.now()
    found = [
        codes.read_ticket(door, sent["ticket"], now=now, user=request.user),
        codes.read_ticket(door, request.COOKIES.get(codes.cookie_of(door), ""), now=now),
        codes.read_code(door, code, now=now, age=sent["age"]),
    ]
    found = [reading for reading in found if reading]
    return next((reading for reading in found if reading.is_fresh), found[0] if found else None)


def _check_in(request, member, door, reading, key):
    try:
        check_in_oneself(door, member, reading=reading, key=key)
    except NotPossible as error:
        return _refused(request, member, str(error))
    if request.htmx:
        context = {"door": door, "standing": standing_of(door, member)}
        return render(request, "portal/_checked_in.html", context)
    return redirect("own_activities:checked_in", door_pk=door.pk)


def _wrong_code(request, member):
    if not within_limit(request, "check_in_wrong", key=str(request.user.pk)):
        return too_many(request)
    status = 422 if request.method == "POST" else 404
    why = _("This code is not valid. Scan the code that stands on the screen of the room now.")
    return _refused(request, member, why, status=status)


def _refused(request, member, why, *, status=422):
    template = "portal/_check_in_refused.html" if request.htmx else "portal/check_in_refused.html"
    return render_portal(request, template, member, {"why": why}, status=status)


@never_cache
@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request, member):
    """The code on the screen typed by hand; and what this phone could not send yet."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        door, reading = _door_of(member, form.cleaned_data["code"], form.cleaned_data["age"])
        if reading:
            return _check_in(request, member, door, reading, form.cleaned_data["key"])
        if not within_limit(request, "check_in_wrong", key=str(request.user.pk)):
            return too_many(request)
        form.add_error("code", _("This code is not valid. Type the one that stands on the screen now."))
    if request.htmx and form.errors:
        return _refused(request, member, " ".join(form.errors.get("code", [])))
    context = {"form": form, "key": new_key()}
    return render_portal(
        request, "portal/check_in_code.html", member, context, status=422 if form.errors else 200
    )


def _door_of(member, code, age):
    """(Door, Reading) of the typed `code`; (None, None) if it stood on no screen of late."""
    now = timezone.now()
    for door in Door.objects.with_event().lately_for(member, now - LATELY).order_by("-opened_at"):
        if reading := codes.read_code(door, code, now=now, age=age):
            return door, reading
    return None, None


@never_cache
@for_members
@require_GET
def checked_in(request, member, door_pk):
    """How the reader stands at this door: checked in, waiting for staff, refused."""
    door = get_object_or_404(Door.objects.with_event(), pk=door_pk)
    standing = standing_of(door, member)
    if standing.row is None and standing.last is None:
        raise Http404
    context = {"door": door, "standing": standing}
    return render_portal(request, "portal/check_in_done.html", member, context)


@never_cache
@for_members
@require_GET
def own_code(request, member):
    """The reader's code, to be scanned by staff; it is another one each minute."""
    now = timezone.now()
    context = {
        "picture": qr_svg(codes.own_code(member, now=now), _("Your check-in code")),
        "until": now + dt.timedelta(seconds=2 * codes.OWN_SECONDS - int(now.timestamp()) % codes.OWN_SECONDS),
    }
    template = "portal/_own_code.html" if request.htmx else "portal/check_in_own_code.html"
    return render_portal(request, template, member, context)
