"""Mobile numbers as people type them, in the one form in which accounts keep them."""

import re
from unicodedata import normalize

# blanks, brackets, dashes, dots, and the invisible characters that come along when copying from a chat
_DECORATION = re.compile(r"[\s().\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_MAINLAND = re.compile(r"(?:\+?86|0086)?0?(1[3-9][0-9]{9})")
# E.164: at most 15 digits, the country code first
_ABROAD = re.compile(r"(?:\+|00)(?!86)([1-9][0-9]{5,14})")


def normal_phone(text):
    """``13800138000`` for a mainland mobile number in any spelling, ``+85291234567`` for others, else ``""``."""
    plain = _DECORATION.sub("", normalize("NFKC", text))
    if match := _MAINLAND.fullmatch(plain):
        return match[1]
    if match := _ABROAD.fullmatch(plain):
        return f"+{match[1]}"
    return ""
