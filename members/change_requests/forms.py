"""The forms of requests for changes: what a member asks for, and what staff answer."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members import identity
from members.admin.sections import SECTIONS, label_of
from members.change_requests.values import IN_ORDER, in_words, stored
from members.models import ChangeRequest, Employer, Member, RequestedChange
from members.own_fields import REVIEWED_FIELDS
from members.record_form import FREE_TEXT, RecordForm
from members.rights import Ability
from organizations.models import Association
from organizations.partial_dates import PartialDateFormField

# what a typed identity number says beside itself
SAID_BY_NUMBER = ("id_kind", "birth", "sex")
NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?!\d)")


def without_numbers(text):
    """`text`, which is kept and mailed about as it is; ValidationError if an identity number stands in it."""
    if NUMBER.search(text):
        raise ValidationError(_("Leave identity numbers out of this text: it is kept as it is."))
    return text


class ReviewedForm(RecordForm):
    """Fields of a record that are reviewed, checked as the staff's form checks them; the employer is written."""

    free_text = FREE_TEXT | {"employer"}
    employer = forms.CharField(max_length=Employer._meta.get_field("name").max_length, required=False)

    class Meta:
        model = Member
        # these two are no plain columns
        fields = [key for key in REVIEWED_FIELDS if key not in ("employer", "id_number")]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["employer"] = stored(self.instance, "employer")
        self.fields["employer"].label = label_of("employer")


class AcceptedForm(ReviewedForm):
    """Whether `accepted` ({reviewed field: text}) can be written into the record `member`; valid, its instance has it.

    The employer is not among what the instance gets: it may have to be entered first.
    """

    def __init__(self, member, accepted):
        data = dict(accepted)
        if "id_number" in accepted:
            data["remove_id"] = not accepted["id_number"]
            # what the number may be depends on the kind of document
            data.setdefault("id_kind", member.id_kind)
        super().__init__(data, instance=member)
        self.fields = {name: field for name, field in self.fields.items() if name in data}


class RequestForm(ReviewedForm):
    """What a member asks for: filled with the record, and over it with what the `request` that waits asks already.

    A field is asked for when its text is another than the one it was shown with, so that what was not touched is not
    asked for, whatever the record holds by then. Whether somebody else has the number is for the staff to see.
    """

    once = {}
    reason = forms.CharField(
        label=_("Reason"),
        max_length=ChangeRequest._meta.get_field("reason").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it should be changed, and since when."),
        validators=[without_numbers],
    )

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = {row.field: row.after for row in request.fields.all()} if request else {}
        self.initial |= {key: text for key, text in self.asked.items() if key != "id_number"}
        self.initial["reason"] = request.reason if request else ""
        if not self.instance.id_sealed:
            del self.fields["remove_id"]
        for key, field in self.fields.items():
            field.show_hidden_initial = key not in ("id_number", "remove_id")
            if isinstance(field, PartialDateFormField):
                field.help_text = _("As far as it is known: 1985, 1985-06 or 1985-06-12.")
            if key in self.asked:
                now = in_words(key, stored(self.instance, key))
                field.now = now or pgettext_lazy("value", "nothing")
        if "id_number" in self.asked:
            number = self.asked["id_number"]
            self.fields["id_number"].widget.attrs["placeholder"] = identity.mask_id_number(number)
            self.fields["id_number"].help_text = _("Asked for already. Leave empty to leave it so.")

    def sections(self):
        """[(title, bound fields, whether one of them is asked for or wrong)] in the order of a record."""
        found = []
        for section in SECTIONS:
            fields = [self[name] for name in section.fields if name in self.fields]
            if fields:
                is_open = any(field.errors or field.name in self.asked for field in fields)
                found.append((section.title, fields, is_open))
        return found

    def wanted(self):
        """{reviewed field: text} of what was typed anew; valid forms only."""
        data, touched = self.cleaned_data, set(self.changed_data)
        if data.get("id_number"):
            touched |= {key for key in SAID_BY_NUMBER if data[key] != self.initial.get(key)}
        if "title" in touched and data["title_level"] != self.initial.get("title_level"):
            touched.add("title_level")
        if data.get("remove_id"):
            touched.add("id_number")
        return {key: data[key] for key in IN_ORDER if key in touched}


class DecisionForm(forms.Form):
    """What staff decide about each of `rows` (members.change_requests.deciding.Row) of a request that waits.

    With `accept_rest` a field without a choice is accepted, except where the record has overtaken it: that has to be
    decided by itself. A row that is no longer as the page showed it has to be decided anew.
    """

    ACCEPT, REFUSE = "accept", "refuse"

    answer = forms.CharField(
        label=_("Answer to the whole"),
        max_length=ChangeRequest._meta.get_field("answer").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member reads it beside what was decided about each field."),
        validators=[without_numbers],
    )

    def __init__(self, data, *, rows, accept_rest=False):
        super().__init__(None if data is None else data.copy(), label_suffix="")
        self.rows, self.accept_rest = rows, accept_rest
        self.outdated = []
        for row in rows:
            self._add_fields(row)
            if self.is_bound:
                self._compare(row)

    def _add_fields(self, row):
        pk, label = row.change.pk, row.change.label
        self.fields[f"seen-{pk}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=row.mark
        )
        if not row.is_same:
            choices = [
                (self.ACCEPT, pgettext_lazy("request", "Accept")),
                (self.REFUSE, pgettext_lazy("request", "Refuse")),
            ]
            self.fields[f"choice-{pk}"] = forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"answer-{pk}"] = forms.CharField(
                label=_("Answer about “{field}”").format(field=label),
                max_length=RequestedChange._meta.get_field("answer").max_length,
                required=False,
                validators=[without_numbers],
            )

    def _compare(self, row):
        """Forget the choice about a row that has changed since the page was opened."""
        seen = f"seen-{row.change.pk}"
        if self.data.get(seen) != row.mark:
            self.outdated.append(row)
            self.data[seen] = row.mark
            self.data.pop(f"choice-{row.change.pk}", None)

    def lines(self):
        """[(Row, its hidden field, choice, answer)]; the last two are None where there is nothing to choose."""
        return [
            (
                row,
                self[f"seen-{row.change.pk}"],
                None if row.is_same else self[f"choice-{row.change.pk}"],
                None if row.is_same else self[f"answer-{row.change.pk}"],
            )
            for row in self.rows
        ]

    def clean(self):
        for row in self.rows:
            self._clean_row(row)
        return self.cleaned_data

    def _clean_row(self, row):
        choice = f"choice-{row.change.pk}"
        if row in self.outdated:
            sentence = _("The record or the request was changed after you opened the page. Look at it again.")
            self.add_error(None if row.is_same else choice, sentence)
        elif row.is_same or choice in self.errors:
            return
        elif not self.cleaned_data[choice]:
            if not self.accept_rest:
                self.add_error(choice, _("Accept or refuse it."))
            elif row.is_overtaken:
                self.add_error(choice, _("The record has overtaken this wish: decide it by itself."))
        elif self.cleaned_data[choice] == self.REFUSE and not self.cleaned_data.get(
            f"answer-{row.change.pk}", True
        ):
            self.add_error(f"answer-{row.change.pk}", _("Say why it is refused."))

    def refused(self):
        """{field: answer} of what is refused; valid forms only."""
        return {
            row.key: self.cleaned_data[f"answer-{row.change.pk}"]
            for row in self.rows
            if self.cleaned_data.get(f"choice-{row.change.pk}") == self.REFUSE
        }

    def say(self, errors):
        """Add the sentences {field of the record: [sentence]}, "" for the whole, where they belong."""
        choices = {row.key: f"choice-{row.change.pk}" for row in self.rows}
        for key, sentences in errors.items():
            for sentence in sentences:
                self.add_error(choices.get(key), sentence)


class QueueFilter(forms.Form):
    """Which requests the queue shows."""

    q = forms.CharField(label=_("Member"), max_length=50, required=False, strip=True)
    association = forms.ModelChoiceField(
        label=_("Association"), queryset=Association.objects.none(), required=False
    )

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        self.fields["q"].widget.attrs["placeholder"] = _("Name, pinyin, number …")
        places = user.rights.associations_for(Ability.EDIT)
        rows = [row for row in user.rights.association_rows if row.pk in places]
        if len(rows) < 2:
            del self.fields["association"]
        else:
            self.fields["association"].queryset = Association.objects.filter(pk__in=places)
            self.fields["association"].empty_label = _("All in sight")
        self.user = user

    def narrowed(self, requests):
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("association"):
            requests = requests.filter(member__association__path__startswith=asked["association"].path)
        if asked.get("q"):
            found = Member.objects.staff_visible_to(self.user).search(asked["q"], self.user)
            requests = requests.filter(member__in=found.order_by().values("pk"))
        return requests
