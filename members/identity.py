"""Numbers of identity documents and of organisations: checking, converting, masking.

Citizen numbers follow GB 11643-1999: six digits of area, eight of birth, three of sequence (odd: male), one
check character. The residence permits for Hong Kong, Macao and Taiwan residents (国办发〔2018〕81号) and the
permanent resident card of 2023 use the same form and check. Unified social credit codes follow GB 32100-2015.

The area code decides nothing but a warning: numbers are for life while area codes come and go.
"""

import re
from datetime import date
from functools import lru_cache
from operator import mul
from typing import NamedTuple
from unicodedata import normalize

from members.areas import area_codes
from members.codes import IdKind, Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# The sum is taken over the bytes of the text, each 48 more than the digit it stands for.
_ZEROS = 48 * sum(WEIGHTS)

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_QUOTES = "'’‘`´\""
# Invisible characters that come along when a number is copied from a page or a chat.
_JUNK = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]+")
_CROSSES = str.maketrans("×✕", "XX")

# Documents that are known by their pattern only.
_PRC_PASSPORT = re.compile(r"(?:[EGDSP][0-9]{8}|E[A-HJ-NP-Z][0-9]{7})")
_ANY_PASSPORT = re.compile(r"(?=.*[0-9])[0-9A-Z]{5,17}")
_HK_MACAO_PASS = re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})")
_ANY_DOCUMENT = re.compile(r"(?=.*[0-9]{4})[0-9A-Z\u4e00-\u9fff()（）-]{5,30}")
_OLD_PERMANENT_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")

_RESIDENT_CARD, _MALE, _FEMALE = IdKind.RESIDENT_CARD.value, Sex.MALE.value, Sex.FEMALE.value
_PERMITS = {
    "810000": IdKind.HK_MACAO_RESIDENCE.value,
    "820000": IdKind.HK_MACAO_RESIDENCE.value,
    "830000": IdKind.TAIWAN_RESIDENCE.value,
}

CREDIT_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_CODE_VALUES = {character: value for value, character in enumerate(CREDIT_CODE_CHARACTERS)}
# Kinds (second character) of each registering department (first character): GB 32100-2015, table 1.
_CREDIT_CODE_KINDS = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}


class InvalidNumber(ValueError):
    """The text is no number of that kind; `reason` is pattern, date, check or rounded."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class IdNumber(NamedTuple):
    number: str
    kind: str
    """A value of IdKind."""
    birth: str = ""
    """`1985.06.15`, or empty where the document's number does not tell."""
    sex: str = ""
    converted: bool = False
    """Written with 15 digits."""
    area_known: bool = True


def clean_number(text):
    """`text` without blanks, quotes and invisible characters, letters and digits plain and upper case."""
    if not text.isascii():
        text = normalize("NFKC", text).translate(_CROSSES)
    return _JUNK.sub("", text).strip(_QUOTES).upper()


def check_character(body):
    """The 18th character for the first 17 digits (GB 11643-1999, MOD 11-2)."""
    return CHECK_CHARACTERS[(sum(map(mul, body.encode(), WEIGHTS)) - _ZEROS) % 11]


@lru_cache(maxsize=65536)
def _birth(digits):
    """`19850615` as `1985.06.15`, or None if there is no such day."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return f"{digits[:4]}.{digits[4:6]}.{digits[6:]}" if digits >= "18800101" else None


def read_citizen_number(number):
    """The IdNumber of 18 characters already clean; raises InvalidNumber."""
    if not _EIGHTEEN.fullmatch(number):
        raise InvalidNumber("pattern")
    birth = _birth(number[6:14])
    if birth is None:
        raise InvalidNumber("date")
    if check_character(number[:17]) != number[17]:
        # A spreadsheet keeps 15 digits of a number and fills up with zeros.
        raise InvalidNumber("rounded" if number.endswith("000") else "check")
    area = number[:6]
    kind = _PERMITS.get(area, _RESIDENT_CARD)
    known = True
    if number[0] == "9":
        # Permanent resident card of 2023: the digits after the 9 are no area of GB/T 2260.
        kind = IdKind.FOREIGN_PERMANENT.value
    elif kind == _RESIDENT_CARD:
        known = area in area_codes()
    sex = _MALE if number[16] in "13579" else _FEMALE
    return IdNumber(number, kind, birth, sex, area_known=known)


def convert_old_number(number):
    """18 characters for the 15 digits in use before 1999: the century 19 goes in, the check character on."""
    body = number[:6] + "19" + number[6:]
    return body + check_character(body)


def read_id_number(text, kind=""):
    """Understand the number of an identity document.

    `kind` is a value of IdKind if the row names one. Returns an IdNumber; raises InvalidNumber.
    """
    number = clean_number(text)
    if _FIFTEEN.fullmatch(number) and kind in ("", IdKind.RESIDENT_CARD.value):
        return read_citizen_number(convert_old_number(number))._replace(converted=True)
    if _EIGHTEEN.fullmatch(number) and kind not in (IdKind.PASSPORT.value, IdKind.OTHER.value):
        return read_citizen_number(number)
    if _OLD_PERMANENT_CARD.fullmatch(number) and kind in ("", IdKind.FOREIGN_PERMANENT.value):
        return IdNumber(number, IdKind.FOREIGN_PERMANENT.value)
    if kind == IdKind.PASSPORT.value:
        if _ANY_PASSPORT.fullmatch(number):
            return IdNumber(number, kind)
    elif kind == IdKind.OTHER.value:
        if _ANY_DOCUMENT.fullmatch(number):
            return IdNumber(number, kind)
    elif not kind:
        if _HK_MACAO_PASS.fullmatch(number):
            return IdNumber(number, IdKind.OTHER.value)
        if _PRC_PASSPORT.fullmatch(number):
            return IdNumber(number, IdKind.PASSPORT.value)
    raise InvalidNumber("pattern")


def mask_id_number(number):
    """`500116********1234`: positions 7–14 of 18 never show; of other numbers the two ends do."""
    if len(number) == 18:
        return f"{number[:6]}********{number[14:]}"
    shown = 2 if len(number) >= 8 else 1
    return number[:shown] + "*" * max(len(number) - 2 * shown, 4) + number[-shown:] if number else ""


def credit_code_check(body):
    """The 18th character for the first 17 of a unified social credit code (GB 32100-2015, MOD 31)."""
    total = sum(map(mul, map(_CREDIT_CODE_VALUES.__getitem__, body), _CREDIT_CODE_WEIGHTS))
    return CREDIT_CODE_CHARACTERS[-total % 31]


def read_credit_code(text):
    """The clean unified social credit code; raises InvalidNumber."""
    code = clean_number(text).replace("-", "")
    if len(code) != 18 or any(character not in _CREDIT_CODE_VALUES for character in code):
        raise InvalidNumber("pattern")
    if code[1] not in _CREDIT_CODE_KINDS.get(code[0], ""):
        raise InvalidNumber("pattern")
    if credit_code_check(code[:17]) != code[17]:
        raise InvalidNumber("rounded" if code.endswith("000") else "check")
    return code
