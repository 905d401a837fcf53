"""The kinds of papers, and the fields that a template of each may use.

Names of fields are a file format, like the headings of a roster: Chinese, and the same in every language of the
screens. A template writes ``{{ 会议名称 }}``, and a row of a list between ``{%tr for 人 in 名单 %}`` and
``{%tr endfor %}`` as ``{{ 人.姓名 }}``.

Sources: domain.md B2 (sign-in sheet, filing of leaders), D4 (election papers), E3 (notice, minutes, titles).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PORTRAIT, LANDSCAPE = "portrait", "landscape"


@dataclass(frozen=True)
class Field:
    """A field of a paper. `sample` is a made-up value, of a row's field the values of the rows."""

    name: str
    label: str = ""
    sample: str | tuple[str, ...] = ""
    rows: tuple["Field", ...] = ()
    """The fields of each row: then the field is a list."""

    @property
    def item(self):
        """What the default template calls a row of the list."""
        return ITEMS[self.name]

    @property
    def prefix(self):
        """What stands before the names of the fields of a row."""
        return f"{self.item}."

    @property
    def example(self):
        return self.sample if isinstance(self.sample, str) else "、".join(filter(None, self.sample))


@dataclass(frozen=True)
class PaperKind:
    key: str
    label: str
    """What people call the paper, in the language of the screen."""
    name: str
    """The same in Chinese, for the name of the file and the title of the default template."""
    fields: tuple[Field, ...]
    orientation: str = PORTRAIT
    holds_identity: bool = False
    """Whether identity numbers stand in it, which not everybody may take."""
    asks_reason: bool = False
    """Whether personal data stand in it, for which an export asks a reason."""
    default: str = ""
    """Name of the function that builds its default template (sheet.py), "" for that of defaults.py."""

    @property
    def schema(self):
        return schema(self.fields)

    @property
    def sample(self):
        return sample(self.fields)


def schema(fields):
    """{name: None, or the schema of the rows} of `fields`."""
    return {field.name: schema(field.rows) if field.rows else None for field in fields}


def sample(fields, place=0):
    """{name: made-up value} of `fields`, for the row number `place`; lists have as many rows as their longest field."""
    found = {}
    for field in fields:
        if field.rows:
            count = max(len(each.sample) if isinstance(each.sample, tuple) else 1 for each in field.rows)
            found[field.name] = [sample(field.rows, row) for row in range(count)]
        elif field.name == SERIAL:
            found[field.name] = str(place + 1)
        elif isinstance(field.sample, tuple):
            found[field.name] = field.sample[place % len(field.sample)]
        else:
            found[field.name] = field.sample
    return found


SERIAL = "序号"
ITEMS = {
    "名单": "人",
    "议题列表": "议题",
    "决议列表": "决议",
    "聘书列表": "聘书",
    "选举项目": "项目",
    "候选人": "人",
    "双列": "排",
    "另选行": "行",
}
NAMES = ("王一一", "刘二", "李三三", "杨四四", "张五")
PLACE = Field(SERIAL, _("serial number in the list"))
NAME = Field("姓名", _("name"), NAMES)
SEX = Field("性别", _("sex"), ("男", "女", "男", "女", "男"))
BIRTH = Field(
    "出生年月",
    _("birth, as precisely as it is known"),
    ("1975.03", "1982.11", "1968.07", "1990.01", "1979.09"),
)
ETHNICITY = Field("民族", _("ethnic group"), ("汉族", "土家族", "汉族", "苗族", "汉族"))
PARTY = Field("政治面貌", _("political status"), ("中共党员", "无党派人士", "民建会员", "群众", "群众"))
EDUCATION = Field("学历", _("highest education"), ("研究生", "大学本科", "大学本科", "研究生", "大学专科"))
EMPLOYER = Field(
    "工作单位",
    _("employer"),
    (
        "重庆甲某律师事务所",
        "江津乙某会计师事务所有限公司",
        "重庆丙某传媒有限公司",
        "江津丁某社会工作服务中心",
        "",
    ),
)
POSITION = Field(
    "单位职务", _("position at the employer"), ("主任", "副所长", "总经理", "理事长", "独立设计师")
)
POST = Field("职务", _("post in the association"), ("会长", "副会长", "副会长、秘书长", "理事", "理事"))
MOBILE = Field(
    "联系电话",
    _("mobile number"),
    ("13800000001", "13800000002", "13800000003", "13800000004", "13800000005"),
)
REMARK = Field("备注", _("remark, empty unless there is one"), ("",))

COMMON = (
    Field("协会名称", _("full name of the association"), "重庆市某某区新的社会阶层专业人士联合会"),
    Field("协会简称", _("short name of the association"), "某某区新专联"),
    Field("制作日期", _("the day on which the paper is made"), "2026年11月22日"),
)
TERM = Field("届次", _("the term: 第一届"), "第一届")
BODY = Field("机构名称", _("name of the body: 理事会"), "理事会")
MEETING = (
    Field("会议名称", _("name of the meeting with term and session"), "第一届理事会第三次会议"),
    Field("会议时间", _("day and hour"), "2026年12月4日14:30"),
    Field("会议地点", _("place"), "某某街道社区活动中心二楼会议室"),
    Field("主持人", _("who presides"), "王一一"),
)
ELECTION = (
    Field("选举名称", _("name of the meeting that elects"), "第二届第一次会员大会"),
    Field("选举日期", _("day of the election"), "2026年12月20日"),
)
ORDER = Field("排序方式", _("how the names are ordered: 以姓氏笔画为序"), "以姓氏笔画为序")
TELLERS = (
    Field("总监票人", _("chief supervisor of the count"), "杨四四"),
    Field("监票人", _("supervisors of the count"), "张五"),
    Field("计票人", _("counters"), "陈六六"),
)
BALLOTS = (
    Field("发出票数", _("ballots issued"), "21"),
    Field("收回票数", _("ballots returned"), "21"),
    Field("有效票数", _("valid ballots"), "20"),
    Field("无效票数", _("invalid ballots"), "1"),
)
SEAT = (
    Field("职务", _("post to be filled"), ("会长", "副会长")),
    Field("应选人数", _("number of seats"), ("1", "2")),
    Field("候选人数", _("number of candidates"), ("1", "3")),
    Field("选举方式", _("等额选举 or 差额选举"), ("等额选举", "差额选举")),
)
VOTES = (
    Field("同意", _("votes for"), ("20", "15", "12")),
    Field("反对", _("votes against"), ("0", "3", "5")),
    Field("弃权", _("abstentions"), ("0", "2", "3")),
)


def seats(*candidate, extra=()):
    """The list of posts to be filled, each with its candidates of these fields."""
    return Field(
        "选举项目",
        _("the posts to be filled, one after the other"),
        rows=(*SEAT, *extra, Field("候选人", _("its candidates"), rows=candidate)),
    )


KINDS = {
    kind.key: kind
    for kind in (
        PaperKind(
            "roster",
            _("Roster of a body"),
            "名册",
            (
                *COMMON,
                BODY,
                TERM,
                Field("截至日期", _("the day on which these hold their posts"), "2026年11月22日"),
                Field("人数", _("number of persons"), "5"),
                ORDER,
                Field(
                    "名单",
                    _("the persons"),
                    rows=(
                        PLACE,
                        NAME,
                        SEX,
                        BIRTH,
                        ETHNICITY,
                        PARTY,
                        EDUCATION,
                        EMPLOYER,
                        POSITION,
                        POST,
                        Field(
                            "任职时间",
                            _("in the post since"),
                            ("2024.12", "2024.12", "2025.06", "2024.12", "2024.12"),
                        ),
                        MOBILE,
                        REMARK,
                    ),
                ),
            ),
            LANDSCAPE,
            asks_reason=True,
        ),
        PaperKind(
            "notice",
            _("Notice of a meeting"),
            "会议通知",
            (
                *COMMON,
                *MEETING,
                Field("抬头", _("who is addressed: 各位理事"), "各位理事"),
                Field("参会人员", _("who attends"), "全体理事、监事列席"),
                Field(
                    "议题列表",
                    _("the items"),
                    rows=(
                        PLACE,
                        Field(
                            "内容",
                            _("text of the item"),
                            ("听取2026年度工作报告", "审议新会员入会事项", "研究2027年工作计划"),
                        ),
                    ),
                ),
                Field("联系人", _("who to answer"), "李三三"),
                Field("联系电话", _("telephone number for answers"), "13800000003"),
                Field("回复日期", _("answer until"), "2026年12月1日"),
                Field("通知日期", _("day of the notice"), "2026年11月22日"),
            ),
        ),
        PaperKind(
            "sign_in",
            _("Sign-in sheet"),
            "签到表",
            (
                *COMMON,
                *MEETING,
                Field("应到人数", _("number of those entitled"), "5"),
                ORDER,
                Field("名单", _("the persons"), rows=(PLACE, NAME, EMPLOYER, POSITION, POST, MOBILE, REMARK)),
            ),
        ),
        PaperKind(
            "agenda",
            _("Agenda"),
            "会议议程",
            (
                *COMMON,
                *MEETING,
                Field("参会人员", _("who attends"), "全体理事、监事列席"),
                Field(
                    "议题列表",
                    _("the items"),
                    rows=(
                        PLACE,
                        Field(
                            "内容",
                            _("text of the item"),
                            ("听取2026年度工作报告", "审议新会员入会事项", "研究2027年工作计划"),
                        ),
                        Field("报告人", _("who speaks to it"), ("王一一", "李三三", "刘二")),
                        Field("备注", _("remark, empty unless there is one"), ("", "需表决", "")),
                    ),
                ),
            ),
        ),
        PaperKind(
            "ballot",
            pgettext_lazy("paper", "Ballot"),
            "选票",
            (
                *COMMON,
                *ELECTION,
                Field(
                    "填票说明",
                    _("how to mark the ballot"),
                    "同意的，在姓名左侧的符号栏内画“○”；反对的画“×”；弃权的不画任何符号。所选人数超过应选人数的，该项选票无效。",
                ),
                ORDER,
                seats(
                    NAME,
                    extra=(
                        Field(
                            "双列",
                            _("the candidates two in a row, when they are more than twelve"),
                            rows=(
                                Field("左", _("name"), NAMES[::2]),
                                Field("右", _("name"), (*NAMES[1::2], "／")),
                            ),
                        ),
                        Field("另选行", _("empty rows for others, three at most"), rows=(PLACE,)),
                    ),
                ),
            ),
        ),
        PaperKind(
            "count",
            _("Counting sheet"),
            "计票单",
            (
                *COMMON,
                *ELECTION,
                *BALLOTS,
                seats(PLACE, NAME),
                *TELLERS,
            ),
        ),
        PaperKind(
            "minutes",
            pgettext_lazy("paper", "Minutes"),
            "会议纪要",
            (
                *COMMON,
                *MEETING,
                Field("记录人", _("who keeps the minutes"), "李三三"),
                Field("应到人数", _("number of those entitled"), "5"),
                Field("实到人数", _("number of those present"), "4"),
                Field("出席人员", _("names of those present"), "王一一、刘二、李三三、杨四四"),
                Field("列席人员", _("names of those who sit in"), "陈六六"),
                Field("缺席人员", _("names of those absent, with the reason"), "张五（请假）"),
                Field(
                    "法定人数",
                    _("whether the quorum is reached, as a sentence"),
                    "应到5人，实到4人，超过三分之二，符合章程规定。",
                ),
                Field(
                    "议题列表",
                    _("the items"),
                    rows=(
                        PLACE,
                        Field("标题", _("title of the item"), ("2026年度工作报告", "新会员入会事项")),
                        Field(
                            "内容",
                            _("text of the item"),
                            ("会议听取并审议了2026年度工作报告。", "会议审议了3名申请人的入会材料。"),
                        ),
                        Field(
                            "表决结果",
                            _("votes as a sentence, empty without a vote"),
                            ("", "同意4票，反对0票，弃权0票，通过。"),
                        ),
                    ),
                ),
                Field("正文", _("minutes written in one piece, empty if there are none"), ""),
                Field(
                    "决议列表",
                    _("the resolutions"),
                    rows=(
                        PLACE,
                        Field("编号", _("number of the resolution"), ("理决〔2026〕3号", "理决〔2026〕4号")),
                        Field(
                            "内容", _("text of the item"), ("通过2026年度工作报告。", "同意赵七七等3人入会。")
                        ),
                    ),
                ),
                Field("会议日期", _("day of the meeting"), "2026年12月4日"),
            ),
        ),
        PaperKind(
            "letter",
            _("Letter of appointment"),
            "聘书",
            (
                *COMMON,
                Field(
                    "聘书列表",
                    _("the letters, one a page"),
                    rows=(
                        Field("姓名", _("name"), ("王一一", "刘二")),
                        Field("称谓", _("先生 or 女士"), ("先生", "女士")),
                        Field("机构名称", _("name of the body: 理事会"), ("理事会", "理事会")),
                        Field("届次", _("the term: 第一届"), ("第一届", "第一届")),
                        Field("职务", _("post in the association"), ("会长", "副会长")),
                        Field("任期起", _("first day"), ("2024年12月24日", "2024年12月24日")),
                        Field(
                            "任期止", _("last day, empty if it is open"), ("2029年12月23日", "2029年12月23日")
                        ),
                        Field("落款日期", _("day of the letter"), ("2024年12月24日", "2024年12月24日")),
                    ),
                ),
            ),
            LANDSCAPE,
        ),
        PaperKind(
            "filing",
            _("Filing list of officers"),
            "负责人备案表",
            (
                *COMMON,
                Field("登记证号", _("unified social credit code"), "51500116MJ00000182"),
                TERM,
                Field("本届任期", _("length of the term: 5年"), "5年"),
                Field("本届开始日期", _("first day of the term"), "2024年12月24日"),
                Field("换届日期", _("day of re-election by the charter"), "2029年12月23日"),
                Field("业务主管单位", _("supervising authority"), "中共某某区委统战部"),
                Field("登记管理机关", _("registry"), "某某区民政局"),
                Field(
                    "名单",
                    _("the persons"),
                    rows=(
                        PLACE,
                        Field("身份证号", _("identity number, for who may read it"), ("500116198506150016",)),
                        NAME,
                        SEX,
                        BIRTH,
                        PARTY,
                        EMPLOYER,
                        POSITION,
                        Field(
                            "担任职务",
                            _("post in the association"),
                            ("会长", "副会长", "副会长", "副会长", "秘书长"),
                        ),
                        Field("任职开始", _("first day"), ("2024-12-24",)),
                        Field("任职结束", _("last day, empty if it is open"), ("2029-12-23",)),
                        REMARK,
                    ),
                ),
            ),
            LANDSCAPE,
            holds_identity=True,
            asks_reason=True,
        ),
        PaperKind(
            "candidates",
            _("List of candidates"),
            "候选人名单",
            (
                *COMMON,
                *ELECTION,
                ORDER,
                seats(PLACE, NAME, SEX, BIRTH, ETHNICITY, PARTY, EDUCATION, EMPLOYER, POSITION, REMARK),
            ),
            LANDSCAPE,
            asks_reason=True,
        ),
        PaperKind(
            "result",
            _("Report of an election"),
            "选举结果报告",
            (
                *COMMON,
                *ELECTION,
                seats(
                    PLACE,
                    NAME,
                    *VOTES,
                    Field("结果", _("当选 for those elected"), ("当选", "当选", "")),
                    extra=(
                        Field("应到人数", _("number of those entitled"), ("24", "24")),
                        Field("实到人数", _("number of those present"), ("21", "21")),
                        *BALLOTS,
                        Field("当选人", _("names of those elected"), ("王一一", "刘二、李三三")),
                    ),
                ),
                *TELLERS,
            ),
        ),
    )
}


def add_kinds(*kinds, items=None):
    """Let the PaperKinds of a later app be made too; `items`: {name of a list: what its rows are called}.

    What their `default` names is called in a process of its own, without Django: it stands in a module that imports
    nothing but sheet.py.
    """
    ITEMS.update(items or {})
    KINDS.update({kind.key: kind for kind in kinds})
