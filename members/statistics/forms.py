"""What figures somebody asks for, from an address that may be edited by hand."""

import datetime as dt
import re

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.statistics.question import DEFAULT_BANDS, Question
from organizations.day_input import DayInput
from organizations.models import indented

FIRST_DAY = dt.date(1900, 1, 1)
MOST_BANDS = 12
OLDEST = 120


class DayField(forms.DateField):
    """A local date up to today."""

    widget = DayInput()

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], required=False, **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future: nobody knows its figures yet."))
        if day and day < FIRST_DAY:
            raise forms.ValidationError(_("Figures are given from 1900 on."))
        return day


class QuestionForm(forms.Form):
    """The choice of associations and days. What is wrong gets a sentence, and the usual value in its place.

    `associations` are those whose figures the user may see, in the order of the tree.
    """

    association = forms.ChoiceField(label=_("Association"), required=False)
    day = DayField(label=pgettext_lazy("figures", "Day"))
    other_day = DayField(label=_("Compare with"))
    bands = forms.CharField(
        label=_("Age bands up to"),
        required=False,
        max_length=60,
        help_text=_("Last age of each band, for example 35, 45, 55, 60."),
    )

    def __init__(self, query, associations):
        today = timezone.localdate()
        usual = {"day": today.isoformat(), "bands": written(DEFAULT_BANDS)}
        super().__init__(usual | {name: text for name, text in query.items() if text}, label_suffix="")
        self.today, self.associations = today, {str(each.pk): each for each in associations}
        choices = [(str(each.pk), name) for each, name in indented(associations)]
        top = min((each.path.count("/") for each in associations), default=0)
        if sum(each.path.count("/") == top for each in associations) > 1:
            choices = [("", _("All in sight")), *choices]
        self.fields["association"].choices = choices

    def clean_association(self):
        """Out of sight is not found, as everywhere."""
        return self.associations.get(self.cleaned_data["association"])

    def clean_bands(self):
        ages = [text for text in re.split(r"[\s,，、;；]+", self.cleaned_data["bands"]) if text]
        if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in ages):
            raise forms.ValidationError(_("Write ages in figures with commas between them."))
        bands = tuple(map(int, ages))
        if not 0 < len(bands) <= MOST_BANDS or list(bands) != sorted(set(bands)) or bands[-1] > OLDEST:
            raise forms.ValidationError(
                _("Write 1 to {most} ages, each higher than the one before, up to {oldest}.").format(
                    most=MOST_BANDS, oldest=OLDEST
                )
            )
        return bands

    def question(self):
        """What is asked, as a `Question`; raises Http404 for an association that is not in sight."""
        self.is_valid()
        if "association" in self.errors:
            raise Http404
        association = self.cleaned_data["association"]
        if association is None and self.fields["association"].choices:
            chosen = self.fields["association"].choices[0][0]
            association = self.associations.get(chosen)
        counted = tuple(
            each
            for each in self.associations.values()
            if association is None or each.path.startswith(association.path)
        )
        return Question(
            associations=counted,
            association=association,
            day=self.cleaned_data.get("day") or self.today,
            other_day=self.cleaned_data.get("other_day"),
            bands=self.cleaned_data.get("bands") or DEFAULT_BANDS,
        )


def written(bands):
    return ", ".join(map(str, bands))
