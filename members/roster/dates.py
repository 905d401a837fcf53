"""Dates as people write them, kept at the precision written: `1985`, `1985.06` or `1985.06.12`."""

import datetime as dt
import re

from members.roster.messages import QUESTION, REFUSED, Doubt
from members.roster.text import squeeze, tidy

FIRST_YEAR = 1900
# Personal data of children under 14 are sensitive and not kept: Personal Information Protection Law, art. 28, 31.
MINIMUM_AGE = 14
# With two digits of a year, 20xx would make somebody younger than this a member: then it is 19xx.
WORKING_AGE = 16

_TIME = re.compile(r"[T\s]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[AP]M|\+\d\d:?\d\d)?$", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\s+(?=\d)")
# What may follow a date without changing it: the age, "born", "solar calendar".
_AFTER = re.compile(
    r"(?:\(?(?:现年|现|今年)?\d{1,3}(?:周?岁)\)?|\((?:\d{1,3}|公历|阳历)\)|出生|生于?|生日|[.。,,;;])$"
)
_SEPARATOR = r"[./\-–—―_·。、,\\~]"
_YEAR = re.compile(r"(\d{4}|\d{2}(?=年))年?")
_MONTH = re.compile(rf"(\d{{4}}|\d{{2}})({_SEPARATOR}|年){_SEPARATOR}?(\d{{1,2}}|元)(?:月份?)?")
_DAY = re.compile(
    rf"(\d{{4}}|\d{{1,2}})({_SEPARATOR}|年)(\d{{1,2}}|元)(?:{_SEPARATOR}|月)(\d{{4}}|\d{{1,2}})[日号]?"
)
_MONTH_FIRST = re.compile(rf"(\d{{1,2}}){_SEPARATOR}(\d{{4}})")
_DIGITS = re.compile(r"\d+")
_CHINESE = re.compile(
    r"([〇零○0一二三四五六七八九]{4}|[〇零○0一二三四五六七八九]{2})年"
    r"(?:(元|[一二三四五六七八九十]{1,2})月份?(?:([一二三四五六七八九十廿卅]{1,3})[日号]?)?)?"
)
_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "0": 0,
}
_NAMES = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_NAME_YEAR = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-./]?{_NAME}[-./,]?(\d{{4}}|\d{{2}})")
_NAME_DAY_YEAR = re.compile(rf"{_NAME}[-./]?(\d{{1,2}})(?:st|nd|rd|th)?[-./,]+(\d{{4}})")
_NAME_YEAR = re.compile(rf"{_NAME}[-./,]?(\d{{4}}|\d{{2}})")
_YEAR_NAME = re.compile(rf"(\d{{4}})[-./,]?{_NAME}(?:[-./]?(\d{{1,2}}))?")
# In a number format: quoted text, \x, [colour or locale]; then y and e are years, d days, m months or minutes.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_MINUTES = re.compile(r"h+[^a-z]*m+|m+[^a-z]*s+")


class DateReader:
    """Reads the dates of one column. `today` is a local date; `birth` tells dates of birth."""

    def __init__(self, *, today, birth=False, date1904=False):
        self.today = today
        self.birth = birth
        self.date1904 = date1904

    def read(self, value, code=""):
        """The date in `value` (str, int, float, date, datetime) with the number format `code`; raises Doubt."""
        if isinstance(value, dt.date):
            found = self._shown(value, code)
        elif isinstance(value, str):
            found = self._text(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found = self._number(value)
        else:
            raise _invalid(value)
        return self._checked(found, value)

    def _checked(self, parts, value):
        year, month, day = parts
        if year < FIRST_YEAR or (month is not None and not 1 <= month <= 12):
            raise _invalid(value)
        try:
            first = dt.date(year, month or 1, 1 if day is None else day)
        except ValueError:
            raise _invalid(value) from None
        if first > self.today:
            raise _invalid(value)
        written = _written(parts)
        if self.birth and _age(parts, self.today) < MINIMUM_AGE:
            raise Doubt(REFUSED, "under_age", value=written)
        return written

    def _shown(self, value, code):
        """A date cell says what its format shows."""
        year, month, day = shown_parts(code)
        if not year:
            shown = f"{value.month}-{value.day}"
            raise Doubt(QUESTION, "date_ambiguous", variant="year", value=shown, first=f"{value:%Y.%m.%d}")
        return value.year, value.month if month else None, value.day if day else None

    def _number(self, value):
        if value < 0 or value != value or value > 99999999:
            raise _invalid(value)
        if isinstance(value, float) and not value.is_integer():
            whole, decimals = f"{value:.2f}".split(".")
            if value > 10000:
                return self._serial(int(value), value)
            if abs(value - float(f"{whole}.{decimals}")) > 1e-6 or len(whole) not in (2, 4):
                raise _invalid(value)
            # 1985.10 is stored as 1985.1; other single decimals stay what they are.
            month = (
                int(decimals) if decimals[0] in "01" else int(decimals) // 10 if decimals[1] == "0" else 99
            )
            year = int(whole)
            return self._century(year, month) if len(whole) == 2 else year, month, None
        return self._digits(str(int(value)), value)

    def _serial(self, number, value):
        start = dt.date(1904, 1, 1) if self.date1904 else dt.date(1899, 12, 30)
        day = start + dt.timedelta(days=number)
        return day.year, day.month, day.day

    def _digits(self, digits, value):
        if len(digits) == 8:
            return int(digits[:4]), int(digits[4:6]), int(digits[6:])
        if len(digits) == 6:
            year, month = int(digits[:4]), int(digits[4:])
            if FIRST_YEAR <= year <= self.today.year and 1 <= month <= 12:
                return year, month, None
            month = int(digits[2:4])
            return self._century(int(digits[:2]), month), month, int(digits[4:])
        if len(digits) == 4:
            year, month = int(digits), int(digits[2:])
            if 1930 <= year <= self.today.year:
                return year, None, None
            return self._century(int(digits[:2]), month), month, None
        if len(digits) == 5:
            serial = self._serial(int(digits), value)
            year, month = int(digits[:4]), int(digits[4])
            if FIRST_YEAR <= year <= self.today.year and month:
                raise Doubt(
                    QUESTION,
                    "date_ambiguous",
                    variant="order",
                    value=digits,
                    first=_written((year, month, None)),
                    second=_written(serial),
                )
            return serial
        raise _invalid(value)

    def _century(self, year, month):
        """The full year of two digits."""
        late = 2000 + year
        if self.birth:
            return late if self.today.year - late >= WORKING_AGE else late - 100
        return late if (late, month or 1) <= (self.today.year, self.today.month) else late - 100

    def _text(self, value):
        text = _TIME.sub("", tidy(value))
        text = squeeze(_BETWEEN_NUMBERS.sub(".", text)).lstrip("'’‘")
        while True:
            shorter = _AFTER.sub("", text)
            if shorter == text:
                break
            text = shorter
        for pattern, read in (
            (_MONTH, self._read_month),
            (_DAY, self._read_day),
            (_DIGITS, lambda match, value: self._digits(match[0], value)),
            (_YEAR, self._read_year),
            (_MONTH_FIRST, lambda match, value: (int(match[2]), int(match[1]), None)),
            (_CHINESE, self._read_chinese),
        ):
            match = pattern.fullmatch(text)
            if match:
                return read(match, value)
        return self._read_english(text.lower(), value)

    def _read_year(self, match, value):
        year = int(match[1])
        return year if len(match[1]) == 4 else self._century(year, None), None, None

    def _read_month(self, match, value):
        first, separator, second = match.groups()
        if len(first) == 2 and second != "元" and int(second) > 12 and int(first) <= 12 and separator != "年":
            return self._century(int(second), int(first)), int(first), None  # 06/85
        month = _month(second)
        year = int(first) if len(first) == 4 else self._century(int(first), month)
        if second == "1" and separator in ".。,、":
            raise Doubt(
                QUESTION,
                "date_ambiguous",
                variant="month",
                value=value,
                first=_written((year, 1, None)),
                second=_written((year, 10, None)),
            )
        return year, month, None

    def _read_day(self, match, value):
        first, separator, second, third = match.groups()
        if len(first) == 4:
            if len(third) == 4:
                raise _invalid(value)
            return int(first), _month(second), int(third)
        if second == "元" or (
            len(third) < 4 and (separator in ".年。、," or int(first) > 31) and len(first) == 2
        ):
            if len(third) == 4:
                raise _invalid(value)
            month = _month(second)
            if int(third) > 31:
                return self._last_is_year(first, second, third, value)
            return self._century(int(first), month), month, int(third)
        return self._last_is_year(first, second, third, value)

    def _last_is_year(self, first, second, third, value):
        """6/12/1985: month first in American habit, day first in European."""
        month, day = int(first), int(second)
        if len(third) == 4:
            year = int(third)
        elif len(third) == 2 and int(third) > 31:
            year = self._century(int(third), month)
        else:
            raise _invalid(value)
        if month > 12 or day > 12 or month == day:
            return (year, day, month) if month > 12 else (year, month, day)
        raise Doubt(
            QUESTION,
            "date_ambiguous",
            variant="order",
            value=value,
            first=_written((year, month, day)),
            second=_written((year, day, month)),
        )

    def _read_chinese(self, match, value):
        year = int("".join(str(_NUMERALS[character]) for character in match[1]))
        month = _month(match[2]) if match[2] else None
        if len(match[1]) == 2:
            year = self._century(year, month)
        return year, month, _numeral(match[3]) if match[3] else None

    def _read_english(self, text, value):
        if match := _DAY_NAME_YEAR.fullmatch(text):
            day, name, year = match.groups()
        elif match := _NAME_DAY_YEAR.fullmatch(text):
            name, day, year = match.groups()
        elif match := _NAME_YEAR.fullmatch(text):
            (name, year), day = match.groups(), None
        elif match := _YEAR_NAME.fullmatch(text):
            year, name, day = match.groups()
        else:
            raise _invalid(value)
        month = _NAMES[name]
        full = int(year) if len(year) == 4 else self._century(int(year), month)
        return full, month, int(day) if day else None


def shown_parts(code):
    """Whether the number format `code` shows year, month and day of a date; all three if it says nothing of dates."""
    letters = _MINUTES.sub("", _LITERAL.sub("", code).lower())
    year, month, day = "y" in letters or "e" in letters, "m" in letters, "d" in letters
    if day and year:
        month = True
    return (year, month, day) if year or month or day else (True, True, True)


def _month(text):
    return 1 if text == "元" else int(text) if text.isdecimal() else _numeral(text)


def _numeral(text):
    """十二 as 12, 廿三 as 23."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int("".join(str(_NUMERALS[character]) for character in text))
    tens, _, units = text.partition("十")
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS.get(units, 99) if units else 0)


def _written(parts):
    year, *rest = parts
    return ".".join([f"{year:04}", *(f"{part:02}" for part in rest if part is not None)])


def _age(parts, today):
    """Full years at `today`, compared at the precision known."""
    known = [part for part in parts if part is not None]
    now = [today.year, today.month, today.day][: len(known)]
    return now[0] - known[0] - (now[1:] < known[1:])


def _invalid(value):
    return Doubt(REFUSED, "date_invalid", value=str(value))
