"""Professional titles and their levels (职称级别)."""

import re

from members.codes import TitleLevel
from members.roster.choices import BRACKETS, Understood, look_up, unclear, unknown
from members.roster.text import squeeze

_TITLE_LEVELS = {
    word: Understood(level)
    for level, words in {
        TitleLevel.SENIOR.value: "正高级 正高 正高级职称 正高职称 高级(正高) 高级(正高级) 正高级别 senior",
        TitleLevel.ASSOCIATE_SENIOR.value: "副高级 副高 副高级职称 副高职称 高级(副高) 高级(副高级) 副高级别 "
        "associatesenior",
        TitleLevel.INTERMEDIATE.value: "中级 中级职称 中 intermediate",
        TitleLevel.JUNIOR.value: "初级 初级职称 助理级 员级 助理 初级(助理级) 初级(员级) 初级(助理) 初 junior",
        TitleLevel.NONE.value: "无 无职称 未评 未评定 未定级 没有 暂无 无级别 none",
    }.items()
    for word in words.split()
}
# By the ends of names; the first that fits counts. Commonly used equivalents, to be edited as practice changes.
_TITLE_ENDS = tuple(
    (re.compile(pattern), level)
    for pattern, level in (
        (r"(?:正高级.*|(?<!副)教授级.*|^教授|研究员级.*|(?<![副助理])研究员|(?<!副)主任(?:医|药|护|技|中医)师|(?<!副)编审|(?<!副)研究馆员|一级(?:律师|公证员|演员|导演|编剧|"
         r"作曲|指挥|美术师|演奏员|舞美设计师|文学创作|摄影师))", TitleLevel.SENIOR.value),
        (r"(?:副教授|副研究员|副主任(?:医|药|护|技|中医)师|副编审|副研究馆员|高级.*师|高级(?:记者|编辑|讲师|教师|实验师)|二级(?:律师|公证员|演员|导演|编剧|作曲|指挥|"
         r"美术师|演奏员|舞美设计师|文学创作|摄影师))", TitleLevel.ASSOCIATE_SENIOR.value),
        (r"(?:助理.*|技术员|.*员级|会计员|经济员|统计员|(?:住院|医)(?:医)?师|^医师|^药师|^护师|^护士|^技师|助教|二级教师|三级教师|(?:三|四)级(?:公证员|演员|导演|美术师|演奏员)|"
         r"四级律师|助理研究员(?!.))", TitleLevel.JUNIOR.value),
        (r"(?:讲师|一级教师|主治(?:中)?医师|主管(?:药|护|技|中药)师|馆员|(?:三级律师)|助理研究员|编辑|记者|^(?:.{0,4})?工程师|^会计师|^经济师|^统计师|^审计师|^农艺师|"
         r"^政工师|^实验师|^工艺美术师|^畜牧师|^兽医师|^人力资源管理师|^国际商务师)", TitleLevel.INTERMEDIATE.value),
    )
)  # fmt: skip
_INTERMEDIATE_NAMES = frozenset(("助理研究员",))
_ART_THIRD = re.compile(r"三级(?:演员|导演|编剧|作曲|指挥|美术师|演奏员|舞美设计师|文学创作|公证员)")


def title_level_of(title):
    """The level of a title by its name, or "" if the name does not tell."""
    text = squeeze(title)
    if found := _TITLE_LEVELS.get(text):
        return found.value if found.value != TitleLevel.NONE.value else ""
    if re.search(r"[、,;/和及]|注册|执业", text):
        return ""
    text = BRACKETS.sub("", text)
    if text in _INTERMEDIATE_NAMES or _ART_THIRD.fullmatch(text):
        return TitleLevel.INTERMEDIATE.value
    for pattern, level in _TITLE_ENDS:
        if pattern.fullmatch(text):
            return level
    return ""


def read_title_level(value):
    found = look_up("title_level", value, _TITLE_LEVELS)
    if found is None:
        if squeeze(value) in ("高级", "高级职称", "高"):
            raise unclear("title_level", value)
        level = title_level_of(value)
        if not level:
            raise unknown("title_level", value)
        found = Understood(level)
    return found
