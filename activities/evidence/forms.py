from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Objection


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong or missing"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "For example: I was there; the hours were four, not two; the donation of May is missing."
        ),
    )


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Objection.State.UPHELD.value, _("put right: the record is corrected")),
            (Objection.State.REJECTED.value, _("rejected: the record stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The member reads it. A rejection needs a reason."),
    )

    def clean(self):
        data = super().clean()
        if data.get("decision") == Objection.State.REJECTED and not data.get("answer"):
            self.add_error("answer", _("Say why it is rejected."))
        return data

    @property
    def upheld(self):
        return self.cleaned_data["decision"] == Objection.State.UPHELD
