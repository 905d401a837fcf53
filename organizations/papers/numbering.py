"""The numbers that a text processor puts before the paragraphs of a list (ECMA-376 part 1, 17.9)."""

import re

from organizations.papers.ooxml import attribute, child, children, number, value

DIGITS = "〇一二三四五六七八九"
CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "chineseLegalSimplified",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCountingThousand",
}
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def chinese(count):
    """一 … 九十九; larger numbers digit by digit."""
    if not 0 < count < 100:
        return "".join(DIGITS[int(digit)] for digit in str(count))
    tens, ones = divmod(count, 10)
    left = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return left + (DIGITS[ones] if ones else "")


def roman(count):
    if not 0 < count < 200:
        return str(count)
    text = ""
    for size, letters in ROMAN:
        times, count = divmod(count, size)
        text += letters * times
    return text


def written(count, form):
    """`count` in the number format `form` (ST_NumberFormat); in digits if we do not know it."""
    if form in CHINESE:
        return chinese(count)
    if form == "decimalEnclosedCircle" and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if form == "decimalZero":
        return f"{count:02}"
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) if count > 0 else str(count)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        return roman(count).upper() if form == "upperRoman" else roman(count)
    return "" if form == "none" else str(count)


class Numbering:
    """Counts the numbered paragraphs of one document, in the order in which they are asked for."""

    def __init__(self, element):
        """`element`: the root of the numbering part, None without one."""
        self.abstract = {attribute(each, "abstractNumId"): each for each in children(element, "abstractNum")}
        self.lists = {attribute(each, "numId"): each for each in children(element, "num")}
        self.counts = {}

    def level(self, list_id, level):
        """The element of level `level` of list `list_id`; None if the document has none."""
        found = self.abstract.get(value(self.lists.get(list_id), "abstractNumId"))
        return next((each for each in children(found, "lvl") if attribute(each, "ilvl") == str(level)), None)

    def next(self, list_id, level):
        """The text before the next paragraph of that level, "" for bullets without one and unknown lists."""
        element = self.level(list_id, level)
        if element is None:
            return ""
        counts = self.counts.setdefault(value(self.lists[list_id], "abstractNumId"), {})
        counts[level] = counts.get(level, self._start(list_id, level) - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if value(element, "numFmt") == "bullet":
            return "• "

        def part(match):
            place = int(match[1]) - 1
            form = value(self.level(list_id, place), "numFmt", default="decimal")
            return written(counts.get(place, self._start(list_id, place)), form)

        text = re.sub(r"%([1-9])", part, value(element, "lvlText", default=""))
        suffix = value(element, "suff", default="tab")
        return text if suffix == "nothing" or not text or text[-1] in "、．）" else f"{text} "

    def _start(self, list_id, level):
        for override in children(self.lists[list_id], "lvlOverride"):
            if attribute(override, "ilvl") == str(level) and child(override, "startOverride") is not None:
                return int(number(value(override, "startOverride"), 1))
        return int(number(value(self.level(list_id, level), "start"), 1))
