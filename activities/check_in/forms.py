"""What comes from telephones: keys, ages and codes, never trusted further than a clock or a typing hand can be."""

import re

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.check_in.codes import OLDEST, in_groups, plain_code

_KEY = re.compile(r"[0-9A-Za-z]{8,24}")


def new_key():
    """A key under which a code is sent, once or several times."""
    return get_random_string(16)


class SentForm(forms.Form):
    """`key`: sent twice it is one thing. `age`: seconds since it was read, so that a wrong clock does not matter."""

    key = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    age = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def clean_key(self):
        key = self.cleaned_data["key"]
        return key if _KEY.fullmatch(key) else new_key()

    def clean_age(self):
        age = self.cleaned_data["age"]
        seconds = int(age) if age.isascii() and age.isdigit() else 0
        return min(seconds, int(OLDEST.total_seconds()))


class CheckInForm(SentForm):
    ticket = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)


class CodeForm(SentForm):
    """The code on the screen, typed."""

    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=60,
        help_text=_("Nine letters and digits, such as k7m q2x dh9."),
        error_messages={"required": _("Type the code that stands on the screen of the room.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "text",
            }
        ),
    )

    def clean_code(self):
        code = plain_code(self.cleaned_data["code"])
        if not code:
            example = in_groups("k7mq2xdh9")
            raise forms.ValidationError(
                _("A code has nine letters and digits, such as {example}.").format(example=example)
            )
        return code


class ScanForm(SentForm):
    """What staff have read, photographed or typed; or whom they have chosen and confirmed by hand."""

    text = forms.CharField(
        label=_("Number, name or code"),
        max_length=500,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    picture = forms.FileField(label=_("Photo of a code"), required=False)
    # of a camera at work, whose pictures mostly show nothing
    frame = forms.BooleanField(required=False)
    # one of those found under `text`
    member = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[("", ""), ("observe", "observe")], required=False)


class DecisionForm(forms.Form):
    """What becomes of the codes that wait."""

    do = forms.ChoiceField(choices=[(name, name) for name in ("accept", "refuse")])
    every = forms.BooleanField(required=False)
    scans = forms.ModelMultipleChoiceField(None, required=False)
    note = forms.CharField(
        label=_("Why they are refused"),
        max_length=200,
        required=False,
        help_text=_("The members are told. Empty: the code was no longer on the screen."),
    )
    reason = forms.CharField(
        label=pgettext_lazy("attendance", "Why this is corrected"), max_length=300, required=False
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scans"].queryset = waiting

    def clean(self):
        data = super().clean()
        chosen = self.fields["scans"].queryset if data.get("every") else data.get("scans")
        data["chosen"] = list(chosen or ())
        if not data["chosen"] and not self.errors:
            raise forms.ValidationError(_("Tick at least one of the list."))
        return data
