from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Objection
from activities.signing_up.inviting import members_of_list
from members.models import Member, SavedList
from members.models.member import IN_FORCE

# years for which there can be a record
FIRST_YEAR, LAST_YEAR = 1949, 2199


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


class TableForm(forms.Form):
    """Which members, and which year. Without a list or a name: all members in force."""

    year = forms.IntegerField(
        label=pgettext_lazy("evidence", "Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    saved = forms.ModelChoiceField(
        SavedList.objects.none(),
        label=_("Saved list"),
        required=False,
        empty_label=_("all members in force"),
    )
    q = forms.CharField(
        label=pgettext_lazy("evidence", "Member"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("name, initials or number")}),
    )

    def __init__(self, data, *, user):
        data = data.copy()
        data.setdefault("year", str(timezone.localdate().year))
        super().__init__(data)
        self.user, self.problems = user, []
        self.fields["saved"].queryset = SavedList.objects.visible_to(user)

    @property
    def year_shown(self):
        """The year asked for; this one where none that can be was."""
        return self.cleaned_data.get("year") or timezone.localdate().year

    def members(self):
        """The members asked for, as far as the user sees them; fills `problems` with why some are not."""
        rows = Member.objects.staff_visible_to(self.user).named()
        if not self.is_valid():
            return rows.none()
        saved, text = self.cleaned_data["saved"], self.cleaned_data["q"]
        if saved:
            listed, self.problems = members_of_list(saved, self.user)
            rows = rows.filter(pk__in=listed.order_by().values("pk"))
        elif not text:
            rows = rows.filter(status__in=IN_FORCE)
        return rows.search(text, self.user) if text else rows

    @property
    def words(self):
        """In words how the members were chosen, for the log."""
        saved, text = self.cleaned_data["saved"], self.cleaned_data["q"]
        found = [_("list “{name}”").format(name=saved)] if saved else []
        found += [_("search “{text}”").format(text=text)] if text else []
        return "；".join(map(str, found)) or str(_("all members in force"))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For whom and what for. It is kept in the log of exports."),
        error_messages={"required": _("The file will hold personal data: say for whom and what for.")},
    )
