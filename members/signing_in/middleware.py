import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from config import unsent
from members.signing_in import passwords, second_factor

STAMP = "signed_in"
"""In the session: [moment of signing in, moment of the last click as far as noted], in seconds."""
NOTED_EVERY = 60
AFTERWARDS = "after_second_factor"


def stamp(sender, request, user, **kwargs):
    """Note in the session that somebody signs in now (receiver of Django's user_logged_in)."""
    now = int(time.time())
    request.session[STAMP] = [now, now]


class IdleMiddleware:
    """Ends sessions that were left alone for IDLE_MINUTES, or are older than SESSION_SECONDS.

    It stands before SignInMiddleware, which keeps what was typed and leads to the sign-in page. Of clicks one a minute
    is noted, so that reading costs no writing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not request.user.is_authenticated:
            return
        now = int(time.time())
        since, seen = request.session.get(STAMP, [now, 0])
        idle = settings.IDLE_MINUTES
        if seen and idle and now - seen >= idle * 60:
            logout(request)
            text = ngettext(
                "You were signed out because nothing was done for {count} minute.",
                "You were signed out because nothing was done for {count} minutes.",
                idle,
            )
            messages.info(request, text.format(count=idle))
        elif now - since >= settings.SESSION_COOKIE_AGE:
            logout(request)
            messages.info(request, _("You were signed in for a long time. Please sign in again."))
        elif now - seen >= NOTED_EVERY:
            request.session[STAMP] = [since, now]
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now()
            )


class DutiesMiddleware:
    """What somebody signed in has to do before the rest of the site opens: a second factor, a new password.

    Account pages and public pages stay open. What was typed meanwhile is kept, as when a session has run out. It stands
    after SignInMiddleware.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if (
            not request.user.is_authenticated
            or not getattr(view_func, "login_required", True)
            or request.path.startswith("/accounts/")
        ):
            return None
        if second_factor.is_missing(request):
            return self._lead(request, reverse("second_factor"))
        if passwords.is_too_old(request.user):
            messages.warning(request, _("Your password is too old. Please choose a new one."))
            return self._lead(request, reverse("account_change_password"))
        return None

    @staticmethod
    def _lead(request, address):
        follow = ""
        if request.method == "POST":
            # SignInMiddleware would forget it again, as something that has been sent
            request.was_signed_in = False
            try:
                key = unsent.keep(request)
            except unsent.TooLarge:
                key = None
                messages.warning(
                    request,
                    _(
                        "Nothing was saved, and it was too much to be kept. Go back in the browser and copy what you "
                        "typed."
                    ),
                )
            if key:
                follow = unsent.address(key)
                messages.info(
                    request,
                    _(
                        "Nothing was saved yet. What you typed is kept for half an hour; afterwards you can send it."
                    ),
                )
        elif not request.htmx:
            follow = request.get_full_path()
        request.session[AFTERWARDS] = follow or unsent.page_of(request) or "/"
        return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
