"""Two people in one record: the second is told, sees the difference and chooses; nothing typed is lost.

A form carries what it was opened with (signed). When it comes back, under a lock on the row, three states of each
field are laid side by side: as opened, as stored now, as typed. Whoever changed a field alone has it their way;
where both did, the form is refused once and asks.
"""

from dataclasses import dataclass

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Change

MINE, THEIRS = "mine", "theirs"
# how many of the latest changes of a record are searched for who wrote a field
WRITERS_LOOKED_FOR = 50


@dataclass(frozen=True)
class Opened:
    """What a form was opened with."""

    values: dict
    """{field: value} as stored then."""
    undecided: dict
    """{field: value as first opened} of the fields about which the form asks."""
    more: object = None
    """What a form of one kind of record keeps besides."""

    def sign(self, row):
        content = [self.values, self.undecided, self.more]
        return signing.dumps(content, salt=_salt(row), compress=True)

    @classmethod
    def read(cls, text, row):
        """The Opened in the signed `text` of a form of `row`; None if it is not one."""
        try:
            return cls(*signing.loads(text, salt=_salt(row)))
        except signing.BadSignature:
            return None


def _salt(row):
    return f"{row._meta.label_lower}.opened.{row.pk}"


@dataclass(frozen=True)
class Conflict:
    """A field that two have changed: texts for people, and who wrote what is stored now, when."""

    name: str
    label: str
    opened: str
    stored: str
    mine: str
    actor: str
    at: object

    @property
    def choice(self):
        return f"choice-{self.name}"


class OpenedForm(forms.ModelForm):
    """A form of a record that knows what it was opened with. The row must be locked before a bound one is made."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    # inputs that are no field of the record by themselves
    apart = frozenset({"opened"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflicts = []
        self.taken_over = []  # names of fields that stay as somebody else has written them
        self.is_opened = True
        if self.instance._state.adding:
            del self.fields["opened"]
        elif self.is_bound:
            self._reconcile()
        else:
            self.initial["opened"] = self._now().sign(self.instance)

    def clean(self):
        data = super().clean()
        if not self.is_opened:
            raise ValidationError(
                _(
                    "It is not known when this form was opened. Look through the record once more and save again."
                )
            )
        if self.conflicts:
            sentence = ngettext(
                "{count} field you changed was changed by somebody else too. Choose which value to keep.",
                "{count} fields you changed were changed by somebody else too. Choose for each which value to keep.",
                len(self.conflicts),
            )
            raise ValidationError(sentence.format(count=len(self.conflicts)))
        return data

    def notices(self, reader):
        """Sentences for `reader` (a user) about what was changed while the form was open, and kept."""
        by_action = {}
        for name in self.taken_over:
            action = self._writers.get(name)
            by_action.setdefault(action, []).append(str(self.fields[name].label))
        for action, labels in by_action.items():
            yield _("{who} changed {fields} meanwhile ({when}); that was kept.").format(
                who=_("You") if action and action.actor == reader else _name(action),
                fields="、".join(labels),
                when=_moment(action),
            )

    # -- the three states

    def compared(self):
        """Names of the fields of the form that belong to the record, in order."""
        return [name for name in self.fields if name not in self.apart and name in self.initial]

    def _now(self, undecided=None):
        values = {name: _plain(self.initial.get(name)) for name in self.compared()}
        return Opened(values, undecided or {}, self.more_to_keep())

    def more_to_keep(self):
        """What a form keeps besides the values, JSON-ready."""
        return None

    def reconcile_more(self, opened, undecided):
        """The like of `_reconcile` for what `more_to_keep` kept."""

    def _reconcile(self):
        """Bring together what was opened, what is stored and what was typed; `self.data` becomes the outcome."""
        opened = Opened.read(self.data.get(self.add_prefix("opened"), ""), self.instance)
        self.data = self.data.copy()
        undecided = {}
        if opened is None:
            self.is_opened = False
        else:
            for name in self.compared():
                self._reconcile_field(name, opened, undecided)
            self.reconcile_more(opened, undecided)
        self.data[self.add_prefix("opened")] = self._now(undecided).sign(self.instance)

    def _reconcile_field(self, name, opened, undecided):
        field, stored = self.fields[name], _plain(self.initial.get(name))
        base = opened.values.get(name, stored)
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        moved = stored != base
        if not field.has_changed(self.initial.get(name), typed):
            return
        if not _differs(field, base, typed):
            self.take_theirs(name, self.initial.get(name))
        elif moved or self.is_undecided(name, opened):
            if not moved and self.chosen(name) == THEIRS:
                self.take_theirs(name, self.initial.get(name))
            else:
                undecided[name] = opened.undecided.get(name, base)
                self.ask(name, *(self.text_of(name, value) for value in (undecided[name], stored, typed)))

    def is_undecided(self, name, opened):
        """Whether the form asked about the field and got no answer; an answer counts against what it was given for."""
        return name in opened.undecided and self.chosen(name) != MINE

    def chosen(self, name):
        return self.data.get(f"choice-{name}")

    def take_theirs(self, name, stored):
        prepared = self.fields[name].prepare_value(stored)
        key = self.add_prefix(name)
        if isinstance(prepared, list | tuple) and hasattr(self.data, "setlist"):
            self.data.setlist(key, prepared)
        elif prepared is False:
            self.data.pop(key, None)  # a box that is not ticked sends nothing
        else:
            self.data[key] = "" if prepared is None else prepared
        self.taken_over.append(name)

    def ask(self, name, opened, stored, mine):
        action = self._writers.get(name)
        self.conflicts.append(
            Conflict(name, self.fields[name].label, opened, stored, mine, _name(action), action and action.at)
        )

    @property
    def _writers(self):
        """{field: the last Action that changed it}."""
        if not hasattr(self, "_found_writers"):
            kind = ContentType.objects.get_for_model(self.instance)
            changes = Change.objects.filter(content_type=kind, object_id=self.instance.pk)
            self._found_writers = {}
            for change in changes.select_related("action__actor").order_by("-pk")[:WRITERS_LOOKED_FOR]:
                for name in change.diff:
                    self._found_writers.setdefault(self.name_in_form(name), change.action)
        return self._found_writers

    def name_in_form(self, name):
        """The input that stands for the field `name` of the history."""
        return name

    def text_of(self, name, value):
        """`value` of a field, stored or typed, as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        if value in (None, "", []):
            return ""
        if isinstance(field, forms.ModelChoiceField):
            try:
                return str(field.to_python(value) or "")
            except ValidationError:
                return str(value)
        choices = dict(getattr(field, "choices", ()))
        if isinstance(value, list):
            return "、".join(str(choices.get(each, each)) for each in value)
        return str(choices.get(value, value))


def _plain(value):
    """`value` of a form's initial data as it comes back out of JSON."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "pk"):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _differs(field, base, typed):
    """Whether `typed` says something else than `base`, a value out of JSON."""
    return field.has_changed(field.to_python(base) if isinstance(base, str) else base, typed)


def _name(action):
    return str(action.actor) if action and action.actor else _("the system")


def _moment(action):
    return f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}" if action else ""
