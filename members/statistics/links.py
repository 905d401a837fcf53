"""From a number to the members it counts: the address of the list filtered by the same conditions."""

from dataclasses import replace

from members.filters import STILL_MEMBERS, Condition, Operator, list_address
from members.statistics.dimensions import BLANK, GROUP

# Degrees of one level have many names, and the address with all of them would stand in every row of a table
MOST_VALUES = 12


def linked(table, question, user):
    """`table` with the address of the member list in each cell whose members `user` finds there, all and no others.

    Only for figures of today: the list shows members as they are now.
    """
    place = _place(question, user.rights)
    if place is None or any(condition.fault(user) for condition in place):
        return table
    known = {}

    def condition(dimension, line):
        if (dimension.key, line) not in known:
            found = _condition(dimension, line, question)
            known[dimension.key, line] = None if found is None or found.fault(user) else found
        return known[dimension.key, line]

    def address(cell):
        if not cell.value or cell.about is None:
            return ""
        conditions = [condition(*each) for each in cell.about]
        return "" if None in conditions else list_address(*place, *conditions)

    rows = [
        replace(row, cells=tuple(replace(cell, address=address(cell)) for cell in row.cells))
        for row in table.rows
    ]
    return replace(table, rows=tuple(rows))


def _place(question, rights):
    """The conditions that leave the members in force of the associations of the question; None if there are none."""
    if question.ids == rights.associations:
        return [STILL_MEMBERS]
    chosen = question.association
    if chosen is None:
        return None
    below = {each.pk for each in rights.association_rows if each.path.startswith(chosen.path)}
    if chosen.pk not in below or question.ids != below:
        return None
    return [STILL_MEMBERS, Condition("association", Operator.IS, [chosen.pk])]


def _condition(dimension, line, question):
    if line.kind == BLANK:
        return Condition(dimension.key, Operator.MISSING)
    if line.kind != GROUP and len(line.values) > MOST_VALUES:
        return None
    return dimension.condition(line, question)
