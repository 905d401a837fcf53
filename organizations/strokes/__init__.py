"""Order of names by strokes of their characters (以姓氏笔画为序); the rules and their source are in domain.md E2 [BH].

Characters compare by the number of strokes, then by the forms of the strokes in writing order (横 < 竖 < 撇 < 点 < 折),
then by their place among characters of the same strokes. Names compare character by character; `NameOrder` of the
association says whether a given name of one character counts as having a blank before it.

A name becomes a key of digits and lower-case letters: every collation of a database orders those alike.
"""

from organizations.strokes.keys import KEY_LENGTH, by_strokes, missing_in, refresh_keys, stroke_key
from organizations.strokes.table import MISSING, StrokeTable, stroke_table, table_with

__all__ = [
    "KEY_LENGTH",
    "MISSING",
    "StrokeTable",
    "by_strokes",
    "missing_in",
    "refresh_keys",
    "stroke_key",
    "stroke_table",
    "table_with",
]
