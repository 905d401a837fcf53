"""The staff's forms for a member's record."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.admin.conflicts import OpenedMemberForm
from members.models import FurtherCategory, Member, StatusChange
from members.record_form import RecordForm
from members.services import change_status


class MemberForm(RecordForm, OpenedMemberForm):
    """A member's record or a section of it."""

    class Meta:
        model = Member
        exclude = ["user"]


class FurtherCategoryForm(forms.ModelForm):
    class Meta:
        model = FurtherCategory
        fields = ["category"]

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        # Django leaves out what involves the record that an inline's rows hang on
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error("category", error.messages)


class StatusChangeForm(forms.ModelForm):
    """A new step in a member's life in the association; steps once recorded stay as they are."""

    class Meta:
        model = StatusChange
        fields = ["status", "on", "decided_by", "document"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.fields["on"].required = True

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate().isoformat()[: len(on)]:
            raise ValidationError(_("This date lies in the future."))
        return on

    def record(self, member, actor):
        """Write the step through the service."""
        data = self.cleaned_data
        return change_status(
            member,
            to=data["status"],
            on=data["on"],
            decided_by=data["decided_by"],
            document=data["document"],
            actor=actor,
        )
