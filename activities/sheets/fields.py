"""What a sign-in sheet speaks of: persons, by whom they are found, and whether they were there."""

from django.db.models import TextChoices

from activities.sheets.heading import STATED_ROW
from activities.sheets.words import PICTURE, PresenceWord
from members.roster.cells import text_of_value
from members.roster.contract import FIELDS, FUSED_WORDS, Field
from members.roster.deriving import finish_row
from members.roster.headers import Meaning
from members.roster.text import words
from members.roster.vocabulary import Vocabulary


class WhoWord(TextChoices):
    """Who is no member."""

    GUEST = "来宾", "来宾"


class KeepWord(TextChoices):
    """Which of the two counts where the list says otherwise than the sheet."""

    LIST = "保留原记录", "保留原记录"
    SHEET = "按签到表更正", "按签到表更正"


LISTS = {"presence": PresenceWord, "who": WhoWord, "keep": KeepWord}


def _read_mark(reader, value, code):
    """A reader of `roster.kinds` for cells with marks: a ticked box is √, a picture says that there is one."""
    if isinstance(value, bool):
        return "√" if value else ""
    text = text_of_value(value, code)
    return PICTURE if "DISPIMG(" in text.upper() else text


def _field(key, header, max_length, kind, synonyms="", loose=""):
    return Field(key, header, max_length, kind, tuple(words(synonyms)), tuple(words(loose)))


OWN = (
    _field(
        "presence",
        "出席情况",
        100,
        "mark",
        "出席 考勤 考勤情况 考勤结果 出勤 出勤情况 到会情况 是否到会 到会与否 参会情况 是否参会 "
        "是否出席 出席与否 到场情况 是否到场 签到情况 "
        "签到状态 签到结果 是否签到 参加情况 是否参加 "
        "是否出勤 出缺席 出缺席情况 出缺勤情况 实到情况 到会 参会 出席状态 参会状态",
        "情况",
    ),
    _field(
        "signature",
        "签名",
        100,
        "mark",
        "签到 签字 签名栏 签到栏 签字栏 本人签名 本人签字 会员签名 会员签字 签到签名 签名确认 "
        "签字确认 签到确认 手写签名 参会人签名 "
        "参会人员签名 与会人员签名 参加人员签名 人员签名 签 签名/签到 签到/签名 签到（签名） 签到人 实到",
    ),
    _field("came", "签到时间", 40, "mark", "到会时间 到场时间 签到时刻 打卡时间 扫码时间 到达时间"),
    _field(
        "reason",
        "请假原因",
        200,
        "text",
        "请假事由 请假理由 缺席原因 缺席事由 未到原因 未参会原因 未参加原因 不能参会原因 "
        "请假或缺席原因 请假缺席原因 缺勤原因",
        "事由 原因",
    ),
    _field(
        "proxy",
        "代为出席人",
        100,
        "text",
        "代会人 代会人员 代签人 代出席人 代为参会人 受托人 被委托人 委托代理人 替会人 代理出席人 代会人姓名 委托代会人",
        "代理人",
    ),
    # of a sheet with a column for each: whatever stands there says so
    _field("on_leave", "请假", 100, "mark", "是否请假 请假情况 事假 病假"),
    _field("was_absent", "缺席", 100, "mark", "是否缺席 缺勤 未到 未到会"),
    _field("was_late", "迟到", 100, "mark", "是否迟到"),
    _field("remarks", "备注", 500, "text", "备 备注说明 备注情况 附注 其他备注 备柱", "其他 说明 注"),
    _field("who", "人员身份", 20, "text"),
    _field("keep", "与原记录不符时", 20, "text"),
)
_own_keys = {field.key for field in OWN}
PERSON = frozenset(field.key for field in FIELDS if field.key not in _own_keys)
"""Keys of the fields about the person; a sign-in sheet changes none of them in somebody registered already."""
KNOWN_BY = frozenset(("name", "number", "id_number", "mobile", "second_mobile", "birth", "employer"))
"""Keys of those by which somebody is found; what else a sheet says of a person makes nobody another one."""
_FIELDS = (*(field for field in FIELDS if field.key in PERSON), *OWN)

VOCABULARY = Vocabulary(
    _FIELDS,
    fused=FUSED_WORDS,
    readers={"mark": _read_mark},
    finish=finish_row,
    words={"应到": Meaning(ignored=True)},
    notes=STATED_ROW,
)
