"""Dividing cells that hold two things: employer and post, school and subject, title and level.

A cell is divided only where that is sure; otherwise the caller keeps it whole and says so.
"""

import re

from members.roster.text import tidy

# What closes the name of a firm or practice: after it, the rest is a post.
_LEGAL_FORM = re.compile(
    r".*(?:有限责任公司|股份有限公司|有限公司|集团公司|总公司|分公司|子公司|公司|(?:律师|會計師|会计师|税务师|稅務師|律師|评估师|造价师|专利代理|专利商标代理|"
    r"咨询|法律服务|司法鉴定|资产评估|建筑师|设计师|商标|知识产权)?(?:事务所|事務所)|(?:\(|（)(?:有限合伙|普通合伙|特殊普通合伙)(?:\)|）)|合伙企业|个人独资企业|专业合作社|分所)"
)
# Other bodies: the rest must be a post of the list word for word.
_BODY = re.compile(
    r".*(?:工作室|协会|学会|商会|联合会|促进会|研究会|基金会|中心|医院|诊所|学校|中学|小学|幼儿园|大学|学院|研究院|研究所|公证处|鉴定所|集团|银行|支行|酒店|宾馆|"
    r"超市|厂|农场|合作社|书院|画院|剧团|艺术团|传媒|报社|电视台|养老院|敬老院|经营部|门市部|工会|社区|村|院|店|社|团|站|馆|部|所)"
)
_DEPARTMENT = r"(?:[\u4e00-\u9fff]{2,6}(?:部门?|处|科|室|中心|办|组|事业部|分部))?"
_RANK = (
    r"(?:第一|首席|名誉|荣誉|常务|执行|高级|资深|代理?|兼职|专职|创始|联合|联席"
    r"|总|副|助理|主管|执业|专业|见习|实习|注册|分管|驻会|独立|外部|非执行)*"
)
_POST = (
    r"(?:董事长|董事|监事会?主席|监事长?|总裁|总经理|经理|厂长|总监|主管|主任|所长|院长|校长|园长|站长|馆长|社长|台长|店长|行长|处长|科长|部长|组长|队长|班长|团长|局长|"
    r"会长|理事长|理事|秘书长|秘书|干事|总干事|书记|主席|委员|负责人|法人代表|法定代表人|法人|合伙人|股东|创始人|创办人|主理人|创办者|合作人|执行事务合伙人|"
    r"律师|会计师?|出纳|审计师?|税务师|评估师|工程师|设计师|造价师|建造师|监理师?|架构师|程序员|技师|技术员|技术骨干|研发人员|管理人员|职员|员工|专员|文员|助理|顾问|教师|教练|讲师|教授|"
    r"主任医师|主任护师|医师|医生|护士长?|药师|编辑|总编辑?|主编|记者|主播|主持人|导演|编剧|演员|歌手|画家|书法家|摄影师|作家|翻译|公证员|仲裁员|司法鉴定人|代理人|经纪人|拍卖师|"
    r"厨师长?|司机|老板|业主|个体户|股东代表|代表|发起人|策划师|美工|保教主任|教务主任|总工|CEO|CTO|CFO|COO|HR|HRBP)"
)
_ONE_POST = re.compile(
    rf"{_DEPARTMENT}{_RANK}{_POST}(?:助理|秘书)?(?:(?:兼|\(兼\)|（兼）){_DEPARTMENT}{_RANK}{_POST})?(?:\(主持工作\)|（主持工作）)?"
)
# Any other single post: no marks between, one post word and that at the end.
_OTHER_POST = re.compile(rf"[\u4e00-\u9fffA-Za-z]{{0,10}}?{_POST}")
_POST_WORD = re.compile(_POST)
_LISTED_POST = re.compile(rf"{_RANK}{_POST}(?:助理)?")
_POST_END = re.compile(rf"(?:{_POST}|长|员|师|人|家|理|工|助|总|岗|职务?)(?:[(（].{{0,12}}[)）])?$")
_BREAK = re.compile(r"\s*[/／\\|｜]\s*|\s+")
_LINE = re.compile(r"\s*\n\s*")
_COMMA = re.compile(r"^[,，、:：;；\-—–]+")

# People without an employer write this in the place of one.
FREE = frozenset(
    [
        "自由职业",
        "自由职业者",
        "自由职业人员",
        "自由職業",
        "自由撰稿人",
        "个体",
        "个体户",
        "个体经营",
        "个体工商户",
        "灵活就业",
        "待业",
        "退休",
        "无业",
        "在家",
    ]
)


def split_employer(value):
    """(employer, post) of a cell; post is "" if there is none, and the result None if the cell must stay whole."""
    text = tidy(value)
    if text in FREE:
        return text, ""
    parts = [part for part in _BREAK.split(text) if part]
    if len(parts) > 2:
        lines = [part for part in _LINE.split(text) if part]
        parts = lines if len(lines) == 2 else [part for part in re.split(r"\s*[/／\\|｜]\s*", text) if part]
    if len(parts) == 2:
        first, second = parts
        # A blank may also stand inside the employer's name, or the post may come first.
        if _ends_with_body(second) and not _POST_END.search(second):
            return _inside(text) if not _POST_END.search(first) else None
        if not _is_body(second):
            return first, second
        return None
    if len(parts) > 2:
        return None
    return _inside(text)


def _inside(text):
    """Divide where nothing stands between: after a legal form, or before a post of the list."""
    match = _LEGAL_FORM.match(text)
    if match:
        rest = _COMMA.sub("", text[match.end() :])
        if not rest:
            return text, ""
        if _ONE_POST.fullmatch(rest) or (_OTHER_POST.fullmatch(rest) and len(_POST_WORD.findall(rest)) == 1):
            return match[0], rest
        return None
    if _ends_with_body(text):
        return text, ""
    for match in reversed(list(_LISTED_POST.finditer(text))):
        if match.end() == len(text):
            start = match.start()
            head = text[:start]
            if head and _ends_with_body(head):
                return head, text[start:]
    return None


def _ends_with_body(text):
    return bool(_LEGAL_FORM.fullmatch(text) or _BODY.fullmatch(text))


def _is_body(text):
    """Does the second half hold another organisation? 江津区青年创业协会副会长 does, 办公室主任 does not."""
    match = _LEGAL_FORM.match(text) or re.match(
        r".*(?:协会|学会|商会|联合会|促进会|工作室|事务所|中心)", text
    )
    return bool(match) and len(match[0]) > 4


_SCHOOL = re.compile(r".*?(?:大学|学院|学校|党校|中学|职中|校|院|大)(?:\([^()]{2,8}\)|（[^（）]{2,8}）)?")
_ONE_SCHOOL = re.compile(
    r"(.+?(?:大学|学院|学校|党校|中学|专科学校))(?:(?:\([^()]{2,8}\))|(?:（[^（）]{2,8}）))?"
)
_INNER_UNIT = re.compile(r"大学|学院|学校|系|院|校区|分校|班|党校|研究所")


def split_school(value):
    """(school, subject) of a cell; subject "" if only a school stands there, None if it must stay whole."""
    text = tidy(value)
    parts = [part for part in _BREAK.split(text) if part]
    if len(parts) == 2:
        return (
            (parts[0], parts[1]) if _SCHOOL.fullmatch(parts[0]) or not _SCHOOL.fullmatch(parts[1]) else None
        )
    if len(parts) > 2:
        return None
    match = _ONE_SCHOOL.match(text)
    if not match:
        return None
    rest = text[match.end() :]
    if not rest:
        return text, ""
    comma = _COMMA.sub("", rest)
    if (_INNER_UNIT.search(rest) and not rest.endswith("专业")) or re.search(r"大学|学院|学校|系.|院.", rest):
        return None
    if rest.endswith("专业") and len(rest) > 3:
        return match[0], comma.removesuffix("专业")
    return (match[0], comma) if comma != rest else None


def split_posts(value):
    """Posts in an association one by one: 副会长/理事 are two."""
    text = tidy(value)
    posts = []
    for part in re.split(r"[、，,;；/／|\n]+", text):
        words = part.split()
        if len(words) > 1 and all(_POST_END.search(word) for word in words):
            posts.extend(words)
        elif words:
            posts.append(" ".join(words))
    return list(dict.fromkeys(posts))


def join_lines(value):
    """Several lines of a cell as one text."""
    lines = [line.strip() for line in tidy(value).split("\n")]
    return re.sub(r"[；;]+；", "；", "；".join(line for line in lines if line))
