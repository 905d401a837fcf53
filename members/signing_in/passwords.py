"""Rules about passwords (domain.md F5): at least ten characters, none of the usual ones; kinds and age by settings.

By default neither several kinds of characters nor a yearly change is asked: both lead to "Password2026!". Who has to
show the old rule to an examiner sets PASSWORD_KINDS=3 and PASSWORD_MAX_DAYS=90.
"""

import datetime as dt
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class KindsValidator:
    """Asks for PASSWORD_KINDS of: small letters, capitals, digits, others (Chinese characters are others)."""

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in KINDS) < settings.PASSWORD_KINDS:
            raise ValidationError(self.get_help_text(), code="password_of_too_few_kinds")

    def get_help_text(self):
        return _(
            "Use at least {count} of these: small letters, capital letters, digits, other characters."
        ).format(count=settings.PASSWORD_KINDS)


def is_too_old(user):
    """Whether `user` must choose a new password: it is older than PASSWORD_MAX_DAYS (0: never)."""
    if not settings.PASSWORD_MAX_DAYS or not user.has_usable_password():
        return False
    since = user.password_set_at or user.created_at
    return timezone.now() - since > dt.timedelta(days=settings.PASSWORD_MAX_DAYS)
