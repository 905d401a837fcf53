"""Values of the lists (sex, ethnic group, political status, education …) as people write them.

Each reader takes the text of a cell and returns what it means, or raises Doubt. `Understood.outdated` tells
that the wording is an old, short or mistyped one.
"""

import re
from dataclasses import dataclass

from members import codes
from members.codes import Category, Education, IdKind, PoliticalStatus, Sex, Status, TitleLevel
from members.roster.contract import HEADERS
from members.roster.messages import QUESTION, REFUSED, Doubt
from members.roster.text import squeeze

# 13-群众, （13）群众, A.男, 3、自由职业人员: a code before the name.
_CODED = re.compile(r"^[(\[]?(\d{1,3}|[A-Za-z])[)\]]?\s*[-—–.、:,_)]*\s*(?=[^\d\s\-—–.、:,_)])")
_LETTER = re.compile(r"^[A-Za-z][.、:)]")
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Understood:
    value: str
    outdated: bool = False


def _unknown(key, value):
    return Doubt(REFUSED, "unknown_value", variant="list", value=value, list=HEADERS[key])


def _unclear(key, value):
    return Doubt(QUESTION, "unclear_value", value=value, list=HEADERS[key])


def _words(text):
    return text.split()


def _read(key, value, words, numbers=None):
    """Look `value` up in `words`, also behind a code; `numbers` are the codes of a national standard by name."""
    text = squeeze(value)
    found = words.get(text) or words.get(text.lower())
    if found is not None:
        return found
    if numbers and text.isdecimal():
        names = {code: name for name, code in numbers.items()}
        # One digit may count along any list of the day; two are those of the standard.
        if len(text) == 2 and text in names:
            return names[text]
        raise _unclear(key, value)
    match = _CODED.match(text)
    if not match or (match[1].isalpha() and not _LETTER.match(text)):
        return None
    found = words.get(text[match.end() :])
    if found is None:
        return None
    code = numbers.get(found if isinstance(found, str) else found.value) if numbers else None
    if code and match[1].isdecimal() and int(match[1]) != int(code):
        raise _unclear(key, value)
    return found


_SEXES = {
    word: sex
    for sex, words in {
        Sex.MALE.value: "男 男性 男士 先生 1 m male 男生 男同志 mr mr.",
        Sex.FEMALE.value: "女 女性 女士 2 f female 女生 女同志 小姐 ms ms. mrs",
    }.items()
    for word in words.split()
}


def read_sex(value):
    found = _read("sex", value, _SEXES)
    if found is None:
        raise _unknown("sex", value)
    return Understood(found)


_ENGLISH_GROUPS = {
    "han": "汉族", "hanchinese": "汉族", "hui": "回族", "manchu": "满族", "zhuang": "壮族", "miao": "苗族",
    "tujia": "土家族", "tibetan": "藏族", "uyghur": "维吾尔族", "mongol": "蒙古族", "mongolian": "蒙古族",
    "korean": "朝鲜族", "yi": "彝族", "dong": "侗族", "yao": "瑶族", "bai": "白族", "buyei": "布依族",
    "hani": "哈尼族", "li": "黎族", "kazakh": "哈萨克族", "dai": "傣族",
}  # fmt: skip
_OLD_GROUPS = {
    "毛难族": "毛南族", "崩龙族": "德昂族", "傈傈族": "傈僳族", "僳僳族": "傈僳族", "栗僳族": "傈僳族", "傈粟族": "傈僳族",
    "达翰尔族": "达斡尔族", "达幹尔族": "达斡尔族", "达干尔族": "达斡尔族", "仡老族": "仡佬族", "仫老族": "仫佬族",
    "佬族": "仡佬族", "布衣族": "布依族", "土家簇": "土家族", "汉簇": "汉族", "维族": "维吾尔族", "哈族": "哈萨克族",
    "蒙族": "蒙古族", "畬族": "畲族", "佘族": "畲族", "鄂温克": "鄂温克族", "乌兹别克族": "乌孜别克族", "柯尔克族": "柯尔克孜族",
    "民家族": "白族", "攸乐族": "基诺族", "朝鲜": "朝鲜族", "撒尼族": "彝族", "仲家族": "布依族",
}  # fmt: skip
_GROUPS = {}
for _name in codes.Ethnicity.values:
    _GROUPS[_name] = _name
    if _name.endswith("族"):
        _GROUPS[_name[:-1]] = _name
_OUTDATED_GROUPS = {}
for _old, _name in _OLD_GROUPS.items():
    for _word in (_old, _old.removesuffix("族")):
        if _word and _word not in _GROUPS:
            _OUTDATED_GROUPS[_word] = _name
del _OUTDATED_GROUPS["佬"]
_GROUPS |= _ENGLISH_GROUPS | {
    "其它": "其他", "外国血统": "外国血统中国籍人士", "外国血统中国籍": "外国血统中国籍人士", "外国血统中国人士": "外国血统中国籍人士",
    "入籍": "外国血统中国籍人士", "其他民族": "其他", "未识别民族": "其他",
}  # fmt: skip
_ALL_GROUPS = {word: Understood(name) for word, name in _GROUPS.items()} | {
    word: Understood(name, True) for word, name in _OUTDATED_GROUPS.items()
}


def read_ethnicity(value):
    found = _read("ethnicity", value, _ALL_GROUPS, codes.ETHNICITY_CODES)
    if found is None:
        # 汉族（汉）, 回族(少数民族)
        found = _ALL_GROUPS.get(_BRACKETS.sub("", squeeze(value)))
    if found is None:
        raise _unknown("ethnicity", value)
    return found if isinstance(found, Understood) else Understood(found)


_PARTY_NAMES = {
    PoliticalStatus.RCCK.value: "民革 中国国民党革命委员会 国民党革命委员会",
    PoliticalStatus.CDL.value: "民盟 中国民主同盟 民主同盟",
    PoliticalStatus.CNDCA.value: "民建 中国民主建国会 民主建国会",
    PoliticalStatus.CAPD.value: "民进 中国民主促进会 民主促进会",
    PoliticalStatus.CPWDP.value: "农工党 农工 中国农工民主党 农工民主党 农工民主 中国农工党",
    PoliticalStatus.ZHI_GONG.value: "致公党 致公 中国致公党",
    PoliticalStatus.JIUSAN.value: "九三学社 九三 中国九三学社 93学社",
    PoliticalStatus.TDSL.value: "台盟 台湾民主自治同盟 中国台湾民主自治同盟",
    PoliticalStatus.CPC.value: "中共 中国共产党 共产党",
}
# Every pairing of a party with these is accepted: 民盟党员 is wrong, and understood.
_PARTY_SUFFIXES = ("", "党员", "会员", "盟员", "社员", "成员", "员", "正式党员", "党党员")
_PARTIES = {
    name + suffix: value
    for value, names in _PARTY_NAMES.items()
    for name in names.split()
    for suffix in _PARTY_SUFFIXES
}
_PARTIES |= {
    word: value
    for value, words in {
        PoliticalStatus.CPC.value: "党员 正式党员 中共正式党员 共产党员 中国共产党员 中共党 cpcmember cpc ccpmember partymember "
        "memberofthecpc communistpartymember",
        PoliticalStatus.CPC_PROBATIONARY.value: "预备党员 中共预备党员 中国共产党预备党员 中共党员(预备) 中共党员(预备期) 党员(预备) "
        "共产党预备党员 中共党员预备 probationarycpcmember",
        PoliticalStatus.YOUTH_LEAGUE.value: "团员 共青团员 中国共产主义青年团团员 共青团 共产主义青年团团员 中国共青团员 中国共产主义青年团员 "
        "leaguemember youthleaguemember",
        PoliticalStatus.RCCK.value: "民革成员",
        PoliticalStatus.CPWDP.value: "农工民主党员 农工党员",
        PoliticalStatus.ZHI_GONG.value: "致公党员",
        PoliticalStatus.JIUSAN.value: "九三社员 九三学社社员",
        PoliticalStatus.NON_PARTISAN.value: "无党派 无党派人士 无党派民主人士 无党派代表人士 nonpartisan non-partisan independent",
        PoliticalStatus.MASSES.value: "群众 普通公民 普通群众 公民 一般群众 群众(公民) 群众普通公民 群众(普通公民) 群從 群种 masses "
        "themasses citizen generalpublic",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNCLEAR_PARTIES = frozenset(
    _words(
        "无 暂无 没有 无党 非党员 非中共党员 非党 党外 党外人士 党外知识分子 民主党派 民主党派成员 "
        "民主党派人士 其他 其它 其他党派 "
        "入党积极分子 积极分子 发展对象 申请入党 退党 脱党 不详 未知 无政治面貌 none"
    )
)
_PARTY_DATE = re.compile(
    r"[(\[]?((?:19|20)\d\d(?:[./\-年]\d{1,2}(?:月|[./\-月]\d{1,2}日?)?)?年?)(?:加入|入党|入会|入盟|入社)?[)\]]?"
)


@dataclass(frozen=True, slots=True)
class Parties:
    values: tuple[str, ...]
    joined: str = ""
    """The text of a date that stands with the first party."""


def read_parties(value, *, key="political_status"):
    """The parties named in a cell, most often one: 中共党员、民建会员 are two."""
    text = squeeze(value)
    found = _party(key, value)
    if found:
        return Parties((found,))
    if text in _UNCLEAR_PARTIES or text.lower() in _UNCLEAR_PARTIES:
        raise _unclear(key, value)
    words = value.split()
    if len(words) == 2 and all(_party(key, word) for word in words):
        text = "、".join(map(squeeze, words))
    dates = _PARTY_DATE.findall(text)
    text = _PARTY_DATE.sub("", text).replace("加入", "") if dates else text
    parts = [
        part
        for part in re.split(
            r"[、,;/+&()|]|(?<=[员士社])[及和兼](?=.)|(?<=[员士])(?=中共|民|农工|致公|九三|台盟)", text
        )
        if part
    ]
    found = [_party(key, part) for part in parts]
    if not found or None in found or len(set(found)) != len(found) or len(found) > 2:
        raise _unknown(key, value)
    return Parties(tuple(found), dates[0] if dates else "")


def _party(key, text):
    return _read(key, text, _PARTIES, codes.POLITICAL_STATUS_CODES)


_LEVELS = {
    word: level
    for level, words in {
        Education.DOCTORAL.value: "博士研究生 博士 博士生 博士后 博士研究生教育 doctor doctorate phd ph.d ph.d. doctoral",
        Education.MASTER.value: "硕士研究生 硕士 硕士生 硕士研究生教育 master masters master's",
        Education.POSTGRADUATE.value: "研究生 研究生教育 研究生班 研究生课程班 postgraduate",
        Education.UNDERGRADUATE.value: "大学本科 本科 大学 本科生 大本 大学本科教育 大学普通班 专升本 大学(本科) 本科(大学) 大学本科生 "
        "本科大学 二本 一本 三本 双本科 bachelor bachelors bachelor's undergraduate university",
        Education.COLLEGE.value: "大学专科 大专 专科 大学专科教育 高职 高职高专 高专 大专生 高职专科 大学大专 大专专科 高等专科 专科生 高职(专科) "
        "高职(大专) 大学(专科) 大专(高职) juniorcollege college associate",
        Education.SECONDARY_SPECIALIZED.value: "中专 中等专科 中师 中等师范 中专生 中等专业学校 中等专业 secondaryspecialized",
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
    _words(
        "函授 自考 成人教育 电大 党校 在职 全日制 中职 中等职业教育 中学 高等教育 mba emba mpa 技师学院 同等学力 预科 进修 学士"
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
    "mba": "工商管理硕士", "emba": "高级管理人员工商管理硕士", "mpa": "公共管理硕士", "mpacc": "会计硕士", "mem": "工程管理硕士",
    "phd": "博士", "ph.d": "博士", "ph.d.": "博士", "doctor": "博士", "doctorate": "博士", "master": "硕士", "master's": "硕士",
    "masters": "硕士", "bachelor": "学士", "bachelor's": "学士", "bachelors": "学士", "博士研究生": "博士", "硕士研究生": "硕士",
    "工商管理硕士mba": "工商管理硕士", "mba硕士": "工商管理硕士",
}  # fmt: skip
_SUBJECTS = r"(?:哲学|经济学|法学|教育学|文学|历史学|理学|工学|农学|医学|军事学|管理学|艺术学|法律|教育|工程|建筑学?|临床医学|工商管理|农业推广|兽医|公共管理|口腔医学|公共卫生|会计|金融|艺术)?"
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
    bare = _BRACKETS.sub("", text)
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
        raise _unclear(key, value)
    if text.isdecimal():
        found = _read(key, value, {}, _EDUCATION_NUMBERS)
        return found, ""
    match = _CODED.match(text)
    if match and match[1].isdecimal() and (found := _level(text[match.end() :])):
        code = _EDUCATION_NUMBERS.get(found, "")
        if len(match[1]) == 2 and match[1][0] != code[:1]:
            raise _unclear(key, value)
        return found, ""
    if match and _LETTER.match(text) and (found := _level(text[match.end() :])):
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
        raise _unclear(key, value)
    raise _unknown(key, value)


def _fits(level, degree):
    """Words like 硕士 name a level as well as a degree; a pair must not say the same word twice over."""
    return not (level == Education.MASTER.value and degree.endswith("学士"))


def read_degree(value):
    text = squeeze(value)
    match = _LETTER.match(text)
    found = _degree(text[match.end() :] if match else text)
    if found is None:
        if "/" in text or "、" in text:
            raise _unclear("degree", value)
        raise _unknown("degree", value)
    return found


_TITLE_LEVELS = {
    word: Understood(level)
    for level, words in {
        TitleLevel.SENIOR.value: "正高级 正高 正高级职称 正高职称 高级(正高) 高级(正高级) 正高级别 senior",
        TitleLevel.ASSOCIATE_SENIOR.value: "副高级 副高 副高级职称 副高职称 高级(副高) 高级(副高级) 副高级别 associatesenior",
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
    text = _BRACKETS.sub("", text)
    if text in _INTERMEDIATE_NAMES or _ART_THIRD.fullmatch(text):
        return TitleLevel.INTERMEDIATE.value
    for pattern, level in _TITLE_ENDS:
        if pattern.fullmatch(text):
            return level
    return ""


def read_title_level(value):
    found = _read("title_level", value, _TITLE_LEVELS)
    if found is None:
        if squeeze(value) in ("高级", "高级职称", "高"):
            raise _unclear("title_level", value)
        level = title_level_of(value)
        if not level:
            raise _unknown("title_level", value)
        found = Understood(level)
    return found


_CATEGORIES = {word: Understood(word) for word in Category.values}
# Today's terms without a word or two, the wording of the trial regulations of 2015, and everyday short names.
_CATEGORIES |= {
    word: Understood(category, True)
    for category, words in {
        Category.ENTERPRISE.value: "管理技术人员 企业管理技术人员 民营企业管理技术人员 民营企业和外商投资企业的管理技术人员 私营企业和外资企业的管理技术人员 "
        "私营企业和外资企业管理技术人员 私营企业管理技术人员 外资企业管理技术人员 "
        "外商投资企业管理技术人员 私营企业的管理技术人员 外资企业的管理技术人员 "
        "民营企业和外资企业管理技术人员 民营企业和外资企业的管理技术人员 民营外资企业管理技术人员 "
        "民营企业外商投资企业管理技术人员 民企 外企 民营企业 私营企业 外资企业 "
        "外商投资企业 私企 民营企业和外商投资企业 私营企业和外资企业 民企外企管理技术人员 "
        "民营企业、外商投资企业管理技术人员 民营企业的管理技术人员 管理技术人才 "
        "民营企业管理人员 民营企业技术人员 外资企业管理人员 外资企业技术人员 企业管理和技术人员 "
        "民营企业和外商投资企业管理人员和技术人员 民企管理技术人员 外企管理技术人员 "
        "私营企业、外资企业管理技术人员 民营企业高级管理人员 民营企业管理技术人才 私企管理技术人员 "
        "民营企业管理和技术人员 民营企业和外商投资企业管理技术人员类 "
        "民营企业和外商投资企业管理和技术人员 私营企业、外商投资企业管理技术人员 "
        "私营企业和外商投资企业管理技术人员 外商投资企业的管理技术人员",
        Category.ORGANIZATION.value: "中介组织从业人员 社会组织从业人员 中介和社会组织从业人员 中介组织和社会组织 中介组织 社会组织 中介和社会组织 中介组织负责人 "
        "社会组织负责人 中介机构从业人员 中介机构 中介、社会组织从业人员 中介组织及社会组织从业人员 "
        "社会组织和中介组织从业人员 中介组织、社会组织从业人员 中介从业人员 "
        "中介组织从业者 社会组织从业者 中介组织和社会组织从业者 中介组织和社会组织人员 中介组织人员 "
        "社会组织人员 中介人员 中介社会组织 中介组织与社会组织从业人员 社会组织工作人员 "
        "中介机构负责人 中介及社会组织从业人员 中介组织工作人员 中介机构和社会组织从业人员 "
        "中介组织社会组织从业人员 中介组织和社会组织从业人士 中介组织和社会组织负责人 "
        "中介社会组织从业人员",
        Category.FREELANCE.value: "自由职业者 自由职业 自由职业人士 自由职业人员类 自由职业从业人员 自由职业者人员 自由职业从业者 freelancer",
        Category.NEW_MEDIA.value: "新媒体 新媒体从业者 新媒体人员 新媒体机构负责人 新媒体从业人士 新媒体负责人 新媒体工作者 新媒体行业从业人员 新媒体从业 新媒体代表人士 网络新媒体 "
        "新媒体人士 新媒体行业 新媒体企业负责人 新媒体机构从业人员 自媒体从业人员 新媒体运营人员 "
        "网络新媒体从业人员 新媒体类",
    }.items()
    for word in words.split()
}
_CATEGORY_CODES = codes.CATEGORY_CODES


def category_of(text):
    """The Understood category that `text` names, or None."""
    found = _read("category", text, _CATEGORIES, _CATEGORY_CODES) if not text.strip().isdecimal() else None
    if found is None:
        bare = _BRACKETS.sub("", squeeze(text)).removesuffix("类").replace("“", "").replace("”", "")
        found = _CATEGORIES.get(bare)
        if found and not found.outdated and bare != squeeze(text).removesuffix("类"):
            found = Understood(found.value)
    return found


def read_category(value):
    text = squeeze(value)
    if text.isdecimal():
        raise _unclear("category", value)
    found = category_of(value)
    if found is None:
        parts = re.split(r"[、,;/+]", text)
        if len(parts) > 1 and all(category_of(part) for part in parts):
            values = {category_of(part).value for part in parts}
            if len(values) == 1:
                return Understood(values.pop(), True)
            raise _unclear("category", value)
        raise _unknown("category", value)
    return found


_ID_KINDS = {
    word: kind
    for kind, words in {
        IdKind.RESIDENT_CARD.value: "居民身份证 身份证 二代身份证 第二代身份证 中华人民共和国居民身份证 公民身份证 二代居民身份证 第二代居民身份证 大陆身份证 内地身份证 "
        "大陆居民身份证 内地居民身份证 idcard residentidcard identitycard",
        IdKind.HK_MACAO_RESIDENCE.value: "港澳居民居住证 港澳居住证 香港居民居住证 澳门居民居住证 中华人民共和国港澳居民居住证",
        IdKind.TAIWAN_RESIDENCE.value: "台湾居民居住证 台湾居住证 中华人民共和国台湾居民居住证 台胞居住证",
        IdKind.FOREIGN_PERMANENT.value: "外国人永久居留身份证 外国人永久居留证 永久居留身份证 外国人居留证 外国人永久居住证 中国绿卡",
        IdKind.PASSPORT.value: "护照 外国护照 中国护照 因私护照 普通护照 passport",
        IdKind.OTHER.value: "其他 其它 其他证件 港澳居民来往内地通行证 台湾居民来往大陆通行证 港澳通行证 回乡证 台胞证 往来港澳通行证 来往内地通行证 外国人工作许可证 "
        "军官证 士兵证 警官证 港澳台通行证 港澳居民通行证 other",
    }.items()
    for word in words.split()
}


def read_id_kind(value):
    found = _read("id_kind", value, _ID_KINDS) or _ID_KINDS.get(_BRACKETS.sub("", squeeze(value)))
    if found is None:
        raise _unknown("id_kind", value)
    return Understood(found)


_STATUSES = {
    word: status
    for status, words in {
        Status.APPLIED.value: "申请 申请中 待审 待审批 待审核 审核中 拟入会 待批准 已申请 入会申请 申请入会 待入会 预备会员 审批中 applied pending",
        Status.ACTIVE.value: "在册 正常 在会 有效 在籍 在册会员 正式会员 正常在册 已入会 会员 现任 在职会员 已批准 active registered normal",
        Status.SUSPENDED.value: "停权 暂停 停权中 暂停会籍 暂停会员资格 中止 暂停权利 停止权利 suspended",
        Status.WITHDRAWN.value: "退会 已退会 自动退会 申请退会 主动退会 退出 离会 已退出 自愿退会 withdrawn",
        Status.EXPELLED.value: "除名 已除名 开除 劝退 已开除 开除会籍 expelled",
        Status.DECEASED.value: "去世 已去世 已故 逝世 病故 死亡 已逝世 已死亡 过世 亡故 deceased",
        Status.TRANSFERRED.value: "转出 已转出 转会 调出 已转会 转往外地 迁出 已调出 transferred transferredout",
    }.items()
    for word in words.split()
}


def read_status(value):
    found = _read("status", value, _STATUSES)
    if found is None:
        raise _unknown("status", value)
    return Understood(found)
