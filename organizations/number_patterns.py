"""Patterns of member numbers: ``JJ{year}{serial:04}`` gives JJ20260001 and so on (domain.md E3)."""

import re
import string
from dataclasses import dataclass

PLACES = frozenset({"year", "serial"})
# a width in digits, filled with zeros
WIDTH = re.compile(r"(?:0?[1-9])?")


class NotAPattern(ValueError):
    """The text is no pattern of numbers."""


@dataclass(frozen=True)
class NumberPattern:
    """A pattern whose `parts` are texts and ("year" or "serial", width in digits)."""

    parts: tuple

    @classmethod
    def read(cls, text):
        """The pattern written as `text`; raises NotAPattern, for one without a serial number too."""
        parts = []
        try:
            for words, name, width, conversion in string.Formatter().parse(text):
                if words:
                    parts.append(words)
                if name is None:
                    continue
                if name not in PLACES or conversion or not WIDTH.fullmatch(width):
                    raise NotAPattern(text)
                parts.append((name, int(width or 1)))
        except ValueError as error:
            raise NotAPattern(text) from error
        if [name for name, _width in _places(parts)].count("serial") != 1:
            raise NotAPattern(text)
        return cls(tuple(parts))

    @property
    def has_year(self):
        return any(name == "year" for name, _width in _places(self.parts))

    @property
    def beginning(self):
        """The text with which all numbers begin."""
        return self.parts[0] if isinstance(self.parts[0], str) else ""

    def number(self, *, year, serial):
        values = {"year": year, "serial": serial}
        return "".join(
            part if isinstance(part, str) else f"{values[part[0]]:0{part[1]}}" for part in self.parts
        )

    def serial_of(self, number, *, year):
        """The serial of the text `number` if it is one of the pattern in `year`, else None."""
        pattern = ""
        for part in self.parts:
            if isinstance(part, str):
                pattern += re.escape(part)
            elif part[0] == "year":
                pattern += f"{year:0{part[1]}}"
            else:
                pattern += r"([0-9]{1,9})"
        match = re.fullmatch(pattern, number)
        return int(match[1]) if match else None


def _places(parts):
    return [part for part in parts if not isinstance(part, str)]
