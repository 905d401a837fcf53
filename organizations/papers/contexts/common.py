"""Facts in the words of papers: days, terms, and people as far as the reader may see them."""

from dataclasses import dataclass

from django.utils import timezone

from organizations.meetings.numbering import in_chinese
from organizations.models import Association
from organizations.papers.kinds import KINDS
from organizations.partial_dates import dotted

IDENTITY, IDENTITY_HEADING = "身份证号", "证件号码"
# {field of a paper: (key of the roster contract, heading in exports)}; what the keys' classes are says members.rights
MEMBER_FIELDS = {
    "姓名": ("name", "姓名"),
    "性别": ("sex", "性别"),
    "出生年月": ("birth", "出生年月"),
    "民族": ("ethnicity", "民族"),
    "政治面貌": ("political_status", "政治面貌"),
    "学历": ("education", "学历"),
    "工作单位": ("employer", "工作单位"),
    "单位职务": ("position", "职务"),
    "联系电话": ("mobile", "手机"),
    IDENTITY: ("id_number", IDENTITY_HEADING),
}
ORDERS = {
    Association.NameOrder.SURNAME: "以姓氏笔画为序",
    Association.NameOrder.FULL_NAME: "以姓名笔画为序",
}


@dataclass(frozen=True)
class Filled:
    """What a paper of one kind is made of."""

    association: Association
    title: str
    """What it is about, for the name of the file and the log: 第一届理事会."""
    context: dict
    members: tuple = ()
    """Ids of the members in it by their fields, one a row; none if there are only names in running text."""

    @property
    def count(self):
        return len(self.members)


def headings(kind):
    """The headings under which an export would have the members' fields that papers of the kind hold."""
    names = set()
    _gather(KINDS[kind].fields, names)
    return [heading for name, (_key, heading) in MEMBER_FIELDS.items() if name in names]


def _gather(fields, names, *, in_list=False):
    for field in fields:
        if field.rows:
            _gather(field.rows, names, in_list=True)
        elif in_list:
            names.add(field.name)


def common(association):
    return {
        "协会名称": association.name,
        "协会简称": str(association),
        "制作日期": in_words(timezone.localdate()),
        "排序方式": ORDERS[association.name_order],
    }


def in_words(day):
    """2026年11月22日; "" for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def in_figures(day):
    return day.isoformat() if day else ""


def term_name(term):
    """第一届; "" for None."""
    return f"第{in_chinese(term.number)}届" if term else ""


def person(member, user, *, with_identity=False):
    """The fields of `member` in a row of a paper, masked for a `user` who may not read their class.

    The identity number stays empty unless asked for by who may read it: such a list is filled in by hand.
    """
    rights, home = user.rights, member.association_id
    values = {
        "name": member.name,
        "sex": member.sex,
        "birth": dotted(member.birth),
        "ethnicity": member.ethnicity,
        "political_status": member.political_status,
        "education": member.education,
        "employer": str(member.employer or ""),
        "position": member.position,
        "mobile": member.mobile,
    }
    row = {
        name: rights.shown(key, values[key], home)
        for name, (key, _heading) in MEMBER_FIELDS.items()
        if key in values
    }
    may_show = with_identity and rights.may_read("id_number", home)
    return {**row, IDENTITY: member.id_number if may_show else "", "备注": ""}


def numbered(rows):
    """The `rows` with their serial numbers, which begin with 1."""
    return [{"序号": str(place), **row} for place, row in enumerate(rows, start=1)]
