"""Figures about members for the supervising department (domain.md E1): cuts that add up, on any day.

`cuts` says what is counted by what and who may see it, `dimensions` which lines a field is counted in, `tables`
counts and puts the numbers in rows and columns, `growth` follows the membership through the years, `sheet` writes
workbooks. No function here gives anything about a single member.
"""

from members.statistics.cuts import CUTS, GROWTH, offered_cuts
from members.statistics.growth import growth_table
from members.statistics.links import linked
from members.statistics.question import DEFAULT_BANDS, Question
from members.statistics.tables import cut_table

__all__ = [
    "CUTS",
    "DEFAULT_BANDS",
    "GROWTH",
    "Question",
    "cut_table",
    "growth_table",
    "linked",
    "offered_cuts",
]
