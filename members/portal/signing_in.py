"""What a member signs in with: taken over from the contact data, never without being asked.

A number or an address is first proved: a mistyped one would open the account to whoever holds it, by a code or by a
new password. Where no service for text messages is connected nobody gets a code, so a number needs no proof.
"""

import secrets
import time

from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from config.addresses import whole_address
from members import crypto, sms
from members.emails import send_sign_in_link
from members.models import User
from members.phones import normal_phone
from members.signing_in.aside import aside

SALT = "members.portal.sign_in_email"
LINK_SECONDS = 3 * 24 * 3600
SESSION_KEY = "sign_in_mobile"
CODE_SECONDS = 10 * 60
CODE_TRIES = 5


class CannotSignIn(ValueError):
    """Somebody else signs in with it; the text is a sentence that does not say so."""

    def __init__(self):
        super().__init__(_("This cannot be used for signing in. Ask the secretariat if you need it."))


@transaction.atomic
def sign_in_by_mobile(user, mobile):
    """Let `user` sign in with `mobile`, instead of the number used so far. Raises CannotSignIn."""
    phone = _free_phone(user, mobile)
    user.phone = phone
    try:
        with transaction.atomic():
            user.save(update_fields=["phone"])
    except IntegrityError as error:  # taken between our look and our writing
        raise CannotSignIn from error


def offer_sign_in_by_mobile(request, mobile):
    """Send a code to `mobile` that lets the reader of `request` sign in with it. Raises CannotSignIn.

    Whether one was sent: without a service for text messages the number is taken over at once.
    """
    phone = _free_phone(request.user, mobile)
    sender = sms.sender()
    if sender is None:
        sign_in_by_mobile(request.user, phone)
        return False
    code = f"{secrets.randbelow(10**6):06}"
    digest = crypto.digest(f"{phone} {code}")
    request.session[SESSION_KEY] = [phone, digest, time.time() + CODE_SECONDS, CODE_TRIES]
    text = _("[Member registry] {code} is your code to sign in with this number. Tell it to nobody.")
    aside("A code for a new mobile number", sender.send, phone, text.format(code=code))
    return True


def awaited_mobile(request):
    """The number to which a code was sent that can still be typed, ``""`` without one."""
    phone, _digest, until, tries = request.session.get(SESSION_KEY, ["", "", 0, 0])
    return phone if until > time.time() and tries > 0 else ""


def sign_in_by_code(request, code):
    """Whether `code` is the one that was sent; then the reader signs in with its number. Raises CannotSignIn."""
    if not awaited_mobile(request):
        return False
    phone, digest, until, tries = request.session[SESSION_KEY]
    if not constant_time_compare(crypto.digest(f"{phone} {code}"), digest):
        request.session[SESSION_KEY] = [phone, digest, until, tries - 1]
        return False
    del request.session[SESSION_KEY]
    sign_in_by_mobile(request.user, phone)
    return True


def offer_sign_in_by_email(request, email):
    """Send a letter to `email` with the link that lets the reader of `request` sign in with it. Raises CannotSignIn."""
    _refuse_taken(request.user, email)
    signed = signing.dumps([request.user.pk, email], salt=SALT)
    address = whole_address(reverse("portal:sign_in_email", args=[signed]), request)
    aside("A link for a new e-mail address", send_sign_in_link, email, address)


def email_of_link(user, signed):
    """The address in the link `signed` that was sent for `user`; None if it is old, broken or another's."""
    try:
        key, email = signing.loads(signed, salt=SALT, max_age=LINK_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return email if key == user.pk else None


@transaction.atomic
def sign_in_by_email(user, email):
    """Let `user` sign in with `email`, of which a link was opened, beside what is used so far. Raises CannotSignIn."""
    _refuse_taken(user, email)
    sync_user_email_address(user)
    address, _made = EmailAddress.objects.get_or_create(user=user, email=email)
    if not address.set_verified():
        raise CannotSignIn
    address.set_as_primary()


def _refuse_taken(user, email):
    if any(found.pk != user.pk for found in filter_users_by_email(email)):
        raise CannotSignIn


def _free_phone(user, mobile):
    phone = normal_phone(mobile)
    if not phone or User.objects.filter(phone=phone).exclude(pk=user.pk).exists():
        raise CannotSignIn
    return phone
