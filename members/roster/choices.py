"""Looking up what people write in a list of values: with codes before it, in brackets, in either script."""

import re
from dataclasses import dataclass

from members.roster.contract import HEADERS
from members.roster.messages import QUESTION, REFUSED, Doubt
from members.roster.text import squeeze

# 13-群众, （13）群众, A.男, 3、自由职业人员: a code before the name.
CODED = re.compile(r"^[(\[]?(\d{1,3}|[A-Za-z])[)\]]?\s*[-—–.、:,_)]*\s*(?=[^\d\s\-—–.、:,_)])")
LETTER = re.compile(r"^[A-Za-z][.、:)]")
BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Understood:
    value: str
    outdated: bool = False


def unknown(key, value):
    return Doubt(REFUSED, "unknown_value", variant="list", value=value, list=HEADERS[key])


def unclear(key, value):
    return Doubt(QUESTION, "unclear_value", value=value, list=HEADERS[key])


def look_up(key, value, words, numbers=None):
    """Look `value` up in `words`, also behind a code; `numbers` are the codes of a national standard by name."""
    text = squeeze(value)
    found = words.get(text) or words.get(text.lower())
    if found is not None:
        return found
    if numbers and text.isdecimal():
        names = {code: name for name, code in numbers.items()}
        # One digit may count along any list of the day; two are those of the standard.
        if len(text) == 2 and text in names:
            return names[text]
        raise unclear(key, value)
    match = CODED.match(text)
    if not match or (match[1].isalpha() and not LETTER.match(text)):
        return None
    found = words.get(text[match.end() :])
    if found is None:
        return None
    code = numbers.get(found if isinstance(found, str) else found.value) if numbers else None
    if code and match[1].isdecimal() and int(match[1]) != int(code):
        raise unclear(key, value)
    return found
