"""Tokens of secret links stay out of the log."""

import logging

import pytest

from config.logs import HideTokens


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/join/k7mq-x2dh-9tfp-a3bc/account/", "/join/…/account/"),
        ("/apply/k7mq-x2dh-9tfp-a3bc/", "/apply/…/"),
        ("/join/", "/join/"),
        ("/members/invitations/", "/members/invitations/"),
    ],
)
def test_addresses_are_logged_without_token(path, shown):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Gone: %s", (path,), None)

    HideTokens().filter(record)

    assert record.getMessage() == f"Gone: {shown}"


def test_every_handler_hides_them(settings):
    assert {tuple(handler["filters"]) for handler in settings.LOGGING["handlers"].values()} == {("tokens",)}
