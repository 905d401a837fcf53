"""The forms in which staff bring a sign-in sheet, and say where it goes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity
from activities.sheets.target import Target
from members.imports.forms import UploadForm
from members.models.imports import OF_ASSOCIATION
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.models import Body, Meeting

NEW = "new"
# of the latest of each
OFFERED = 200


class SheetUploadForm(forms.Form):
    """The file of a sheet of one activity or meeting."""

    file = forms.FileField(
        label=_("Sign-in sheet"),
        help_text=UploadForm.base_fields["file"].help_text,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.ods,.csv,.txt"}),
        max_length=255,
        allow_empty_file=True,
    )

    def __init__(self, *args, not_stored=None, **kwargs):
        """`not_stored` is the NotStored that kept the file from arriving."""
        super().__init__(*args, label_suffix="", **kwargs)
        if not_stored:
            self.fields["file"].error_messages["required"] = str(not_stored)


class SheetForm(forms.Form):
    """Activity or meeting, and the rules for the whole file; `note` keeps them in the batch."""

    target = forms.ChoiceField(label=_("The sheet goes to"))
    title = forms.CharField(label=pgettext_lazy("activity", "title"), max_length=150, required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("activity", "kind"), choices=[("", "—"), *Activity.Kind.choices], required=False
    )
    on = forms.DateField(label=pgettext_lazy("activity", "day"), widget=DayInput, required=False)
    starts = forms.TimeField(
        label=pgettext_lazy("activity", "begins"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        required=False,
        help_text=_("Empty: 09:00."),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("activity", "ends"),
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        required=False,
        help_text=_("Empty: two hours later."),
    )
    place = forms.CharField(label=_("place"), max_length=200, required=False)
    host = forms.ModelChoiceField(
        label=_("held by"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=_("the association itself"),
    )
    blank = forms.ChoiceField(
        label=_("Who has neither signature nor word"),
        choices=[
            ("", _("is on the list; nothing is entered about coming")),
            ("absent", _("was absent")),
            ("attended", _("was there (signatures that are pictures, or a list of those present)")),
        ],
        required=False,
    )
    correction = forms.CharField(
        label=_("Why the attendance is corrected"),
        max_length=200,
        required=False,
        help_text=_("Needed once the attendance of the activity is settled; the history tells it."),
    )

    def __init__(self, data=None, *, batch, user):
        self.batch, self.target = batch, Target(batch)
        super().__init__(data, initial=self._initial(), label_suffix="")
        place = {"association": batch.association_id}
        activities = Activity.objects.where_may(user, Ability.EDIT).filter(**place)
        self.activities = activities.exclude(state=Activity.State.CANCELLED)
        meetings = Meeting.objects.where_may(user, Ability.EDIT).filter(
            body__association=batch.association_id
        )
        self.meetings = meetings.exclude(state__in=[Meeting.State.CANCELLED, Meeting.State.SIGNED])
        self.may_host = user.rights.may(Ability.EDIT, batch.association_id)
        bodies = Body.objects.where_may(user, Ability.EDIT).filter(dissolved_on="", **place)
        self.fields["host"].queryset = bodies
        self.fields["target"].choices = self._targets()

    def _targets(self):
        chosen = self.target.thing
        activities = list(self.activities[:OFFERED])
        meetings = list(self.meetings[:OFFERED])
        if isinstance(chosen, Activity) and chosen.pk and chosen not in activities:
            activities = [*self.activities.filter(pk=chosen.pk), *activities]
        return [
            (NEW, _("an activity to be entered with this import")),
            (_("Activities"), [(f"activity-{row.pk}", f"{row.on.isoformat()} {row}") for row in activities]),
            (
                _("Meetings of bodies"),
                [(f"meeting-{row.pk}", f"{row.on.isoformat()} {row}") for row in meetings],
            ),
        ]

    def _initial(self):
        options, activity = self.batch.options, self.target.activity
        initial = {"blank": options.get("blank", ""), "correction": options.get("correction", "")}
        if self.target.meeting:
            return initial | {"target": f"meeting-{self.target.meeting.pk}"}
        if activity and activity.pk:
            return initial | {"target": f"activity-{activity.pk}"}
        initial["target"] = NEW
        if wanted := options.get("make"):
            initial |= {"host": self.batch.body_id} | wanted
            initial["on"] = activity.on
        return initial

    def groups(self):
        """((legend, fields), …) in the order of the page."""
        names = (
            (_("Activity or meeting"), ("target",)),
            (
                _("For an activity to be entered"),
                ("title", "kind", "on", "starts", "ends", "place", "host"),
            ),
            (_("Rules for the whole file"), ("blank", "correction")),
        )
        return [(legend, [self[name] for name in fields]) for legend, fields in names]

    def clean(self):
        data = super().clean()
        if self.errors or data["target"] != NEW:
            return data
        for name in ("title", "kind", "on"):
            if not data.get(name):
                self.add_error(name, _("An activity needs a title, a kind and a day."))
        if data.get("ends") and data.get("starts") and data["ends"] <= data["starts"]:
            self.add_error("ends", _("The activity ends before it begins."))
        if data.get("host") is None and "host" not in self.errors and not self.may_host:
            self.add_error("host", _("Choose the body."))
        if data.get("on") and not 1949 <= data["on"].year <= timezone.localdate().year + 1:
            self.add_error("on", _("Check the year."))
        return data

    def note(self):
        """Put what was decided into the batch, which the caller saves."""
        data, batch = self.cleaned_data, self.batch
        options = {key: batch.options[key] for key in ("stated", "pictures") if key in batch.options}
        options |= {"blank": data["blank"], "correction": data["correction"]}
        batch.body = self._chosen_into(options, data)
        if batch.body is None:
            options[OF_ASSOCIATION] = True
        batch.options = options

    def _chosen_into(self, options, data):
        """Note the target in `options`; return the body that it belongs to."""
        kind, _dash, pk = data["target"].partition("-")
        if kind == "meeting":
            options["meeting"] = int(pk)
            return self.meetings.select_related("body").get(pk=pk).body
        if kind == "activity":
            options["activity"] = int(pk)
            return self.activities.select_related("host").get(pk=pk).host
        options["make"] = {
            "title": data["title"].strip(),
            "kind": data["kind"],
            "on": data["on"].isoformat(),
            "starts": data["starts"].isoformat("minutes") if data["starts"] else "",
            "ends": data["ends"].isoformat("minutes") if data["ends"] else "",
            "place": data["place"],
        }
        return data["host"]
