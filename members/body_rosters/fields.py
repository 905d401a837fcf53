"""What the roster of a body speaks of: persons, by whom they are found, and the posts they hold."""

from dataclasses import replace

from django.db.models import TextChoices

from members.body_rosters.dates import read_period
from members.roster.contract import FIELD, FIELDS, FUSED_WORDS, Field
from members.roster.deriving import finish_row
from members.roster.kinds import one_of
from members.roster.text import words
from members.roster.vocabulary import Vocabulary
from organizations.models import Appointment

POSTS = "association_posts"


class HowWord(TextChoices):
    """How somebody came to a post, as rosters write it."""

    ELECTED = "选举", "选举"
    BY_ELECTION = "增补", "增补"
    APPOINTED = "聘任", "聘任"


class EndWord(TextChoices):
    """Why somebody left a post, as rosters write it."""

    TERM_END = "届满", "届满"
    RESIGNED = "辞职", "辞职"
    REMOVED = "免职", "免职"
    LEFT = "离会", "离会"
    DECEASED = "去世", "去世"
    CHANGED = "改任他职", "改任他职"
    DISSOLVED = "机构撤销", "机构撤销"


# {word: value of the appointment's column}; both lists have the same names
HOW = {word.value: Appointment.How[word.name].value for word in HowWord}
END_REASON = {word.value: Appointment.EndReason[word.name].value for word in EndWord}
WORD_OF = {value: word for listed in (HOW, END_REASON) for word, value in listed.items()}

_HOW_WORDS = {word: word for word in HOW} | {
    "当选": "选举", "连任": "选举", "补选": "增补", "增选": "增补", "任命": "聘任", "聘用": "聘任", "委派": "聘任",
}  # fmt: skip
_END_WORDS = {word: word for word in END_REASON} | {
    "任期届满": "届满", "换届": "届满", "请辞": "辞职", "辞去": "辞职", "罢免": "免职", "撤职": "免职", "退会": "离会",
    "逝世": "去世", "病逝": "去世", "调整": "改任他职", "转任": "改任他职",
}  # fmt: skip


def _field(key, header, max_length, kind, synonyms="", loose=""):
    return Field(key, header, max_length, kind, tuple(synonyms.split()), tuple(loose.split()))


OWN = (
    # 职务 alone is the post in the body; beside a column of its own for that, it is the post at the employer
    replace(
        FIELD[POSTS],
        synonyms=(
            *FIELD[POSTS].synonyms,
            *words("任职职务 当选职务 选举职务 机构职务 监事会职务 支部职务 党支部职务 委员会职务"),
        ),
        loose=("职务", "任职", "现任职务"),
    ),
    _field(
        "started",
        "任职开始日期",
        10,
        "period",
        "任职时间 任职日期 任职起始日期 任职起始时间 任职开始时间 任职起止时间 任职起止日期 任职年月 "
        "任职起止年月 起止时间 当选时间 当选日期 选举时间 增补时间 聘任时间 任期起止时间 任期起止 任现职时间",
        "任期 起始时间 起始日期 开始时间 开始日期",
    ),
    _field(
        "ended",
        "任职结束日期",
        10,
        "period",
        "任职截止日期 任职截止时间 任职终止时间 任职终止日期 任职结束时间 离任时间 离任日期 卸任时间 免职时间",
        "结束日期 结束时间 终止日期 截止日期",
    ),
    _field("how", "产生方式", 10, "how", "任职方式 当选方式"),
    _field("end_reason", "离任原因", 10, "end_reason", "免职原因 卸任原因 去职原因"),
    _field("basis", "任职依据", 200, "text", "任职文件 任命文件 当选依据 任职文号 选举会议", "依据 文号"),
    _field("term", "届次", 40, "text", "届别 所属届次 任职届次"),
)
_own_keys = {field.key for field in OWN}
PERSON = frozenset(field.key for field in FIELDS if field.key not in _own_keys)
"""Keys of the fields about the person; an import of this kind changes none of them in somebody registered already."""
_FIELDS = (*(field for field in FIELDS if field.key in PERSON), *OWN)

VOCABULARY = Vocabulary(
    _FIELDS,
    fused=FUSED_WORDS,
    readers={"period": read_period, "how": one_of(_HOW_WORDS), "end_reason": one_of(_END_WORDS)},
    finish=finish_row,
    # 会长 in one row, 理事 in another: the same person
    stands_once=False,
    yields={POSTS: "position"},
)
