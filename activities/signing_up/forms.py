"""Forms of signing up: the questions of an activity, a reason, members by name or list, guests."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from activities.models import Answer, Participation, Question
from activities.signing_up.inviting import members_of_list
from members.models import SavedList
from organizations.meetings.plan_forms import members_named

# as stored, and so in every list and file
YES_NO = [("是", pgettext_lazy("answer", "yes")), ("否", pgettext_lazy("answer", "no"))]
REASON_LENGTH = Participation._meta.get_field("reason").max_length
ANSWER_LENGTH = Answer._meta.get_field("text").max_length
MOST_GUESTS = 100
GUEST_FIELDS = ("guest_name", "guest_from", "guest_post")


class ReplyForm(forms.Form):
    """What a member says about coming to `activity`; by itself it asks nothing."""

    def __init__(self, data=None, *, activity, **kwargs):
        super().__init__(data, **kwargs)
        self.activity = activity


class QuestionsForm(ReplyForm):
    """The questions of the activity as fields; `answers` are those given before, `personal` whether to ask those."""

    def __init__(self, data=None, *, answers=(), personal=True, **kwargs):
        super().__init__(data, **kwargs)
        given = {answer.question_id: answer.text for answer in answers}
        self.keys = {}
        for question in self.activity.questions.all():
            if question.is_personal and not personal:
                continue
            name = f"q{question.pk}"
            self.keys[name] = question.pk
            self.fields[name] = _field_of(question, initial=given.get(question.pk, ""))

    def answers(self):
        """{key of the question: text}"""
        return {pk: self.cleaned_data[name] for name, pk in self.keys.items()}


def _field_of(question, **kwargs):
    kwargs |= {"label": question.text, "required": question.is_required}
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(max_length=ANSWER_LENGTH, **kwargs)
    choices = YES_NO
    if question.kind == Question.Kind.CHOICE:
        choices = [(each, each) for each in dict.fromkeys(question.choice_list)]
    return forms.ChoiceField(choices=[("", _("please choose")), *choices], **kwargs)


class LeaveForm(ReplyForm):
    reason = forms.CharField(
        label=_("Why you cannot come"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only those who hold the activity read it. Please write nothing about your health."),
    )


class DeclineForm(ReplyForm):
    reason = forms.CharField(
        label=_("Why, if you like"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CorrectionForm(ReplyForm):
    """A form of staff that asks why once the attendance is settled."""

    correction = forms.CharField(label=_("Why this is corrected"), max_length=300)

    def __init__(self, data=None, *, activity, **kwargs):
        super().__init__(data, activity=activity, **kwargs)
        if activity.state != activity.State.CLOSED:
            del self.fields["correction"]

    @property
    def why(self):
        return self.cleaned_data.get("correction", "")


class MembersForm(CorrectionForm):
    names = forms.CharField(
        label=_("members"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line: name or member number."),
    )
    saved_list = forms.ModelChoiceField(
        SavedList.objects.none(), label=_("or all of a saved list"), required=False
    )
    above = forms.BooleanField(
        label=_("also above the number of places"),
        required=False,
        help_text=_("Otherwise those for whom there is no place stand in line."),
    )
    field_order = ["names", "saved_list", "above", "correction"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["saved_list"].queryset = SavedList.objects.visible_to(user)
        if self.activity.capacity is None:
            del self.fields["above"]

    def clean_names(self):
        text, place = self.cleaned_data["names"], self.activity.association_id
        return members_named(text, association_id=place, user=self.user) if text else []

    def clean_saved_list(self):
        saved = self.cleaned_data["saved_list"]
        if saved is None:
            return []
        members, problems = members_of_list(saved, self.user)
        if problems:
            raise ValidationError(problems)
        return list(members)

    def clean(self):
        data = super().clean()
        found = {each.pk: each for each in [*data.get("names", []), *data.get("saved_list", [])]}
        if not self.errors and not found:
            raise ValidationError(gettext("Name at least one member."))
        data["members"] = list(found.values())
        return data


class GuestsForm(CorrectionForm):
    guests = forms.CharField(
        label=pgettext_lazy("activity", "guests"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: name, office or association, post – parted by commas."),
    )
    above = forms.BooleanField(label=_("also above the number of places"), required=False)
    field_order = ["guests", "above", "correction"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.activity.capacity is None:
            del self.fields["above"]

    def clean_guests(self):
        """[{"guest_name", "guest_from", "guest_post"}]"""
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        if len(lines) > MOST_GUESTS:
            raise ValidationError(gettext("At most {most} guests at once.").format(most=MOST_GUESTS))
        return [_guest(line) for line in lines]


def _guest(line):
    parts = [part.strip() for part in re.split(r"[,，\t]", line)]
    if len(parts) > len(GUEST_FIELDS) or not parts[0]:
        raise ValidationError(
            gettext("“{line}”: write name, office or association, post.").format(line=line[:60])
        )
    guest = dict.fromkeys(GUEST_FIELDS, "") | dict(zip(GUEST_FIELDS, parts, strict=False))
    for name, text in guest.items():
        most = Participation._meta.get_field(name).max_length
        if len(text) > most:
            raise ValidationError(
                ngettext(
                    "“{text}…” has more than {most} character.",
                    "“{text}…” has more than {most} characters.",
                    most,
                ).format(text=text[:20], most=most)
            )
    return guest


class GuestForm(CorrectionForm):
    """One guest on the list."""

    guest_name = forms.CharField(label=_("name"), max_length=100)
    guest_from = forms.CharField(label=_("office or association"), max_length=150, required=False)
    guest_post = forms.CharField(label=_("post"), max_length=100, required=False)
    field_order = [*GUEST_FIELDS, "correction"]
