"""Names of persons: blanks between characters, the many middle dots, marks that printed lists add."""

import re

from members.roster.lists import read_ethnicity, read_sex
from members.roster.messages import Doubt
from members.roster.text import tidy

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# All the dots that stand for U+00B7 between the parts of a name; a full stop does so only between characters.
_DOTS = re.compile(r"\s*[·•‧・･∙⋅●˙᛫‐]\s*")
_FULL_STOP = re.compile(rf"(?<=[{_HAN}])\s*[.．。]\s*(?=[{_HAN}])")
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}·])\s+|\s+(?=[{_HAN}·])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_MARKS = "*＊★☆△▲※#＃"
# 1.张三, 2、李四: lists without a column of numbers.
_NUMBERING = re.compile(r"^\d{1,3}\s*[.、．]\s*(?=\D)")
# 张三（女）, 李四(女，回族): how printed lists add sex and ethnic group to a name.
_ADDED = re.compile(r"^(.+?)\s*[(（]([^()（）]{1,8})[)）]$")
_PLAIN = re.compile(r"[\u4e00-\u9fff]{2,4}")


def is_plain(text):
    """Nothing about this name needs a second look."""
    return _PLAIN.fullmatch(text) is not None


def read_name(text):
    """(name, additions) of a cell; the name is "" if no letter is in it. Additions: sex, ethnicity."""
    text = _NUMBERING.sub("", tidy(text).strip(_MARKS).strip()).translate(_FULL_WIDTH)
    added = {}
    match = _ADDED.match(text)
    if match and (added := _additions(match[2])):
        text = match[1]
    text = _FULL_STOP.sub("·", _DOTS.sub("·", text))
    text = " ".join(_BLANK_BESIDE_HAN.sub("", text).split())
    return (text, added) if any(character.isalpha() for character in text) else ("", {})


def _additions(text):
    found = {}
    for part in re.split(r"[,，、\s]+", text.strip()):
        if part in ("男", "女"):
            found["sex"] = read_sex(part).value
        elif part.endswith("族"):
            try:
                found["ethnicity"] = read_ethnicity(part).value
            except Doubt:
                return {}
        else:
            return {}
    return found
