"""The form of an activity: what it is, when and where, for whom, what is asked on signing up."""

import datetime as dt
import re
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from activities.fields import ensure_fields
from activities.models import Activity, Audience, Partner
from activities.planning.choices import Choices
from activities.planning.questions import QuestionFormSet
from activities.planning.services import change_activity, plan_activity
from members.codes import Category
from organizations.meetings.forms import ServiceModelForm
from organizations.models import Change
from organizations.opened import OpenedForm

NAMES_APART = re.compile(r"[\n\r、，,；;]+")
MOMENTS = ("starts_at", "ends_at", "sign_up_from", "sign_up_until")
LONG_TEXT = forms.Textarea(attrs={"rows": 6})
YEARS = range(1949, 2100)
# what the form is divided into: heading, names of fields
SECTIONS = (
    (pgettext_lazy("activity", "What"), ["held_by", "kind", "title", "campaign", "field"]),
    (gettext_lazy("When and where"), ["starts_at", "ends_at", "place", "base"]),
    (gettext_lazy("For whom"), ["for_all", "categories", "bodies", "lists"]),
    (
        gettext_lazy("Signing up"),
        ["sign_up", "capacity", "sign_up_from", "sign_up_until", "is_compulsory", "remind_days"],
    ),
    (gettext_lazy("What people read"), ["about", "programme", "contact", "contact_phone"]),
    (gettext_lazy("Held together with"), ["partner_bodies", "partner_names"]),
    (pgettext_lazy("activity", "Counting"), ["late_after", "hours", "correction"]),
)


class MomentInput(forms.DateTimeInput):
    """The browser's own field for day and time."""

    input_type = "datetime-local"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


def _sane(moment):
    if moment.year not in YEARS:
        raise ValidationError(_("This year is not possible."))


class Many(forms.ModelMultipleChoiceField):
    """Several rows, each with a box to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(queryset=None, required=False, **kwargs)


class ActivityForm(ServiceModelForm):
    """A new activity. With its questions, which are checked and saved together with it."""

    held_by = forms.ChoiceField(label=gettext_lazy("Held by"))
    for_all = forms.BooleanField(label=gettext_lazy("All members of the association"), required=False)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Members of these categories"),
        choices=Category,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    bodies = Many(label=gettext_lazy("People of these bodies"))
    lists = Many(label=gettext_lazy("Those on these saved lists"))
    partner_bodies = Many(label=gettext_lazy("Bodies of the association"))
    partner_names = forms.CharField(
        label=pgettext_lazy("partners", "Others"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One a line, or with 、 between them."),
    )

    class Meta:
        model = Activity
        fields = [
            "kind", "title", "campaign", "field", "starts_at", "ends_at", "place", "base", "sign_up", "sign_up_from",
            "sign_up_until", "capacity", "is_compulsory", "remind_days", "about", "programme", "contact",
            "contact_phone", "late_after", "hours",
        ]  # fmt: skip
        widgets = {"about": LONG_TEXT, "programme": LONG_TEXT} | dict.fromkeys(MOMENTS, MomentInput)

    def __init__(self, *args, user, initial=None, **kwargs):
        instance = kwargs.get("instance")
        given = parts_of(instance) if instance else {"for_all": True}
        super().__init__(*args, initial=given | (initial or {}), **kwargs)
        self.user = user
        self.choices = Choices(user, instance)
        self._offer()
        self._limit()
        self.questions = QuestionFormSet(
            self.data if self.is_bound else None, instance=self.instance, prefix="questions"
        )

    def _offer(self):
        """Put into the fields what the user may choose; a field that offers nothing is not shown."""
        self.fields["held_by"].choices = self.choices.hosts()
        if not self.initial.get("held_by"):
            self.initial["held_by"] = self.choices.only_host()
        for place in self.choices.places:
            ensure_fields(place)
        for name in ("campaign", "field", "base", "bodies", "lists", "partner_bodies"):
            rows = getattr(self.choices, name)()
            self.fields[name].queryset = rows
            if not rows:
                del self.fields[name]
            elif self.choices.are_several:
                self.fields[name].label_from_instance = self.choices.label
        if "field" in self.fields:
            self.fields["field"].empty_label = pgettext("field of service", "none")

    def _limit(self):
        for name in MOMENTS:
            self.fields[name].validators.append(_sane)
        self.fields["ends_at"].required = False
        self.fields["ends_at"].help_text = _("Empty: two hours after it begins.")
        for name, least, most in (
            ("capacity", 1, 100_000),
            ("hours", 0.1, 200),
            ("late_after", 0, 600),
            ("remind_days", 0, 60),
        ):
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def sections(self):
        """[(heading, [bound field])] as far as the form has them."""
        found = [(heading, [self[n] for n in names if n in self.fields]) for heading, names in SECTIONS]
        return [(heading, fields) for heading, fields in found if fields]

    def is_valid(self):
        checked = [super().is_valid(), self.questions.is_valid()]
        return all(checked)

    def clean_held_by(self):
        """(Association, Body or None)."""
        return self.choices.host(self.cleaned_data["held_by"])

    def clean_partner_names(self):
        names = [name.strip() for name in NAMES_APART.split(self.cleaned_data["partner_names"])]
        names = list(dict.fromkeys(filter(None, names)))
        longest = Partner._meta.get_field("name").max_length
        if any(len(name) > longest for name in names):
            raise ValidationError(_("A name has {count} characters at most.").format(count=longest))
        return names

    def clean(self):
        data = super().clean()
        for name in MOMENTS:
            stored = self.initial.get(name)
            if stored and data.get(name) == stored.replace(second=0, microsecond=0):
                # fields show no seconds
                data[name] = stored
        if data.get("starts_at") and not data.get("ends_at") and "ends_at" not in self.errors:
            data["ends_at"] = data["starts_at"] + dt.timedelta(hours=2)
        if "held_by" in data:
            self._check_host(*data["held_by"])
        return data

    def _check_host(self, association, host):
        """What belongs to another association, or would tell of a body that hides its people, is refused."""
        for name in ("bodies", "partner_bodies"):
            for body in self.cleaned_data.get(name) or ():
                if body.association_id != association.pk:
                    self.add_error(name, _("“{name}” belongs to another association.").format(name=body))
                elif body.hides_people and body != host:
                    self.add_error(
                        name,
                        _("“{name}” hides its people: only an activity of its own names it.").format(
                            name=body
                        ),
                    )
        if host is None or not host.hides_people:
            return
        for name in ("for_all", "categories"):
            if self.cleaned_data.get(name):
                self.add_error(
                    name,
                    _(
                        "“{name}” hides its people, and all of these would learn of it: "
                        "choose the people of bodies or lists."
                    ).format(name=host),
                )

    # -- what it comes to

    def partners(self):
        data = self.cleaned_data
        chosen = [Partner(body=body) for body in data.get("partner_bodies", ())]
        return [*chosen, *(Partner(name=name) for name in data["partner_names"]), *self.choices.kept_partners]

    def audiences(self):
        data, kinds = self.cleaned_data, Audience.Kind
        found = [Audience(kind=kinds.ALL)] if data["for_all"] else []
        found += [Audience(kind=kinds.CATEGORY, category=each) for each in data["categories"]]
        found += [Audience(kind=kinds.BODY, body=body) for body in data.get("bodies", ())]
        found += [Audience(kind=kinds.LIST, saved_list=each) for each in data.get("lists", ())]
        return [*found, *self.choices.kept_audiences]

    def save(self):
        association, host = self.cleaned_data["held_by"]
        columns = {name: self.cleaned_data[name] for name in self._meta.fields if name in self.fields}
        return plan_activity(
            association,
            host=host,
            partners=self.partners(),
            audiences=self.audiences(),
            questions=self.questions.save(commit=False),
            **columns,
        )


class ActivityChangeForm(OpenedForm, ActivityForm):
    """An activity that exists; the row is locked when it is sent."""

    apart = OpenedForm.apart | {"correction"}
    # parts of an activity in the history → the inputs that stand for them
    PARTS = {
        Partner: ("partner_bodies", "partner_names"),
        Audience: ("for_all", "categories", "bodies", "lists"),
    }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if self.instance.state == Activity.State.CLOSED:
            self.fields["correction"] = forms.CharField(
                label=_("Why this is corrected"),
                max_length=300,
                help_text=_("The attendance is settled: the reason stays in the history."),
            )

    @cached_property
    def _writers(self):
        found = {}
        changes = Change.objects.of(self.instance).select_related("action__actor", "content_type")
        for change in changes.order_by("-pk")[:100]:
            model = change.content_type.model_class()
            names = change.diff if model is Activity else self.PARTS.get(model, ())
            for name in names:
                found.setdefault(self.name_in_form(name), change.action)
        return found

    def name_in_form(self, name):
        return "held_by" if name == "host" else name

    def save(self):
        _association, self.instance.host = self.cleaned_data["held_by"]
        return change_activity(
            self.instance,
            partners=self.partners(),
            audiences=self.audiences(),
            questions=self.questions.save(commit=False),
            gone=self.questions.deleted_objects,
            actor=self.user,
            reason=self.cleaned_data.get("correction", ""),
        )


def parts_of(activity):
    """What the inputs of the form that are no columns of `activity` show: {name: value}."""
    partners, audiences = list(activity.partners.all()), list(activity.audiences.all())
    kinds = Audience.Kind
    return {
        "held_by": f"b{activity.host_id}" if activity.host_id else f"a{activity.association_id}",
        "partner_bodies": [row.body_id for row in partners if row.body_id],
        "partner_names": "\n".join(row.name for row in partners if row.name),
        "for_all": any(row.kind == kinds.ALL for row in audiences),
        "categories": [row.category for row in audiences if row.kind == kinds.CATEGORY],
        "bodies": [row.body_id for row in audiences if row.kind == kinds.BODY],
        "lists": [row.saved_list_id for row in audiences if row.kind == kinds.LIST],
    }
