"""What the reader has to say about a cell: level, code, parameters, and the sentence they make."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

ERROR, REFUSED, QUESTION, WARNING = "error", "refused", "question", "warning"

# Sentences by code, or by (code, variant) where `params["variant"]` tells kinds of one code apart. They may
# use the message's parameters and {cell}.
SENTENCES = {
    "name_column_missing": _(
        "{cell}: no column of this table is known to hold the names. Choose the column with the names."
    ),
    "name_missing": _("{cell}: there is no name in this row. Enter the name, or delete the row."),
    ("duplicate_in_file", "same"): _(
        "{cell}: {name} also stands in row {other} with the same data. Both rows are imported as one."
    ),
    ("duplicate_in_file", "differs"): _(
        "{cell}: {name} also stands in row {other}, but with other data ({fields}). Correct or delete "
        "one of the rows."
    ),
    "identity_conflict": _(
        "{cell}: this identity number belongs to the member {name}. Check number and name."
    ),
    "ambiguous_match": _("{cell}: {name} could be one of several members. Choose which one is meant."),
    "merged_elsewhere": _(
        "{cell}: the record of {name} was merged with that of another association. Decide whether this is a new "
        "member."
    ),
    "number_taken": _(
        "{cell}: the member number {value} is taken already. It is not imported; enter another one."
    ),
    "changed_since_preview": _(
        "{cell}: somebody changed the record of {name} after this preview. Look at the row again."
    ),
    "id_lost_digits": _(
        "{cell}: the last digits of this identity number are lost, because the cell holds a number "
        "({value}). "
        "Format the column as text and enter the number again."
    ),
    ("id_invalid", "pattern"): _(
        "{cell}: “{value}” has not the form of an identity number. Compare it with the document."
    ),
    ("id_invalid", "date"): _(
        "{cell}: the identity number {value} contains a date that does not exist. Compare it with the "
        "document."
    ),
    ("id_invalid", "check"): _(
        "{cell}: the last character of {value} does not fit the others. A character is mistyped; compare it "
        "with the document."
    ),
    ("id_invalid", "rounded"): _(
        "{cell}: {value} ends in 000 and is not valid; a spreadsheet program probably rounded it earlier. "
        "Format the column as text and enter the number again."
    ),
    ("id_invalid", "credit_code"): _(
        "{cell}: “{value}” is not a valid unified social credit code (18 characters). Compare it with "
        "the licence."
    ),
    "id_converted": _("{cell}: the old number {value} with 15 digits was converted to 18 characters."),
    "id_area_unknown": _(
        "{cell}: the identity number begins with the area code {area}, which is not in the table. Check "
        "the number."
    ),
    "birth_differs_from_id": _(
        "{cell}: the date of birth {value} differs from the identity number ({id_value}). Both are kept "
        "as written."
    ),
    "sex_differs_from_id": _(
        "{cell}: the sex {value} differs from the identity number ({id_value}). Both are kept as written."
    ),
    "date_invalid": _("{cell}: “{value}” is not a date. Write it like 1985.06 or 1985.06.12."),
    ("date_ambiguous", "month"): _(
        "{cell}: “{value}” may mean {first} or {second}, because spreadsheets drop a final zero. Choose one."
    ),
    ("date_ambiguous", "order"): _("{cell}: “{value}” may mean {first} or {second}. Choose one."),
    ("date_ambiguous", "year"): _(
        "{cell}: the cell shows “{value}” without a year, {first} is stored in it. Enter the full date."
    ),
    "phone_invalid": _("{cell}: “{value}” is not a telephone number. Enter a mobile number of 11 digits."),
    "several_phones": _(
        "{cell}: there is more than one telephone number in “{value}”; the mobile numbers were taken in "
        "their order, "
        "at most two, and one landline."
    ),
    ("unknown_value", "list"): _(
        "{cell}: “{value}” is not a value of the list “{list}”. Choose one of the list."
    ),
    ("unknown_value", "email"): _("{cell}: “{value}” is not an e-mail address. Enter one address."),
    "unclear_value": _(
        "{cell}: “{value}” can mean several values of the list “{list}”. Choose one of the list."
    ),
    "outdated_value": _("{cell}: “{value}” is an older or short wording; it was taken as “{understood}”."),
    "not_split": _(
        "{cell}: “{value}” could not be divided with certainty and was kept whole as “{field}”. Divide "
        "it by hand."
    ),
    "header_ambiguous": _(
        "{cell}: more than one column could be “{field}” ({columns}). Choose which one it is."
    ),
    ("header_unknown", "named"): _(
        "{cell}: the column “{header}” is not known. It is kept aside; choose a field for it if it "
        "belongs to one."
    ),
    ("header_unknown", "unnamed"): _(
        "{cell}: this column has data but no header. It is kept aside; choose a field for it if it "
        "belongs to one."
    ),
    ("formula", "cached"): _("{cell}: the cell holds a formula; its saved result “{value}” was taken."),
    ("formula", "empty"): _(
        "{cell}: the cell holds a formula without a saved result. Open and save the file in WPS or "
        "Excel, or enter "
        "the value."
    ),
    ("formula", "error"): _("{cell}: the cell shows the error {value}. Enter the value itself."),
    "too_long": _("{cell}: the text has {length} characters; {limit} are allowed here. Shorten it."),
    "body_not_chosen": _("{cell}: choose first of which body, and of which term of it, this is the roster."),
    "not_registered": _(
        "{cell}: {name} is not in the register. Choose the member who is meant, or let {name} be registered."
    ),
    ("not_registered", "guest"): _(
        "{cell}: {name} is not in the register. Choose the member who is meant, say that {name} came as a guest, or "
        "leave the row out."
    ),
    "post_missing": _("{cell}: no post is named. Choose one of “{body}”."),
    "post_unknown": _(
        "{cell}: “{title}” in “{value}” is no post of “{body}”, nor of another body with a running term. Choose what "
        "is meant."
    ),
    "post_understood": _("{cell}: “{value}” was taken as the post “{understood}”."),
    "post_refused": _("{cell}: {reason}"),
    "post_taken": _(
        "{cell}: {name} is “{post}” from {day} on. End that appointment first, or correct the post or the date."
    ),
    "post_twice": _("{cell}: “{post}” has one seat, and {name} ({other}) has it in this file already."),
    "post_repeated": _("{cell}: {name} is “{post}” by {other} already. Leave out one of the two."),
    "start_missing": _("{cell}: it is not said from when on the post “{post}” is held. Enter the date."),
    "end_reason_missing": _("{cell}: the post ends on {value}, and it is not said why. Choose the reason."),
    "other_term": _("{cell}: “{value}” is not term {number}, for which this file is imported."),
    "under_age": _(
        "{cell}: by this date ({value}) the person is younger than 14. Data of children are not kept; "
        "correct the date."
    ),
}
# Levels as screens name them.
LEVELS = {
    ERROR: _("not imported"),
    REFUSED: _("value left out"),
    QUESTION: _("please choose"),
    WARNING: _("worth a look"),
}


@dataclass(slots=True)
class Message:
    cell: str
    """Its address: `F5`."""
    level: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    """What the sentence needs, as plain JSON: `value` is the original text."""
    field: str | None = None
    """Key of the field it is about, the first of a fused column's; None where there is none."""

    @property
    def text(self):
        """The sentence in the reader's language."""
        sentence = SENTENCES.get((self.code, self.params.get("variant"))) or SENTENCES[self.code]
        params = {key: _shown(value) for key, value in self.params.items()}
        return str(sentence).format(cell=self.cell, **params)

    def to_json(self):
        return {"cell": self.cell, "level": self.level, "code": self.code, "text": self.text}


class Doubt(Exception):
    """Raised by a reader of values: the cell says nothing that may be imported."""

    def __init__(self, level, code, **params):
        super().__init__(code)
        self.level = level
        self.code = code
        self.params = params


def _shown(value):
    """A parameter as part of a sentence: lists joined, long texts cut, line breaks as blanks."""
    if isinstance(value, list):
        return "、".join(str(entry) for entry in value)
    text = " ".join(str(value).split())
    return f"{text[:60]}…" if len(text) > 60 else text
