"""Forms of meetings, their agenda, votes and resolutions. The services decide; what they refuse stands on the form."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from organizations.bodies.forms import SeenForm, ServiceForm
from organizations.day_input import DayInput
from organizations.meetings import holding, resolving
from organizations.models import AgendaItem, Body, Meeting, MeetingKind, MeetingRule, Resolution, Vote
from organizations.models.meetings import kinds_of
from organizations.seen import SeenModelForm

EDIT = "edit"


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


WIDGETS = {
    "on": DayInput,
    "notice_on": DayInput,
    "starts_at": TimeInput,
    "ends_at": TimeInput,
    "guests": forms.Textarea(attrs={"rows": 3}),
    "minutes": forms.Textarea(attrs={"rows": 16}),
    "text": forms.Textarea(attrs={"rows": 6}),
}


class MeetingFilter(forms.Form):
    """Which meetings the list shows; a value that is none narrows nothing."""

    body = forms.ModelChoiceField(
        Body.objects.none(),
        label=gettext_lazy("body"),
        required=False,
        empty_label=gettext_lazy("All bodies"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind of meeting"), required=False)
    state = forms.ChoiceField(label=pgettext_lazy("meeting", "state"), required=False)
    term = forms.IntegerField(
        label=pgettext_lazy("body", "term"), required=False, min_value=1, max_value=999,
        widget=forms.NumberInput(attrs={"size": 4}),
    )  # fmt: skip
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput())
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DayInput())

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.fields["body"].queryset = Body.objects.visible_to(user).select_related("association")
        self.fields["kind"].choices = [("", _("All kinds")), *MeetingKind.choices]
        self.fields["state"].choices = [("", _("All states")), *Meeting.State.choices]

    def narrowed(self, meetings):
        """`meetings` as far as they fit what was asked."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        lookups = {"since": "on__gte", "until": "on__lte", "term": "term__number"}
        return meetings.filter(**{lookups.get(name, name): value for name, value in asked.items()})


class ServiceModelForm(ServiceForm, forms.ModelForm):
    """A form of a record that a service saves: the form looks at each field, the service at what constraints ask."""

    def _post_clean(self):
        exclude = self._get_validation_exclusions()
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        try:
            self.instance.clean_fields(exclude=exclude)
        except ValidationError as error:
            self._update_errors(error)


class CorrectionForm(ServiceForm):
    """A form about a meeting; once the minutes are signed it asks why they are corrected."""

    def __init__(self, *args, meeting, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.user = meeting, user
        if meeting.state == Meeting.State.SIGNED:
            self.fields["correction"] = forms.CharField(
                label=_("Why this is corrected"),
                max_length=300,
                help_text=_("The minutes are signed: the reason stays in the history."),
            )

    @property
    def by(self):
        """Who writes, and why: keywords of the services."""
        return {"actor": self.user, "reason": self.cleaned_data.get("correction", "")}


class PlanForm(ServiceModelForm):
    """A new meeting."""

    class Meta:
        model = Meeting
        fields = [
            "body", "kind", "joint_with", "on", "starts_at", "place", "mode", "notice_on", "number", "name"
        ]  # fmt: skip
        widgets = WIDGETS

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bodies = Body.objects.where_may(user, EDIT).existing_on(timezone.localdate())
        bodies = bodies.select_related("association")
        self.fields["body"].queryset = self.fields["joint_with"].queryset = bodies
        if len({body.association_id for body in bodies}) > 1:
            for name in ("body", "joint_with"):
                self.fields[name].label_from_instance = lambda body: f"{body}（{body.association}）"
        self.fields["kind"].required = False
        self.fields["kind"].help_text = _("Empty: the usual one of the body.")

    def clean(self):
        data = super().clean()
        if data.get("body") and not data.get("kind"):
            data["kind"] = kinds_of(data["body"])[0]
        return data

    def save(self):
        data = self.cleaned_data
        return holding.plan_meeting(data.pop("body"), **data)


class MeetingForm(CorrectionForm, SeenForm, ServiceModelForm):
    """What is known about a meeting; its body and kind stay."""

    class Meta:
        model = Meeting
        fields = [
            "on", "starts_at", "ends_at", "place", "mode", "notice_on", "chair", "recorder", "guests", "minutes",
            "number", "name",
        ]  # fmt: skip
        widgets = WIDGETS

    def save(self):
        return holding.change_meeting(self.instance, **self.by)


class SignForm(CorrectionForm):
    """Day and names of the signatures."""

    on = forms.DateField(label=gettext_lazy("Signed on"), widget=DayInput())
    by_whom = forms.CharField(label=gettext_lazy("Signed by"), max_length=200)

    def __init__(self, *args, meeting, **kwargs):
        initial = {
            "on": timezone.localdate(),
            "by_whom": "、".join(filter(None, [meeting.chair, meeting.recorder])),
        }
        super().__init__(*args, meeting=meeting, initial=initial, **kwargs)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return on

    def save(self):
        data = self.cleaned_data
        return holding.sign_minutes(self.meeting, on=data["on"], by=data["by_whom"], actor=self.user)


class CancelForm(CorrectionForm):
    reason = forms.CharField(label=gettext_lazy("Why the meeting is cancelled"), max_length=200)

    def save(self):
        return holding.cancel_meeting(self.meeting, reason=self.cleaned_data["reason"], actor=self.user)


class ItemForm(CorrectionForm, ServiceModelForm):
    class Meta:
        model = AgendaItem
        fields = ["number", "title", "presenter", "text"]
        widgets = WIDGETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["number"].help_text = _("Empty: the last.")

    def save(self):
        return holding.save_item(self.meeting, self.instance, **self.by)


class VoteForm(CorrectionForm, ServiceModelForm):
    class Meta:
        model = Vote
        fields = [
            "subject", "is_secret", "entitled", "present", "in_favour", "against", "abstained", "majority",
            "majority_of",
        ]  # fmt: skip

    def save(self):
        return holding.save_vote(self.instance, **self.by)


class ResolutionForm(CorrectionForm, ServiceModelForm):
    class Meta:
        model = Resolution
        fields = ["kind", "title", "text", "number", "document", "item", "vote", "is_passed"]
        widgets = WIDGETS
        help_texts = {
            "vote": gettext_lazy("With a vote, its numbers say whether the resolution passed."),
            "number": gettext_lazy("Empty: the next one."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        self.fields["item"].queryset = self.meeting.items.all()
        votes = Vote.objects.filter(item__meeting=self.meeting).select_related("item")
        self.fields["vote"].queryset = votes
        self.fields["vote"].label_from_instance = vote_label
        self.fields["is_passed"].widget = forms.Select(
            choices=[("unknown", _("open")), ("true", pgettext("vote", "passed")), ("false", _("not passed"))]
        )

    def save(self):
        return resolving.save_resolution(self.meeting, self.instance, **self.by)


def vote_label(vote):
    """`3. 审议工作报告：同意12 反对1 弃权0`."""
    return _("{number}. {subject}: {in_favour} in favour, {against} against, {abstained} abstained").format(
        number=vote.item.number,
        subject=vote,
        in_favour=vote.in_favour,
        against=vote.against,
        abstained=vote.abstained,
    )


class DeleteForm(CorrectionForm):
    """Asks before an item, vote or resolution goes; `delete` is the service."""

    def __init__(self, *args, delete, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.delete, self.row = delete, row

    def save(self):
        self.delete(self.row, **self.by)


class RuleForm(SeenModelForm):
    secret_for = forms.MultipleChoiceField(
        label=gettext_lazy("secret ballot for"),
        choices=Resolution.Kind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = MeetingRule
        fields = [
            "quorum", "majority", "majority_of", "secret_for", "notice_days", "proxies_allowed",
            "correspondence_allowed", "at_least", "period", "article", "source",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["at_least"].min_value = 1
