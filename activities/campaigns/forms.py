"""Forms of campaigns."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.models import Campaign
from activities.planning.lists import EARLIEST, LATEST
from organizations.day_input import DayInput
from organizations.meetings.forms import ServiceModelForm
from organizations.models import Association
from organizations.opened import OpenedForm

RUNNING, COMING, OVER = "running", "coming", "over"


class CampaignFilter(forms.Form):
    """Which campaigns the list shows; a value that is none narrows nothing."""

    when = forms.ChoiceField(
        label=pgettext_lazy("campaign", "state"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (RUNNING, pgettext_lazy("campaign", "running")),
            (COMING, pgettext_lazy("campaign", "coming")),
            (OVER, pgettext_lazy("campaign", "over")),
        ],
    )
    q = forms.CharField(
        label=gettext_lazy("Name or theme"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )

    def __init__(self, data):
        super().__init__(data, label_suffix="")
        self.is_valid()

    def narrowed(self, campaigns, day=None):
        """`campaigns` as far as they fit what was asked on the local date `day`."""
        day = day or timezone.localdate()
        if text := self.cleaned_data.get("q"):
            campaigns = campaigns.filter(name__icontains=text) | campaigns.filter(theme__icontains=text)
        when = self.cleaned_data.get("when")
        if when == RUNNING:
            return campaigns.running_on(day)
        if when == COMING:
            return campaigns.filter(starts_on__gt=day)
        return campaigns.filter(ends_on__lt=day) if when == OVER else campaigns


class CampaignForm(ServiceModelForm):
    """A new campaign."""

    class Meta:
        model = Campaign
        fields = [
            "association", "name", "theme", "starts_on", "ends_on", "plan", "planned_activities", "planned_people",
            "report",
        ]  # fmt: skip
        widgets = {
            "starts_on": DayInput,
            "ends_on": DayInput,
            "plan": forms.Textarea(attrs={"rows": 8}),
            "report": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].validators += [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
        if self.instance.pk:
            # its activities are of it
            del self.fields["association"]
            return
        places = Association.objects.filter(pk__in=user.rights.associations_with("activities.add_campaign"))
        self.fields["association"].queryset = places
        if len(places) == 1:
            self.fields["association"].initial = places[0]
        del self.fields["report"]

    def clean(self):
        data = super().clean()
        name, association = data.get("name"), data.get("association") or self.instance.association_id
        same = Campaign.objects.filter(name=name, association=association).exclude(pk=self.instance.pk)
        if name and association and same.exists():
            self.add_error("name", _("This association has a campaign of that name already."))
        return data

    def save(self):
        self.instance.clean()
        self.instance.save()
        return self.instance


class CampaignChangeForm(OpenedForm, CampaignForm):
    """A campaign that exists; the row is locked when it is sent."""
