"""Number formats: which of them mean a date, and what date a serial number is."""

import re

from .output import Refused

PLAIN = ("", "@")
"""General and text: a number in such a cell is handed over as a bare number."""

DAY_FULL = 'yyyy"年"m"月"d"日"'
MONTH_FULL = 'yyyy"年"m"月"'
MONTH_DAY = 'm"月"d"日"'
# ECMA-376 part 1, 18.8.30; 27–36 and 50–58 in the zh-cn wording. 14 and 22 follow the locale, here zh-cn too.
BUILT_IN = {
    0: "", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: MONTH_FULL, 28: MONTH_DAY, 29: MONTH_DAY, 30: "m-d-yy", 31: DAY_FULL, 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: MONTH_FULL,
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: "#,##0", 42: '"¥"#,##0', 43: "#,##0.00", 44: '"¥"#,##0.00', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
    48: "##0.0E+0", 49: "@",
    50: MONTH_FULL, 51: MONTH_DAY, 52: MONTH_FULL, 53: MONTH_DAY, 54: MONTH_DAY, 55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"', 57: MONTH_FULL, 58: MONTH_DAY,
}  # fmt: skip

GENERAL = re.compile(r"General|G/通用格式|GENERAL|general")
# what stands for itself: "quoted", \x, _x (a blank as wide as x), *x (filling), [brackets], E+ of 1.5E+10
LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|[Ee][+-]', re.DOTALL)
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
DATE_LETTER = re.compile(r"[ymdhsYMDHSeE]|[bB][12]?[yY]")


def clean(code):
    """The code as it is handed on: "" for General."""
    return "" if GENERAL.fullmatch(code) else code


def is_date(code):
    if not code or GENERAL.search(code):
        return False
    return not ELAPSED.search(code) and DATE_LETTER.search(LITERAL.sub("", code)) is not None


DAY_0 = 693_594
"""Ordinal of 1899-12-30, day 0 of the 1900 system once past its 29 February 1900, which never was."""
DAY_0_1904 = 695_056
LAST_DAY = 3_652_059
SECONDS = 86_400


def date_cell(serial, code, date1904, formula):
    """The wire form of a number shown as a date; a number with its format if it is no possible date."""
    day, fraction = divmod(serial, 1)
    day = int(day)
    seconds = round(fraction * SECONDS)
    if seconds == SECONDS:
        day, seconds = day + 1, 0
    if 0 <= serial < 1 and seconds and not day:
        return ["time", seconds, code, formula, ""]
    if date1904:
        ordinal = DAY_0_1904 + day
        possible = serial >= 0
    else:
        ordinal = DAY_0 + day + (day < 60)
        possible = day >= 1 and day != 60
    if not possible or ordinal > LAST_DAY:
        return ["", whole(serial), code, formula, ""]
    if seconds:
        return ["datetime", [ordinal, seconds], code, formula, ""]
    return ["date", ordinal, code, formula, ""]


def whole(value):
    """A float without a fraction as int, so that 13800138000.0 is a telephone number."""
    if type(value) is float:
        if value - value != 0:  # infinite or not a number
            raise Refused("damaged")
        if value.is_integer() and abs(value) < 1e21:
            if abs(value) < 1e15:
                return int(value)
            # the fifteen digits a spreadsheet shows, not the binary fraction behind them
            digits, exponent = f"{value:.14e}".replace(".", "").split("e")
            return int(digits) * 10 ** (int(exponent) - 14)
    return value


def number_cell(value, code, is_day, date1904, formula):
    """The wire form of a number in a cell with the format `code`."""
    if is_day:
        return date_cell(value, code, date1904, formula)
    value = whole(value)
    if code in PLAIN:
        return ["", value, "", 1, ""] if formula else value
    return ["", value, code, formula, ""]
