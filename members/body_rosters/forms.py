"""The form in which staff say what a roster of a body is about."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.body_rosters.fields import OWN, PERSON, VOCABULARY
from members.body_rosters.sheets import USUAL
from members.body_rosters.target import Target
from members.export import ReleaseForm
from members.formats import FORMATS
from members.resources import exportable_keys
from members.rights import FIELD_CLASSES, Ability, FieldClass
from organizations.day_input import DayInput
from organizations.models import Appointment, Body, Term

NEW = "new"
EXPORTED_OWN = frozenset(field.key for field in OWN)


class BodyRosterForm(forms.Form):
    """Body, term, and the rules for the whole file; `save` notes them in the batch."""

    body = forms.ModelChoiceField(
        label=_("Body"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=_("one to be established now"),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("body", "kind"), choices=Body.Kind, required=False)
    name = forms.CharField(label=pgettext_lazy("body", "name"), max_length=100, required=False)
    hides_people = forms.BooleanField(
        label=_("hides its people"),
        required=False,
        help_text=_(
            "Only who manages the association, holds a role in the body or sits in it sees its people."
        ),
    )
    term = forms.ChoiceField(
        label=pgettext_lazy("body", "term"),
        required=False,
        help_text=_("Only bodies elected for a term have one."),
    )
    number = forms.IntegerField(label=_("number of the term"), min_value=1, max_value=99, required=False)
    starts_on = forms.DateField(label=_("starts"), widget=DayInput, required=False)
    planned_end_on = forms.DateField(label=_("planned end"), widget=DayInput, required=False)
    basis = forms.CharField(
        label=_("basis"),
        max_length=200,
        required=False,
        help_text=_("Of posts whose row names none: which meeting decided, or the name of the file."),
    )
    registers = forms.BooleanField(
        label=_("Register persons who are not in the register as members"),
        required=False,
        help_text=_("Otherwise each of them is asked about."),
    )
    leaves = forms.BooleanField(
        label=_("Posts of this body that the file does not name end"),
        required=False,
        help_text=_("They are listed before anything is written. Not needed where a new term begins."),
    )
    leave_on = forms.DateField(label=_("with the last day"), widget=DayInput, required=False)
    leave_reason = forms.ChoiceField(
        label=_("for the reason"),
        choices=[
            choice for choice in Appointment.EndReason.choices if choice[0] != Appointment.EndReason.DISSOLVED
        ],
        required=False,
        initial=Appointment.EndReason.RESIGNED,
    )

    def __init__(self, data=None, *, batch, user):
        self.batch, self.user, self.target = batch, user, Target(batch)
        super().__init__(data, initial=self._initial(), label_suffix="")
        bodies = Body.objects.where_may(user, Ability.EDIT).filter(
            association=batch.association, dissolved_on=""
        )
        self.fields["body"].queryset = bodies
        terms = Term.objects.filter(body__in=bodies).select_related("body").order_by("body", "-number")
        self.fields["term"].choices = [
            (NEW, _("a new one, which begins with this import")),
            *((str(term.pk), f"{term}（{term.starts_on:%Y-%m-%d}—{term.ended_on or ''}）") for term in terms),
        ]

    def _initial(self):
        options, body, term = self.batch.options, self.target.body, self.target.term
        initial = {name: options.get(name) for name in ("basis", "registers", "leave_on", "leave_reason")}
        initial["leaves"] = bool(options.get("leave_on"))
        if body and body.pk:
            initial["body"] = body.pk
        elif body:
            initial |= {"kind": body.kind, "name": body.name, "hides_people": body.hides_people}
        if term and term.pk:
            initial["term"] = str(term.pk)
        elif term:
            initial |= {"term": NEW, "number": term.number}
            initial |= {"starts_on": term.starts_on, "planned_end_on": term.planned_end_on}
        return {name: value for name, value in initial.items() if value not in (None, "")}

    def groups(self):
        """((legend, fields), …) in the order of the page."""
        names = (
            (_("Body"), ("body",)),
            (_("For a body to be established now"), ("kind", "name", "hides_people")),
            (pgettext_lazy("body", "Term"), ("term",)),
            (_("For a new term"), ("number", "starts_on", "planned_end_on")),
            (_("Rules for the whole file"), ("basis", "registers", "leaves", "leave_on", "leave_reason")),
        )
        return [(legend, [self[name] for name in fields]) for legend, fields in names]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        body = data["body"]
        if body is None:
            body = self._new_body(data)
        if body is not None and body.has_terms:
            self._check_term(data, body)
        if data["leaves"] and not data["leave_on"]:
            self.add_error("leave_on", _("Enter the last day of these posts."))
        return data

    def _new_body(self, data):
        """The unsaved Body to be established; None with errors in the form."""
        fields = {name: data[name] for name in ("kind", "name", "hides_people")}
        body = Body(association=self.batch.association, **fields)
        try:
            body.full_clean()
        except ValidationError as error:
            for name, problems in error.error_dict.items():
                self.add_error(name if name in fields else None, problems)
            return None
        return body

    def _check_term(self, data, body):
        if data["term"] not in ("", NEW):
            if not body.pk or not body.terms.filter(pk=data["term"]).exists():
                self.add_error("term", _("That is a term of another body."))
            return
        missing = [name for name in ("number", "starts_on", "planned_end_on") if not data[name]]
        for name in missing:
            self.add_error(name, _("A new term needs its number, its start and its planned end."))
        if missing:
            return
        if data["planned_end_on"] < data["starts_on"]:
            self.add_error("planned_end_on", _("The term is planned to end before it starts."))
        if not body.pk:
            return
        if body.terms.filter(number=data["number"]).exists():
            self.add_error("number", _("This body has a term of that number already."))
        later = body.terms.filter(starts_on__gte=data["starts_on"]).order_by("starts_on").first()
        if later:
            problem = _("{term} begins on {day} already.").format(term=later, day=later.starts_on.isoformat())
            self.add_error("starts_on", problem)

    def note(self):
        """Put what was decided into the batch, which the caller saves."""
        data, batch = self.cleaned_data, self.batch
        options = {
            "basis": data["basis"],
            "registers": data["registers"],
            "leave_reason": data["leave_reason"],
        }
        if data["leaves"]:
            options["leave_on"] = data["leave_on"].isoformat()
        batch.body = data["body"]
        if batch.body is None:
            options["establish"] = {name: data[name] for name in ("kind", "name", "hides_people")}
        kind = batch.body.kind if batch.body else data["kind"]
        if kind in Body.WITH_TERMS:
            options["term"] = self._term(data)
        batch.options = options

    def _term(self, data):
        if data["term"] not in ("", NEW):
            return {"id": int(data["term"])}
        days = {name: data[name].isoformat() for name in ("starts_on", "planned_end_on")}
        return {"number": data["number"], **days}


class BodyExportForm(forms.Form):
    """The roster of a body to be written: the day, the columns, the format, and why personal data are taken out."""

    on = forms.DateField(label=pgettext_lazy("export", "On the day"), widget=DayInput)
    keys = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
    )
    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_(
            "For whom and what for; needed for personal and identity data. It is kept in the log of exports."
        ),
    )
    identity = forms.BooleanField(
        label=_("Yes, the file shall hold identity data, numbers in clear."), required=False
    )

    def __init__(self, data=None, *, user):
        self.formats = {each.get_extension(): each for each in (format_class() for format_class in FORMATS)}
        allowed = [key for key in exportable_keys(user) if key in PERSON]
        keys = [key for key in VOCABULARY.fields if key in allowed or key in EXPORTED_OWN]
        super().__init__(
            data,
            initial={
                "on": timezone.localdate(),
                "keys": [key for key in USUAL if key in keys],
                "format": next(iter(self.formats)),
            },
            label_suffix="",
        )
        self.fields["keys"].choices = [(key, VOCABULARY.header(key)) for key in keys]
        self.fields["format"].choices = [(ending, each.get_title()) for ending, each in self.formats.items()]
        if not any(FIELD_CLASSES.get(key) == FieldClass.IDENTITY for key in keys):
            del self.fields["identity"]

    def clean_keys(self):
        ticked = self.cleaned_data["keys"]
        if "name" not in ticked:
            raise ValidationError(_("A roster needs the names."))
        return [key for key in VOCABULARY.fields if key in ticked]

    def clean(self):
        data = super().clean()
        release = ReleaseForm(data, keys=[key for key in data.get("keys", ()) if key in FIELD_CLASSES])
        for name, errors in release.errors.items():
            self.add_error(name, errors)
        return data

    @property
    def file_format(self):
        return self.formats[self.cleaned_data["format"]]

    def groups(self):
        """[(legend, boxes)]: the columns of posts, then those of persons by the class of their fields."""
        boxes = {str(box.data["value"]): box for box in self["keys"]}
        posts = [boxes.pop(key) for key in VOCABULARY.fields if key in EXPORTED_OWN]
        groups = [(pgettext_lazy("section", "Posts"), posts)]
        for field_class in FieldClass:
            found = [box for key, box in boxes.items() if FIELD_CLASSES[key] == field_class]
            groups += [(capfirst(field_class.label), found)] if found else []
        return groups
