"""What the values of a row say about each other: contradictions, and what follows from what is there."""

from members.roster import titles
from members.roster.messages import QUESTION, REFUSED, WARNING, Message


def finish_row(row, identity, cell, today):
    """Compare what a row says twice and add what follows from other values. `cell` gives a field's address."""
    values = row.values
    derived = None
    if identity is not None:
        said = row.messages and {
            message.cell for message in row.messages if message.level in (REFUSED, QUESTION)
        }
        if "id_kind" not in values:
            values["id_kind"] = identity.kind
            derived = ["id_kind"]
        birth, sex = values.get("birth"), values.get("sex")
        if birth is None:
            if identity.birth and cell("birth") not in said:
                if not _is_grown(identity.birth, today):
                    return _leave_out_child(row, identity, cell)
                values["birth"] = identity.birth
                derived = [*(derived or ()), "birth"]
        elif identity.birth and not identity.birth.startswith(birth):
            params = {"value": birth, "id_value": identity.birth}
            row.messages.append(Message(cell("birth"), WARNING, "birth_differs_from_id", params, "birth"))
        if sex is None:
            if identity.sex and cell("sex") not in said:
                values["sex"] = identity.sex
                derived = [*(derived or ()), "sex"]
        elif identity.sex and identity.sex != sex:
            params = {"value": sex, "id_value": identity.sex}
            row.messages.append(Message(cell("sex"), WARNING, "sex_differs_from_id", params, "sex"))
    if "title" in values and "title_level" not in values:
        level = titles.title_level_of(values["title"])
        if level:
            values["title_level"] = level
            derived = [*(derived or ()), "title_level"]
    if derived:
        row.derived = frozenset(derived)


def _is_grown(birth, today):
    """Is somebody born on `birth` at least 14? Otherwise the date is not taken from the number."""
    return birth <= f"{today.year - 14:04}.{today.month:02}.{today.day:02}"


def _leave_out_child(row, identity, cell):
    """The number is of a child under 14: it is not kept."""
    for key in ("id_number", "id_kind"):
        row.values.pop(key, None)
    params = {"value": identity.birth}
    row.messages.append(Message(cell("id_number"), REFUSED, "under_age", params, "id_number"))
