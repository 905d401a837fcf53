"""Conditions on members: from an address, as a database condition, and as a sentence for people.

A `Selection` is what a list, a saved list, a number of the statistics mean by "these members". It is written in an
address, plain enough to be edited by hand::

    ?g=category:is:自由职业人员,新媒体从业人员;sex:is:女&g=age:between:,35&q=律师

Each `g` is a group; all conditions of a group hold, the groups are joined by "or", `q` is searched in what they find.
A condition is field, operator and values; the characters ``% , ;`` inside a value are percent-encoded once more. The
fields are those of `members.filters.fields`, the operators those of `members.filters.kinds.Operator`.
"""

from members.filters.fields import FIELDS, filterable_fields
from members.filters.kinds import Operator
from members.filters.selection import STILL_MEMBERS, Condition, Selection, list_address

__all__ = [
    "FIELDS",
    "STILL_MEMBERS",
    "Condition",
    "Operator",
    "Selection",
    "filterable_fields",
    "list_address",
]
