"""Forms that arrived after the session had run out: kept until their author has signed in again.

What was typed is sealed into the session of that browser for half an hour, for the account last signed in there (a
signed cookie says which). Only that account sees it, on a page that offers to send it once more; nothing is sent by
itself. Passwords and the pages under /accounts/ and /join/ are never kept, files must be chosen again.
"""

import base64
import json
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

from members.crypto import seal, unseal

SESSION_KEY = "unsent"
COOKIE = "last_user"
COOKIE_DAYS = 365
KEPT_SECONDS = 30 * 60
MAX_BYTES = 256 * 1024
MAX_FORMS = 3
COLUMN = "unsent"
NEVER_KEPT = re.compile(r"passw|secret|csrfmiddlewaretoken", re.IGNORECASE)
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Unsent:
    path: str
    """Where the form goes, with its query."""
    back: str
    """The page it stood on, "" if unknown."""
    fields: list = field(default_factory=list)
    """[[name, value]] in the order sent."""
    files: list = field(default_factory=list)
    """Names of the files that must be chosen again."""


# -- whose browser this is


def remember_reader(request, response):
    """Note in a signed cookie who is signed in here, unless it says so already."""
    if last_reader(request) == request.user.pk:
        return
    response.set_signed_cookie(
        COOKIE,
        request.user.pk,
        salt=COOKIE,
        max_age=COOKIE_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_reader(request):
    """Primary key of the account last signed in on this browser; None if nobody was or the cookie is not ours."""
    value = request.get_signed_cookie(COOKIE, None, salt=COOKIE, max_age=COOKIE_DAYS * 24 * 3600)
    return int(value) if value else None


# -- keeping and finding


def keep(request):
    """Keep the form that `request` posts for the account signed in, or last signed in here; return its key.

    None if there is nothing to keep: no form, nobody known, a page of sign-in and passwords.
    Raises TooLarge beyond MAX_BYTES.
    """
    reader = request.user.pk if request.user.is_authenticated else last_reader(request)
    if (
        reader is None
        or request.method != "POST"
        or request.content_type not in FORM_TYPES
        # who joins is nobody's reader yet, and the address is a secret
        or request.path.startswith(("/accounts/", "/join/"))
    ):
        return None
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if not NEVER_KEPT.search(name)
        for value in values
    ]
    content = json.dumps(
        {
            "back": page_of(request),
            "fields": fields,
            "files": [file.name for _, files in request.FILES.lists() for file in files],
        },
        ensure_ascii=False,
    )
    if len(content.encode()) > MAX_BYTES:
        raise TooLarge
    key = get_random_string(12)
    forms = _forms(request)
    for oldest in list(forms)[: len(forms) + 1 - MAX_FORMS]:
        del forms[oldest]
    forms[key] = {
        "user": reader,
        "until": time.time() + KEPT_SECONDS,
        "path": request.get_full_path(),
        "sealed": base64.b64encode(seal(content, COLUMN)).decode(),
    }
    request.session[SESSION_KEY] = forms
    return key


class TooLarge(Exception):
    """More was typed than is kept."""


def find(request, key):
    """The Unsent form `key` of the user signed in, or None."""
    tidy(request)
    form = _forms(request).get(key)
    if form is None:
        return None
    content = json.loads(unseal(base64.b64decode(form["sealed"]), COLUMN))
    return Unsent(path=form["path"], **content)


def forget(request, key):
    _keep_only(request, lambda other, form: other != key)


def forget_path(request, path):
    """Forget what was typed for `path`: it has been sent."""
    _keep_only(request, lambda key, form: form["path"] != path)


def tidy(request):
    """Forget what is too old, and what another person typed before the user signed in here."""
    now = time.time()
    _keep_only(request, lambda key, form: form["user"] == request.user.pk and form["until"] > now)


def _forms(request):
    return dict(request.session.get(SESSION_KEY, {}))


def _keep_only(request, wanted):
    forms = _forms(request)
    kept = {key: form for key, form in forms.items() if wanted(key, form)}
    if kept:
        if kept != forms:
            request.session[SESSION_KEY] = kept
    elif forms:
        del request.session[SESSION_KEY]


# -- where one was


def page_of(request):
    """Path and query of the page that `request` was sent from, "" if that is not known or not ours."""
    url = request.htmx.current_url if request.htmx else request.headers.get("Referer")
    if not url or not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # "//elsewhere" would be another host again once the own one is cut off
    return path if url_has_allowed_host_and_scheme(path, None) else ""


def address(key):
    return reverse("unsent", args=[key])
