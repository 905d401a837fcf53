import json

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.adapter import MobileField
from members.invitations.joining import is_taken
from members.invitations.queries import AccountState
from members.invitations.services import ways
from members.models import User
from members.models.links import plain_token

LONGEST_SEARCH = 100
NOT_HERE = {
    "phone": _(
        "This mobile number cannot be used here. Use another one or your e-mail address, or ask the secretariat."
    ),
    "email": _(
        "This e-mail address cannot be used here. Use another one or your mobile number, or ask the secretariat."
    ),
    "": _(
        "This mobile number or e-mail address cannot be used here. Use another one, or ask the secretariat."
    ),
}


# -- of the staff


class ListForm(forms.Form):
    """Which members the list of invitations shows."""

    state = forms.ChoiceField(choices=AccountState, required=False)
    q = forms.CharField(
        label=pgettext_lazy("invitations", "Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class InviteForm(forms.Form):
    way = forms.ChoiceField(label=_("how the invitations get there"), widget=forms.RadioSelect)
    anew = forms.BooleanField(
        label=_("also to those whose invitation is still good (their earlier link stops working)"),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways()
        self.fields["way"].initial = ways()[0][0]


# -- of who is invited


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("invitation code"),
        max_length=100,
        help_text=_("Four groups of four letters and digits, as on the sheet: abcd-efgh-jkmn-pqrs."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_code(self):
        token = plain_token(self.cleaned_data["code"])
        if not token:
            raise ValidationError(
                _("This is no whole code: it has four groups of four letters and digits. Look at it again.")
            )
        return token


class NoticeForm(forms.Form):
    """That the notice on personal data was read; it says which version."""

    read = forms.BooleanField(
        label=_("I have read the notice on personal data."),
        error_messages={"required": _("Please read the notice and tick the box.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, notice, **kwargs):
        super().__init__(*args, **kwargs)
        self.notice = notice
        self.fields["version"].initial = notice.version

    def clean_version(self):
        if self.cleaned_data["version"] != self.notice.version:
            raise ValidationError(_("The notice has changed in the meantime. Please read the new one."))
        return self.cleaned_data["version"]


class SignInForm(forms.Form):
    """With what the new account signs in: at least one of the two, that no other account has."""

    phone = MobileField(
        label=_("Mobile number"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs["autocomplete"] = "tel"
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_phone(self):
        return self._free("phone", self.cleaned_data["phone"] or "")

    def clean_email(self):
        return self._free("email", self.cleaned_data["email"].lower())

    @staticmethod
    def _free(field, value):
        if value and is_taken(field, value):
            raise ValidationError(NOT_HERE[field])
        return value

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("phone") and not data.get("email"):
            raise ValidationError(_("Give a mobile number or an e-mail address to sign in with."))
        return data

    def fail_taken(self, field):
        """Say under `field` ("" for no one of them) that somebody else signs in with it."""
        self.add_error(field or None, NOT_HERE[field])


class PasswordForm(SignInForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    # scripts that can show the password take this one away
    password2 = forms.CharField(
        label=_("Password once more"),
        strip=False,
        required=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # not every rule has words of its own
        rules = [(rule,) for rule in password_validators_help_texts() if rule]
        self.fields["password"].help_text = format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", rules)
        )

    def clean(self):
        data = super().clean()
        password = data.get("password")
        if password and "password2" in self.data and data.get("password2") != password:
            self.add_error("password2", _("The two passwords are not the same."))
        elif password:
            self._check(password, data)
        return data

    def _check(self, password, data):
        user = User(email=data.get("email"), phone=data.get("phone"), name=self.initial.get("name", ""))
        try:
            validate_password(password, user)
        except ValidationError as error:
            self.add_error("password", error)


class PasskeyForm(SignInForm):
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self):
        credential = self.cleaned_data["credential"]
        if not isinstance(credential, dict) or len(json.dumps(credential)) > 20_000:
            raise ValidationError(_("The passkey was not understood. Try again, or set a password."))
        return credential
