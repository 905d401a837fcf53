from allauth.account import forms as account_forms
from django.utils.translation import gettext_lazy as _


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("E-mail address or mobile number")
        # what password managers look for, whichever of the two it is
        login.widget.attrs = {"autocomplete": "username"}
