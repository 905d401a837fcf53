from allauth.account import forms as account_forms
from allauth.mfa.webauthn import forms as key_forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("E-mail address or mobile number")
        # what password managers look for, whichever of the two it is
        login.widget.attrs = {"autocomplete": "username"}


class AddKeyForm(key_forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("security key", "Name")


class EditKeyForm(key_forms.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = pgettext_lazy("security key", "Name")
