"""Forms of the public pages but for the steps themselves."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.record_form import read_as_roster
from members.roster.messages import Doubt
from members.roster.phones import read_phones


def clean_name(written):
    """A name as rosters read it. Raises ValidationError."""
    name = read_as_roster("name", written)
    if not name:
        raise ValidationError(_("This is not a name."))
    return name


class BeginForm(forms.Form):
    """Who begins an application, and that the notice was read."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    mobile = forms.CharField(
        label=_("Mobile"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel-national", "type": "tel"}),
    )
    has_read = forms.BooleanField(
        label=_(
            "I have read the notice on personal data and agree that my data are used for this application."
        ),
        error_messages={"required": _("Without this consent the association may not take your application.")},
    )

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])

    def clean_mobile(self):
        try:
            found = read_phones(self.cleaned_data["mobile"])
        except Doubt:
            found = None
        if found is None or len(found.mobiles) != 1 or found.landlines:
            raise ValidationError(
                _("This is not a mobile number. Write 13800138000, or +852… for a number from abroad.")
            )
        return found.mobiles[0]


class IntroduceForm(forms.Form):
    """Whom a member introduces."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name of the person you introduce"), max_length=100)

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])


class IntroductionForm(forms.Form):
    """What a member says of an applicant who named them."""

    opinion = forms.CharField(
        label=_("Your opinion"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seen by the office, not by the applicant."),
    )
