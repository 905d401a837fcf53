import base64

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.crypto import is_newest, seal, unseal
from members.signing_in.devices import device_of
from members.signing_in.second_factor import may_remove

COLUMN = "second_factor"
SEALED = "sealed:"


def sealed_anew(value):
    """`value` of an authenticator's data, sealed with the newest key if it is a secret sealed with an older one."""
    if not isinstance(value, str) or not value.startswith(SEALED):
        return value
    sealed = base64.b64decode(value.removeprefix(SEALED))
    return value if is_newest(sealed) else MFAAdapter().encrypt(unseal(sealed, COLUMN))


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets encrypted in the database, and no way for the staff to be without."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Your role demands a second factor, and this is your last one. Add another first; then this can go."
        ),
        "incorrect_code": _("This code is not correct, or has been used already."),
    }

    def get_totp_issuer(self):
        # what the app on the phone lists it by; two installations are told apart by their host
        return f"{gettext('Member registry')} {self._get_site_name()}"

    def encrypt(self, text):
        return SEALED + base64.b64encode(seal(text, COLUMN)).decode()

    def decrypt(self, encrypted_text):
        # those set up before secrets were encrypted stand as they are
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return unseal(base64.b64decode(encrypted_text.removeprefix(SEALED)), COLUMN)

    def generate_authenticator_name(self, user, type):
        # people know their devices, not the number of a key
        return device_of(context.request.META.get("HTTP_USER_AGENT", ""))

    def can_delete_authenticator(self, authenticator):
        return may_remove(authenticator)
