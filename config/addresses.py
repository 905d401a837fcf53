"""Whole addresses of our pages, for letters, QR codes and papers."""

from django.conf import settings


def whole_address(path, request=None):
    """`path` ("/join/…/") with scheme and host: of SITE_URL, else of the request, else of the first ALLOWED_HOSTS."""
    if settings.SITE_URL:
        return settings.SITE_URL.rstrip("/") + path
    if request is not None:
        return request.build_absolute_uri(path)
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{settings.ALLOWED_HOSTS[0]}{path}"
