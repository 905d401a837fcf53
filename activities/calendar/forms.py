"""What the staff's calendar is narrowed by."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Association, Body

WHAT = (
    ("", _("Activities and meetings")),
    ("activities", pgettext_lazy("calendar", "Activities only")),
    ("meetings", pgettext_lazy("calendar", "Meetings only")),
)


class CalendarFilter(forms.Form):
    """A value that is none narrows nothing."""

    association = forms.ModelChoiceField(
        Association.objects.none(), label=_("association"), required=False, empty_label=_("All associations")
    )
    body = forms.ModelChoiceField(
        Body.objects.none(), label=_("body"), required=False, empty_label=_("All bodies")
    )
    what = forms.ChoiceField(label=pgettext_lazy("calendar", "shown"), required=False, choices=WHAT)

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        bodies = Body.objects.visible_to(user).select_related("association")
        self.fields["body"].queryset = bodies
        associations = Association.objects.filter(pk__in=user.rights.associations)
        if len(user.rights.associations) > 1:
            self.fields["association"].queryset = associations
            self.fields["body"].label_from_instance = lambda body: f"{body}（{body.association}）"
        else:
            del self.fields["association"]
        self.is_valid()
        self.asked = {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, activities, meetings):
        """(activities, meetings): the two querysets as far as they fit what was asked."""
        what = self.asked.get("what")
        if association := self.asked.get("association"):
            activities = activities.filter(association=association)
            meetings = meetings.filter(body__association=association)
        if body := self.asked.get("body"):
            activities = activities.filter(host=body)
            meetings = meetings.filter(Q(body=body) | Q(joint_with=body))
        return (
            activities.none() if what == "meetings" else activities,
            meetings.none() if what == "activities" else meetings,
        )

    @property
    def query(self):
        """{name: value} of what was asked, for the addresses of other months."""
        return {name: getattr(value, "pk", value) for name, value in self.asked.items()}
