"""Small forms of the steps of an activity: announce, cancel, copy, settle. The services decide."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.planning.lists import EARLIEST, LATEST
from activities.planning.services import (
    cancel_activity,
    copy_activity,
    delete_draft,
    publish_activity,
    reopen_attendance,
    settle_attendance,
)
from organizations.bodies.forms import ServiceForm
from organizations.day_input import DayInput

ABSENT, OPEN = "absent", "open"


class StepForm(ServiceForm):
    """A form about one activity."""

    def __init__(self, *args, activity, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.activity, self.user = activity, user


class PublishForm(StepForm):
    def save(self):
        return publish_activity(self.activity)


class DeleteForm(StepForm):
    def save(self):
        delete_draft(self.activity)


class CancelForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Why the activity is cancelled"),
        max_length=200,
        help_text=gettext_lazy("Those invited, signed up and in line are told, with the reason."),
    )

    def save(self):
        return cancel_activity(self.activity, reason=self.cleaned_data["reason"], actor=self.user)


class CopyForm(StepForm):
    title = forms.CharField(label=pgettext_lazy("activity", "title"), max_length=150)
    starts_on = forms.DateField(
        label=gettext_lazy("Day of the copy"),
        widget=DayInput(),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text=gettext_lazy("It begins at the same hour."),
    )

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, activity=activity, **kwargs)
        self.fields["title"].initial = activity.title
        # the same day of the week, coming next
        weeks = max(1, -(-(timezone.localdate() - activity.on).days // 7))
        self.fields["starts_on"].initial = activity.on + dt.timedelta(weeks=weeks)

    def save(self):
        return copy_activity(self.activity, **self.cleaned_data)


class SettleForm(StepForm):
    about_open = forms.ChoiceField(
        label=gettext_lazy("Those expected of whom nothing was entered"),
        choices=[(ABSENT, gettext_lazy("were absent")), (OPEN, gettext_lazy("leave open"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, activity=activity, **kwargs)
        self.counts = activity.participations.counts()
        if not self.counts.open:
            del self.fields["about_open"]

    def save(self):
        mark_absent = self.cleaned_data.get("about_open") == ABSENT
        return settle_attendance(self.activity, mark_absent=mark_absent, actor=self.user)

    @property
    def note(self):
        counts = self.counts
        sentence = _(
            "Expected {expected}, present {present}, on leave {leave}, absent {absent}, nothing entered {open}."
        ).format(
            expected=counts.expected,
            present=counts.present,
            leave=counts.leave,
            absent=counts.absent,
            open=counts.open,
        )
        if self.activity.hours:
            sentence += " " + _("Who came in person is credited {hours} volunteer hours.").format(
                hours=self.activity.hours
            )
        return sentence + " " + _("From then on every correction needs a reason.")


class ReopenForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Why the attendance is opened again"),
        max_length=200,
        help_text=gettext_lazy("The hours credited are taken back until it is settled anew."),
    )

    def save(self):
        return reopen_attendance(self.activity, reason=self.cleaned_data["reason"], actor=self.user)
