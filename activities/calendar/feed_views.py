"""The address that telephones read. It opens one user's calendar and tells nothing else."""

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.calendar.feed import feed_file
from activities.calendar.ics import CONTENT_TYPE
from activities.calendar.services import note_reading
from activities.models import CalendarFeed
from members.signing_in.limits import too_many, within_limit


@login_not_required
@require_safe
def calendar_feed(request, token):
    """The calendar with that token: 404 if there is none, 410 if it was revoked."""
    feed = CalendarFeed.objects.with_token(token).select_related("user").first()
    if feed is None:
        # counted where nothing is found alone: calendar services read for many from one address
        if not within_limit(request, "calendar"):
            return too_many(request)
        return _secret(_words(_("There is no calendar at this address."), 404))
    if feed.revoked_at is not None:
        words = _(
            "This address was revoked. Its owner finds a new one in the registry, on the page of the calendar."
        )
        return _secret(_words(words, 410))
    note_reading(feed, timezone.now())
    return _secret(ics_response(request, *feed_file(feed.user)))


def ics_response(request, content, changed, name="calendar.ics"):
    """The file `content`, or 304 where the reader has just that already.

    Asked by time alone the whole file comes: what is no longer in sight leaves no later change.
    """
    etag = quote_etag(sha256(content).hexdigest()[:32])
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["ETag"] = etag
    if changed is not None:
        response.headers["Last-Modified"] = http_date(changed.timestamp())
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response)


def _words(text, status):
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _secret(response):
    """Nobody is told of the address, and no search engine keeps it."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
