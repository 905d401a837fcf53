"""The strokes of characters: those of our table, changed by what the office entered (`StrokeOverride`)."""

import functools
from itertools import groupby
from pathlib import Path

CHARACTERS = Path(__file__).with_name("characters.txt")
TIES = Path(__file__).with_name("ties.txt")
FORMS = "12345"
# characters of the same strokes that nobody gave a place stand after those that have one
UNPLACED = 9
_PLACES = "123456789abcdefghijklmnopqrstuvw"
# the codes of what the table does not know begin with these, which occur nowhere else in a key
LETTER, MISSING = "y", "z"


class StrokeTable:
    """Codes of characters, in whose order they stand; `overrides` are (character, forms, place) and win.

    `forms` maps a character to its strokes: 王 to ``1121``. A code is the number of strokes in two digits, the forms
    and one digit or letter that tells characters of the same strokes apart.
    """

    def __init__(self, overrides=()):
        own = {character: (forms, place) for character, forms, place in overrides}
        usual = standard_places()
        self.forms = standard_forms() | {character: forms for character, (forms, _place) in own.items()}

        def place(character):
            chosen = own[character][1] if character in own else None
            return (chosen or usual.get(character, UNPLACED), chosen is None, character)

        self.codes = {}
        for forms, group in groupby(sorted(self.forms, key=self.forms.get), key=self.forms.get):
            for number, character in enumerate(sorted(group, key=place)):
                self.codes[character] = f"{len(forms):02}{forms}{_PLACES[number]}"

    def code(self, character):
        """What a character weighs in a key; other letters follow all Han, Han missing here follow everything."""
        known = self.codes.get(character)
        if known is not None:
            return known
        return f"{MISSING if is_han(character) else LETTER}{ord(character):06x}"


def stroke_table():
    """The `StrokeTable` that holds now: reads the overrides, makes a table only when they changed."""
    from organizations.models import StrokeOverride  # the models need this module

    return table_with(StrokeOverride.objects.values_list("character", "forms", "place"))


def table_with(overrides):
    """The `StrokeTable` with `overrides`, (character, forms, place) each; the same ones give the same table."""
    return _table_with(tuple(overrides))


@functools.lru_cache(maxsize=4)
def _table_with(overrides):
    return StrokeTable(overrides)


def is_han(character):
    """Whether `character` is a Chinese one; 〇 counts, and so do those of private use that stand for rare ones."""
    return (
        character == "〇"
        or "\u2e80" <= character <= "\u2fdf"
        or "\u3400" <= character <= "\u9fff"
        or "\ue000" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


@functools.lru_cache(maxsize=1)
def standard_forms():
    """{character: strokes} of the mainland standard form, out of `characters.txt`.

    Raises ValueError for a line that is not understood or a part that is defined nowhere.
    """
    parts, forms = {}, {}
    for line in lines_of(CHARACTERS):
        parts.update(_read(line))
    for character in parts:
        _resolve(character, parts, forms, ())
    return forms


@functools.lru_cache(maxsize=1)
def standard_places():
    """{character: its place from 1} among characters of the same strokes, out of `ties.txt`."""
    groups = [group for line in lines_of(TIES) for group in line.split()]
    return {character: place for group in groups for place, character in enumerate(group, 1)}


def lines_of(path):
    """The lines of a table, less empty ones and comments."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def _read(line):
    """{character: its parts in writing order} of a line ``pattern entry entry …``, as the file says at its head."""
    pattern, *entries = line.split()
    if pattern.count("_") != 1:
        raise ValueError(f"no place for the rest in {pattern!r}")
    before, after = pattern.split("_")
    return {entry[0]: before + entry[1:] + after for entry in entries}


def _resolve(character, parts, forms, above):
    """The strokes of `character`; `above` are those being resolved."""
    if character in forms:
        return forms[character]
    if character in FORMS:
        return character
    if character in above or character not in parts:
        raise ValueError(f"{character!r} (in {''.join(above)!r}) is made of nothing known")
    made_of = parts[character]
    found = "".join(_resolve(part, parts, forms, (*above, character)) for part in made_of)
    if not found:
        raise ValueError(f"{character!r} has no strokes")
    forms[character] = found
    return found
