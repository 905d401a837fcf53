"""Forms that change bodies, terms and appointments. Services decide; what they refuse stands beside its field."""

import hashlib
import json
import re

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organizations import services
from organizations.day_input import DayInput
from organizations.models import Appointment, Association, Body, Post, Term
from organizations.models.appointments import all_members
from organizations.models.history import plain

EDIT, MANAGE = "edit", "manage"
NAMES_APART = re.compile(r"[\n\r、，,；;]+")
MEMBER = Appointment._meta.get_field("member")


def date_field(model, name, **kwargs):
    """A form field for the date column `name` of `model`, under its own label and help."""
    column = model._meta.get_field(name)
    options = {
        "label": capfirst(column.verbose_name),
        "help_text": column.help_text,
        "required": not column.null,
    }
    return forms.DateField(widget=DayInput(), **options | kwargs)


def text_field(model, name, **kwargs):
    """A form field for the text column `name` of `model`, under its own label and help."""
    column = model._meta.get_field(name)
    options = {
        "label": capfirst(column.verbose_name),
        "help_text": column.help_text,
        "max_length": column.max_length,
        "required": False,
    }
    return forms.CharField(**options | kwargs)


class ServiceForm(forms.Form):
    """A form whose `save()` calls a service; `attempt()` says whether it went well, with each error in its place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def attempt(self):
        try:
            with transaction.atomic():
                self.result = self.save()
        except services.NotPossible as error:
            self.refuse(error.field, str(error))
        except ValidationError as error:
            for name, sentences in getattr(error, "message_dict", {"": error.messages}).items():
                self.refuse(name, sentences)
        except IntegrityError:
            # the rules hold in the database too: somebody was quicker between our look and our writing
            self.add_error(None, _("Somebody else has just changed this body. Look at it and save again."))
        return not self.errors

    def refuse(self, field, sentences):
        """Put `sentences` beside the `field` that the form has for them, else above all fields."""
        self.add_error(field if field in self.fields else None, sentences)


class SeenForm(ServiceForm):
    """A form about the stored `row`: refuses once where somebody has changed the row since it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["seen"].initial = state_of(row)

    def clean(self):
        data = super().clean()
        if data.get("seen") == state_of(self.row):
            return data
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = state_of(self.row)
        stored = [
            f"{self.fields[name].label}: {self._shown(name) or '—'}"
            for name in self.fields
            if hasattr(self.row, name) and getattr(self.row, name) != data.get(name)
        ]
        sentence = _(
            "Somebody changed this while the form was open. Now stored: {values}. Save again to replace it."
        )
        raise ValidationError(sentence.format(values="；".join(stored) or self.row))

    def _shown(self, name):
        display = getattr(self.row, f"get_{name}_display", None)
        value = display() if display else getattr(self.row, name)
        return (_("yes") if value else _("no")) if isinstance(value, bool) else value


def state_of(row):
    """A mark of all recorded columns of `row`, which changes when one of them does."""
    values = [plain(field, getattr(row, field.attname)) for field in row.recorded_fields()]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


# -- bodies


class BodyForm(ServiceForm, forms.ModelForm):
    class Meta:
        model = Body
        fields = ["association", "kind", "name", "parent", "established_on", "hides_people", "basis"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        above = Body.objects.visible_to(user).existing_on(timezone.localdate()).exclude(pk=self.instance.pk)
        if self.instance.pk:
            # what the posts and terms of a body hang on stays
            del self.fields["association"], self.fields["kind"]
            above = above.filter(association=self.instance.association_id)
        else:
            places = Association.objects.where_may(user, EDIT)
            self.fields["association"].queryset = places
            if len(places) == 1:
                self.fields["association"].initial = places[0]
            above = above.filter(association__in=places).select_related("association")
            if len(places) > 1:
                self.fields["parent"].label_from_instance = lambda body: f"{body}（{body.association}）"
        self.fields["parent"].queryset = above
        managed = user.rights.associations_for(MANAGE)
        may_hide = self.instance.association_id in managed if self.instance.pk else managed
        if not may_hide:
            # who hides a body without managing the association would lose sight of it
            del self.fields["hides_people"]

    def clean(self):
        data = super().clean()
        association = data.get("association")
        if data.get("hides_people") and association and not self.user.rights.may(MANAGE, association.pk):
            self.add_error("hides_people", _("Only who manages the association hides the people of a body."))
        return data

    def save(self):
        if self.instance.pk:
            self.instance.save()
            return self.instance
        fields = {name: value for name, value in self.cleaned_data.items() if name in self.fields}
        return services.establish_body(fields.pop("association"), **fields)

    @property
    def done(self):
        return _("“{body}” was saved.").format(body=self.result)


class SeenBodyForm(SeenForm, BodyForm):
    """The form of a body that exists."""


class DissolveForm(SeenForm):
    on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DayInput(),
        help_text=gettext_lazy("Its term and all appointments end with this day too."),
    )
    basis = text_field(Body, "basis")

    def save(self):
        return services.dissolve_body(self.row, on=self.cleaned_data["on"], basis=self.cleaned_data["basis"])

    @property
    def done(self):
        return _("“{body}” is dissolved with {day}.").format(
            body=self.row, day=self.cleaned_data["on"].isoformat()
        )


# -- terms


class TermForm(ServiceForm):
    """A new term of `body`; with an end it is one of the past."""

    number = forms.IntegerField(label=gettext_lazy("Number of the term"), min_value=1, max_value=99)
    starts_on = date_field(Term, "starts_on")
    planned_end_on = date_field(Term, "planned_end_on")
    ended_on = date_field(
        Term, "ended_on", help_text=gettext_lazy("Of a past term: its last day. Empty: it runs.")
    )
    basis = text_field(Term, "basis")

    def __init__(self, *args, body, **kwargs):
        super().__init__(*args, **kwargs)
        self.body = body
        self.fields["number"].initial = (body.terms.aggregate(last=Max("number"))["last"] or 0) + 1

    def save(self):
        return services.begin_term(self.body, **{name: self.cleaned_data[name] for name in self.fields})

    @property
    def done(self):
        return _("{term} is entered, from {day} on.").format(
            term=self.result, day=self.result.starts_on.isoformat()
        )


class TermChangeForm(SeenForm):
    number = forms.IntegerField(label=gettext_lazy("Number of the term"), min_value=1, max_value=99)
    starts_on = date_field(Term, "starts_on")
    planned_end_on = date_field(Term, "planned_end_on")
    ended_on = date_field(Term, "ended_on")
    basis = text_field(Term, "basis")

    def save(self):
        return services.change_term(self.row, **_without_seen(self))

    @property
    def done(self):
        return _("{term} was saved.").format(term=self.result)


class TermEndForm(SeenForm):
    ended_on = date_field(
        Term,
        "ended_on",
        label=gettext_lazy("Last day"),
        required=True,
        help_text=gettext_lazy("All appointments of the term that still run end with it."),
    )
    basis = text_field(Term, "basis", label=gettext_lazy("Basis of the end"))

    def save(self):
        return services.end_term(self.row, on=self.cleaned_data["ended_on"], basis=self.cleaned_data["basis"])

    @property
    def done(self):
        return _("{term} ends with {day}, and the appointments in it.").format(
            term=self.result, day=self.result.ended_on.isoformat()
        )


def _without_seen(form):
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}


# -- appointments

REASONS = [choice for choice in Appointment.EndReason.choices if choice[0] != Appointment.EndReason.DISSOLVED]
LAST_DAY = gettext_lazy("Last day in the post")
HOW = Appointment._meta.get_field("how")
ACTING = Appointment._meta.get_field("is_acting")


def reason_field(**kwargs):
    return forms.ChoiceField(
        label=capfirst(Appointment._meta.get_field("end_reason").verbose_name),
        choices=[("", "—"), *REASONS],
        **kwargs,
    )


class AppointForm(ServiceForm):
    """Members of the association, one or many, into one post of `body`: found by typing, or from a list of names."""

    post = forms.ModelChoiceField(queryset=None, label=gettext_lazy("Post"))
    members = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Members"),
        required=False,
        help_text=gettext_lazy("Type a name, pinyin or member number; several at once."),
    )
    names = forms.CharField(
        label=gettext_lazy("Or a list"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Names or member numbers, one a line or with 、 between them."),
    )
    starts_on = date_field(Appointment, "starts_on", label=gettext_lazy("In the post from"))
    how = forms.ChoiceField(label=capfirst(HOW.verbose_name), choices=HOW.choices)
    is_acting = forms.BooleanField(label=capfirst(ACTING.verbose_name), required=False)
    basis = text_field(Appointment, "basis")
    ends_on = date_field(
        Appointment, "ends_on", label=LAST_DAY, help_text=gettext_lazy("Of a past appointment only.")
    )
    end_reason = reason_field(required=False)

    def __init__(self, *args, body, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.body = body
        people = all_members()
        self.found = people.staff_visible_to(user).filter(association=body.association_id)
        self.fields["post"].queryset = Post.objects.offered_by(body).filter(is_retired=False)
        self.fields["members"].queryset = self.found
        self.fields["members"].widget = AutocompleteSelectMultiple(
            MEMBER, admin.site, choices=self.fields["members"].choices
        )
        self.fields["how"].initial = HOW.default if body.has_terms else Appointment.How.APPOINTED

    def clean_names(self):
        """The members named: each name or number found once in the association; else sentences about the others."""
        wanted = [each.strip() for each in NAMES_APART.split(self.cleaned_data["names"])]
        wanted = [each.replace(" ", "").replace("\u3000", "") for each in wanted if each]
        rows = self.found.filter(Q(name__in=wanted) | Q(number__in=wanted)).select_related("employer")
        by_name = {}
        for member in rows:
            for key in {member.name, member.number}:
                by_name.setdefault(key, []).append(member)
        members, errors = [], []
        for each in wanted:
            alike = by_name.get(each, [])
            if len(alike) == 1:
                members += alike
            elif alike:
                who = "、".join(
                    f"{member.number or member.pk}（{member.employer or '—'}）" for member in alike
                )
                errors.append(
                    _(
                        "Several members are called {name}: {who}. Choose the one above, or write the number."
                    ).format(name=each, who=who)
                )
            else:
                errors.append(_("No member “{name}” is in sight in this association.").format(name=each))
        if errors:
            raise ValidationError(errors)
        return members

    def clean(self):
        data = super().clean()
        if bool(data.get("ends_on")) != bool(data.get("end_reason")) and not self.errors:
            self.add_error("end_reason", _("An end needs its day and its reason."))
        people = {member.pk: member for member in [*data.get("members", []), *data.get("names", [])]}
        data["people"] = list(people.values())
        if not people and not {"members", "names"} & set(self.errors):
            self.add_error("members", _("Say who is appointed."))
        starts_on = data.get("starts_on")
        if starts_on and not data.get("ends_on"):
            gone = all_members().left_before(starts_on).filter(pk__in=people)
            for member in gone:
                self.add_error("members", _("{name} has left the association by then.").format(name=member))
        return data

    def save(self):
        """The new appointments; all or none."""
        asked = ("post", "starts_on", "how", "is_acting", "basis", "ends_on", "end_reason")
        values = {name: self.cleaned_data[name] for name in asked}
        return [services.appoint(member, body=self.body, **values) for member in self.cleaned_data["people"]]

    def refuse(self, field, sentences):
        super().refuse({"member": "members", "term": "starts_on"}.get(field, field), sentences)

    @property
    def done(self):
        names = "、".join(str(each.member) for each in self.result)
        return _("Appointed {post} from {day} on: {names}").format(
            post=self.cleaned_data["post"], day=self.cleaned_data["starts_on"].isoformat(), names=names
        )

    @property
    def doubt(self):
        """What to look at after saving, in a sentence: more holders than the post has seats; "" if nothing."""
        post, day = self.cleaned_data["post"], self.cleaned_data["starts_on"]
        held = Appointment.objects.in_force_on(day).filter(body=self.body, post=post, is_acting=False).count()
        if not post.seats or held <= post.seats:
            return ""
        return ngettext(
            "“{post}” now has {held} holder for {seats} seats.",
            "“{post}” now has {held} holders for {seats} seats.",
            held,
        ).format(post=post, held=held, seats=post.seats)


class AppointmentForm(SeenForm):
    """Dates, manner and basis of an appointment; who holds which post stays."""

    starts_on = date_field(Appointment, "starts_on", label=gettext_lazy("In the post from"))
    how = forms.ChoiceField(label=capfirst(HOW.verbose_name), choices=HOW.choices)
    is_acting = forms.BooleanField(label=capfirst(ACTING.verbose_name), required=False)
    basis = text_field(Appointment, "basis")
    ends_on = date_field(Appointment, "ends_on", label=LAST_DAY)
    end_reason = reason_field(required=False)
    end_basis = text_field(Appointment, "end_basis")

    def clean(self):
        data = super().clean()
        if bool(data.get("ends_on")) != bool(data.get("end_reason")):
            self.add_error("end_reason", _("An end needs its day and its reason."))
        return data

    def save(self):
        return services.change_appointment(self.row, **_without_seen(self))

    @property
    def done(self):
        return _("{name}, {post}: saved.").format(name=self.row.member, post=self.row.post)


class EndForm(ServiceForm):
    """The end of an appointment. One who has an end already gets the new one."""

    ends_on = date_field(Appointment, "ends_on", label=LAST_DAY, required=True)
    end_reason = reason_field()
    end_basis = text_field(Appointment, "end_basis")

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row

    def save(self):
        data = self.cleaned_data
        return services.end_appointment(
            self.row, on=data["ends_on"], reason=data["end_reason"], basis=data["end_basis"]
        )

    @property
    def done(self):
        return _("{name} is {post} until {day} ({reason}).").format(
            name=self.row.member,
            post=self.row.post,
            day=self.result.ends_on.isoformat(),
            reason=self.result.get_end_reason_display(),
        )


class VoidForm(ServiceForm):
    void_reason = text_field(
        Appointment,
        "void_reason",
        required=True,
        help_text=gettext_lazy(
            "It stays in the history and counts nowhere. Who left the post is ended, not voided."
        ),
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row

    def save(self):
        reason = self.cleaned_data["void_reason"]
        return services.void_appointment(self.row, on=timezone.localdate(), reason=reason)

    @property
    def done(self):
        return _("{name}, {post}: voided as entered in error.").format(
            name=self.row.member, post=self.row.post
        )
