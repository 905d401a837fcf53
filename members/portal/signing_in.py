"""What a member signs in with: taken over from the contact data, never without being asked."""

from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from config.addresses import whole_address
from members.emails import send_sign_in_link
from members.models import User
from members.phones import normal_phone

SALT = "members.portal.sign_in_email"
LINK_SECONDS = 3 * 24 * 3600


class CannotSignIn(ValueError):
    """Somebody else signs in with it; the text is a sentence that does not say so."""

    def __init__(self):
        super().__init__(_("This cannot be used for signing in. Ask the secretariat if you need it."))


@transaction.atomic
def sign_in_by_mobile(user, mobile):
    """Let `user` sign in with `mobile`, instead of the number used so far. Raises CannotSignIn."""
    phone = normal_phone(mobile)
    if not phone or User.objects.filter(phone=phone).exclude(pk=user.pk).exists():
        raise CannotSignIn
    user.phone = phone
    try:
        with transaction.atomic():
            user.save(update_fields=["phone"])
    except IntegrityError as error:  # taken between our look and our writing
        raise CannotSignIn from error


def offer_sign_in_by_email(user, email, request):
    """Send a letter to `email` with the link that lets `user` sign in with it. Raises CannotSignIn.

    Nothing changes before the link is opened: a mistyped address would open the account to whoever reads it.
    """
    _refuse_taken(user, email)
    signed = signing.dumps([user.pk, email], salt=SALT)
    send_sign_in_link(email, whole_address(reverse("portal:sign_in_email", args=[signed]), request))


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
