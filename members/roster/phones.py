"""Telephone numbers as people write them: one or several in a cell, with labels, prefixes and extensions."""

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from members.roster.messages import REFUSED, Doubt
from members.roster.text import tidy

MOBILE = re.compile(r"1[3-9]\d{9}")
_MAINLAND_PREFIX = re.compile(r"^(?:\+|00)?\(?86\)?(?=(?:0?10|0?2\d|0?[3-9]\d\d|1[3-9])\d)")
# Area codes: 010, 02x, then three digits from 0310; subscriber numbers have seven or eight digits.
_LANDLINE = re.compile(r"0(?:(10|2\d)(\d{8})|([3-9]\d\d)(\d{7,8}))")
_SUBSCRIBER = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"([48]00)(\d{7})")
_EXTENSION = re.compile(r"(?:转|分机号?|ext\.?|x|#|[-—–*](?=\d{1,5}$))[:：-]?(\d{1,6})$", re.IGNORECASE)
_LABEL = re.compile(
    r"^(?:手机号?码?|移动电话|移动|办公室?电话|办公室?|办|单位电话|单位|住宅电话|住宅|宅|家庭电话|家|固定电话|固话|座机|电话|联系电话"
    r"|mobile|cell|office|tel|phone|[mthof])[.:：]*(?=[+(\d])|"
    r"\((?:手机|移动|办公室?|办|单位|宅|家|固话|座机|本人|主号?|常用|备用|新|[移电联]\w{0,2}|m|o|h)\)$|(?:手机|办公|座机|固话|本人)$",
    re.IGNORECASE,
)
_WECHAT = re.compile(
    r"[(\[]?(?:同|与?手机)?(?:微信同号|微信号?同手机号?|同微信号?|微信同手机|微信|v同号?|手机微信同号|手机同微信)[)\]]?$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[/、;,|\n\\]|或者?|(?<=\d)和(?=\d)|(?<=\d)及(?=\d)|(?<=\d)\s{2,}(?=[+\d])")
_TWO_SPACED = re.compile(r"(1[3-9]\d[ -]?\d{4}[ -]?\d{4})\s+(1[3-9]\d[ -]?\d{4}[ -]?\d{4})")
_PUNCTUATION = re.compile(r"[\s().·\-‐-―−_~]+")
_DASHES = re.compile(r"[–—―~]+")
# Where people leave out the +: the territories members of these associations come from.
_TERRITORIES = {"852": 8, "853": 8, "886": 9}
_TERRITORY_NAMES = (("香港", "852"), ("澳门", "853"), ("澳門", "853"), ("台湾", "886"), ("台灣", "886"))
# Country codes of one and two digits; all others have three (ITU-T E.164).
_SHORT_COUNTRY_CODES = frozenset(
    [
        "1",
        "7",
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)


@dataclass(slots=True)
class Phones:
    mobiles: list[str] = field(default_factory=list)
    landlines: list[str] = field(default_factory=list)
    wechat: bool = False
    """The cell says that the (first) mobile number is also the WeChat account."""


def read_phones(value, *, office=False):
    """The numbers in `value` (str, int or float); raises Doubt unless all of it is telephone numbers.

    In a column for office telephones (`office`) numbers without area code count as well.
    """
    found = Phones()
    text = _as_text(value)
    for part in _parts(text, office):
        rest = _WECHAT.sub("", part).strip()
        found.wechat |= rest != part
        rest = _LABEL.sub("", _LABEL.sub("", rest)).strip()
        if not rest:
            continue
        kind, number = _one(rest, office, isinstance(value, int)) or (None, None)
        if not kind:
            raise Doubt(REFUSED, "phone_invalid", value=str(value))
        numbers = found.mobiles if kind == "mobile" else found.landlines
        if number not in numbers:
            numbers.append(number)
    if not found.mobiles and not found.landlines:
        raise Doubt(REFUSED, "phone_invalid", value=str(value))
    return found


def _as_text(value):
    if isinstance(value, str):
        text = normalize("NFKC", tidy(value)).lstrip("'’‘`")
        return text[:-2] if re.fullmatch(r"\d{7,13}\.0", text) else text
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not float(value).is_integer():
        raise Doubt(REFUSED, "phone_invalid", value=str(value))
    return str(int(value))


def _parts(text, office):
    """Numbers apart from each other; blanks divide only where complete numbers stand on both sides."""
    for part in _SPLIT.split(text):
        part = part.strip()
        if match := _TWO_SPACED.fullmatch(part):
            yield from match.groups()
            continue
        words = part.split()
        if len(words) > 1 and all(_one(_LABEL.sub("", word), office, False) for word in words):
            yield from words
        elif part:
            yield part


def _one(text, office, typed_as_number):
    """("mobile" | "landline", number in the form kept), or None."""
    territory = next((code for name, code in _TERRITORY_NAMES if text.startswith(name)), "")
    if territory:
        text = f"+{territory} {text[2:].lstrip(':： ')}"
    extension = ""
    match = _EXTENSION.search(text)
    if match and len(_PUNCTUATION.sub("", text[: match.start()])) >= 7:
        head = _plain(text[: match.start()])
        if _landline(head, office, False):
            text, extension = text[: match.start()], f"-{match[1]}"
    plain = _plain(text)
    if MOBILE.fullmatch(plain.removeprefix("0")) and not extension:
        return "mobile", plain.removeprefix("0")
    landline = _landline(plain, office, typed_as_number)
    if landline:
        return "landline", landline + extension
    if not extension and (foreign := _foreign(text)):
        return "mobile", foreign
    return None


def _plain(text):
    """The digits as dialled inside the mainland, or the text if it is not made of digits."""
    text = _PUNCTUATION.sub("", text)
    shorter = _MAINLAND_PREFIX.sub("", text)
    if (shorter != text and shorter[0] not in "01") or (
        shorter != text and re.fullmatch(r"10\d{8}", shorter)
    ):
        shorter = "0" + shorter
    return shorter


def _landline(plain, office, typed_as_number):
    match = _LANDLINE.fullmatch(plain)
    if not match and office and typed_as_number:
        match = _LANDLINE.fullmatch("0" + plain)  # a number cell drops the first 0
    if match:
        short, subscriber, long, other = match.groups()
        return f"0{short or long}-{subscriber or other}" if (subscriber or other)[0] in "2345678" else None
    if match := _SERVICE.fullmatch(plain):
        return f"{match[1]}-{match[2]}"
    return plain if office and _SUBSCRIBER.fullmatch(plain) else None


def _foreign(text):
    """`+852 90001923` for a number from outside the mainland that says so."""
    digits = _PUNCTUATION.sub("", text)
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif not (digits[:3] in _TERRITORIES and len(digits) == 3 + _TERRITORIES[digits[:3]]):
        return None
    if not digits.isdecimal() or not 7 <= len(digits) <= 15:
        return None
    code = next((digits[:size] for size in (1, 2) if digits[:size] in _SHORT_COUNTRY_CODES), digits[:3])
    number = digits[len(code) :]
    if code == "86" or (code in _TERRITORIES and len(number.lstrip("0")) != _TERRITORIES[code]):
        return None
    return f"+{code} {number.lstrip('0') if code in _TERRITORIES else number}"
