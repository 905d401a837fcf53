"""The form in which a row of an import is repaired: its doubtful fields, or all that its sheet has."""

from collections import defaultdict
from functools import lru_cache
from urllib.parse import urlencode

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from members.identity import mask_id_number
from members.imports.kinds import kind_of
from members.imports.repair import Answer
from members.models.imports import NEW
from members.roster.messages import WARNING
from organizations.partial_dates import dotted

LONGEST = 4000
# fields to correct where the message stands under another one, or under none
_MORE = {"identity_conflict": ("name",), "name_missing": ("name",)}
# to be answered by choosing, not by typing
_CHOSEN = frozenset(
    ("ambiguous_match", "merged_elsewhere", "not_registered", "changed_since_preview", "body_not_chosen")
)
# doubts that many rows of a file share
ALIKE = frozenset(("unknown_value", "unclear_value", "post_unknown", "end_reason_missing"))
# where the reader may come from: a tab, a page of it, a name looked for
_PLACE = ("tab", "page", "q")


def prefix_of(row):
    """What the names of the row's inputs begin with."""
    return f"row-{row.pk}"


def place_of(parameters):
    """The place in a batch out of a request's parameters, as the query of an address."""
    return urlencode([(key, parameters[key]) for key in _PLACE if parameters.get(key)])


class ListSelect(forms.Widget):
    """A list to choose from, which begins with the text of the file where that is none of its values."""

    def __init__(self, values, attrs=None):
        super().__init__(attrs)
        self.values = tuple(values)

    def render(self, name, value, attrs=None, renderer=None):
        attrs = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(attrs), _options(self.values, value or ""))


# a page of rows holds dozens of selects of up to sixty options
@lru_cache(maxsize=512)
def _options(values, chosen):
    texts = values if chosen in ("", *values) else (chosen, *values)
    # an option without a value of its own is sent as its text
    blank = format_html('<option value=""{}>—</option>', flatatt({"selected": not chosen}))
    return blank + format_html_join(
        "", "<option{}>{}</option>", ((flatatt({"selected": text == chosen}), text) for text in texts)
    )


class RowForm(forms.Form):
    """One row of an import. `cleaned_data` becomes an `Answer`; what was not typed anew is not in it."""

    seen = forms.CharField(required=False)
    back = forms.CharField(required=False, max_length=300)
    do = forms.ChoiceField(
        required=False, choices=[(name, name) for name in ("save", "leave", "take", "file")]
    )
    pick = forms.CharField(required=False, max_length=100)
    choice = forms.CharField(required=False, max_length=20)
    alike = forms.CharField(required=False, max_length=40)

    OWN = frozenset(("seen", "back", "do", "pick", "choice", "alike"))

    def __init__(self, data=None, *, batch, row, content, is_whole=False):
        """`content` is the row's; `is_whole` offers all fields of its sheet."""
        super().__init__(data, prefix=prefix_of(row), label_suffix="")
        self.kind, sheet = kind_of(batch), batch.sheets[row.sheet]
        find = sheet_keys if is_whole else doubtful_keys
        keys = find(content, sheet, self.kind)
        for key in keys:
            offered = [] if is_whole else _offered(content, key)
            self.fields[key] = _field(self.kind, key, offered)
            self.initial[key] = _initial(self.kind, key, content)
            if key == "id_number" and key in content["values"]:
                masked = mask_id_number(content["values"][key])
                self.fields[key].help_text = _("Stays {number} unless you type another one.").format(
                    number=masked
                )
        self._point_at_messages(row, content["messages"], sheet)

    def _point_at_messages(self, row, messages, sheet):
        """Let readers of the screen hear with a field what is said about it."""
        ids, doubtful = defaultdict(list), set()
        for number, message in enumerate(messages):
            for key in self.fields.keys() & wanted_keys(message, sheet, self.kind):
                ids[key].append(message_id(row, number))
                if message["level"] != WARNING:
                    doubtful.add(key)
        for key, described in ids.items():
            field = self.fields[key]
            if field.help_text:
                described.append(f"{self[key].auto_id}_helptext")
            field.widget.attrs["aria-describedby"] = " ".join(described)
            if key in doubtful:
                field.widget.attrs["aria-invalid"] = "true"

    def drop_absent(self):
        """Leave alone the fields that were not sent: the short form has but the doubtful ones."""
        for name in [name for name in self.fields if self.add_prefix(name) not in self.data]:
            if name not in self.OWN:
                del self.fields[name]

    @property
    def texts(self):
        return [self[name] for name in self.fields if name not in self.OWN]

    def clean_choice(self):
        choice = self.cleaned_data["choice"]
        if choice in ("", NEW):
            return choice or None
        if not choice.isdecimal():
            raise forms.ValidationError(_("Choose one of the members shown."))
        return int(choice)

    def clean_pick(self):
        """(key, text) of a meaning that was chosen for a cell."""
        key, _separator, text = self.cleaned_data["pick"].partition(":")
        return (key, text) if key in self.kind.vocabulary.fields and text else None

    def clean_back(self):
        return place_of(QueryDict(self.cleaned_data["back"]))

    def answer(self):
        """The Answer of a valid form."""
        data = self.cleaned_data
        seen = data["seen"]
        match data["do"]:
            case "leave":
                return Answer(left_out=True, seen=seen)
            case "take":
                return Answer(left_out=False, seen=seen)
            case "file":
                return Answer(from_file=True, seen=seen)
        entered = {key: data[key] for key in self.changed_data if key not in self.OWN}
        if data["pick"]:
            entered[data["pick"][0]] = data["pick"][1]
        return Answer(entered=entered, choice=data["choice"], seen=seen)


def _offered(content, key):
    """The texts that the row's messages offer for a field."""
    for message in content["messages"]:
        if message.get("field") == key and message["params"].get("choices"):
            return message["params"]["choices"]
    return []


def _field(kind, key, offered=()):
    """The input of a field; `offered` are the texts to choose from where a message offers some."""
    field = kind.vocabulary.fields[key]
    attrs = {"autocomplete": "off"}
    if offered or key in kind.lists:
        widget = ListSelect(offered or kind.lists[key].values)
        return forms.CharField(label=field.header, required=False, max_length=LONGEST, widget=widget)
    if field.kind in ("mobile", "second_mobile", "office_phone"):
        attrs["inputmode"] = "tel"
    widget = forms.Textarea(attrs | {"rows": 2}) if field.kind == "lines" else forms.TextInput(attrs)
    return forms.CharField(label=field.header, required=False, max_length=LONGEST, widget=widget)


def _initial(kind, key, content):
    """What stands in the field's input: the value understood, or the text that could not be."""
    value = content["values"].get(key, "")
    if value:
        # never handed out in full; what is no number is shown in the message anyway
        return "" if key == "id_number" else dotted(value) if key in kind.dates else value
    for message in content["messages"]:
        if message.get("field") == key and "value" in message["params"]:
            return str(message["params"]["value"])
    return ""


def doubtful_keys(content, sheet, kind):
    """The fields to type into, as the row's messages ask for."""
    keys = {}
    for message in content["messages"]:
        if message["level"] != WARNING:
            keys |= dict.fromkeys(wanted_keys(message, sheet, kind))
    return list(keys)


def wanted_keys(message, sheet, kind):
    """The fields that a row's message is about; none where it is answered by choosing."""
    if message["code"] in _CHOSEN:
        return []
    if message["code"] == "duplicate_in_file":
        key_of = {field.header: key for key, field in kind.vocabulary.fields.items()}
        return [key_of[header] for header in message["params"].get("fields", ())]
    return [*_parts(message.get("field"), sheet), *_MORE.get(message["code"], ())]


def message_id(row, number):
    """The id under which the page shows a row's message."""
    return f"row-{row.pk}-message-{number}"


def sheet_keys(content, sheet, kind):
    """All fields of the row's sheet, and those that the row has besides."""
    keys = {}
    for column in sheet["columns"]:
        keys |= dict.fromkeys(column.get("fields") or ())
    keys |= dict.fromkeys(content["values"])
    keys |= dict.fromkeys(doubtful_keys(content, sheet, kind))
    return [key for key in kind.vocabulary.fields if key in keys or key == kind.vocabulary.person]


def _parts(key, sheet):
    """The fields of the column that begins with `key`."""
    if key is None:
        return []
    for column in sheet["columns"]:
        if column["field"] == key and column.get("fields"):
            return column["fields"]
    return [key]
