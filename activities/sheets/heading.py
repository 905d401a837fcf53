"""What a sign-in sheet says of itself, above its table and below it: title, day and time, place, the numbers stated."""

import datetime as dt
import re
from dataclasses import dataclass, field

from members.roster.text import squeeze

NUMERALS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_DIGITS = r"[\d〇零一二三四五六七八九十]"
_DAY = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d|二[〇零]{_DIGITS}{{2}})\s*[年.\-/])?\s*(?P<month>{_DIGITS}{{1,3}})\s*[月.\-/]\s*(?P<day>{_DIGITS}{{1,3}})(?:\s*[日号]|(?![\d.:]))"
)
_PLAIN_DAY = re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|[春夏秋冬]|年度)")
_HALF = r"(?P<half{0}>上午|下午|晚上|晚|中午|早上|早|凌晨|am|pm)?"
_CLOCK = r"(?P<hour{0}>\d{{1,2}})\s*(?:[:时]|点钟?)\s*(?P<minute{0}>\d{{1,2}}(?=\D|$)|半|整)?\s*分?"
_TIME = re.compile(
    (_HALF + r"\s*" + _CLOCK).format(1)
    + r"(?:\s*(?:-|—+|–|~|～|至|到)\s*"
    + (_HALF + r"\s*" + _CLOCK).format(2)
    + ")?",
    re.IGNORECASE,
)
_HALF_DAYS = {"上午": (9, 0), "下午": (14, 30), "晚": (19, 0), "晚上": (19, 0)}
_LABELS = "会议名称|活动名称|会议主题|活动主题|活动内容|会议内容|培训名称|培训内容|名称|主题|会议|活动|内容"
_OTHER_LABELS = (
    r"(?:会议|活动|签到|培训|集合)?(?:时间|日期|地点|地址)|主持人?|主讲人?|记录人?|参加人员|参会人员|召集人|承办|主办|协办|组织单位|主办单位|应到|实到|请假|缺席|"
    r"列席|备注|联系人|填表|制表"
)
_LABEL = re.compile(rf"(?:{_LABELS}|{_OTHER_LABELS})")
_END = rf"(?=\s*(?:{_OTHER_LABELS})(?:人数|单位|人)?[:：]|[；;|]|\s{{2,}}|$)"
_NAMED = re.compile(rf"(?:^|[\s；;|])(?:{_LABELS})[:：]\s*(?P<title>.{{2,150}}?){_END}")
_PLACE = re.compile(
    rf"(?:会议|活动|集合|签到|举办|培训)?(?:地点|地址|会场)[:：]\s*(?P<place>.{{2,200}}?)(?:{_END}|[，。])"
)
_SHEET_WORDS = re.compile(
    r"[(（\[【]?(?:人员|会员|与会人员|参会人员|参加人员|参会|出席|到会)*(?:签到|签名|签字|考勤|点名|出席情况|参会情况|到会情况|出勤情况|出勤)(?:情况)?(?:登记|统计|记录)*"
    r"(?:表|簿|册|单|名单|名册|栏)?[)）\]】]?\s*(?:[(（\[【].{0,20}[)）\]】])?$"
)
_SHEET = re.compile(r"签到|签名|签字|考勤|点名|出席|参会|到会|出勤")
# {key: words}, the number follows
_STATED = {
    "expected": r"应(?:到|出席|参加|参会|签到|出勤)会?",
    "present": r"实(?:到|际到|际出席|际参加|际参会|出席|参会|签到|出勤)会?|(?<![应未])到会",
    "leave": r"(?:因[公事故病]{1,2})?请假",
    "absent": r"缺席|缺勤|未到会?|(?<!应)未出席",
    "late": r"迟到",
    "observers": r"列席",
}
_NUMBER = r"(?:人员|会员|代表|委员|理事|总)?(?:人数|数)?\s*(?:为|共|有|计|[:：])?[|_＿(（]*(\d{1,5})(?!\d|[:：.年月日])"
STATED_ROW = re.compile(
    r"(?:应(?:到|出席|参加|参会)|实(?:到|出席|参加|参会))会?(?:人员|会员)?(?:人数|数)?"
    r"[\s_＿(（:：]*(?:\d|$|人)"
)
"""Begins a text of a row that states numbers and names nobody."""
_STATED_NUMBERS = {key: re.compile(rf"(?:{words}){_NUMBER}") for key, words in _STATED.items()}


@dataclass
class Heading:
    """What was found; what was not is empty."""

    title: str = ""
    on: dt.date | None = None
    starts: dt.time | None = None
    ends: dt.time | None = None
    place: str = ""
    stated: dict = field(default_factory=dict)
    """{expected, present, leave, absent, late, observers: number}"""


def read_heading(lines, *, stem="", today):
    """The Heading of the `lines` (lists of texts) around a table; `stem` is the name of the file without its ending.

    Of a day without a year it is the latest till `today`.
    """
    texts = ["  ".join(map(_labelled, cells)) for cells in lines]
    found = Heading()
    found.title = _title(texts, stem)
    whole = [squeeze(text) for text in texts]
    year = next((match[1] for text in [*whole, squeeze(stem)] if (match := _YEAR.search(text))), "")
    for text in [*texts, stem]:
        if found.on is None:
            found.on, rest = day_in(text, today, year)
            if found.on:
                found.starts, found.ends = _times(rest)
        if not found.place and (match := _PLACE.search(text)):
            found.place = match["place"].strip(" ，,。；;")
    if found.starts is None:
        timed = (text for text in texts if "时间" in text or "日" in text)
        found.starts, found.ends = next((times for text in timed if (times := _times(text))[0]), (None, None))
    everything = squeeze("|".join(text for cells in lines for text in cells))
    found.stated = {
        key: int(match[1])
        for key, pattern in _STATED_NUMBERS.items()
        if (match := pattern.search(everything))
    }
    return found


def _labelled(text):
    """A cell that is but a label, ready to be followed by what it labels."""
    return f"{text}：" if _LABEL.fullmatch("".join(text.split())) else text


def _title(texts, stem):
    """The name of what was held, without the words that say what kind of sheet this is."""
    for text in texts:
        if match := _NAMED.search(text):
            return _without_sheet_words(match["title"])
    plain = [text for text in texts if not re.search(r"[:：]|\d{4}年\d{1,2}月\d{1,2}日$", text)]
    named = [text for text in plain if _SHEET.search(text)]
    for text in (*named, *plain, stem):
        if len(title := _without_sheet_words(text)) >= 3:
            return title
    return ""


def _without_sheet_words(text):
    text = "".join(text.split()).strip("《》“”\"'_- ")
    while (shorter := _SHEET_WORDS.sub("", text)) != text:
        text = shorter
    return text.strip("《》“”\"'_-·—:：,，")[:150]


def day_in(text, today, year=""):
    """(date, what follows it) of the first day in a text, (None, "") without one.

    `year` is that of days without one, if there is one to be had.
    """
    for pattern in (_DAY, _PLAIN_DAY):
        for match in pattern.finditer(text):
            given = match["year"]
            # 2023.10 and 9:00-11.30 are no days
            if not given and not re.search(r"月", match[0]):
                continue
            number = int(_number(given or year or str(today.year)))
            try:
                day = dt.date(number, int(_number(match["month"])), int(_number(match["day"])))
            except ValueError:
                continue
            if not given and not year and day > today + dt.timedelta(days=31):
                day = day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
            return day, text[match.end() :]
    return None, ""


def _number(text):
    """Digits of a number in digits or Chinese numerals: 二〇二三, 十, 二十一, 三十."""
    if text.isdecimal() and text.isascii():
        return text
    if "十" in text:
        tens, _ten, units = text.partition("十")
        return f"{NUMERALS.get(tens, tens or '1')}{NUMERALS.get(units, units or '0')}"
    return "".join(NUMERALS.get(character, character) for character in text)


def _times(text):
    """(begin, end) on the clock, each None if the text does not tell."""
    text = text.replace("：", ":").replace("　", " ")
    match = _TIME.search(text)
    if not match:
        half = next((half for half in _HALF_DAYS if half in text[:20]), None)
        return (dt.time(*_HALF_DAYS[half]), None) if half else (None, None)
    starts = _clock(match, 1, "")
    ends = _clock(match, 2, match["half1"] or "") if match["hour2"] else None
    return starts, ends if ends and starts and ends > starts else None


def _clock(match, number, half):
    half = (match[f"half{number}"] or half).lower()
    hour, minute = int(match[f"hour{number}"]), match[f"minute{number}"] or "0"
    minute = {"半": 30, "整": 0}.get(minute) if minute in "半整" else int(minute)
    if half in ("下午", "晚", "晚上", "pm") and hour < 12:
        hour += 12
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None
