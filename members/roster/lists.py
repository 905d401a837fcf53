"""Sex, ethnic group, category, kind of document and membership status as people write them.

Each reader takes the text of a cell and returns an `Understood`, or raises Doubt.
"""

import re

from members import codes
from members.codes import Category, IdKind, Sex, Status
from members.roster.choices import BRACKETS, Understood, look_up, unclear, unknown
from members.roster.text import squeeze

_SEXES = {
    word: sex
    for sex, words in {
        Sex.MALE.value: "男 男性 男士 先生 1 m male 男生 男同志 mr mr.",
        Sex.FEMALE.value: "女 女性 女士 2 f female 女生 女同志 小姐 ms ms. mrs",
    }.items()
    for word in words.split()
}


def read_sex(value):
    found = look_up("sex", value, _SEXES)
    if found is None:
        raise unknown("sex", value)
    return Understood(found)


_ENGLISH_GROUPS = {
    "han": "汉族", "hanchinese": "汉族", "hui": "回族", "manchu": "满族", "zhuang": "壮族", "miao": "苗族",
    "tujia": "土家族", "tibetan": "藏族", "uyghur": "维吾尔族", "mongol": "蒙古族", "mongolian": "蒙古族",
    "korean": "朝鲜族", "yi": "彝族", "dong": "侗族", "yao": "瑶族", "bai": "白族", "buyei": "布依族",
    "hani": "哈尼族", "li": "黎族", "kazakh": "哈萨克族", "dai": "傣族",
}  # fmt: skip
_OLD_GROUPS = {
    "毛难族": "毛南族", "崩龙族": "德昂族", "傈傈族": "傈僳族", "僳僳族": "傈僳族", "栗僳族": "傈僳族",
    "傈粟族": "傈僳族",
    "达翰尔族": "达斡尔族", "达幹尔族": "达斡尔族", "达干尔族": "达斡尔族", "仡老族": "仡佬族", "仫老族": "仫佬族",
    "佬族": "仡佬族", "布衣族": "布依族", "土家簇": "土家族", "汉簇": "汉族", "维族": "维吾尔族", "哈族": "哈萨克族",
    "蒙族": "蒙古族", "畬族": "畲族", "佘族": "畲族", "鄂温克": "鄂温克族", "乌兹别克族": "乌孜别克族",
    "柯尔克族": "柯尔克孜族",
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
    "其它": "其他", "外国血统": "外国血统中国籍人士", "外国血统中国籍": "外国血统中国籍人士",
    "外国血统中国人士": "外国血统中国籍人士",
    "入籍": "外国血统中国籍人士", "其他民族": "其他", "未识别民族": "其他",
}  # fmt: skip
_ALL_GROUPS = {word: Understood(name) for word, name in _GROUPS.items()} | {
    word: Understood(name, True) for word, name in _OUTDATED_GROUPS.items()
}


def read_ethnicity(value):
    found = look_up("ethnicity", value, _ALL_GROUPS, codes.ETHNICITY_CODES)
    if found is None:
        # 汉族（汉）, 回族(少数民族)
        found = _ALL_GROUPS.get(BRACKETS.sub("", squeeze(value)))
    if found is None:
        raise unknown("ethnicity", value)
    return found if isinstance(found, Understood) else Understood(found)


_CATEGORIES = {word: Understood(word) for word in Category.values}
# Today's terms without a word or two, the wording of the trial regulations of 2015, and everyday short names.
_CATEGORIES |= {
    word: Understood(category, True)
    for category, words in {
        Category.ENTERPRISE.value: "管理技术人员 企业管理技术人员 民营企业管理技术人员 "
        "民营企业和外商投资企业的管理技术人员 私营企业和外资企业的管理技术人员 "
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
        Category.ORGANIZATION.value: "中介组织从业人员 社会组织从业人员 中介和社会组织从业人员 "
        "中介组织和社会组织 中介组织 社会组织 中介和社会组织 中介组织负责人 "
        "社会组织负责人 中介机构从业人员 中介机构 中介、社会组织从业人员 中介组织及社会组织从业人员 "
        "社会组织和中介组织从业人员 中介组织、社会组织从业人员 中介从业人员 "
        "中介组织从业者 社会组织从业者 中介组织和社会组织从业者 中介组织和社会组织人员 中介组织人员 "
        "社会组织人员 中介人员 中介社会组织 中介组织与社会组织从业人员 社会组织工作人员 "
        "中介机构负责人 中介及社会组织从业人员 中介组织工作人员 中介机构和社会组织从业人员 "
        "中介组织社会组织从业人员 中介组织和社会组织从业人士 中介组织和社会组织负责人 "
        "中介社会组织从业人员",
        Category.FREELANCE.value: "自由职业者 自由职业 自由职业人士 自由职业人员类 自由职业从业人员 "
        "自由职业者人员 自由职业从业者 freelancer",
        Category.NEW_MEDIA.value: "新媒体 新媒体从业者 新媒体人员 新媒体机构负责人 新媒体从业人士 "
        "新媒体负责人 新媒体工作者 新媒体行业从业人员 新媒体从业 新媒体代表人士 网络新媒体 "
        "新媒体人士 新媒体行业 新媒体企业负责人 新媒体机构从业人员 自媒体从业人员 新媒体运营人员 "
        "网络新媒体从业人员 新媒体类",
    }.items()
    for word in words.split()
}
_CATEGORY_CODES = codes.CATEGORY_CODES


def category_of(text):
    """The Understood category that `text` names, or None."""
    found = look_up("category", text, _CATEGORIES, _CATEGORY_CODES) if not text.strip().isdecimal() else None
    if found is None:
        bare = BRACKETS.sub("", squeeze(text)).removesuffix("类").replace("“", "").replace("”", "")
        found = _CATEGORIES.get(bare)
        if found and not found.outdated and bare != squeeze(text).removesuffix("类"):
            found = Understood(found.value)
    return found


def read_category(value):
    text = squeeze(value)
    if text.isdecimal():
        raise unclear("category", value)
    found = category_of(value)
    if found is None:
        parts = re.split(r"[、,;/+]", text)
        if len(parts) > 1 and all(category_of(part) for part in parts):
            values = {category_of(part).value for part in parts}
            if len(values) == 1:
                return Understood(values.pop(), True)
            raise unclear("category", value)
        raise unknown("category", value)
    return found


_ID_KINDS = {
    word: kind
    for kind, words in {
        IdKind.RESIDENT_CARD.value: "居民身份证 身份证 二代身份证 第二代身份证 中华人民共和国居民身份证 "
        "公民身份证 二代居民身份证 第二代居民身份证 大陆身份证 内地身份证 "
        "大陆居民身份证 内地居民身份证 idcard residentidcard identitycard",
        IdKind.HK_MACAO_RESIDENCE.value: "港澳居民居住证 港澳居住证 香港居民居住证 澳门居民居住证 "
        "中华人民共和国港澳居民居住证",
        IdKind.TAIWAN_RESIDENCE.value: "台湾居民居住证 台湾居住证 中华人民共和国台湾居民居住证 台胞居住证",
        IdKind.FOREIGN_PERMANENT.value: "外国人永久居留身份证 外国人永久居留证 永久居留身份证 外国人居留证 "
        "外国人永久居住证 中国绿卡",
        IdKind.PASSPORT.value: "护照 外国护照 中国护照 因私护照 普通护照 passport",
        IdKind.OTHER.value: "其他 其它 其他证件 港澳居民来往内地通行证 台湾居民来往大陆通行证 港澳通行证 "
        "回乡证 台胞证 往来港澳通行证 来往内地通行证 外国人工作许可证 "
        "军官证 士兵证 警官证 港澳台通行证 港澳居民通行证 other",
    }.items()
    for word in words.split()
}


def read_id_kind(value):
    found = look_up("id_kind", value, _ID_KINDS) or _ID_KINDS.get(BRACKETS.sub("", squeeze(value)))
    if found is None:
        raise unknown("id_kind", value)
    return Understood(found)


_STATUSES = {
    word: status
    for status, words in {
        Status.APPLIED.value: "申请 申请中 待审 待审批 待审核 审核中 拟入会 待批准 已申请 入会申请 申请入会 "
        "待入会 预备会员 审批中 applied pending",
        Status.ACTIVE.value: "在册 正常 在会 有效 在籍 在册会员 正式会员 正常在册 已入会 会员 现任 在职会员 "
        "已批准 active registered normal",
        Status.SUSPENDED.value: "停权 暂停 停权中 暂停会籍 暂停会员资格 中止 暂停权利 停止权利 suspended",
        Status.WITHDRAWN.value: "退会 已退会 自动退会 申请退会 主动退会 退出 离会 已退出 自愿退会 withdrawn",
        Status.EXPELLED.value: "除名 已除名 开除 劝退 已开除 开除会籍 expelled",
        Status.DECEASED.value: "去世 已去世 已故 逝世 病故 死亡 已逝世 已死亡 过世 亡故 deceased",
        Status.TRANSFERRED.value: "转出 已转出 转会 调出 已转会 转往外地 迁出 已调出 transferred transferredout",
    }.items()
    for word in words.split()
}


def read_status(value):
    found = look_up("status", value, _STATUSES)
    if found is None:
        raise unknown("status", value)
    return Understood(found)
