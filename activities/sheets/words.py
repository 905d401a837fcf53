"""What a sign-in sheet says of somebody: √, 请假（出差）, 由李四代签, 迟到10分钟 … in the words of attendance."""

import re
from dataclasses import dataclass, replace

from django.db.models import TextChoices

from activities.models import PRESENT, Presence
from members.roster.text import squeeze, words

PICTURE = "[图片]"
"""What stands for a picture in a cell."""


class PresenceWord(TextChoices):
    """The words as this app writes them into sheets."""

    ATTENDED = "出席", "出席"
    LATE = "迟到", "迟到"
    PROXY = "代为出席", "代为出席"
    LEAVE = "请假", "请假"
    ABSENT = "缺席", "缺席"
    OBSERVER = "列席", "列席"


WORD_OF = {Presence[word.name].value: word.value for word in PresenceWord} | {"": ""}
PRESENCE_OF = {word: presence for presence, word in WORD_OF.items()}


@dataclass(frozen=True)
class Said:
    """What one row says of one person."""

    presence: str = ""
    """A value of Presence; "" if the row says nothing of it."""
    reason: str = ""
    proxy: str = ""
    """Who came instead."""
    is_mark: bool = False
    """A mark or name alone: that somebody was there, not in what way."""
    unclear: str = ""
    """The text that a person has to read, or the two that contradict each other."""

    @property
    def is_present(self):
        return self.presence in PRESENT


_NAME = r"[\u3400-\u9fff·]{2,4}?"
_MARKS = frozenset(words("√ ✓ ✔ ☑ v 1 是 有 y yes true ok 在 到 本人 已 对"))
_CROSSES = frozenset(words("× ✗ ✘ ☒ x 0 否 n no false 缺 旷 无故"))
_PARTS = re.compile(r"[,，;；、。:：()\[\]【】/+]|——?")
_ACTS = r"(?:签到|签名|签字|签|会|出席|参加|参会|到会|开会|领)?"
_PROXY = (
    re.compile(rf"(?:已?由|请|让)?(?P<name>{_NAME})(?:同志|先生|女士)?(?:代为|代理|代|替){_ACTS}"),
    re.compile(
        rf"(?:已?(?:全权)?委托|授权|委派|托)(?P<name>{_NAME})(?:同志|先生|女士)?(?:代为|代表|代理|代)?{_ACTS}"
    ),
    re.compile(rf"代{_ACTS}人?(?P<name>)"),
    re.compile(rf"(?:他人|别人)?(?:代为|代理|委托|代)(?:他人)?{_ACTS}(?P<name>)"),
)
_LEAVE = re.compile(
    r"(?<![未没无])(?<!没有)(?:已经?)?(?:请了?|告)?(?P<kind>事假|病假|公假|年假|年休假|产假|陪产假|婚假|丧假|护理假|探亲假|休假|请假|告假|准假|假条)"
)
_LATE = re.compile(r"迟到|晚到|迟来|晚来|来晚|(?<!.)迟(?!.)")
_ABSENT = re.compile(
    r"缺席|缺勤|缺会|旷会|旷工|无故未?到?|(?:未|没有?|不能?|无法)(?:能|曾)?(?:请假|到会|到场|到|出席|参加|参会|来|签到|签字|签名|签)会?"
)
_OBSERVER = re.compile(r"列席|旁听|观摩|观察员")
_ATTENDED = re.compile(
    r"(?:已经?|按时|准时|正常|本人|全程|亲自|线上|线下|视频|现场)*(?:出席|到会|参会|与会|参加|出勤|到场|到席|签到|签字|签名|签|到|正常|准时)(?:会议|活动|了)?"
)
_LEFT_EARLY = re.compile(r"早退|提前(?:离|走|退)|中途(?:离|退|走)")
_TIME = re.compile(r"(?:\d{4}-\d{1,2}-\d{1,2})?(?:上午|下午)?\d{1,2}[:：时点]\d{0,2}(?:[:：]\d{2})?分?")
_FILLING = re.compile(r"^(?:因为|由于|因(?=..)|向.{1,4}(?=$))|(?:，|,)$|^(?:已经?|而|并|会议|活动|会)$")
TICKED = {"on_leave": Presence.LEAVE, "was_absent": Presence.ABSENT, "was_late": Presence.LATE}
"""{key of the field: what it says of those who have something there}"""
# of several words in one cell: what they mean together
_TOGETHER = {
    frozenset((Presence.LEAVE, Presence.ABSENT)): Presence.LEAVE,
    frozenset((Presence.LATE, Presence.ATTENDED)): Presence.LATE,
    frozenset((Presence.OBSERVER, Presence.ATTENDED)): Presence.OBSERVER,
}
_FOR_ANOTHER = frozenset((Presence.PROXY, Presence.LEAVE, Presence.ABSENT, Presence.ATTENDED))


def read_words(text):
    """The Said of a cell's words, None if none of them is about attendance; `unclear` if they contradict each other."""
    whole = squeeze(text).lower()
    if whole == PICTURE.lower() or whole in _MARKS:
        return Said(Presence.ATTENDED, is_mark=True)
    if whole in _CROSSES:
        return Said(Presence.ABSENT)
    found, rest, name = set(), [], ""
    for part in filter(None, _PARTS.split(squeeze(text))):
        said = _part(part)
        if said is None:
            rest.append(part)
            continue
        found.add(Presence(said.presence))
        name = name or said.proxy
        if said.reason:
            rest.append(said.reason)
    if not found:
        return None
    if Presence.PROXY in found and not name and rest and re.fullmatch(rf"{_NAME}", rest[0]):
        name = rest.pop(0)
    if len(found) == 1:
        [presence] = found
    elif Presence.PROXY in found and found <= _FOR_ANOTHER:
        presence = Presence.PROXY
    elif frozenset(found) in _TOGETHER:
        presence = _TOGETHER[frozenset(found)]
    else:
        return Said(unclear=text)
    return Said(presence.value, "，".join(dict.fromkeys(rest)), name)


def _part(part):
    """The Said of one part of a cell, None if it is about something else."""
    # 无故 and the like before 请假: 未请假 is no leave
    if match := _LEAVE.search(part):
        kind = "" if match["kind"] in ("请假", "告假", "准假", "假条") else match["kind"]
        left = _ABSENT.sub("", part[: match.start()] + "|" + part[match.end() :]).split("|")
        return Said(Presence.LEAVE.value, "，".join(filter(None, [kind, *map(_reason, left)])))
    for pattern in _PROXY:
        if match := pattern.fullmatch(part):
            return Said(Presence.PROXY.value, proxy=match["name"])
    for pattern, presence in (
        (_LATE, Presence.LATE),
        (_ABSENT, Presence.ABSENT),
        (_OBSERVER, Presence.OBSERVER),
    ):
        if match := pattern.search(part):
            left = [part[: match.start()], part[match.end() :]]
            return Said(presence.value, "，".join(filter(None, map(_reason, left))))
    if _LEFT_EARLY.search(part):
        return Said(Presence.ATTENDED.value, part)
    return Said(Presence.ATTENDED.value) if _ATTENDED.fullmatch(part) else None


def _reason(text):
    text = _FILLING.sub("", text)
    return "" if text in ("参会", "出席", "到会", "参加", "请", "了") else text


def understand(values, *, blank=""):
    """The Said of a row's stored `values`; `blank` is the presence of who has neither mark nor word."""
    explicit = _read(values, "presence") or _ticked(values)
    said = explicit or _of_marks(values)
    if said is None:
        said = Said(blank, is_mark=True) if blank else Said()
    if said.unclear:
        return said
    proxy = values.get("proxy", "")
    if proxy and said.presence != Presence.ABSENT and not (explicit and explicit.presence != Presence.PROXY):
        said = replace(said, presence=Presence.PROXY.value, proxy=proxy, is_mark=False)
    if explicit and not said.reason:
        said = replace(said, reason=_reason_beside(values, explicit))
        if said.presence == Presence.PROXY and not said.proxy:
            beside = read_words(values.get("remarks", "")) or Said()
            said = replace(said, proxy=beside.proxy)
    if values.get("reason"):
        said = replace(said, reason=values["reason"])
    return said


def _read(values, key):
    """The Said of the cell of one field, `unclear` if it says something unknown; None of an empty cell."""
    text = values.get(key, "")
    if not text:
        return None
    return read_words(text) or Said(unclear=text)


def _ticked(values):
    """The Said of columns that have the presence for header; `unclear` if several of them are filled."""
    found = [
        (key, text) for key in TICKED if (text := values.get(key)) and squeeze(text).lower() not in _CROSSES
    ]
    if not found:
        return None
    if len(found) > 1:
        return Said(unclear=" / ".join(text for _key, text in found))
    [(key, text)] = found
    told = read_words(text)
    return Said(TICKED[key].value, (told.reason if told else text))


def _of_marks(values):
    """What signature, time of signing in and remark say together; None if nothing."""
    signed, remark = _signature(values), values.get("remarks", "")
    told = read_words(remark) if remark else None
    if signed is None and values.get("came"):
        signed = Said(Presence.ATTENDED.value, is_mark=True)
    if signed is None:
        return told or (Said(unclear=remark) if remark else None)
    if signed.unclear or told is None:
        return signed
    if told.unclear:
        return told
    if not signed.is_mark:
        return replace(signed, reason=signed.reason or told.reason)
    if told.presence in (Presence.LEAVE, Presence.ABSENT):
        return Said(unclear=f"{values.get('signature') or values.get('came')} / {remark}")
    return told


def _signature(values):
    text = values.get("signature", "")
    if not text:
        return None
    if squeeze(text) == squeeze(values.get("name", "")) or _TIME.fullmatch(squeeze(text)):
        return Said(Presence.ATTENDED.value, is_mark=True)
    return read_words(text) or Said(unclear=text)


def _reason_beside(values, explicit):
    """The reason that a remark gives for what another column says: 缺席 | 出国."""
    remark = values.get("remarks", "")
    told = read_words(remark) if remark else None
    if told is not None:
        return "" if told.unclear else told.reason
    return remark if explicit.presence in (Presence.LEAVE, Presence.ABSENT, Presence.LATE) else ""
