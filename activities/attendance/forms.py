from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.attendance.sheet import too_early
from activities.models import Participation
from organizations.meetings.plan_forms import members_named

# more are put on the list as a list
MOST_LINES = 100


class AddForm(forms.Form):
    """People to be put on the list of `activity`; `cleaned_data` has members, guest (a dict or None) and came."""

    EXPECTED, CAME = "expected", "came"

    members = forms.CharField(
        label=_("Members"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: name or member number."),
    )
    guest_name = forms.CharField(label=_("Guest"), required=False, max_length=100)
    guest_from = forms.CharField(label=pgettext_lazy("guest", "of"), required=False, max_length=150)
    guest_post = forms.CharField(label=_("post"), required=False, max_length=100)
    how = forms.ChoiceField(
        label=_("They"),
        choices=[(EXPECTED, _("are expected")), (CAME, _("came without signing up"))],
        initial=EXPECTED,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args, activity, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.activity, self.user = activity, user

    def clean_members(self):
        lines = self.cleaned_data["members"]
        if len(lines.splitlines()) > MOST_LINES:
            raise ValidationError(_("At most {most} people at once.").format(most=MOST_LINES))
        return members_named(lines, association_id=self.activity.association_id, user=self.user)

    def clean(self):
        data = self.cleaned_data
        guest = {name: data.get(name, "") for name in ("guest_name", "guest_from", "guest_post")}
        if not guest["guest_name"] and any(guest.values()):
            self.add_error("guest_name", _("Write the name of the guest."))
        data["guest"] = guest if guest["guest_name"] else None
        data["came"] = data.get("how") == self.CAME
        if data["came"] and self.is_asked and too_early(self.activity):
            self.add_error("how", too_early(self.activity))
        if data["guest"] and self._is_there(guest):
            self.add_error("guest_name", _("This guest is on the list already."))
        return data

    @property
    def is_asked(self):
        """Whether anybody is named."""
        return bool(self.cleaned_data.get("members") or self.cleaned_data.get("guest"))

    def _is_there(self, guest):
        return Participation.objects.filter(activity=self.activity, member=None, **guest).exists()
