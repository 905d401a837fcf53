"""How often something may be tried from one address, by one account, or with one key: counted in the shared cache.

The rates are in the settings: `ACCOUNT_RATE_LIMITS` for what allauth does, `LIMITS` for our own pages. A rate reads
"30/1h/ip": thirty within an hour from one address; several are joined by commas. `per` is `ip`, `user` or `key`.
"""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

APP = "registry"


def within_limit(request, action, key=None):
    """Count one `action` (a name in settings.LIMITS) of `request`, and say whether that was still allowed.

    `key`: whose tries are counted where the rate says `key`, a link's token or a number typed; every request counts,
    whatever its method.
    """
    return bool(
        ratelimit.consume(request, app=APP, action=action, config=settings.LIMITS, key=key, limit_get=True)
    )


def minutes_of(action, per="key"):
    """For how many minutes the `per` rate of allauth's `action` lasts."""
    rates = ratelimit.get_rates(app="allauth.account", action=action)
    return max(round(rate.duration / 60) for rate in rates if rate.per == per)


def wait_of(minutes):
    """ "30 minutes", "2 hours" """
    if minutes % 60:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return ngettext("{count} hour", "{count} hours", minutes // 60).format(count=minutes // 60)


def too_many(request, wait=""):
    """The page 429: too many tries, with how long to wait (`wait`, as of `wait_of`) and what to do meanwhile."""
    if request.htmx:
        # inside a fragment it would be a page within a page
        return HttpResponse(gettext("Too many attempts. Wait a few minutes, then try again."), status=429)
    return render(request, "429.html", {"wait": wait}, status=429)
