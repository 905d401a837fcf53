"""The same person twice in one file."""

from itertools import pairwise

from members.roster.messages import ERROR, WARNING, Message
from members.roster.vocabulary import MEMBERS

# Values that differ between the columns of two lists without being about the person.
_NOT_COMPARED = frozenset(("remarks",))


def mark_duplicates(roster, vocabulary=MEMBERS):
    """Mark rows of `roster` that are one person: the same ID number or, without one, the same name and mobile.

    Rows that agree are one (the later gets a warning and `merged_into`); rows that disagree are errors, all of them.
    """
    groups = {}
    by_contact = {}
    for entry in _shared(roster) if roster.is_stored else _all(roster):
        row = entry[-1]
        if row.error:
            continue
        number, contact = identity(row, vocabulary.person)
        group = groups.get(number) if number else None
        if group is None and contact:
            other = by_contact.get(contact)
            if other is not None and (not number or not _numbers(other)):
                group = other
        if group is None:
            group = [entry]
        else:
            group.append(entry)
        if number:
            groups.setdefault(number, group)
        if contact:
            by_contact.setdefault(contact, group)
    seen = set()
    for group in (*groups.values(), *by_contact.values()):
        if len(group) > 1 and id(group) not in seen:
            seen.add(id(group))
            _mark(group, roster, vocabulary)
            if roster.is_stored:
                for sheet, place, row in group:
                    roster.sheets[sheet].rows.changed[place] = row


def identity(row, person):
    """(ID number, (name, mobile)) by which two rows are one person's; None for what the row does not have."""
    values = row.values
    contact = (values[person], values["mobile"]) if "mobile" in values and person in values else None
    return values.get("id_number"), contact


def _all(roster):
    """(index of the sheet, place in it, Row) of all rows."""
    return (
        (index, place, row)
        for index, sheet in enumerate(roster.sheets)
        for place, row in enumerate(sheet.rows)
    )


def _shared(roster):
    """The same of rows that share a sign of identity with another one: the few that have to be in memory together."""
    signs = sorted(sign for sheet in roster.sheets for sign in sheet.rows.signs if sign)
    repeated = {sign for sign, following in pairwise(signs) if sign == following}
    for index, sheet in enumerate(roster.sheets):
        signs = sheet.rows.signs
        places = (
            place
            for place in range(len(sheet.rows))
            if signs[2 * place] in repeated or signs[2 * place + 1] in repeated
        )
        for place, row in sheet.rows.pick(places):
            yield index, place, row


def _numbers(group):
    return {row.values["id_number"] for _sheet, _place, row in group if "id_number" in row.values}


def _mark(group, roster, vocabulary):
    first_sheet, _place, first = group[0]
    person = vocabulary.person
    disputed = _disputed(row for _sheet, _place, row in group)
    for place, (sheet, _place, row) in enumerate(group):
        if disputed:
            row.error = True
            other = group[0] if place else group[1]
            params = _params(row, "differs", sheet, (other[0], other[2]), roster, person)
            fields = [
                key for key in vocabulary.fields if key in disputed and key in row.values.keys() - row.derived
            ]
            params["fields"] = [vocabulary.header(key) for key in fields]
            cell = _cell(row, roster.sheets[sheet], person)
            row.messages.append(Message(cell, ERROR, "duplicate_in_file", params, person))
        elif place:
            params = _params(row, "same", sheet, (first_sheet, first), roster, person)
            cell = _cell(row, roster.sheets[sheet], person)
            row.messages.append(Message(cell, WARNING, "duplicate_in_file", params, person))
            row.merged_into = (first_sheet, first.row)


def _disputed(rows):
    """Keys for which rows have values of their own, and not all the same."""
    said = {}
    for row in rows:
        for key, value in row.values.items():
            if key not in row.derived and key not in _NOT_COMPARED:
                said.setdefault(key, set()).add(value)
    return {key for key, values in said.items() if len(values) > 1}


def _params(row, variant, sheet, other, roster, person):
    other_sheet, other_row = other
    place = (
        str(other_row.row) if other_sheet == sheet else f"{roster.sheets[other_sheet].name}!{other_row.row}"
    )
    return {"variant": variant, "name": row.values[person], "other": place}


def _cell(row, sheet, person):
    column = next((column.column for column in sheet.columns if column.field == person), "A")
    return f"{column}{row.row}"
