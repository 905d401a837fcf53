"""Forms of the staff's pages about personal data."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.day_input import DayInput


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
