"""The same person twice in one file."""

from members.roster.contract import HEADERS
from members.roster.messages import ERROR, WARNING, Message

# Values that differ between the columns of two lists without being about the person.
_NOT_COMPARED = frozenset(("remarks",))


def mark_duplicates(roster):
    """Mark rows of `roster` that are one person: the same ID number or, without one, the same name and mobile.

    Rows that agree are one (the later gets a warning and `merged_into`); rows that disagree are errors, all of them.
    """
    groups = {}
    by_contact = {}
    for place, (sheet, row) in enumerate(roster.rows):
        if row.error:
            continue
        values = row.values
        number = values.get("id_number")
        contact = (values["name"], values["mobile"]) if "mobile" in values else None
        group = groups.get(number) if number else None
        if group is None and contact:
            other = by_contact.get(contact)
            if other is not None and (not number or not _numbers(other)):
                group = other
        entry = place, sheet, row
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
            _mark(group, roster)


def _numbers(group):
    return {row.values["id_number"] for _place, _sheet, row in group if "id_number" in row.values}


def _mark(group, roster):
    _place, first_sheet, first = group[0]
    if any(_differences(one, other) for _p, _s, one in group for _q, _t, other in group if one is not other):
        for _place, sheet, row in group:
            others = [(other_sheet, other) for _p, other_sheet, other in group if other is not row]
            fields = sorted(
                {key for _s, other in others for key in _differences(row, other)}, key=list(HEADERS).index
            )
            row.error = True
            params = _params(row, "differs", sheet, others[0], roster)
            params["fields"] = [HEADERS[key] for key in fields]
            row.messages.append(Message(_cell(row, roster.sheets[sheet]), ERROR, "duplicate_in_file", params))
        return
    for _place, sheet, row in group[1:]:
        params = _params(row, "same", sheet, (first_sheet, first), roster)
        row.messages.append(Message(_cell(row, roster.sheets[sheet]), WARNING, "duplicate_in_file", params))
        row.merged_into = (first_sheet, first.row)


def _params(row, variant, sheet, other, roster):
    other_sheet, other_row = other
    place = (
        str(other_row.row) if other_sheet == sheet else f"{roster.sheets[other_sheet].name}!{other_row.row}"
    )
    return {"variant": variant, "name": row.values["name"], "other": place}


def _cell(row, sheet):
    column = next((column.column for column in sheet.columns if column.field == "name"), "A")
    return f"{column}{row.row}"


def _differences(one, other):
    """Keys in which both rows have a value of their own, and not the same."""
    skipped = one.derived | other.derived
    return {
        key
        for key, value in one.values.items()
        if key not in skipped
        and key in other.values
        and other.values[key] != value
        and key not in _NOT_COMPARED
    }
