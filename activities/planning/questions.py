"""The rows of the form of an activity in which questions on signing up are written."""

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext as _

from activities.models import Activity, Question
from organizations.seen import SeenModelForm

MOST = 10


class QuestionForm(SeenModelForm):
    class Meta:
        model = Question
        fields = ["text", "kind", "choices", "is_required", "is_personal"]
        widgets = {"choices": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self):
        data = super().clean()
        choices = [line.strip() for line in (data.get("choices") or "").splitlines() if line.strip()]
        if data.get("kind") == Question.Kind.CHOICE and len(choices) < 2:
            self.add_error("choices", _("Write two choices at least, one a line."))
        return data


class QuestionFormSetBase(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this question, and what was answered to it")


QuestionFormSet = inlineformset_factory(
    Activity,
    Question,
    form=QuestionForm,
    formset=QuestionFormSetBase,
    extra=3,
    max_num=MOST,
    absolute_max=MOST + 5,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)
