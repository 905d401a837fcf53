"""How the cells of each kind of field are read.

A reader takes the column's `values.ColumnReader`, a value that is not empty, and its number format; it returns
the value as str ("" for none) or a `Found`, or raises Doubt.
"""

import re
from unicodedata import normalize

from members.identity import InvalidNumber, clean_number, read_credit_code, read_id_number
from members.roster import education, lists, parties, splitting, titles
from members.roster.cells import Found, text_of_value
from members.roster.contract import HEADERS
from members.roster.messages import REFUSED, WARNING, Doubt
from members.roster.names import read_name
from members.roster.phones import read_phones
from members.roster.text import squeeze

EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_LONG_NUMBER = re.compile(r"\d{16,}\.0+")
_YES = frozenset(["是", "yes", "y", "√", "对", "true", "1"])
_NO = frozenset(["否", "no", "n", "×", "不是", "非", "false", "0", "x"])


def _text(reader, value, code):
    return text_of_value(value, code)


def _lines(reader, value, code):
    return splitting.join_lines(text_of_value(value, code))


def _posts(reader, value, code):
    return "、".join(splitting.split_posts(text_of_value(value, code)))


def _name(reader, value, code):
    name, added = read_name(text_of_value(value, code) if isinstance(value, str) else "")
    if not added:
        return name
    return Found({reader.field: name}, added if reader.field == reader.vocabulary.person else {})


def _date(reader, value, code):
    return reader.dates.read(value, code)


def _listed(read):
    """A reader for a list: `read` takes text and returns lists.Understood."""

    def reader_of_list(reader, value, code):
        text = text_of_value(value)
        understood = read(text)
        if not understood.outdated:
            return understood.value
        note = (WARNING, "outdated_value", {"value": text, "understood": understood.value})
        return Found({reader.field: understood.value}, notes=[note])

    return reader_of_list


def one_of(words):
    """A reader for a list of a kind of sheet's own: {word as `text.squeeze` leaves it: value}."""

    def reader_of_words(reader, value, code):
        text = text_of_value(value, code)
        found = words.get(squeeze(text))
        if found is None:
            raise Doubt(REFUSED, "unknown_value", variant="list", value=text, list=reader.header)
        return found

    return reader_of_words


def _party(reader, value, code):
    found_parties = parties.read_parties(text_of_value(value))
    found = Found({reader.field: found_parties.values[0]})
    if len(found_parties.values) > 1:
        found.extras["second_party"] = found_parties.values[1]
    if found_parties.joined:
        found.extras["party_joined"] = reader.dates.read(found_parties.joined)
    return found if found.extras else found_parties.values[0]


def _second_party(reader, value, code):
    found_parties = parties.read_parties(text_of_value(value), key="second_party")
    if len(found_parties.values) > 1:
        raise Doubt(REFUSED, "unknown_value", variant="list", value=value, list=HEADERS["second_party"])
    if found_parties.joined:
        note = (WARNING, "not_split", {"value": text_of_value(value), "field": HEADERS["second_party"]})
        return Found({reader.field: found_parties.values[0]}, notes=[note])
    return found_parties.values[0]


def _cpc_question(reader, value, code):
    text = text_of_value(value).lower()
    if text in _YES:
        return "中共党员"
    return "" if text in _NO else _second_party(reader, value, code)


def _education(reader, value, code):
    level, degree = education.read_education(text_of_value(value), key=reader.field)
    if not degree:
        return level
    return Found({reader.field: level}, {reader.field.replace("education", "degree"): degree})


def _degree(reader, value, code):
    return education.read_degree(text_of_value(value))


def _phones(reader, value, code):
    return _found_phones(read_phones(value), value, reader.field)


def _office_phone(reader, value, code):
    phones = read_phones(value, office=True)
    numbers = phones.landlines + phones.mobiles
    found = Found({"office_phone": numbers[0]})
    if len(numbers) > 1:
        found.notes.append((WARNING, "several_phones", {"value": str(value)}))
        if phones.landlines and phones.mobiles:
            found.extras["second_mobile"] = phones.mobiles[0]
    return found if found.notes else numbers[0]


def _found_phones(phones, value, key):
    count = len(phones.mobiles) + len(phones.landlines)
    if count == 1 and phones.mobiles and not phones.wechat:
        return phones.mobiles[0]
    found = Found()
    if phones.mobiles:
        found.values[key] = phones.mobiles[0]
    if len(phones.mobiles) > 1 and key == "mobile":
        found.extras["second_mobile"] = phones.mobiles[1]
    if phones.landlines:
        found.extras["office_phone"] = phones.landlines[0]
    if phones.wechat and phones.mobiles:
        found.extras["wechat"] = phones.mobiles[0]
    if count > 1:
        found.notes.append((WARNING, "several_phones", {"value": str(value)}))
    return found


def _email(reader, value, code):
    text = normalize("NFKC", text_of_value(value)).removeprefix("mailto:")
    text = "".join(text.split())
    if not EMAIL.fullmatch(text):
        raise Doubt(REFUSED, "unknown_value", variant="email", value=str(value))
    return text.lower()


def read_id_cell(value, kind=""):
    """A Found with the identity number in a cell's value; `kind` as in identity.read_id_number. Raises Doubt."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # Spreadsheets keep 15 digits of a number: of 18 the last three are lost for ever.
        if isinstance(value, float) or value >= 10**15:
            raise Doubt(
                REFUSED, "id_lost_digits", value=f"{value:.15g}" if isinstance(value, float) else str(value)
            )
        value = str(value)
    text = text_of_value(value)
    clean = clean_number(text)
    if _SCIENTIFIC.fullmatch(clean) or _LONG_NUMBER.fullmatch(clean):
        raise Doubt(REFUSED, "id_lost_digits", value=text)
    if clean.endswith(".0") and clean[:-2].isdecimal():
        clean = clean[:-2]
    try:
        number = read_id_number(clean, kind)
    except InvalidNumber as invalid:
        raise Doubt(REFUSED, "id_invalid", variant=invalid.reason, value=text) from None
    found = Found(id_number=number)
    if number.converted:
        found.notes.append((WARNING, "id_converted", {"value": clean}))
    if not number.area_known:
        found.notes.append((WARNING, "id_area_unknown", {"value": number.number, "area": number.number[:6]}))
    return found


def _id_number(reader, value, code):
    return read_id_cell(value)


def _credit_code(reader, value, code):
    if isinstance(value, (int, float)) and value >= 10**15:
        raise Doubt(REFUSED, "id_lost_digits", value=text_of_value(value))
    text = text_of_value(value)
    if _SCIENTIFIC.fullmatch(text):
        raise Doubt(REFUSED, "id_lost_digits", value=text)
    try:
        return read_credit_code(text)
    except InvalidNumber:
        raise Doubt(REFUSED, "id_invalid", variant="credit_code", value=text) from None


def _fused(reader, value, code):
    return _FUSED[reader.fields if reader.fields in _FUSED else ("education", "degree")](reader, value, code)


def _pair(reader, parts, value):
    """A Found of the two parts, or of the whole in the first field where it could not be divided."""
    text = text_of_value(value)
    if parts is None:
        note = (WARNING, "not_split", {"value": text, "field": reader.header})
        return Found({reader.field: text}, notes=[note])
    return Found({key: part for key, part in zip(reader.fields, parts, strict=True) if part})


def _employer_position(reader, value, code):
    return _pair(reader, splitting.split_employer(text_of_value(value, code)), value)


def _school_major(reader, value, code):
    return _pair(reader, splitting.split_school(text_of_value(value, code)), value)


def _education_degree(reader, value, code):
    pair = education.read_education(text_of_value(value), fused=True, key=reader.field)
    return Found({key: part for key, part in zip(reader.fields, pair, strict=True) if part})


def _party_joined(reader, value, code):
    found_parties = parties.read_parties(text_of_value(value))
    found = Found({"political_status": found_parties.values[0]})
    if len(found_parties.values) > 1:
        found.extras["second_party"] = found_parties.values[1]
    if found_parties.joined:
        try:
            found.values["party_joined"] = reader.dates.read(found_parties.joined)
        except Doubt as doubt:
            found.notes.append((doubt.level, doubt.code, doubt.params))
    return found


def _title_level(reader, value, code):
    text = text_of_value(value, code)
    parts = [part for part in re.split(r"[/、,，;；\s()（）]+", text) if part]
    if len(parts) == 1:
        return Found({"title": text})
    if len(parts) == 2:
        try:
            return Found({"title": parts[0], "title_level": titles.read_title_level(parts[1]).value})
        except Doubt:
            pass
    return _pair(reader, None, value)


_FUSED = {
    ("employer", "position"): _employer_position,
    ("school", "major"): _school_major,
    ("education", "degree"): _education_degree,
    ("political_status", "party_joined"): _party_joined,
    ("title", "title_level"): _title_level,
}
READERS = {
    "text": _text,
    "lines": _lines,
    "posts": _posts,
    "name": _name,
    "date": _date,
    "birth": _date,
    "sex": _listed(lists.read_sex),
    "ethnicity": _listed(lists.read_ethnicity),
    "party": _party,
    "second_party": _second_party,
    "cpc_question": _cpc_question,
    "education": _education,
    "degree": _degree,
    "title_level": _listed(titles.read_title_level),
    "category": _listed(lists.read_category),
    "mobile": _phones,
    "second_mobile": _phones,
    "office_phone": _office_phone,
    "email": _email,
    "id_kind": _listed(lists.read_id_kind),
    "id_number": _id_number,
    "credit_code": _credit_code,
    "status": _listed(lists.read_status),
    "fused": _fused,
    "subject": _text,
    "name_part": _name,
}
