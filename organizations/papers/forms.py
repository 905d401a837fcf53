import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.day_input import DayInput
from organizations.models import Contest
from organizations.papers.templates import check_template


class TemplateForm(forms.Form):
    """A template for papers of the kind `kind`; `cleaned_data["file"]` is (name, .docx bytes), checked."""

    file = forms.FileField(
        label=_("Your template"),
        help_text=_("A .docx file with fields. It is checked first, and used only when you say so."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        max_length=255,
    )

    def __init__(self, *args, kind, no_room_for="", **kwargs):
        """`no_room_for` is the name of a file that a full disk kept from arriving."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        if no_room_for:
            self.fields["file"].error_messages["required"] = _("The disk of the server is full.")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.name.lower().endswith((".doc", ".wps")):
            raise ValidationError(
                _("This is a file of an older format. Save it in Word or WPS as .docx and choose it again.")
            )
        content = upload.read()
        check_template(self.kind, content)
        return upload.name, content


class PaperForm(forms.Form):
    """What is asked before a paper is made: nothing, but a reason and a confirmation where the kind needs them."""

    def __init__(self, *args, kind, record, user, **kwargs):
        """`kind`: PaperKind; `record`: what the paper is made of; `user`: who makes it."""
        super().__init__(*args, **kwargs)
        self.record, self.user = record, user
        if kind.asks_reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                max_length=200,
                help_text=_("For whom and what for. It is kept in the log of exports."),
                error_messages={
                    "required": _("The paper will hold personal data: say for whom and what for.")
                },
            )
        if kind.holds_identity and may_take_identity(user, record.association_id):
            self.fields["identity"] = forms.BooleanField(
                label=_("Write the identity numbers in clear. Without this the column stays empty."),
                required=False,
            )


def may_take_identity(user, association_id):
    """Whether `user` may take identity numbers of the association out of the register."""
    rights = user.rights
    return (
        user.has_perm("members.export_member")
        and rights.may("export", association_id)
        and rights.may_read("id_number", association_id)
    )


class DayForm(PaperForm):
    """The day as of which the paper is."""

    on = forms.DateField(label=pgettext_lazy("paper", "As of"), initial=timezone.localdate, widget=DayInput)


class NoticeForm(PaperForm):
    """Whom to answer and until when, and the day of the notice."""

    contact = forms.CharField(label=_("Person to answer"), max_length=50)
    phone = forms.CharField(label=_("Telephone for answers"), max_length=50, required=False)
    answer_by = forms.DateField(label=_("Answer until"), widget=DayInput)
    sent_on = forms.DateField(label=_("Day of the notice"), widget=DayInput)
    field_order = ["sent_on", "contact", "phone", "answer_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sent_on = self.record.notice_on or timezone.localdate()
        self.initial = {
            "contact": self.user.name,
            "phone": self.user.phone or "",
            "sent_on": sent_on,
            "answer_by": max(self.record.on - dt.timedelta(days=1), min(sent_on, self.record.on)),
            **self.initial,
        }

    def clean_answer_by(self):
        day = self.cleaned_data["answer_by"]
        if day > self.record.on:
            raise ValidationError(
                _("The meeting is on {day}: ask for answers before.").format(day=self.record.on)
            )
        return day


class ElectionForm(PaperForm):
    """What the meeting that elects is called, and which posts stand on the paper."""

    name = forms.CharField(
        label=_("Name of the meeting that elects"),
        max_length=100,
        help_text=_("It is the title of the paper."),
    )
    contests = forms.TypedMultipleChoiceField(
        label=_("Posts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one post.")},
    )
    field_order = ["name", "contests"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {str(contest.pk): contest for contest in self.record.contests}
        field = self.fields["contests"]
        field.choices = [
            (key, f"{contest}（{contest.get_electorate_display()}）") for key, contest in self.found.items()
        ]
        self.initial = {"name": str(self.record), "contests": self._usual(kwargs["kind"]), **self.initial}

    def _usual(self, kind):
        """The posts ticked at first: on ballots and counting sheets those that one meeting elects, its first one."""
        if kind.key not in ("ballot", "count") or not self.found:
            return list(self.found)
        meetings = Contest.Electorate.values
        first = min((contest.electorate for contest in self.found.values()), key=meetings.index)
        return [key for key, contest in self.found.items() if contest.electorate == first]

    def clean_contests(self):
        """The contests ticked, in their order."""
        return [contest for key, contest in self.found.items() if key in self.cleaned_data["contests"]]
