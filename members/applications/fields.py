"""What an application asks, in short steps, and the form that checks it as the staff's own form does."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from members.codes import Category, Status
from members.models import Introduction, Member
from members.record_form import FREE_TEXT, RecordForm

# what is kept of one answer, however long it is
LONGEST = 4000
MOST_INTRODUCERS = 5


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    fields: tuple[str, ...]


STEPS = (
    Step(
        "person",
        pgettext_lazy("application step", "About you"),
        ("name", "id_kind", "id_number", "sex", "birth", "ethnicity", "native_place", "political_status",
         "party_joined"),
    ),
    Step(
        "work",
        pgettext_lazy("application step", "Work"),
        ("category", "employer", "position", "occupation", "work_started", "title", "title_level",
         "qualification", "social_posts", "honours"),
    ),
    Step(
        "education",
        pgettext_lazy("application step", "Education"),
        ("education", "degree", "school", "major"),
    ),
    Step(
        "contact",
        pgettext_lazy("application step", "Contact"),
        ("mobile", "email", "wechat", "address", "township"),
    ),
    Step("reason", pgettext_lazy("application step", "Introducers and reason"), ("reason",)),
)  # fmt: skip
STEP_OF = {step.key: step for step in STEPS}
# fields of a member's record that the form checks and writes
RECORD_FIELDS = tuple(
    key for step in STEPS for key in step.fields if key not in ("employer", "reason", "id_number")
)
REQUIRED = frozenset(
    {"name", "sex", "birth", "ethnicity", "political_status", "id_number", "category", "education",
     "mobile", "reason"}
)  # fmt: skip
# needed too, though the identity number may have said them
SAID_BY_NUMBER = ("sex", "birth")
# asked of all but those who work for nobody
OF_EMPLOYED = ("employer", "position")
HELP = {
    "id_number": gettext_lazy("Kept encrypted; shown to nobody in full unless the office must compare it."),
    "birth": gettext_lazy("As 1985-06-12, or 1985-06."),
    "party_joined": gettext_lazy("As 2008-07; only if you belong to a party."),
    "work_started": gettext_lazy("As 2008-07."),
    "employer": gettext_lazy("The full name, as on its seal. Freelancers may leave it empty."),
    "email": gettext_lazy("If given, we write when the state of your application changes."),
    "reason": gettext_lazy("And what you would like to contribute."),
}
# what browsers fill in by themselves (WCAG 1.3.5)
AUTOCOMPLETE = {
    "name": "name",
    "birth": "bday",
    "employer": "organization",
    "position": "organization-title",
    "mobile": "tel-national",
    "email": "email",
    "address": "street-address",
}


def introducer_keys(number):
    """Keys of the two answers that name the introducer with that number, from 1."""
    return f"introducer{number}_name", f"introducer{number}_about"


def introducers_asked(application):
    """How many introducers the form asks to name: those needed who have not confirmed yet, or as many as named."""
    if not application.pk:
        return min(application.association.introducers, MOST_INTRODUCERS)
    confirmed = application.introductions.filter(state=Introduction.State.CONFIRMED).count()
    named = len(named_introducers(application.answers))
    return min(max(application.association.introducers - confirmed, named), MOST_INTRODUCERS)


def named_introducers(answers):
    """[(name, about)] of the introducers that the applicant names, in order."""
    found = []
    for number in range(1, MOST_INTRODUCERS + 1):
        name, about = (answers.get(key, "").strip() for key in introducer_keys(number))
        if name:
            found.append((name, about))
    return found


class ApplicationForm(RecordForm):
    """The answers `keys` (all without them) of an application, checked as a member's record.

    `complete`: nothing that is needed may be missing. What exists once in an association is not looked at: who is a
    member is told to no stranger. `instance` is a new Member, filled by a valid form but for the employer.
    """

    once = {}
    free_text = FREE_TEXT | {"employer"}
    use_required_attribute = False

    employer = forms.CharField(label=gettext_lazy("Employer"), max_length=200, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why you want to join"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Member
        fields = RECORD_FIELDS
        widgets = {
            "social_posts": forms.Textarea(attrs={"rows": 2}),
            "honours": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, *, application, keys=None, complete=False, **kwargs):
        association = application.association
        kwargs.setdefault("instance", Member(association=association, status=Status.APPLIED))
        super().__init__(data, **kwargs)
        self.application, self.complete = application, complete
        for number in range(1, introducers_asked(application) + 1):
            self._add_introducer(number)
        self._choose_township(association.township_list)
        wanted = [*(keys or (key for step in STEPS for key in step.fields)), *self._introducers(keys)]
        self.fields = {key: self.fields[key] for key in wanted}
        for key, field in self.fields.items():
            field.required = complete and key in REQUIRED and key not in SAID_BY_NUMBER
            field.help_text = HELP.get(key, "")
            if key in AUTOCOMPLETE:
                field.widget.attrs["autocomplete"] = AUTOCOMPLETE[key]
            field.is_optional = key in RECORD_FIELDS and key not in REQUIRED and key not in OF_EMPLOYED
        if "mobile" in self.fields:
            self.fields["mobile"].widget.input_type = "tel"

    def _introducers(self, keys):
        if keys is not None and "reason" not in keys:
            return []
        return [key for key in self.fields if key.startswith("introducer")]

    def _add_introducer(self, number):
        name, about = introducer_keys(number)
        self.fields[name] = forms.CharField(
            label=_("Introducer {number}: name").format(number=number), max_length=100, required=False
        )
        self.fields[about] = forms.CharField(
            label=_("Introducer {number}: employer or member number").format(number=number),
            max_length=200,
            required=False,
        )

    def _choose_township(self, townships):
        if townships:
            field = self.fields["township"]
            kept = self.data.get("township") or self.initial.get("township")
            choices = [*townships, kept] if kept and kept not in townships else townships
            field.widget = forms.Select(choices=[("", "---------"), *((each, each) for each in choices)])

    def clean(self):
        data = super().clean()
        needed = list(SAID_BY_NUMBER) if self.complete else []
        if self.complete and data.get("category") and data["category"] != Category.FREELANCE:
            needed += OF_EMPLOYED
        for key in needed:
            if key not in self.errors and not data.get(key):
                self.add_error(key, self.fields[key].error_messages["required"])
        return data


def problems(application, answers):
    """What stands against submitting `answers`: [(Step, key, label, sentence)] in the order of the form."""
    form = ApplicationForm(answers, application=application, complete=True)
    step_of = {key: step for step in STEPS for key in step.fields}
    found = [("", error) for error in form.non_field_errors()]
    found += [(key, error) for key in form.fields for error in form.errors.get(key, ())]
    last = STEPS[-1]
    return [
        (step_of.get(key, last), key, form.fields[key].label if key else "", error) for key, error in found
    ]
