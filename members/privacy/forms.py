"""Forms of the staff's pages about personal data."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.models import PersonRequest
from organizations.day_input import DayInput

Kind = PersonRequest.Kind


class NoticeForm(forms.Form):
    """The next version of a notice."""

    valid_from = forms.DateField(label=gettext_lazy("In force from"), widget=DayInput)
    text = forms.CharField(
        label=pgettext_lazy("notice", "Text"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 30}),
        help_text=gettext_lazy("A line that begins with 一、 is a heading, one with “-” a point of a list."),
    )

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise ValidationError(
                _("The day from which it is in force is past. Choose today or a later day.")
            )
        return day


class OwnRequestForm(forms.Form):
    """What a member asks about the own data; one request of a kind waits at a time."""

    USUAL = Kind.DELETION
    OWN = [
        Kind.ACCESS,
        Kind.COPY,
        Kind.CORRECTION,
        Kind.DELETION,
        Kind.RESTRICTION,
        Kind.EXPLANATION,
        Kind.TRANSFER,
    ]

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"),
        choices=[(kind.value, kind.label) for kind in OWN],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What it is about: which data, where they shall go. For others than yourself ask the secretariat."
        ),
    )

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if self.member.person_requests.open().filter(kind=kind).exists():
            raise ValidationError(_("You have asked for this already: that request is waiting."))
        return kind

    def clean(self):
        data = super().clean()
        if data.get("kind") in (Kind.CORRECTION, Kind.TRANSFER, Kind.EXPLANATION) and not data.get("text"):
            self.add_error("text", _("Write what it is about, so that it can be answered."))
        return data
