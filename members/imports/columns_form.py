"""The form in which staff say what the sheets and columns of a file are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.imports.columns import kept_columns
from members.imports.kinds import kind_of
from members.imports.looks import look_of
from members.roster.decisions import ASIDE, IGNORE, NO_HEADER, Decisions, SheetDecision
from members.roster.headers import header_key
from members.roster.results import index_of, letter

ROWS_SHOWN = 8


def column_choices(kind):
    return [
        ("", _("as recognised")),
        (ASIDE, _("keep aside, do not import")),
        (IGNORE, _("not needed")),
        *kind.field_choices,
        (_("Two in one column"), list(kind.vocabulary.pairs.items())),
    ]


def _name(number, column):
    """The name of the input for a column of the sheet with this number."""
    return f"{number}-{column['column']}"


class ColumnsForm(forms.Form):
    """Sheets to read, their header rows, the fields of their columns; `decisions()` of a valid one."""

    remember = forms.BooleanField(
        label=_("Remember the choices for the next files of this association"), required=False, initial=True
    )

    def __init__(self, data=None, *, batch):
        super().__init__(data)
        self.batch, self.before = batch, Decisions.from_json(batch.decisions)
        self.looks = look_of(batch)
        self.columns = [
            _columns_of(sheet, look) for sheet, look in zip(batch.sheets, self.looks, strict=True)
        ]
        self.kind = kind_of(batch)
        choices = column_choices(self.kind)
        for number, sheet in enumerate(batch.sheets):
            if not self.looks[number]["rows"]:
                continue
            decision = self.before.of_sheet(sheet["name"])
            self.fields[f"{number}-read"] = forms.BooleanField(
                label=_("Read this sheet"),
                required=False,
                initial=not sheet["hidden"] if decision.is_read is None else decision.is_read,
            )
            self.fields[f"{number}-header"] = forms.ChoiceField(
                label=_("Row with the headings"),
                required=False,
                choices=_header_rows(sheet, self.looks[number]),
                initial="" if decision.header_row is None else str(decision.header_row),
            )
            self.fields[f"{number}-clears"] = forms.MultipleChoiceField(
                label=_("Blank cells clear what the register has"),
                required=False,
                choices=[(column["column"], column["column"]) for column in self.columns[number]],
                initial=decision.clears,
            )
            for column in self.columns[number]:
                self.fields[_name(number, column)] = forms.ChoiceField(
                    label=column["header"] or column["column"],
                    required=False,
                    choices=choices,
                    initial=self._chosen(decision, column),
                )

    def _chosen(self, decision, column):
        """The choice that holds for a column so far."""
        if column["column"] in decision.columns:
            return decision.columns[column["column"]]
        return self.before.headers.get(header_key(column["header"]), "")

    def sheets(self):
        """The sheets, ready to show."""
        for number, sheet in enumerate(self.batch.sheets):
            if f"{number}-read" not in self.fields:
                continue
            look = self.looks[number]["rows"][:ROWS_SHOWN]
            width = max(len(texts) for _number, texts in look)
            yield {
                "name": sheet["name"],
                "is_hidden": sheet["hidden"],
                "is_form": sheet["layout"] == "form",
                "header_rows": sheet["header_rows"],
                "letters": [letter(index) for index in range(width)],
                "rows": [
                    (row, row in sheet["header_rows"], [*texts, *[""] * (width - len(texts))])
                    for row, texts in look
                ],
                "read": self[f"{number}-read"],
                "header": self[f"{number}-header"],
                "clears": self[f"{number}-clears"],
                "columns": [
                    column
                    | {
                        "label": _recognised(column, self.kind),
                        "samples": self.looks[number]["samples"].get(column["column"])
                        or _first_texts(self.looks[number], column["column"]),
                        "choice": self[_name(number, column)],
                        "clears": column["column"] in (self[f"{number}-clears"].value() or ()),
                        "may_clear": not column.get("fields") or set(column["fields"]) - self.kind.needed,
                    }
                    for column in self.columns[number]
                ],
            }

    def decisions(self):
        """The Decisions of a valid form."""
        sheets, headers = {}, dict(self.before.headers)
        for number, sheet in enumerate(self.batch.sheets):
            if f"{number}-read" not in self.fields:
                continue
            data = {
                name.partition("-")[2]: value
                for name, value in self.cleaned_data.items()
                if name.startswith(f"{number}-")
            }
            is_read, header, clears = data.pop("read"), data.pop("header"), data.pop("clears")
            sheets[sheet["name"]] = SheetDecision(
                None if is_read != sheet["hidden"] else is_read,
                int(header) if header else None,
                {letters: choice for letters, choice in data.items() if choice},
                clears,
            )
            for column in self.columns[number]:
                if not data[column["column"]]:
                    headers.pop(header_key(column["header"]), None)
        return Decisions(sheets, headers)

    def to_remember(self):
        """{heading: choice, None for none} of the columns about which somebody changed their mind."""
        if not self.cleaned_data["remember"]:
            return {}
        return {
            column["header"]: self.cleaned_data[name] or None
            for number, columns in enumerate(self.columns)
            for column in columns
            if (name := _name(number, column)) in self.changed_data and column["header"]
        }


def _columns_of(sheet, look):
    """The columns of a sheet in order: those with a heading, and the others that its first rows show."""
    if sheet["layout"] == "form":
        return []
    known = {column["column"]: column for column in sheet["columns"]}
    width = max((len(texts) for _number, texts in look["rows"]), default=0)
    for index in range(width):
        known.setdefault(letter(index), {"column": letter(index), "header": "", "field": None})
    return sorted(known.values(), key=lambda column: index_of(column["column"]))


def _recognised(column, kind):
    if column["field"]:
        return "、".join(kind.header(key) for key in column.get("fields") or [column["field"]])
    return _("not needed") if column.get("ignored") else ""


def _first_texts(look, letters):
    """Texts of a column of which nothing is known but the sheet's first rows."""
    place = index_of(letters)
    texts = [texts[place] for _number, texts in look["rows"] if place < len(texts) and texts[place]]
    return list(dict.fromkeys(texts))[:3]


def _header_rows(sheet, look):
    found = "、".join(map(str, sheet["header_rows"]))
    if found:
        automatic = _("as recognised: row {rows}").format(rows=found)
    elif sheet["layout"] == "form":
        automatic = _("as recognised: a registration form")
    else:
        automatic = _("as recognised: none")
    return [
        ("", automatic),
        *((str(number), _("row {number}").format(number=number)) for number, _texts in look["rows"]),
        (str(NO_HEADER), _("there is none")),
    ]


class KeptColumnsForm(forms.Form):
    """Fields for the columns that an import kept aside; `choices()` of a valid one."""

    def __init__(self, data=None, *, batch):
        super().__init__(data)
        self.looks = look_of(batch)
        self.kept = kept_columns(batch)
        self.names = [sheet["name"] for sheet in batch.sheets]
        for number, column in self.kept:
            self.fields[_name(number, column)] = forms.ChoiceField(
                label=column["header"] or column["column"],
                required=False,
                choices=[("", _("keep aside")), *kind_of(batch).field_choices],
            )

    def columns(self):
        return [
            column
            | {
                "sheet": self.names[number] if len(self.names) > 1 else "",
                "samples": self.looks[number]["samples"].get(column["column"], []),
                "choice": self[_name(number, column)],
            }
            for number, column in self.kept
        ]

    def choices(self):
        """{(index of the sheet, letter): field key}"""
        return {
            (number, column["column"]): key
            for number, column in self.kept
            if (key := self.cleaned_data[_name(number, column)])
        }

    def to_remember(self):
        return {
            column["header"]: key
            for number, column in self.kept
            if (key := self.cleaned_data[_name(number, column)]) and column["header"]
        }
