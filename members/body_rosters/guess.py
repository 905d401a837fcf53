"""What a roster says of itself: 第一届理事会名册 （2019年12月选举）. A guess, shown before anything is written."""

import datetime as dt
import os
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from members.body_rosters.dates import LATEST, first_day, last_day
from members.body_rosters.titles import KIND_WORDS
from members.rights import Ability
from members.roster.dates import DateReader
from members.roster.messages import Doubt
from members.roster.text import squeeze
from organizations.models import Body

USUAL_YEARS = 5
"""A term is five years at most (domain.md D2)."""
_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_NUMBER = re.compile(r"第([〇一二三四五六七八九十\d]{1,4})届")
_DATE = r"(\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{4}[.\-/]\d{1,2}(?:[.\-/]\d{1,2})?|\d{4})"
_FROM_TO = re.compile(rf"{_DATE}(?:起)?(?:[-—–―－~～至到]+){_DATE}")
_ELECTED = re.compile(rf"{_DATE}[^\d,，;；。、]{{0,8}}?(?:选举|换届|产生|当选|成立|就任)")
# further bodies that a title may name, with what comes before as part of the name
_NAMED = (
    (re.compile(r"([\u4e00-\u9fff]{2,12}委员会)"), Body.Kind.COMMITTEE),
    (re.compile(r"([\u4e00-\u9fff]{2,12}(?:分会|联络组|小组))"), Body.Kind.GROUP),
    (re.compile(r"([\u4e00-\u9fff]{2,12}(?:服务团|服务队|志愿队))"), Body.Kind.CORPS),
    (re.compile(r"([\u4e00-\u9fff]{2,12}基地)"), Body.Kind.BASE),
    (re.compile(r"([\u4e00-\u9fff]{2,12}之家)"), Body.Kind.HOME),
)


def choose(batch, roster):
    """Fill `batch.body` and `batch.options` from what the file says, where nobody has decided before."""
    options = batch.options
    stem = os.path.splitext(batch.file_name)[0]
    options.setdefault("basis", _("Roster “{name}”").format(name=stem)[:200])
    titles = [squeeze(text) for text in [*_above(roster), stem]]
    if batch.body_id is None and "establish" not in options:
        _choose_body(batch, titles)
    kind = batch.body.kind if batch.body_id else options.get("establish", {}).get("kind")
    if kind in Body.WITH_TERMS and "term" not in options:
        term = _term(batch, titles, roster)
        if term:
            options["term"] = term


def _above(roster):
    """The texts above the headers, and the names of the sheets."""
    for sheet in roster.sheets:
        top = min(sheet.header_rows, default=0)
        for number, texts in sheet.look:
            if number < top:
                yield "".join(texts)
        yield sheet.name


def _choose_body(batch, titles):
    bodies = Body.objects.filter(association=batch.association, dissolved_on="")
    actor = batch.created_by
    bodies = bodies.where_may(actor, Ability.EDIT) if actor else bodies.filter(hides_people=False)
    bodies = sorted(bodies, key=lambda body: -len(body.name))
    for title in titles:
        named = next((body for body in bodies if squeeze(body.name) in title), None)
        kind, name = _kind(_NUMBER.sub("", title.replace(squeeze(batch.association.name), "")))
        if named is None and kind in Body.ONLY_ONE | {Body.Kind.PARTY_BRANCH, Body.Kind.SECRETARIAT}:
            named = next((body for body in bodies if body.kind == kind), None)
        # 常务理事会 holds the name of the 理事会
        if named and (kind is None or len(named.name) >= len(name) or named.kind == kind):
            batch.body = named
            return
        if kind:
            batch.options["establish"] = {
                "kind": kind,
                "name": name,
                "hides_people": kind == Body.Kind.PARTY_BRANCH,
            }
            return


def _kind(title):
    """(kind, name) of the body that a title names, (None, "") for none."""
    for kind, word in KIND_WORDS.items():
        if word in title:
            return kind.value, word
    for pattern, kind in _NAMED:
        if match := pattern.search(title):
            return kind.value, match[1]
    return None, ""


def number_of(text):
    """The number of the term (第一届 → 1) in a text; None without one."""
    match = _NUMBER.search(squeeze(text))
    if not match:
        return None
    digits = match[1]
    if digits.isdecimal() and digits.isascii():
        return int(digits) or None
    if "十" in digits:
        tens, _ten, units = digits.partition("十")
        return (_NUMERALS.get(tens, 1)) * 10 + _NUMERALS.get(units, 0)
    return _NUMERALS.get(digits)


def _term(batch, titles, roster):
    """The option ``term``: one there is, or what is needed for a new one; {} if the file does not say enough."""
    terms = list(batch.body.terms.all()) if batch.body_id else []
    rows = [row.values for _sheet, row in roster.rows]
    numbers = [number for number in map(number_of, titles) if number]
    numbers += [number for values in rows[:50] if (number := number_of(values.get("term", "")))]
    number = numbers[0] if numbers else None
    running = batch.body.terms.in_force_on(timezone.localdate()).first() if batch.body_id else None
    known = next((term for term in terms if term.number == number), None if number else running)
    if known:
        return {"id": known.pk}
    starts, ends = _days(titles)
    starts = starts or min((values["started"] for values in rows if values.get("started")), default="")
    if not starts:
        return {}
    starts_on = first_day(starts.replace(".", "-"))
    if any(term.starts_on >= starts_on for term in terms):
        return {}
    years = (
        USUAL_YEARS if not terms else round((terms[-1].planned_end_on - terms[-1].starts_on).days / 365.25)
    )
    planned = last_day(ends.replace(".", "-")) if ends else None
    if planned is None or planned <= starts_on:
        planned = starts_on.replace(year=starts_on.year + years, day=min(starts_on.day, 28))
        planned = planned.replace(day=28) if starts_on.day > 28 else planned - dt.timedelta(days=1)
    return {
        "number": number or max((term.number for term in terms), default=0) + 1,
        "starts_on": starts_on.isoformat(),
        "planned_end_on": planned.isoformat(),
    }


def _days(titles):
    """The partial dates with which the term starts and is planned to end, as far as the titles tell; else ""."""
    for title in titles:
        if match := _FROM_TO.search(title):
            return _read(match[1]), _read(match[2])
    for title in titles:
        if match := _ELECTED.search(title):
            return _read(match[1]), ""
    return "", ""


def _read(text):
    try:
        return DateReader(today=LATEST).read(text)
    except Doubt:
        return ""
