from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import sms
from members.phones import normal_phone
from members.signing_in.proofs import has_proved_a_code


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("E-mail address or mobile number")
        # what password managers look for, whichever of the two it is
        login.widget.attrs = {"autocomplete": "username"}


class RequestCodeForm(forms.Form):
    """Where a code to sign in shall go. Whatever is typed, the answer is the same: nobody learns who has an account."""

    login = forms.CharField(
        label=_("E-mail address or mobile number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._user = None
        if not sms.sender():
            self.fields["login"].label = _("E-mail address")

    def clean(self):
        data = super().clean()
        login = data.get("login", "")
        if not login:
            return data
        adapter = get_adapter()
        if phone := normal_phone(login):
            if not sms.sender():
                raise ValidationError(
                    _(
                        "Codes by SMS are not offered here. Enter your e-mail address, or sign in with your password."
                    )
                )
            user = adapter.get_user_by_phone(phone)
            data["phone"] = phone
        else:
            try:
                validate_email(login)
            except ValidationError:
                raise ValidationError(
                    _("This is neither an e-mail address nor a mobile number. Check what you typed.")
                ) from None
            found = filter_users_by_email(login, is_active=True, prefer_verified=True, for_login=True)
            user = found[0] if len(found) == 1 else None
            data["email"] = login.lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=phone or data["email"]):
            raise adapter.validation_error("too_many_codes")
        if user and adapter.may_have_codes(user):
            self._user = user
        return data


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Whoever has just signed in by a code has proved who they are: the old password may be forgotten."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if has_proved_a_code(context.request):
            del self.fields["oldpassword"]


class AddKeyForm(key_forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("security key", "Name")
        self.fields["name"].help_text = _(
            "So that you know it again: this telephone, the computer in the office."
        )
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Sign in with it alone, without a password")
        passwordless.help_text = _(
            "Needs fingerprint, face, screen lock or PIN. Older security keys cannot do it."
        )
        passwordless.initial = True


class EditKeyForm(key_forms.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("security key", "Name")


class ActivateForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        del self.fields["code"].widget.attrs["placeholder"]


class CodeForm(mfa_forms.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app, or recovery code")
        del self.fields["code"].widget.attrs["placeholder"]


class CodeAgainForm(mfa_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of the app, or recovery code")
        del self.fields["code"].widget.attrs["placeholder"]
