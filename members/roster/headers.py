"""What a header says: which field of a roster a column holds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from members.roster.text import squeeze


@dataclass(frozen=True, slots=True)
class Meaning:
    fields: tuple[str, ...] = ()
    """The field, or the two fields of a fused column."""
    ignored: bool = False
    loose: bool = False
    """Another column may mean the field more clearly, or the cells may say otherwise."""
    kind: str = ""
    """Reads the cells in its own way: `cpc_question`; or is part of a text with others: `subject`, `name_part`."""
    is_chosen: bool = False
    """By staff; it wins over what the reader thinks of other columns."""

    @property
    def field(self):
        return self.fields[0] if self.fields else None


UNKNOWN = Meaning()
_BRACKETS = re.compile(r"[(\[【〔{<《][^()\[\]【】〔〕{}<>《》]*[)\]】〕}>》]")
_OPEN_BRACKET = re.compile(r"[(\[【][^)\]】]*$")
_NUMBERING = re.compile(
    r"^(?:[*★※▲#]+|(?:第\d{1,2}题|q\d{1,2}|\(?\d{1,2}\)?|[一二三四五六七八九十]{1,2}|\([一二三四五六七八九十]{1,2}\))[.、:,)_]|第\d{1,2}题)+"
)
_MARKS = re.compile(r"^[*★※▲#:,、.]+|[*★※▲#:;,、.。?!_\-]+$")
_BEFORE = re.compile(
    r"^(?:请填写|请输入|请选择|填写|输入|您的|你的|您|本人的|本人|会员本人|个人|会员|委员|成员|人员|参会人员|被推荐人|申请人|推荐人选|人选|现任|现有|目前|当前|现|联系人本人)(?=..)"
)
_AFTER = re.compile(r"(?<=..)(?:信息|情况|名称|一栏|栏|填写|为必填|必填|选填|必填项|内容|是|为)$")
# Persons beside the member: whatever follows these words is not about the member.
_OTHER_PERSON = re.compile(
    r"联系人|联络人|紧急|应急|介绍人|推荐人|推荐单位|配偶|爱人|丈夫|妻子|子女|父亲|母亲|父母|家属|亲属|家庭成员|家庭主要成员|社会关系|监护人|担保人|经办人|填表人|填报人|制表人|审核人|"
    r"审批人|单位负责人|部门负责人|主管领导|分管领导|法人代表|法定代表人|法人姓名|法人|负责人|随行|陪同|司机|收件人|代领人|代办人|领导|直属上级|秘书姓名|助理姓名|对接人|称谓|与本人关系|"
    r"谈话人|证明人|入党介绍|培养人|emergency|spouse|referee|referrer|introducer|contactperson|guardian|legalrepresentative"
)
# Of these the columns beside tell as well: 联系人, and then the number under which that one is reached.
_CONTACT = re.compile(
    r"联系人|联络人|紧急|应急|配偶|爱人|丈夫|妻子|子女|父亲|母亲|父母|家属|亲属|监护人|emergency|spouse|guardian"
)
PERSONAL = frozenset(
    (
        "mobile",
        "office_phone",
        "employer",
        "position",
        "birth",
        "sex",
        "id_number",
        "political_status",
        "address",
        "email",
        "wechat",
    )
)
# Words of headers above: parents that say of whom or of which schooling the columns below speak.
_FULL_TIME = re.compile(r"全日制")
_IN_SERVICE = re.compile(r"在职(?!人员)")
_ASSOCIATION = re.compile(r"会内|新专联|新联会|新阶联|本会|协会|联合会|联谊会|理事会")
_PARTY = re.compile(r"党派|政治面貌|入党|政治")
_OFFICE = re.compile(r"办|办公|办公室|单位|座机|固话|固定电话|办公电话")
_MOBILE = re.compile(r"手机|移动|手机号码?")
# 姓名Name, 性别/Sex: the same twice.
_BILINGUAL = re.compile(r"([\u4e00-\u9fff]+)[/|(]?([a-z][a-z. '-]*)\)?")
_SCHOOLING = {
    "education": "education",
    "degree": "degree",
    "school": "school",
    "major": "school",
    "full_time_education": "education",
    "in_service_education": "education",
}
# Headers that repeat the parent's word in short.
_SHORT_CHILDREN = {
    ("联系方式", "手机"): "mobile",
    ("联系方式", "电话"): "mobile",
    ("联系方式", "固定电话"): "office_phone",
    ("联系电话", "办公"): "office_phone",
    ("联系电话", "单位"): "office_phone",
    ("联系方式", "办公"): "office_phone",
    ("联系电话", "移动"): "mobile",
    ("联系方式", "移动"): "mobile",
    ("电话", "办公"): "office_phone",
    ("电话", "单位"): "office_phone",
    ("电话", "办公室"): "office_phone",
    ("电话", "手机"): "mobile",
    ("电话", "移动"): "mobile",
    ("职称", "级别"): "title_level",
    ("职称", "等级"): "title_level",
    ("职称", "名称"): "title",
    ("职称情况", "级别"): "title_level",
    ("职称情况", "名称"): "title",
    ("专业技术职务", "级别"): "title_level",
    ("专业技术职务", "名称"): "title",
    ("工作单位及职务", "单位"): "employer",
    ("工作单位及职务", "职务"): "position",
    ("工作单位", "名称"): "employer",
    ("工作单位", "性质"): "employer_kind",
    ("工作单位", "职务"): "position",
    ("单位", "名称"): "employer",
    ("单位", "性质"): "employer_kind",
    ("单位情况", "名称"): "employer",
    ("单位情况", "性质"): "employer_kind",
    ("单位信息", "名称"): "employer",
    ("单位信息", "性质"): "employer_kind",
    ("证件", "类型"): "id_kind",
    ("证件", "种类"): "id_kind",
    ("证件", "号码"): "id_number",
    ("证件信息", "类型"): "id_kind",
    ("证件信息", "号码"): "id_number",
    ("身份证件", "类型"): "id_kind",
    ("身份证件", "种类"): "id_kind",
    ("身份证件", "号码"): "id_number",
    ("身份证", "号码"): "id_number",
    ("出生", "年月"): "birth",
    ("出生", "日期"): "birth",
    ("出生", "年月日"): "birth",
    ("政治", "面貌"): "political_status",
    ("文化", "程度"): "education",
    ("工作", "单位"): "employer",
    ("联系", "电话"): "mobile",
    ("联系", "方式"): "mobile",
    ("手机", "号码"): "mobile",
    ("入会", "时间"): "joined",
    ("入会", "日期"): "joined",
    ("参加", "工作时间"): "work_started",
    ("参加工作", "时间"): "work_started",
    ("入党", "时间"): "party_joined",
    ("第二党派", "名称"): "second_party",
    ("第二党派", "党派"): "second_party",
    ("第一党派", "名称"): "political_status",
    ("第一党派", "党派"): "political_status",
    ("党派", "名称"): "political_status",
    ("会员", "编号"): "number",
    ("会员", "姓名"): "name",
    ("所属", "类别"): "category",
    ("所属", "镇街"): "township",
    ("所在", "镇街"): "township",
}
# Of these a column below 全日制 or 在职 tells nothing.
_OF_SCHOOLING = frozenset(("school", "major", "education", "degree"))


def header_key(text):
    """The form in which a header is compared and remembered: no blanks, no case, one script and width."""
    return squeeze(text).lower()


def header_text(text):
    """A header as shown: on one line."""
    return "".join(text.split()) if not text.isascii() else " ".join(text.split())


class Headers:
    """What the headers of one kind of sheet mean."""

    def __init__(self, words, taught=None):
        """`words` are {header_key: Meaning}; `taught` those that staff chose, which go before all else."""
        self.taught = taught or {}
        self.words = words | self.taught
        self._own = words
        self._fields = frozenset(key for meaning in words.values() for key in meaning.fields)
        # each header is asked for many times while a table is looked for
        self.meaning_of = lru_cache(maxsize=4096)(self._meaning_of)
        self.meaning_below = lru_cache(maxsize=4096)(self._meaning_below)

    def teach(self, taught):
        """These headers with {header_key: Meaning} of further ones, or themselves if there are none."""
        return Headers(self._own, taught) if taught else self

    def is_label(self, text):
        """May this text, standing where names stand, be a header?"""
        return text in self.words or header_key(text) in self.words

    def is_contact(self, text):
        """Is this header about a relative or contact, whose own data may stand in the next columns?"""
        key = header_key(text)
        return bool(_CONTACT.search(key)) and not self.meaning_of(text).fields

    def _meaning_of(self, text):
        """The Meaning of one header cell, UNKNOWN for words of other things."""
        key = header_key(text)
        if not key or len(key) > 60:
            return UNKNOWN
        found = self.taught.get(key) or self._lookup(key)
        if found:
            return found
        if _OTHER_PERSON.search(key):
            return UNKNOWN
        for hint in _BRACKETS.findall(key):
            if found := self._hinted(hint[1:-1], key.replace(hint, "")):
                return found
        bare = _OPEN_BRACKET.sub("", _BRACKETS.sub("", key))
        for candidate in (key, bare):
            candidate = _MARKS.sub("", _NUMBERING.sub("", candidate))
            while candidate:
                found = self._lookup(candidate)
                if found:
                    return found
                shorter = _AFTER.sub("", _BEFORE.sub("", candidate, count=1), count=1)
                if shorter == candidate:
                    break
                candidate = shorter
        if match := _BILINGUAL.fullmatch(key):
            chinese, english = self.meaning_of(match[1]), self.meaning_of(match[2])
            if chinese.fields == english.fields or (chinese.ignored and english.ignored):
                return chinese
        *parents, leaf = re.split(r"[-—–_>]", key)
        return self.meaning_below(tuple(parents), leaf) if parents and leaf else UNKNOWN

    def _lookup(self, key):
        return self._own.get(key) or (self._own.get(key.rstrip(":")) if key.endswith(":") else None)

    def _hinted(self, hint, bare):
        """What a bracket changes: 学历（全日制）, 职务（会内）, 电话（办）; None if it is only a hint."""
        if _FULL_TIME.search(hint) or _IN_SERVICE.fullmatch(hint) or hint == "在职教育":
            return self.meaning_below((hint,), bare)
        own = self.meaning_of(bare)
        if own.field == "position" and _ASSOCIATION.search(hint):
            return self._known("association_posts")
        if own.field == "mobile":
            if _OFFICE.fullmatch(hint):
                return self._known("office_phone")
            if _MOBILE.fullmatch(hint):
                return Meaning(("mobile",))
            if re.search(r"宅|家", hint):
                return UNKNOWN
        return None

    def _known(self, field):
        """The Meaning of a field, UNKNOWN if sheets of this kind have none such."""
        return Meaning((field,)) if field in self._fields else UNKNOWN

    def _meaning_below(self, parents, text):
        """The Meaning of a header under other headers, `parents` from the top down (a tuple of texts)."""
        own = self.meaning_of(text)
        if not parents:
            return own
        keys = [header_key(parent) for parent in parents]
        above = "-".join(keys)
        whole = f"{above}-{header_key(text)}"
        if whole in self.taught:
            return self.taught[whole]
        if _OTHER_PERSON.search(above) and not _OTHER_PERSON.search(header_key(text)):
            return UNKNOWN
        schooling = (
            "full_time" if _FULL_TIME.search(whole) else "in_service" if _IN_SERVICE.search(whole) else ""
        )
        if schooling and f"{schooling}_education" in self._fields:
            above_it = [self.meaning_of(parent) for parent in parents]
            return _schooling(schooling, own, above_it, header_key(text))
        child = _MARKS.sub("", _BRACKETS.sub("", header_key(text)))
        for parent in reversed(keys):
            field = _SHORT_CHILDREN.get((_MARKS.sub("", _BRACKETS.sub("", parent)), child))
            if field in self._fields:
                return Meaning((field,))
        if own.field == "position" and _ASSOCIATION.search(above):
            return self._known("association_posts")
        if child in ("时间", "加入时间", "日期", "加入日期") and _PARTY.search(keys[-1]):
            return self._known("party_joined") if "第二" not in keys[-1] else UNKNOWN
        if own is UNKNOWN:
            joined = self.meaning_of("".join(keys[-1:]) + header_key(text))
            if joined is not UNKNOWN:
                return joined
        return own


def _schooling(way, own, above, key):
    """全日制教育 over 学历, 学位, 毕业院校系及专业; or 学历 over 全日制, 在职."""
    if own.fields in (("school", "major"), (f"{way}_school",)):
        return Meaning((f"{way}_school",))
    if own.field in _SCHOOLING and own.fields != (f"{way}_education", f"{way}_degree"):
        if own.fields == ("education", "degree"):
            return Meaning((f"{way}_education", f"{way}_degree"))
        return Meaning((f"{way}_{_SCHOOLING[own.field]}",), kind="subject" if own.field == "major" else "")
    if own.fields == (f"{way}_education", f"{way}_degree") or (own is UNKNOWN and key in ("全日制", "在职")):
        # The header itself only says 全日制教育: what of it, the header above tells.
        for meaning in reversed(above):
            if meaning.fields == ("education", "degree"):
                return Meaning((f"{way}_education", f"{way}_degree"))
            if meaning.fields == ("school", "major"):
                return Meaning((f"{way}_school",))
            if meaning.field in ("education", "degree", "school"):
                return Meaning((f"{way}_{meaning.field}",))
        return Meaning((f"{way}_education", f"{way}_degree"))
    return own if own.field and own.field not in _OF_SCHOOLING else UNKNOWN
