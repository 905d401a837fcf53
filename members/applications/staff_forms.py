"""What the staff fill in when they decide about an application; each form is one of the decisions on its page."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.applications import deciding, introducing
from members.codes import Status
from members.models import Application, Member
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.models import Association
from organizations.services import NotPossible


class Asked(forms.Form):
    """Which applications are looked for."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *Application.State.choices])
    association = forms.ModelChoiceField(
        Association.objects.none(), label=gettext_lazy("Association"), required=False
    )
    q = forms.CharField(
        label=gettext_lazy("Name of the applicant"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        places = Association.objects.where_may(user, Ability.EDIT)
        if len(user.rights.associations_for(Ability.EDIT)) > 1:
            self.fields["association"].queryset = places
        else:
            del self.fields["association"]


class Decision(forms.Form):
    """Base of the decisions: `decide()` calls the service after `is_valid()`; its refusal stands above the fields."""

    use_required_attribute = False
    key, title, button = "", "", ""
    is_grave = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, application, user):
        self.application, self.user = application, user
        is_asked = data is not None and data.get("do") == self.key
        initial = {"version": application.version}
        super().__init__(data if is_asked else None, initial=initial, prefix=self.key)

    def attempt(self):
        """Whether it was decided; else the form says why not."""
        if not self.is_valid():
            return False
        try:
            self.decide()
        except NotPossible as error:
            self.add_error(None, str(error))
            return False
        return True

    def _version(self):
        return self.cleaned_data["version"]


class PassForm(Decision):
    """The first review is passed. `alike`: [Member] of records that may be the applicant's."""

    key = "pass"
    title, button = gettext_lazy("Pass the first review"), gettext_lazy("Pass, before the meeting")
    record = forms.ChoiceField(
        label=gettext_lazy("Record in the register"), widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(label=gettext_lazy("Why with fewer introducers"), max_length=300, required=False)

    def __init__(self, data=None, *, alike=(), lacking=False, **kwargs):
        super().__init__(data, **kwargs)
        self.records = {str(member.pk): member for member in alike if deciding.may_stand_for(member)}
        if self.records:
            choices = [("", _("a new one"))]
            choices += [
                (key, _("that of {name} ({status})").format(name=each, status=each.get_status_display()))
                for key, each in self.records.items()
            ]
            self.fields["record"].choices = choices
        else:
            del self.fields["record"]
        if not lacking:
            del self.fields["reason"]

    def decide(self):
        data = self.cleaned_data
        deciding.pass_review(
            self.application,
            version=self._version(),
            actor=self.user,
            member=self.records.get(data.get("record", "")),
            reason=data.get("reason", ""),
        )


class AnswerForm(Decision):
    answer = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Answer to the applicant"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(AnswerForm):
    key, title, button = "return", gettext_lazy("Return to be completed"), gettext_lazy("Return it")

    def decide(self):
        answer = self.cleaned_data["answer"]
        deciding.send_back(self.application, version=self._version(), answer=answer, actor=self.user)


class RefuseForm(AnswerForm):
    key, title, button = "refuse", gettext_lazy("Refuse"), gettext_lazy("Refuse the application")
    is_grave = True

    def decide(self):
        answer = self.cleaned_data["answer"]
        deciding.refuse(self.application, version=self._version(), answer=answer, actor=self.user)


class IntroducerForm(Decision):
    """A member has introduced the applicant on paper."""

    key = "introducer"
    title, button = gettext_lazy("Introducer on paper"), gettext_lazy("Enter the introducer")
    who = forms.CharField(label=gettext_lazy("Name or member number"), max_length=100)
    opinion = forms.CharField(label=gettext_lazy("Opinion"), max_length=500, required=False)

    def clean_who(self):
        who = self.cleaned_data["who"].strip()
        people = Member.objects.visible_to(self.user).filter(association=self.application.association_id)
        people = people.filter(status=Status.ACTIVE)
        found = list(people.filter(number=who) or people.filter(name=who)[:5])
        if not found:
            raise forms.ValidationError(_("No registered member has this name or number."))
        if len(found) > 1:
            numbers = "、".join(each.number or "—" for each in found)
            raise forms.ValidationError(
                _("{count} members have this name: write the member number ({numbers}).").format(
                    count=len(found), numbers=numbers
                )
            )
        self.member = found[0]
        return who

    def decide(self):
        opinion = self.cleaned_data["opinion"]
        introducing.enter_introducer(self.application, self.member, opinion=opinion)


def _not_in_the_future(day):
    if day > timezone.localdate():
        raise forms.ValidationError(_("This date lies in the future."))
    return day


class PaperForm(Decision):
    """The meeting has decided, and its resolution is not in the register."""

    key = "paper"
    title, button = gettext_lazy("Admitted by a meeting on paper"), gettext_lazy("Note the admission")
    on = forms.DateField(label=gettext_lazy("day of the decision"), widget=DayInput())
    decided_by = forms.CharField(label=gettext_lazy("decided by"), max_length=100)
    document = forms.CharField(label=gettext_lazy("document"), max_length=200, required=False)

    def clean_on(self):
        return _not_in_the_future(self.cleaned_data["on"])

    def decide(self):
        data = self.cleaned_data
        deciding.admit_on_paper(
            self.application,
            version=self._version(),
            actor=self.user,
            on=data["on"],
            decided_by=data["decided_by"],
            document=data["document"],
        )


class ObjectionForm(Decision):
    key, title, button = "objection", gettext_lazy("Objection"), gettext_lazy("Note the objection")
    text = forms.CharField(
        label=pgettext_lazy("objection", "who objects, and why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def decide(self):
        text = self.cleaned_data["text"]
        deciding.note_objection(self.application, version=self._version(), text=text, actor=self.user)


class AdmitAnnouncedForm(Decision):
    key, title, button = "admit", gettext_lazy("The announcement is over"), gettext_lazy("Enter as member")
    on = forms.DateField(label=gettext_lazy("member from"), widget=DayInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["on"] = timezone.localdate()

    def clean_on(self):
        return _not_in_the_future(self.cleaned_data["on"])

    def decide(self):
        on = self.cleaned_data["on"]
        deciding.admit_announced(self.application, version=self._version(), actor=self.user, on=on)


class SettleForm(Decision):
    """The record was registered by hand, past this page."""

    key = "settle"
    title, button = gettext_lazy("Registered already"), gettext_lazy("Close the application as admitted")

    def decide(self):
        deciding.settle(self.application, version=self._version(), actor=self.user)
