"""By what the reader of a request has proved lately who they are: allauth keeps the steps in the session."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records

STRONG = {"password", "mfa"}
CODE_SECONDS = 15 * 60


def has_just_signed_in(request):
    """Whether a password or a second factor was given within the time after which allauth asks for it anew."""
    return any(
        each["method"] in STRONG and _is_within(each, app_settings.REAUTHENTICATION_TIMEOUT)
        for each in get_authentication_records(request, request.user)
    )


def has_proved_a_code(request):
    """Whether the reader signed in within a quarter of an hour by a code sent to their number or mailbox."""
    return any(
        each["method"] == "code" and _is_within(each, CODE_SECONDS)
        for each in get_authentication_records(request, request.user)
    )


def _is_within(record, seconds):
    return time.time() - record["at"] < seconds
