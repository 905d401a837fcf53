"""The checks of a member's record, the same whoever fills it in: staff, the member, an applicant."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import identity
from members.models import Member
from members.roster.cells import Found, Settings
from members.roster.contract import FIELDS
from members.roster.messages import QUESTION, REFUSED, Doubt
from members.roster.phones import read_phones
from members.roster.titles import title_level_of
from members.roster.values import column_reader
from organizations.partial_dates import age_on

# Personal data of children under 14 need a guardian's consent (Personal Information Protection Law, art. 31).
YOUNGEST = 14
UNDER_AGE = _("That would be a person younger than 14.")

# Fields that take any words; staff choose the employer, it is not written
FREE_TEXT = {
    field.key
    for field in FIELDS
    if field.kind in ("text", "name", "lines", "posts", "degree", "office_phone") and field.key != "employer"
}

REASONS = {
    "pattern": _("This is no number of a document of that kind: characters are missing, too many or wrong."),
    "date": _("This is no identity number: the date of birth in it does not exist."),
    "check": _(
        "This is no identity number: the last character does not fit the others. Compare every digit."
    ),
    "rounded": _("The last digits of this number were lost in a spreadsheet. Copy it from the document."),
}

# The field at which each thing that exists once is typed
ONCE = {"member_number_once": "number", "member_identity_once": "id_number"}


def too_young(birth):
    """Whether somebody born on the partial date `birth` is younger than 14 today."""
    return bool(birth) and age_on(birth, timezone.localdate()) < YOUNGEST


def read_as_roster(key, written):
    """What a roster's cell with the text `written` says of the field `key`: "" for nothing, None if it is refused."""
    found = column_reader((key,), Settings(today=timezone.localdate()))(written)
    if not isinstance(found, Found):
        return found or ""
    refused = any(level in (REFUSED, QUESTION) for level, _code, _params in found.notes)
    return None if refused else found.values.get(key)


class RecordForm(forms.ModelForm):
    """Fields of a member's record, checked. The number of the document is written only when one is typed."""

    # fields that are read as a roster's cell with the same words
    free_text = FREE_TEXT
    # {constraint: field} of what exists once in an association and is looked at before writing
    once = ONCE

    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    remove_id = forms.BooleanField(label=_("Remove the identity number"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.id_sealed and "id_number" in self.fields:
            mask = self.instance.masked_id
            self.fields["id_number"].widget.attrs["placeholder"] = mask
            self.fields["id_number"].help_text = _("Stored: {number}. Leave empty to keep it.").format(
                number=mask
            )

    def clean_birth(self):
        birth = self.cleaned_data["birth"]
        if too_young(birth):
            raise ValidationError(UNDER_AGE, code="under_age")
        return birth

    def clean_mobile(self):
        return self._clean_mobile("mobile")

    def clean_second_mobile(self):
        return self._clean_mobile("second_mobile")

    def _clean_mobile(self, name):
        written = self.cleaned_data[name]
        if not written:
            return ""
        try:
            found = read_phones(written)
        except Doubt:
            found = None
        if found is None or len(found.mobiles) != 1 or found.landlines:
            raise ValidationError(
                _("This is not a mobile number. Write 13800138000, or +852… for a number from abroad."),
                code="phone_invalid",
            )
        return found.mobiles[0]

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_employer_uscc(self):
        code = self.cleaned_data["employer_uscc"]
        if not code:
            return ""
        try:
            return identity.read_credit_code(code)
        except identity.InvalidNumber as error:
            raise ValidationError(
                _("This is not a unified social credit code: a character or the check is wrong.")
            ) from error

    def _clean_as_rosters(self):
        """Free text in the form in which a roster's cell with the same words would be read.

        Else exporting a record and importing it again would change it.
        """
        for key in self.free_text & self.cleaned_data.keys():
            written = self.cleaned_data[key]
            if not written:
                continue
            found = read_as_roster(key, written)
            if found is None:
                self.add_error(key, _("“{value}” is not understood here.").format(value=written))
            else:
                self.cleaned_data[key] = found
        if "title_level" in self.fields and self.cleaned_data.get("title_level") == "":
            self.cleaned_data["title_level"] = title_level_of(self.cleaned_data.get("title") or "") or ""
        if "name" in self.cleaned_data and not self.cleaned_data["name"]:
            self.add_error("name", _("This is not a name."))

    def clean(self):
        data = super().clean()
        self._clean_as_rosters()
        written = data.get("id_number")
        if written and data.get("remove_id"):
            self.add_error("remove_id", _("Either write a new number or remove the one there is."))
        elif written:
            self._clean_id_number(written)
        return data

    def _clean_id_number(self, written):
        data = self.cleaned_data
        try:
            found = identity.read_id_number(written, data.get("id_kind", ""))
        except identity.InvalidNumber as error:
            self.add_error("id_number", REASONS[error.reason])
            return
        born = found.birth.replace(".", "-")
        if too_young(born):
            self.add_error("id_number", UNDER_AGE)
            return
        data["id_number"] = found.number
        # what the number says goes only where nothing else is written
        for name, value in {"id_kind": found.kind, "birth": born, "sex": found.sex}.items():
            if name in self.fields and name not in self.errors and not data.get(name):
                data[name] = value

    def _get_validation_exclusions(self):
        # what exists once in an association is looked at below, at the field where it is typed; without this it
        # would be left out wherever the association itself is not on the form
        return super()._get_validation_exclusions() | {"association"}

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        number = self.cleaned_data.get("id_number")
        if number and number != self.instance.id_number:
            self.instance.id_number = number
        elif self.cleaned_data.get("remove_id"):
            self.instance.id_number = ""
        for constraint in Member._meta.constraints:
            if constraint.name in self.once:
                try:
                    constraint.validate(Member, self.instance)
                except ValidationError as error:
                    field = self.once[constraint.name]
                    self.add_error(field if field in self.fields else None, error.messages)

    def _update_errors(self, errors):
        # an error at a field that is in another section has to be said here
        if hasattr(errors, "error_dict"):
            said = {}
            for name, found in errors.error_dict.items():
                said.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(found)
            errors = ValidationError(said)
        super()._update_errors(errors)
