"""Text messages to mobile numbers, by the service that the settings name.

`sender()` is what the rest asks: an object with `send(phone, text)`, or None where no service is connected. Whoever
has a service of another shape writes a class with `send` and adds it to SENDERS.
"""

import http.client
import json
import logging
import urllib.error
import urllib.parse
import urllib.request

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

log = logging.getLogger(__name__)


class SmsNotSent(Exception):
    """The service could not be reached or refused the message; the text of the message is not repeated here."""


class ConsoleSender:
    """Writes the message to the log: for a demonstration, and for trying out."""

    def send(self, phone, text):
        log.info("SMS to %s: %s", phone, text)


class HttpSender:
    """Posts number and text to a gateway (settings SMS_…), which answers with a status below 300."""

    def __init__(self):
        if urllib.parse.urlsplit(settings.SMS_URL).scheme not in ("http", "https"):
            raise ImproperlyConfigured("SMS_SENDER=http needs SMS_URL, the address of the gateway.")
        self.opener = urllib.request.build_opener(_NoRedirect)

    def send(self, phone, text):
        fields = {**settings.SMS_FIELDS, settings.SMS_NUMBER_FIELD: phone, settings.SMS_TEXT_FIELD: text}
        if settings.SMS_FORMAT == "form":
            body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = json.dumps(fields).encode(), "application/json"
        headers = {"Content-Type": kind}
        if settings.SMS_TOKEN:
            bearer = "Bearer " if settings.SMS_HEADER == "Authorization" else ""
            headers[settings.SMS_HEADER] = bearer + settings.SMS_TOKEN
        request = urllib.request.Request(settings.SMS_URL, body, headers)  # noqa: S310 (checked above)
        try:
            with self.opener.open(request, timeout=settings.SMS_SECONDS):
                pass
        except urllib.error.HTTPError as error:
            error.close()
            raise SmsNotSent(f"the gateway answered {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise SmsNotSent(type(error).__name__) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Token and message go to the address in the settings, and nowhere else."""

    def redirect_request(self, *args):
        return None


SENDERS = {"console": ConsoleSender, "http": HttpSender}


def sender():
    """The sender of the settings, or None where no service is connected."""
    if not settings.SMS_SENDER:
        return None
    if settings.SMS_SENDER not in SENDERS:
        raise ImproperlyConfigured(f"SMS_SENDER is one of {', '.join(SENDERS)}, or empty.")
    return SENDERS[settings.SMS_SENDER]()
