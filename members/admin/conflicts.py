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

from members import identity
from members.models import Member
from organizations.models import Change

MINE, THEIRS = "mine", "theirs"
# parts of the form that are no field of their own: the number is written by one of two inputs
APART = frozenset({"opened", "id_number", "remove_id"})


@dataclass(frozen=True)
class Opened:
    """What a form was opened with."""

    version: int
    values: dict
    """{field: value} as stored then."""
    number: str
    """A mark of the identity number stored then, which tells nothing about it."""
    undecided: dict
    """{field: value as first opened} of the fields about which the form asks."""

    def sign(self, member):
        content = [self.version, self.values, self.number, self.undecided]
        return signing.dumps(content, salt=_salt(member), compress=True)

    @classmethod
    def read(cls, text, member):
        """The Opened in the signed `text` of a form of `member`; None if it is not one."""
        try:
            return cls(*signing.loads(text, salt=_salt(member)))
        except signing.BadSignature:
            return None


def _salt(member):
    return f"members.opened.{member.pk}"


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
    """A form of a member that knows what it was opened with. The row must be locked before a bound one is made."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)

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

    def _now(self, undecided=None, version=None):
        return Opened(
            version or self.instance.version,
            {name: self.initial.get(name) for name in self.fields if name not in APART},
            _mark(self.instance),
            undecided or {},
        )

    def _reconcile(self):
        """Bring together what was opened, what is stored and what was typed; `self.data` becomes the outcome."""
        opened = Opened.read(self.data.get(self.add_prefix("opened"), ""), self.instance)
        self.data = self.data.copy()
        undecided = {}
        if opened is None:
            self.is_opened = False
        else:
            self._since = opened.version
            for name in list(self.fields):
                if name not in APART:
                    self._reconcile_field(name, opened, undecided)
            if "id_number" in self.fields:
                self._reconcile_number(opened, undecided)
        # as long as something is open, who wrote it is looked for since the form was first opened
        version = opened.version if undecided else None
        self.data[self.add_prefix("opened")] = self._now(undecided, version).sign(self.instance)

    def _reconcile_field(self, name, opened, undecided):
        field, stored = self.fields[name], self.initial.get(name)
        base = opened.values.get(name, stored)
        typed = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        moved = stored != base
        if not field.has_changed(stored, typed):
            return
        if not field.has_changed(base, typed):
            self._take_theirs(name, stored)
        elif moved or self._is_open(name, opened):
            if not moved and self._chosen(name) == THEIRS:
                self._take_theirs(name, stored)
            else:
                undecided[name] = opened.undecided.get(name, base)
                self._ask(name, *(self._text(name, value) for value in (undecided[name], stored, typed)))

    def _reconcile_number(self, opened, undecided):
        name = "id_number"
        typed, removed = (
            self.data.get(self.add_prefix(name), "").strip(),
            self.data.get(self.add_prefix("remove_id")),
        )
        moved = _mark(self.instance) != opened.number
        if not (typed or removed) or _same_number(typed, self.instance):
            if moved:
                self.taken_over.append(name)
        elif moved or self._is_open(name, opened):
            if not moved and self._chosen(name) == THEIRS:
                self._take_theirs(name, "")
                self.data.pop(self.add_prefix("remove_id"), None)
            else:
                undecided[name] = ""
                mine = identity.mask_id_number(identity.clean_number(typed)) if typed else ""
                self._ask(name, _("not kept"), self.instance.masked_id, mine)

    def _is_open(self, name, opened):
        """Whether the form asked about the field and got no answer; an answer counts against what it was given for."""
        return name in opened.undecided and self._chosen(name) != MINE

    def _chosen(self, name):
        return self.data.get(f"choice-{name}")

    def _take_theirs(self, name, stored):
        prepared = self.fields[name].prepare_value(stored)
        self.data[self.add_prefix(name)] = "" if prepared is None else prepared
        self.taken_over.append(name)

    def _ask(self, name, opened, stored, mine):
        action = self._writers.get(name)
        self.conflicts.append(
            Conflict(name, self.fields[name].label, opened, stored, mine, _name(action), action and action.at)
        )

    @property
    def _writers(self):
        """{field: the last Action that changed it} since the form was opened."""
        if not hasattr(self, "_found_writers"):
            kind = ContentType.objects.get_for_model(Member)
            # each write of the row counts its version on and leaves a change at most
            writes = max(self.instance.version - self._since, 1)
            changes = Change.objects.filter(content_type=kind, object_id=self.instance.pk)
            self._found_writers = {}
            for change in changes.select_related("action__actor").order_by("-pk")[:writes]:
                for name in change.diff:
                    self._found_writers.setdefault(
                        "id_number" if name == "id_sealed" else name, change.action
                    )
        return self._found_writers

    def _text(self, name, value):
        """`value` of a field, stored or typed, as people read it."""
        field = self.fields[name]
        if value in (None, ""):
            return ""
        if isinstance(field, forms.ModelChoiceField):
            try:
                return str(field.to_python(value) or "")
            except ValidationError:
                return str(value)
        return str(dict(getattr(field, "choices", ())).get(value, value))


def _name(action):
    return str(action.actor) if action and action.actor else _("the system")


def _moment(action):
    return f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}" if action else ""


def _mark(member):
    """What changes whenever the number is written; the ciphertext is another each time and says nothing."""
    return (
        signing.Signer(salt="members.number").signature(bytes(member.id_sealed).hex())
        if member.id_sealed
        else ""
    )


def _same_number(typed, member):
    try:
        return bool(typed) and identity.read_id_number(typed, member.id_kind).number == member.id_number
    except identity.InvalidNumber:
        return False
