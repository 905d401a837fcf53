"""Forms of the staff's pages about personal data."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.models import Consent, Member, PersonRequest
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.models import Association

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


class RequestFilter(forms.Form):
    """Those that wait, or those that are closed."""

    shown = forms.ChoiceField(
        label=pgettext_lazy("requests", "Show"),
        choices=[
            ("open", pgettext_lazy("requests", "waiting")),
            ("closed", pgettext_lazy("requests", "closed")),
        ],
        required=False,
    )

    @property
    def is_open(self):
        return not self.is_valid() or self.cleaned_data["shown"] != "closed"


class AnswerForm(forms.Form):
    """Fulfilled or refused by the button pressed, named `do`; a refusal gives its reason (PIPL art. 50)."""

    FULFIL, REFUSE = "fulfil", "refuse"

    do = forms.ChoiceField(
        choices=[(FULFIL, ""), (REFUSE, "")],
        error_messages={"required": gettext_lazy("Press “Fulfilled” or “Refuse”.")},
    )
    answer = forms.CharField(
        label=pgettext_lazy("request", "Answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "The member reads it as it stands here. A refusal needs its reason (PIPL art. 50)."
        ),
    )

    def clean(self):
        data = super().clean()
        if data.get("do") == self.REFUSE and "answer" in data and not data["answer"]:
            self.add_error("answer", _("Give the reason of the refusal (PIPL art. 50)."))
        return data

    @property
    def decision(self):
        return {"fulfilled": self.cleaned_data["do"] == self.FULFIL, "answer": self.cleaned_data["answer"]}


class ReceivedForm(forms.Form):
    """A request that came in by letter, by telephone or at the desk."""

    association = forms.ModelChoiceField(Association.objects.none(), label=gettext_lazy("Association"))
    kind = forms.ChoiceField(label=pgettext_lazy("request", "Kind"), choices=Kind.choices)
    asker = forms.CharField(
        label=gettext_lazy("Asked by"),
        max_length=100,
        help_text=gettext_lazy("The person, or the relative with the relation: 李某（配偶）."),
    )
    who = forms.CharField(
        label=gettext_lazy("About the member"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Name or member number; empty for somebody who is none."),
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), widget=DayInput, initial=timezone.localdate
    )
    text = forms.CharField(
        label=gettext_lazy("What is asked"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        places = Association.objects.where_may(user, Ability.EDIT)
        self.fields["association"].queryset = places
        self.fields["association"].initial = places.first()

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))
        return day

    def clean(self):
        data = super().clean()
        data["member"] = None
        if data.get("who") and data.get("association"):
            found = Member.objects.editable_by(self.user).filter(association=data["association"])
            named = list(found.filter(Q(number=data["who"]) | Q(name=data["who"]))[:2])
            if not named:
                self.add_error("who", _("There is no member of that name or number in this association."))
            elif len(named) > 1:
                self.add_error("who", _("Several members have this name. Write the member number."))
            else:
                data["member"] = named[0]
        if data.get("kind") == Kind.RELATIVE and not data.get("text"):
            self.add_error("text", _("Write what it is about, so that it can be answered."))
        return data

    @property
    def received(self):
        """What `receive_request` takes."""
        data = self.cleaned_data
        return {
            name: data[name] for name in ("association", "kind", "asker", "member", "text", "received_on")
        }


class PaperConsentForm(forms.Form):
    """What a member gave or withdrew on paper."""

    purpose = forms.ChoiceField(label=pgettext_lazy("consent", "Purpose"), choices=Consent.Purpose.choices)
    on = forms.DateField(
        label=pgettext_lazy("consent", "Signed on"), widget=DayInput, initial=timezone.localdate
    )

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("This date lies in the future."))
        return day
