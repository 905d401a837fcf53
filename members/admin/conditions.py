"""The forms above a member list in which conditions are written, and what they send."""

import re

from members.admin.list_state import EDIT
from members.filters import Condition, Operator, Selection, filterable_fields
from members.filters.fields import FIELDS
from members.filters.kinds import WITHOUT_VALUE, Age, Choice, PartialDate, Place
from members.filters.selection import MOST_CONDITIONS
from members.models import Member

# offered above every list
QUICK = ("category", "status", "association", "township")
KEEP = "*"
# Townships are free text: those offered come from the settings and from so many rows
TOWNSHIP_SAMPLE = 1000
# between the words of one text field
PARTING = re.compile(r"[;；\n]")


def township_names(rights):
    """The townships to offer: from the settings of the associations, and from members lately entered."""
    names = {name for row in rights.association_rows for name in row.township_list}
    rows = Member.objects.staff_visible_to(rights.user).order_by("-pk")
    names.update(rows.values_list("township", flat=True)[:TOWNSHIP_SAMPLE])
    return sorted(names - {""})


# -- quick filters


def quick_filters(state, townships):
    """[{"key", "label", "options": [(value, label, chosen)]}] of the quick filters that offer a choice."""
    options = {
        "township": [(name, name) for name in townships],
        **{key: FIELDS[key].kind.options(state.rights) for key in QUICK if key != "township"},
    }
    found = []
    for key in QUICK:
        if key == "association" and len(options[key]) < 2:
            continue
        now = _quick_value(state.selection, key)
        values = [(value, label, value == now) for value, label in options[key]]
        if now and now not in (KEEP, *(value for value, _label in options[key])):
            values.append((now, now, True))
        found.append({"key": key, "label": FIELDS[key].label, "options": values, "keeps": now == KEEP})
    return found


def _quick_value(selection, key):
    """The one value that all groups ask of the field, "" if none asks about it, KEEP for anything else."""
    asked = [tuple(each for each in group if each.field == key) for group in selection.groups]
    if not any(asked):
        return ""
    first = asked[0]
    is_plain = len(first) == 1 and first[0].operator == Operator.IS and len(first[0].values) == 1
    return first[0].values[0] if is_plain and all(each == first for each in asked) else KEEP


def read_quick(query, selection):
    """`selection` with what the quick filters in the QueryDict `query` say."""
    for key in QUICK:
        value = query.get(f"quick.{key}")
        if value is None or value == KEEP:
            continue
        groups = tuple(tuple(each for each in group if each.field != key) for group in selection.groups)
        kept = Selection(tuple(filter(None, groups)), selection.search, selection.unread)
        selection = kept.with_condition(Condition(key, Operator.IS, [value])) if value else kept
    return selection


# -- rows of conditions


def written_groups(state):
    """The groups of conditions in the panel: those being written, else those the list shows."""
    if EDIT in state.query:
        return Selection.read(state.query.getlist(EDIT)).groups
    return state.selection.groups


def panel(state, townships):
    """What the panel of conditions needs: groups of rows, how many rows, the fields to add."""
    groups, number = [], 0
    for group in written_groups(state):
        rows = []
        for condition in group[:MOST_CONDITIONS]:
            field = FIELDS.get(condition.field)
            if field is not None and field.open_to(state.rights):
                rows.append(_row(number, len(groups), field, condition, state.rights, townships))
                number += 1
        if rows:
            groups.append(rows)
    return {
        "groups": groups,
        "rows": number,
        "fields": [(field.key, field.label) for field in filterable_fields(state.rights)],
        "is_open": EDIT in state.query,
    }


def _row(number, group, field, condition, rights, townships):
    kind, values = field.kind, condition.values
    row = {
        "number": number,
        "group": group,
        "key": field.key,
        "label": field.label,
        "operators": [(each.value, each.label, each == condition.operator) for each in kind.operators],
    }
    if isinstance(kind, Choice | Place):
        options = kind.options(rights)
        return row | {"options": [(value, label, value in values) for value, label in options]}
    if isinstance(kind, Age):
        return row | {"ages": (*values, "", "", "")[:3]}
    if isinstance(kind, PartialDate):
        return row | {"period": (*values, "", "")[:2]}
    suggestions = townships if field.key == "township" else []
    return row | {
        "text": "；".join(values),
        "suggestions": suggestions,
        "takes_text": bool(kind.operators[2:]),
    }


def read_rows(query):
    """The groups of conditions that the panel's form sends: [[Condition]]."""
    count = query.get("rows", "")
    count = min(int(count), MOST_CONDITIONS) if count.isascii() and count.isdigit() else 0
    groups = {}
    for number in range(count):
        key, operator = query.get(f"c{number}.field", ""), query.get(f"c{number}.operator", "")
        if not (key and operator):
            continue
        values = _read_values(key, operator, query.getlist(f"c{number}.value"))
        groups.setdefault(query.get(f"c{number}.group", ""), []).append(Condition(key, operator, values))
    return list(groups.values())


def _read_values(key, operator, values):
    kind = FIELDS[key].kind if key in FIELDS else None
    values = [value.strip() for value in values]
    if operator in WITHOUT_VALUE:
        return ()
    if isinstance(kind, Age):
        return tuple(values[:3] if any(values[2:]) else values[:2])
    if operator == Operator.BETWEEN:
        return tuple(values)
    if isinstance(kind, PartialDate | Choice | Place):
        return tuple(filter(None, values))
    return tuple(filter(None, (part.strip() for value in values for part in PARTING.split(value))))


def change_rows(groups, query):
    """`groups` less the row to remove, or with the one to add, as the button pressed in `query` says."""
    action = query.get("do", "")
    if action == "add":
        field = FIELDS.get(query.get("new.field", ""))
        if field is None:
            return groups
        operator = field.kind.operators[0]
        condition = Condition(field.key, operator, ["", ""] if operator == Operator.BETWEEN else [])
        place = query.get("new.group", "")
        if place.isascii() and place.isdigit() and int(place) < len(groups):
            groups[int(place)].append(condition)
        else:
            groups.append([condition])
    elif action.startswith("remove:"):
        place = action.removeprefix("remove:")
        rows = [(group, index) for group in groups for index in range(len(group))]
        if place.isascii() and place.isdigit() and int(place) < len(rows):
            group, index = rows[int(place)]
            del group[index]
    return [group for group in groups if group]
