from django import forms
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.charter.rulebook import with_version
from organizations.day_input import DayInput
from organizations.models import CharterRule, indented
from organizations.seen import SeenModelForm

PREFIX = "number_"


class AskedForm(forms.Form):
    """Which association on which day. What is wrong in the address is said; the first in sight and today stand in."""

    association = forms.ChoiceField(label=gettext_lazy("Association"), required=False)
    on = forms.DateField(
        label=gettext_lazy("On the day"),
        required=False,
        widget=DayInput(),
    )

    def __init__(self, data, *, rights):
        rows = rights.association_rows
        self.rows = {str(row.pk): row for row in rows}
        self.first = rows[0] if rows else None
        super().__init__(
            {
                "association": data.get("association") or (str(self.first.pk) if rows else ""),
                "on": data.get("on") or timezone.localdate().isoformat(),
            },
            label_suffix="",
        )
        self.fields["association"].choices = [(str(row.pk), name) for row, name in indented(rows)]
        if len(rows) < 2:
            self.fields["association"].widget = forms.HiddenInput()

    @property
    def chosen(self):
        """(Association, local date)."""
        self.is_valid()
        asked = self.cleaned_data
        return self.rows.get(asked.get("association"), self.first), asked.get("on") or timezone.localdate()


class RuleForm(SeenModelForm):
    """A version of a rule: its numbers, each a field of its own, where it is written, and from when on it holds.

    `rule` is the Rule that it starts from.
    """

    class Meta:
        model = CharterRule
        fields = ["severity", "article", "source", "valid_from", "is_active", "note"]
        widgets = {"valid_from": DayInput()}

    def __init__(self, *args, rule, instance, **kwargs):
        self.rule = with_version(rule, instance if instance.pk else None)
        initial = {
            name: getattr(self.rule, name) for name in ("severity", "article", "source", "is_active")
        } | {PREFIX + name: value for name, value in self.rule.parameters.items()}
        super().__init__(*args, instance=instance, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.label_suffix = ""
        numbers = {PREFIX + parameter.name: parameter.formfield() for parameter in self.rule.kind.parameters}
        self.fields = numbers | self.fields
        self.look()

    def clean(self):
        data = super().clean()
        names = [parameter.name for parameter in self.rule.kind.parameters]
        # of one that is not understood its own field has said so
        if any(PREFIX + name in self.errors for name in names):
            self.instance.parameters = self.rule.parameters
            return data
        try:
            self.instance.parameters = self.rule.kind.clean({name: data[PREFIX + name] for name in names})
        except forms.ValidationError as error:
            self.instance.parameters = self.rule.parameters
            for name, errors in error.error_dict.items():
                self.add_error(PREFIX + name, errors)
        return data

    def _get_validation_exclusions(self):
        # the constraint of one version a day is about these
        return super()._get_validation_exclusions() - {"association", "kind", "body_kind"}

    def attempt(self):
        """Save the version; False, with a sentence in the form, where another was saved at the same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("valid_from", _("A version of this rule begins on that day already."))
            return False
        return True
