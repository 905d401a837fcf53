import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import User
from members.phones import normal_phone

log = logging.getLogger(__name__)


class MobileField(PhoneField):
    """Takes a mobile number in any spelling and gives it as accounts keep it."""

    default_error_messages = {
        "invalid": _("This is not a mobile number. Write 13800138000, or +852… for a number from abroad."),
    }

    def __init__(self, **kwargs):
        # allauth's own check wants +86 in front; ours is normal_phone
        super().__init__(**{"validators": [], "label": _("Mobile number"), **kwargs})

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        phone = normal_phone(value)
        if not phone:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return phone


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail or mobile number, no open sign-up, no mail or SMS that strangers could cause.

    Mobile numbers are entered by the staff and count as confirmed. No SMS service is connected: nobody signs in by
    an SMS code, and a number is changed by the staff.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The e-mail address or mobile number or the password is not correct."
        ),
    }

    def is_open_for_signup(self, request):
        return False

    # -- mobile numbers: both the form field and the look-up normalise, the form hands on what was typed

    def phone_form_field(self, **kwargs):
        return MobileField(**kwargs)

    def get_user_by_phone(self, phone):
        phone = normal_phone(phone)
        return User.objects.filter(phone=phone).first() if phone else None

    def get_phone(self, user):
        return (user.phone, True) if user.phone else None

    def set_phone(self, user, phone, verified):
        user.phone = normal_phone(phone) or None
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone):
        self.set_phone(user, phone, True)

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        log.warning("No SMS service is connected: a code for account %s was not sent.", user.pk)

    def send_unknown_account_sms(self, phone, **kwargs):
        """Nothing: strangers could spend the SMS budget."""

    def send_account_already_exists_sms(self, phone):
        """Nothing, for the same reason."""

    # -- sign-in limits

    def _get_login_attempts_cache_key(self, request, **credentials):
        # allauth counts by e-mail or user name: all mobile numbers together would have five attempts
        phone = normal_phone(credentials.get("phone") or "")
        if not phone:
            return super()._get_login_attempts_cache_key(request, **credentials)
        return super()._get_login_attempts_cache_key(request, email=phone)

    # -- mail

    def format_email_subject(self, subject):
        return gettext("[Member registry] {subject}").format(subject=subject)

    def send_mail(self, template_prefix, email, context):
        # "There is no account with this address" would let strangers write to anybody in our name
        if template_prefix != "account/email/unknown_account":
            super().send_mail(template_prefix, email, context)

    def send_password_reset_mail(self, user, email, context):
        """Only for accounts that have a password.

        One without waits for its invitation, which the staff hand to the member; whoever reads the mailbox that a
        roster happens to name must not open it.
        """
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)
