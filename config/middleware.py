from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from config import unsent


class LanguageMiddleware:
    """Simplified Chinese unless the reader chose another language with the switch.

    Django's own LocaleMiddleware follows the browser's header; offices whose browsers ask for English would get
    English screens. The choice is kept in the language cookie that the `set_language` view writes.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.languages = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in self.languages else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page wants somebody signed in, as with Django's own; whose session has run out loses nothing.

    What was typed is kept until the same person has signed in again (config/unsent.py). A request of htmx gets the
    whole page sent to sign-in, never a sign-in page inside a fragment.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.user.is_authenticated:
            unsent.tidy(request)
            request.was_signed_in = True
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request, response):
        # set only where the view was reached, so never for a form refused for its token, which may just have been kept
        if getattr(request, "was_signed_in", False) and request.user.is_authenticated:
            unsent.remember_reader(request, response)
            if request.method == "POST" and response.status_code < 500:
                unsent.forget_path(request, request.get_full_path())
        return response

    def handle_no_permission(self, request, view_func):
        response = super().handle_no_permission(request, view_func)
        if request.method == "POST":
            follow = self._keep(request) or unsent.page_of(request)
        else:
            follow = unsent.page_of(request) if request.htmx else ""
        if follow or request.htmx:
            response = redirect_to_login(follow or "/", resolve_url(self.get_login_url(view_func)))
        return HttpResponseClientRedirect(response.url) if request.htmx else response

    @staticmethod
    def _keep(request):
        """The address where the form can be sent again, "" if it was not kept; the reader is told on the next page."""
        try:
            key = unsent.keep(request)
        except unsent.TooLarge:
            messages.warning(
                request,
                _(
                    "You had been signed out: nothing was saved, and it was too much to be kept. Go back in the "
                    "browser, copy what you typed, and sign in again."
                ),
            )
            return ""
        if not key:
            return ""
        messages.info(
            request,
            _(
                "You had been signed out: nothing was saved yet. What you typed is kept for half an hour. Sign in "
                "again, then you can send it."
            ),
        )
        return unsent.address(key)
