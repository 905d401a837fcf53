from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members import sms
from members.models import SignIn, User
from members.phones import normal_phone
from members.signing_in.aside import aside
from members.signing_in.journal import note, user_named
from members.signing_in.limits import minutes_of, wait_of
from members.signing_in.proofs import has_just_signed_in


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

    Mobile numbers are entered by the staff and count as confirmed. Codes and links go only to accounts that have been
    opened: one without password and passkey waits for its invitation, and whoever reads the mailbox or holds the number
    that a roster happens to name must not open it.
    """

    @property
    def error_messages(self):
        wait = wait_of(minutes_of("login_failed"))
        too_many = gettext(
            "Too many wrong attempts: signing in with this name is closed for {wait}. Then try again, or set a new "
            "password by “Forgot your password?”. Was it not you? Tell the secretariat of your association."
        ).format(wait=wait)
        if self.request is not None and self.request.path == reverse("account_confirm_login_code"):
            too_many = gettext("That was wrong too often. Ask for a new code.")
        return DefaultAccountAdapter.error_messages | {
            "username_password_mismatch": _(
                "The e-mail address or mobile number or the password is not correct."
            ),
            "email_password_mismatch": _(
                "The e-mail address or mobile number or the password is not correct."
            ),
            "phone_password_mismatch": _(
                "The e-mail address or mobile number or the password is not correct."
            ),
            "too_many_login_attempts": too_many,
            "too_many_codes": _(
                "Too many codes were asked for. Try again in an hour, or sign in with your password."
            ),
            "incorrect_code": _("This code is not correct, or has been used already."),
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

    def may_have_codes(self, user):
        """Whether codes and links may be sent to `user`: an account in use that its owner has opened."""
        return user.is_active and (user.has_usable_password() or get_mfa_adapter().is_mfa_enabled(user))

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        text = ngettext(
            "[Member registry] {code} is your code to sign in, good for {count} minute. Tell it to nobody.",
            "[Member registry] {code} is your code to sign in, good for {count} minutes. Tell it to nobody.",
            minutes,
        ).format(code=code, count=minutes)
        if sender := sms.sender():
            aside(f"A code for account {user.pk}", sender.send, phone, text)

    def send_unknown_account_sms(self, phone, **kwargs):
        """Nothing: strangers could spend the SMS budget."""

    def send_account_already_exists_sms(self, phone):
        """Nothing, for the same reason."""

    # -- e-mail addresses

    def can_delete_email(self, email_address):
        # somebody without a mobile number has nothing else to sign in with
        has_other = email_address.user.emailaddress_set.exclude(pk=email_address.pk).exists()
        return (has_other or bool(email_address.user.phone)) and super().can_delete_email(email_address)

    # -- sign-in limits

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note(request, user_named(credentials), SignIn.Outcome.LOCKED)
            raise

    def _get_login_attempts_cache_key(self, request, **credentials):
        # allauth counts by e-mail or user name: all mobile numbers together would have five attempts
        phone = normal_phone(credentials.get("phone") or "")
        if not phone:
            return super()._get_login_attempts_cache_key(request, **credentials)
        return super()._get_login_attempts_cache_key(request, email=phone)

    def forget_failures(self, request, user):
        """The right password was proved by a new one: its owner need not wait."""
        for login in filter(None, [user.email, user.phone]):
            name = "email" if "@" in login else "phone"
            key = self._get_login_attempts_cache_key(request, **{name: login})
            ratelimit.clear(request, action="login_failed", key=key)

    # -- mail

    def format_email_subject(self, subject):
        return gettext("[Member registry] {subject}").format(subject=subject)

    def send_mail(self, template_prefix, email, context):
        # "There is no account with this address" would let strangers write to anybody in our name
        if template_prefix == "account/email/unknown_account":
            return
        context = {
            "request": self.request,
            "email": email,
            "current_site": get_current_site(self.request),
        } | context
        message = self.render_mail(template_prefix, email, context)
        aside(template_prefix, message.send)

    def send_password_reset_mail(self, user, email, context):
        if self.may_have_codes(user):
            super().send_password_reset_mail(user, email, context)

    # -- asking again who it is

    def is_reauthentication_required(self, *, app, **kwargs):
        # who has just typed the password need not type it again to set up a second factor
        if self.request is not None and has_just_signed_in(self.request):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)
