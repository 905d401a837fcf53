"""Levels of education (GB/T 4658) and degrees (GB/T 6864) as people write them, often both in one cell."""

import re

from members import codes
from members.codes import Education
from members.roster.choices import BRACKETS, CODED, LETTER, look_up, unclear, unknown
from members.roster.text import squeeze, words

_LEVELS = {
    word: level
    for level, words in {
        Education.DOCTORAL.value: "博士研究生 博士 博士生 博士后 博士研究生教育 doctor doctorate phd ph.d "
        "ph.d. doctoral",
        Education.MASTER.value: "硕士研究生 硕士 硕士生 硕士研究生教育 master masters master's",
        Education.POSTGRADUATE.value: "研究生 研究生教育 研究生班 研究生课程班 postgraduate",
        Education.UNDERGRADUATE.value: "大学本科 本科 大学 本科生 大本 大学本科教育 大学普通班 专升本 "
        "大学(本科) 本科(大学) 大学本科生 "
        "本科大学 二本 一本 三本 双本科 bachelor bachelors bachelor's undergraduate university",
        Education.COLLEGE.value: "大学专科 大专 专科 大学专科教育 高职 高职高专 高专 大专生 高职专科 大学大专 "
        "大专专科 高等专科 专科生 高职(专科) "
        "高职(大专) 大学(专科) 大专(高职) juniorcollege college associate",
        Education.SECONDARY_SPECIALIZED.value: "中专 中等专科 中师 中等师范 中专生 中等专业学校 中等专业 "
        "secondaryspecialized",
        Education.VOCATIONAL.value: "职业高中 职高 职业中学 职中 职业高中教育",
        Education.TECHNICAL.value: "技工学校 技校 中技 技工 中等技术学校 技术学校",
        Education.SENIOR_HIGH.value: "高中 普通高中 普高 高级中学 普通高级中学 高中生 highschool seniorhighschool",
        Education.JUNIOR_HIGH.value: "初中 初级中学 普通初中 初中生 juniorhighschool",
        Education.PRIMARY.value: "小学 小学生 primaryschool",
        Education.OTHER.value: "其他 其它 其他学历",
    }.items()
    for word in words.split()
}
# The way of studying changes nothing about the level.
_STUDY_WAY = re.compile(
    r"^(?:全日制|非全日制|普通高等教育|普通高校|普通|在职教育|在职|函授|自学考试|自考|成人高等教育|成人教育|成人|成教|电大|广播电视大学|夜大|网络教育|网络|远程教育|远程|"
    r"中央党校|省委党校|市委党校|区委党校|党校|国家开放大学|开放大学|业余|脱产|统招|国民教育|高等教育|干部|军校|军队|民办|重点|第二|最高|后取|第一)+"
)
_STUDY_END = re.compile(
    r"(?:\((?:全日制|在职|函授|自考|自学考试|成人|成教|电大|党校|中央党校|[省市区]委党校|网络教育|网络|远程|业余|统招|毕业|非全日制|专升本|在职教育)\)|学历|文化程度|文化|程度|毕业|教育)+$"
)
_UNCLEAR_LEVELS = frozenset(
    words(
        "函授 自考 成人教育 电大 党校 在职 全日制 中职 中等职业教育 中学 高等教育 mba emba mpa 技师学院 "
        "同等学力 预科 进修 学士"
    )
)
# 1 to 9 count along different lists; 21 and the like are of GB/T 4658.
_EDUCATION_NUMBERS = codes.EDUCATION_CODES | {
    Education.UNDERGRADUATE.value: "21",
}
_DEGREE = re.compile(
    r"(?:(?:哲学|经济学|法学|教育学|文学|历史学|理学|工学|农学|医学|军事学|管理学|艺术学|交叉学科)?双?|[\u4e00-\u9fff·()、&及]{2,20})(?:博士|硕士|学士)"
)
_DEGREE_WORDS = {
    "mba": "工商管理硕士", "emba": "高级管理人员工商管理硕士", "mpa": "公共管理硕士", "mpacc": "会计硕士",
    "mem": "工程管理硕士",
    "phd": "博士", "ph.d": "博士", "ph.d.": "博士", "doctor": "博士", "doctorate": "博士", "master": "硕士",
    "master's": "硕士",
    "masters": "硕士", "bachelor": "学士", "bachelor's": "学士", "bachelors": "学士", "博士研究生": "博士",
    "硕士研究生": "硕士",
    "工商管理硕士mba": "工商管理硕士", "mba硕士": "工商管理硕士",
}  # fmt: skip
_SUBJECTS = (
    r"(?:哲学|经济学|法学|教育学|文学|历史学|理学|工学|农学|医学|军事学|管理学|艺术学"
    r"|法律|教育|工程|建筑学?|临床医学|工商管理|农业推广|兽医|公共管理|口腔医学|公共卫生|会计|金融|艺术)?"
)
_TOGETHER = re.compile(rf"(.+?)({_SUBJECTS}(?:博士|硕士|学士)(?:学位)?)")


def _level(text):
    """The level of education `text` names, or None."""
    for candidate in (text, _STUDY_END.sub("", text), _STUDY_WAY.sub("", _STUDY_END.sub("", text))):
        if found := _LEVELS.get(candidate) or _LEVELS.get(candidate.lower()):
            return found
    return None


def _degree(text):
    text = text.removesuffix("学位")
    if found := _DEGREE_WORDS.get(text.lower()):
        return found
    bare = BRACKETS.sub("", text)
    if found := _DEGREE_WORDS.get(bare.lower()):
        return found
    if _DEGREE.fullmatch(bare) and "研究生" not in bare and "本科" not in bare and "大学" not in bare[:2]:
        return bare
    return None


def read_education(value, *, fused=False, key="education"):
    """(level, degree) of a cell; either may be "". In a `fused` column a degree may stand alone."""
    text = squeeze(value)
    found = _level(text)
    if found:
        return found, ""
    if text.lower() in _UNCLEAR_LEVELS and not (fused and _degree(text)):
        raise unclear(key, value)
    if text.isdecimal():
        found = look_up(key, value, {}, _EDUCATION_NUMBERS)
        return found, ""
    match = CODED.match(text)
    if match and match[1].isdecimal() and (found := _level(text[match.end() :])):
        code = _EDUCATION_NUMBERS.get(found, "")
        if len(match[1]) == 2 and match[1][0] != code[:1]:
            raise unclear(key, value)
        return found, ""
    if match and LETTER.match(text) and (found := _level(text[match.end() :])):
        return found, ""
    parts = [part for part in re.split(r"[/、,;+|()\\]|及|和", text) if part]
    if len(parts) == 1:
        if fused and (degree := _degree(text)):
            return "", degree
        together = _TOGETHER.fullmatch(text)
        parts = list(together.groups()) if together and _level(together[1]) else parts
    if len(parts) == 2:
        level, degree = _level(parts[0]), _degree(parts[1])
        if level and degree and _fits(level, degree):
            return level, degree
        level, degree = _level(parts[1]), _degree(parts[0])
        if level and degree and _fits(level, degree):
            return level, degree
    if any(word in text for word in ("肄业", "结业", "在读", "辍学", "未毕业")) or (
        len(parts) > 1 and all(map(_level, parts))
    ):
        raise unclear(key, value)
    raise unknown(key, value)


def _fits(level, degree):
    """Words like 硕士 name a level as well as a degree; a pair must not say the same word twice over."""
    return not (level == Education.MASTER.value and degree.endswith("学士"))


def read_degree(value):
    text = squeeze(value)
    match = LETTER.match(text)
    found = _degree(text[match.end() :] if match else text)
    if found is None:
        if "/" in text or "、" in text:
            raise unclear("degree", value)
        raise unknown("degree", value)
    return found
