"""What kind of row this is: a person, or something that offices write between and below persons."""

import re

from members.roster.text import squeeze

TITLE, SUBHEADING, BLANK, SUBTOTAL, REPEATED_HEADER, NOTE = (
    "title", "subheading", "blank", "subtotal", "repeated_header", "note",
)  # fmt: skip

_SUBTOTAL = re.compile(
    r"^[(\[]?(?:本页|本表|本镇|本街道|全区|全会|以上|本组|分类)?(?:小计|合计|总计|共计|累计|总数|总人数|人数合计|人数小计|统计|计|人数)(?:[:：(\d共人]|$)|.{1,16}(?:小计|合计|总计|共计)(?:[:：(\d].*)?$|"
    r"^(?:以上)?共(?:计|有)?[:：]?\d+[人名位个]|^(?:平均年龄|男性?|女性?)[:：]\d|^(?:sub)?total\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^[*★※▲(\[【]*(?:备注|说明|填表说明|填报说明|注意|注意事项|注|附注|附|附件|附表|填表人|制表人?|审核人?|审批人?|填报人|经办人|联系人|联系电话|联系方式|复核人?|负责人|单位负责人|主管领导|分管领导|"
    r"统计人|登记人|录入人|校对人?|报送人|填表日期|填报日期|填报时间|填表时间|制表日期|制表时间|打印日期|打印时间|日期|时间|报送日期|报送单位|填报单位|单位盖章|盖章|签字|签章|领导签字|审核意见|"
    r"填表单位|制表单位|单位\(盖章\)|单位\(公章\)|名单截止|截至|截止|以上名单|以上人员|本表|此表|本名单|此名单|续表|接上页|转下页|未完待续|preparedby|note|notes|remark|source)(?:[:：(\d/]|$|.{0,4}[:：])|"
    r"^(?:以上|本表|此表|本名单|此名单|请|注[:：.、1-9]|备注[:：.、1-9]|说明[:：.、1-9]).{3,}|^第?\d+页|^第[一二三四五六七八九十]+页|^共\d+页|^-?\d+-$|^(?:以下空白|以下为空|此页无正文|end)$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"^[(\[【]?(?:填写|填表|填报)?(?:示例|样例|范例|举例|例|例如|例子|样本|example|sample)[)\]】]?(?:\d{0,2}|[:：,，].*|行|数据)$",
    re.IGNORECASE,
)
_EXAMPLE_NAME = re.compile(r".+[(\[【](?:示例|样例|范例|例|举例)[)\]】]$|^(?:示例|样例|范例)[:：]?.*")
_NUMBERED = re.compile(
    r"^(?:(?P<first>第?[一二三四五六七八九十百]{1,4}[、.．:：]|第[一二三四五六七八九十\d]+(?:类|组|部分|章|片区|支部|小组|分会|批|届))|(?P<second>[(（][一二三四五六七八九十]{1,3}[)）])|"
    r"(?P<third>\d{1,2}[、.．](?!\d))|(?P<fourth>[(（]\d{1,2}[)）])|(?P<mark>[★☆■□◆◇●○▲△※]))"
)
_COUNT = re.compile(r"[(（\[【]?\s*(?:共|计|合计)?[:：]?\s*\d+\s*(?:人|名|位|个)?\s*[)）\]】]?$")
_HEADING_END = re.compile(
    r"(?:街道|镇|乡|社区|村|片区|园区|新区|区|县|市|支部|支会|分会|小组|组|委员会|理事会|监事会|常务理事会?|类|人员|人士|成员|单位|名单|部|界别|界|机关|系统|行业|领域|企业|组织|中介|媒体|职业|律师|会计师|"
    r"负责人|班子|会长|理事|监事|秘书长|届|批次?|情况|信息|年度?)$"
)
_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_PERSON = re.compile(
    rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,12}}[·•・‧．.][{_HAN}·•・‧．.]{{1,20}}|[A-Za-z][A-Za-z .,'\-]{{1,60}}"
)
_ADDED_TO_NAME = re.compile(r"\s*[(（][^()（）\d]{1,8}[)）]$")
_NUMBERING = re.compile(r"^\d{1,3}\s*[.、．]\s*(?=\D)")
_NAME_MARKS = "*＊★☆△▲※#＃ "
_CHINESE_NUMBER = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?|[Ⅰ-Ⅻ]")
_NUMBER = re.compile(r"\d{1,6}(?:\.0)?[.、]?")


# Words like 小计, 审核人, 备注 end so; names that do are looked at more closely.
_SUSPICIOUS_ENDS = tuple("计数人表注明期间位章核例页批字长记道镇乡区组类员部会")
_PLAIN_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")


def is_plainly_person(text, words):
    """A short Chinese name that is no word of headers (`words`), sums or notes."""
    return (
        _PLAIN_PERSON.fullmatch(text) is not None
        and text not in words
        and not text.endswith(_SUSPICIOUS_ENDS)
    )


def looks_like_person(text):
    """Could this text, standing where names stand, be a name? 张三（女） and 李四* could."""
    text = _NUMBERING.sub("", _ADDED_TO_NAME.sub("", text.strip(_NAME_MARKS)))
    return bool(_PERSON.fullmatch(squeeze(text) if not text.isascii() else text))


def is_subtotal(text):
    return bool(_SUBTOTAL.search(squeeze(text)))


def is_note(text):
    return bool(_NOTE.search(squeeze(text)))


def is_example(text):
    return bool(_EXAMPLE.match(squeeze(text)))


def is_example_name(text):
    return bool(_EXAMPLE_NAME.match(squeeze(text)))


def is_number(text):
    return bool(_NUMBER.fullmatch(squeeze(text)))


def heading(text):
    """(level, words) of a subheading without its numbering and count; level 0 without numbering."""
    text = text.strip()
    match = _NUMBERED.match(text)
    level = 0
    if match:
        level = {"first": 1, "second": 2, "third": 3, "fourth": 4, "mark": 0}[match.lastgroup]
        if not match.group(match.lastgroup).startswith("第"):
            text = text[match.end() :]
    return level, _COUNT.sub("", text.strip()).strip(" :：")


def heading_in(texts):
    """The heading of a subheading's cells; its numbering may stand in a cell of its own."""
    if len(texts) > 1 and (_CHINESE_NUMBER.fullmatch(texts[0]) or is_number(texts[0])):
        return f"{texts[0].strip('()（）、.．')}、{texts[1]}"
    return texts[0]


def is_heading(text):
    """Does a text that stands alone in its row announce a group?"""
    level, words = heading(text)
    return bool(level) or words != text.strip() or bool(_HEADING_END.search(squeeze(words)))


def kind_of(texts, name_column, seq_columns, known_columns, headers, *, before_people, wide):
    """The kind of a row that is not plainly a person's, or None if it is one after all.

    `texts` are (column, text) of its filled cells, other values as text too; `known_columns` those with a field;
    `headers` the `headers.Headers`; `before_people` whether persons follow below; `wide` whether one cell spans the
    row.
    """
    rest = [(column, text) for column, text in texts if column not in seq_columns or not is_number(text)]
    name = next((text for column, text in texts if column == name_column), "")
    if not rest:
        return BLANK
    if any(is_example(text) for _column, text in texts) or (name and is_example_name(name)):
        return NOTE
    if 1 < len(rest) <= 3 and rest[0][0] in seq_columns and _CHINESE_NUMBER.fullmatch(rest[0][1]):
        # 一 | 民营企业管理技术人员: numbering and heading in two cells
        words = rest[1][1]
        if is_heading(f"一、{words}") and not is_subtotal(words):
            return SUBHEADING
    first = rest[0][1]
    person = bool(name) and looks_like_person(name) and not is_subtotal(name) and not is_note(name)
    if not person:
        if is_subtotal(first) or (name and is_subtotal(name)):
            return SUBTOTAL
        if is_note(first) or (name and is_note(name)):
            return NOTE
        if len(rest) > 1 and is_subtotal(rest[1][1]) and rest[1][0] not in known_columns:
            return SUBTOTAL
    if len({text for _column, text in rest}) == 1:
        column = rest[0][0]
        bare_list = len(known_columns) == 1
        if wide or not (
            person and column == name_column and (bare_list or not _stands_alone_as_heading(name, len(texts)))
        ):
            return _lone(first, column, name_column, known_columns, headers, before_people)
        return None
    if person:
        return None
    counts = [text for _column, text in rest[1:]]
    if not name and is_heading(first) and all(_COUNT.fullmatch(text) or text == first for text in counts):
        return SUBHEADING
    known = [column for column, _text in rest if column in known_columns]
    if not name and len(known) < 2:
        return NOTE
    if name and not person and len(known) < 2:
        return SUBHEADING if is_heading(name) and len(name) <= 40 else NOTE
    if sum(text in headers.words for _column, text in rest) >= max(2, len(rest) / 2):
        return NOTE
    return None


def _stands_alone_as_heading(name, filled):
    """几江街道 alone in its row is a heading even in the names' column; a short name with a number is a person."""
    return filled == 1 and bool(
        heading(name)[0]
        or heading(name)[1] != name
        or re.search(r"(?:街道|镇|乡|片区|支部|分会|小组|理事会|监事会|人员|单位)$", name)
    )


def _lone(text, column, name_column, known_columns, headers, before_people):
    short = squeeze(text)
    if is_heading(text) and len(short) <= 40 and "。" not in text:
        return SUBHEADING if before_people or heading(text)[0] else NOTE
    if len(short) > 40 or "。" in text or not before_people:
        return NOTE
    if column in known_columns and column != name_column and headers.meaning_of(text).field is None:
        return NOTE
    return SUBHEADING
