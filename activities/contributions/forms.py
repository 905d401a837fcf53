"""Forms of services and honours: what members claim, what staff enter and answer, what the lists are asked for."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.contributions import claims, entering
from activities.contributions.own import activities_without_hours
from activities.fields import ensure_fields
from activities.models import Activity, Honour, Service, ServiceField
from members.models import Member
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.meetings.forms import ServiceModelForm
from organizations.meetings.plan_forms import members_named
from organizations.models import Association
from organizations.partial_dates import beginning

EARLIEST = dt.date(1950, 1, 1)
LEAST_HOURS, MOST_HOURS = Decimal("0.1"), 1000
CHOICES_OF_ACTIVITIES = 200


def offered(association, row=None):
    """The fields of service that `association` offers, and that of the Service `row`."""
    fields = ensure_fields(association)
    return fields.filter(is_offered=True) | fields.filter(pk=getattr(row, "field_id", None))


def past_day(day):
    """The day `day` on which something was done; ValidationError if it was not yet, or before all registers."""
    if day > timezone.localdate():
        raise ValidationError(_("This day lies in the future."))
    if day < EARLIEST:
        raise ValidationError(_("This day lies too far back."))
    return day


def past_date(iso):
    """The partial date `iso` of something that was; ValidationError if it lies in the future."""
    if beginning(iso) > timezone.localdate():
        raise ValidationError(_("This day lies in the future."))
    return iso


def bound_hours(form):
    """Have the field of hours refuse what the database would."""
    field = form.fields.get("hours")
    if field is not None:
        field.validators += [MinValueValidator(LEAST_HOURS), MaxValueValidator(MOST_HOURS)]
        field.widget.attrs |= {"min": "0.1", "max": str(MOST_HOURS), "inputmode": "decimal"}


def may_enter(user, permission):
    """The associations in which `user` may edit with that permission."""
    places = user.rights.associations_for(Ability.EDIT) & user.rights.associations_with(permission)
    return Association.objects.filter(pk__in=places)


# -- by members


class ClaimForm(ServiceModelForm):
    """A service that the member claims."""

    class Meta:
        model = Service
        fields = ["activity", "on", "field", "what", "for_whom", "hours"]
        widgets = {"on": DayInput, "what": forms.Textarea(attrs={"rows": 3})}
        labels = {"activity": gettext_lazy("At one of your activities")}
        help_texts = {
            "hours": gettext_lazy("Empty: the service counts without hours."),
            "for_whom": gettext_lazy("School, community, association … that it was for."),
        }

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        bound_hours(self)
        self.member = member
        self.fields["field"].queryset = offered(member.association, self.instance)
        self.fields["field"].empty_label = _("Not said")
        choices = activities_without_hours(member, kept=self.instance.activity_id)
        self.fields["activity"].queryset = choices
        self.fields["activity"].label_from_instance = lambda row: f"{row.on:%Y-%m-%d} {row}"
        self.fields["activity"].empty_label = _("None: something else")
        if not choices:
            del self.fields["activity"]
        # what was done at an activity and when says the activity
        self.fields["what"].required = self.fields["on"].required = False

    def clean_on(self):
        day = self.cleaned_data["on"]
        return past_day(day) if day else day

    def clean(self):
        data = super().clean()
        activity = data.get("activity")
        if activity:
            data["on"] = activity.on
            data["what"] = data.get("what") or activity.title
            data["field"] = data.get("field") or activity.field
        for name, sentence in (
            ("on", _("Say on which day it was.")),
            ("what", _("Say what was done.")),
        ):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return data

    def save(self):
        self.instance.member = self.member
        return claims.save_claim(self.instance)


class HonourClaimForm(ServiceModelForm):
    """An honour that the member claims."""

    class Meta:
        model = Honour
        fields = ["title", "given_by", "level", "on", "document"]
        help_texts = {"document": gettext_lazy("Number of the certificate or of the decision.")}

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["on"].help_text = _("2025, 2025-06 or 2025-06-12.")

    def clean_on(self):
        return past_date(self.cleaned_data["on"])

    def save(self):
        self.instance.member = self.member
        return claims.save_claim(self.instance)


# -- by staff


class OfMembersForm(ServiceModelForm):
    """Base of the forms that enter something for members of one association of several."""

    permission = ""

    association = forms.ModelChoiceField(Association.objects.none(), label=gettext_lazy("association"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.places = may_enter(user, self.permission)
        self.fields["association"].queryset = self.places
        if len(self.places) == 1:
            del self.fields["association"]
        activities = Activity.objects.visible_to(user).filter(association__in=self.places)
        activities = activities.announced().filter(starts_at__lte=timezone.now())
        recent = activities.order_by("-starts_at").values("pk")[:CHOICES_OF_ACTIVITIES]
        self.fields["activity"].queryset = Activity.objects.filter(
            pk__in=list(recent.values_list("pk", flat=True))
        )
        self.fields["activity"].label_from_instance = lambda row: f"{row.on:%Y-%m-%d} {row}"

    def association_of(self, data):
        return data.get("association") if "association" in self.fields else self.places[0]

    def named(self, association, text):
        """The members of `association` whom `text` names; ValidationError for what names nobody."""
        found = members_named(text, association_id=association.pk, user=self.user)
        kept = set(
            Member.objects.editable_by(self.user)
            .filter(pk__in=[row.pk for row in found])
            .values_list("pk", flat=True)
        )
        if len(kept) < len(found):
            raise ValidationError(_("Not all of these can be written for."))
        return found

    def clean(self):
        data = super().clean()
        association = self.association_of(data)
        if association and data.get("members"):
            try:
                self.people = self.named(association, data["members"])
            except ValidationError as error:
                self.add_error("members", error)
        for name in ("activity", "field"):
            if association and data.get(name) and data[name].association_id != association.pk:
                self.add_error(name, _("This belongs to another association."))
        return data


class EnterForm(OfMembersForm):
    """A service entered for one or many members, confirmed from the start."""

    permission = "activities.add_service"
    members = forms.CharField(
        label=gettext_lazy("members"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: name or member number."),
    )
    field_order = ["association", "members", "activity", "on", "field", "what", "for_whom", "hours"]

    class Meta:
        model = Service
        fields = ["activity", "on", "field", "what", "for_whom", "hours"]
        widgets = {"on": DayInput}
        help_texts = {"hours": gettext_lazy("For each of them. Empty: the service counts without hours.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        bound_hours(self)
        for association in self.places:
            ensure_fields(association)
        self.fields["field"].queryset = ServiceField.objects.filter(
            association__in=self.places, is_offered=True
        )
        if len(self.places) > 1:
            self.fields["field"].label_from_instance = lambda row: f"{row}（{row.association}）"
            self.fields["field"].queryset = self.fields["field"].queryset.select_related("association")

    def clean_on(self):
        return past_day(self.cleaned_data["on"])

    def save(self):
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        return entering.enter_services(self.people, actor=self.user, **values)


class HonourForm(OfMembersForm):
    """An honour entered by staff, or one that they correct: then its member stays."""

    permission = "activities.add_honour"
    members = forms.CharField(
        label=gettext_lazy("member"), max_length=120, help_text=gettext_lazy("Name or member number.")
    )
    field_order = ["association", "members", "title", "given_by", "level", "on", "document", "activity"]

    class Meta:
        model = Honour
        fields = ["title", "given_by", "level", "on", "document", "activity"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("2025, 2025-06 or 2025-06-12.")
        if self.instance.pk:
            del self.fields["members"]
            self.fields.pop("association", None)
            self.fields["activity"].queryset |= Activity.objects.filter(pk=self.instance.activity_id)

    def association_of(self, data):
        return self.instance.member.association if self.instance.pk else super().association_of(data)

    def clean_on(self):
        return past_date(self.cleaned_data["on"])

    def clean(self):
        data = super().clean()
        if len(getattr(self, "people", [])) > 1:
            self.add_error("members", _("Name one member."))
        return data

    def save(self):
        if self.instance.pk:
            return claims.correct(self.instance, actor=self.user)
        self.instance.member = self.people[0]
        return entering.enter_honour(self.instance, actor=self.user)


class DecisionForm(ServiceModelForm):
    """What staff answer to a claimed service; its hours may be corrected."""

    answer = forms.CharField(
        label=gettext_lazy("answer"),
        max_length=Service._meta.get_field("answer").max_length,
        required=False,
        help_text=gettext_lazy("The member reads it. Needed where it is not confirmed or is taken back."),
    )

    class Meta:
        model = Service
        fields = ["hours"]

    def __init__(self, *args, user, do, **kwargs):
        """`do`: "confirm", "refuse" or "take_back"."""
        super().__init__(*args, **kwargs)
        bound_hours(self)
        self.user, self.do = user, do
        if do == "take_back" or self.instance.state != Service.State.CLAIMED:
            self.fields.pop("hours", None)

    def save(self):
        answer = self.cleaned_data["answer"]
        if self.do == "refuse":
            return claims.refuse(self.instance, actor=self.user, answer=answer)
        if self.do == "take_back":
            return claims.take_back(self.instance, actor=self.user, reason=answer)
        values = {name: self.cleaned_data[name] for name in self.fields if name != "answer"}
        return claims.confirm(self.instance, actor=self.user, answer=answer, **values)


class HonourDecisionForm(DecisionForm):
    class Meta:
        model = Honour
        fields = []


# -- what lists are asked for


class ListFilter(forms.Form):
    """Which rows a list shows; a value that is none narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Member"), max_length=50, required=False)
    association = forms.ModelChoiceField(
        Association.objects.none(), label=gettext_lazy("Association"), required=False
    )
    year = forms.IntegerField(
        label=pgettext_lazy("contributions", "Year"),
        required=False,
        min_value=1900,
        max_value=2199,
        widget=forms.NumberInput(attrs={"size": 5}),
    )

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.user = user
        self.fields["q"].widget.attrs["placeholder"] = _("Name, pinyin, number …")
        rows = user.rights.association_rows
        if len(rows) < 2:
            del self.fields["association"]
        else:
            places = Association.objects.filter(pk__in=[row.pk for row in rows])
            self.fields["association"].queryset = places
            self.fields["association"].empty_label = _("All in sight")

    @property
    def asked(self):
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def narrowed(self, rows):
        asked = self.asked
        if "association" in asked:
            rows = rows.filter(member__association__path__startswith=asked["association"].path)
        if "q" in asked:
            found = Member.objects.staff_visible_to(self.user).search(asked["q"], self.user)
            rows = rows.filter(member__in=found.order_by().values("pk"))
        return rows


class ServiceFilter(ListFilter):
    field = forms.ModelChoiceField(
        ServiceField.objects.none(),
        label=gettext_lazy("field of service"),
        required=False,
        empty_label=pgettext_lazy("service", "All fields"),
    )
    field_order = ["q", "association", "field", "year"]

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        fields = ServiceField.objects.filter(association__in=user.rights.associations)
        self.fields["field"].queryset = fields.select_related("association")
        if len(user.rights.association_rows) > 1:
            self.fields["field"].label_from_instance = lambda row: f"{row}（{row.association}）"

    def narrowed(self, rows):
        rows = super().narrowed(rows)
        if "field" in self.asked:
            rows = rows.filter(field=self.asked["field"])
        return rows.filter(on__year=self.asked["year"]) if "year" in self.asked else rows


class HonourFilter(ListFilter):
    level = forms.ChoiceField(label=pgettext_lazy("honour", "level"), required=False)
    field_order = ["q", "association", "level", "year"]

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.fields["level"].choices = [("", _("All levels")), *Honour.Level.choices]

    def narrowed(self, rows):
        rows = super().narrowed(rows)
        if "level" in self.asked:
            rows = rows.filter(level=self.asked["level"])
        return rows.filter(on__startswith=str(self.asked["year"])) if "year" in self.asked else rows
