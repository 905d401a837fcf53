"""The copy of the own file to take away: a .zip with a workbook, the same as JSON, the photo and what it all means.

Source: PIPL art. 45 (copy and transfer). Headings of the workbook, names in the JSON and the explanation are a file
format, not interface text.
"""

import io
import json
import zipfile
from dataclasses import dataclass

import xlsxwriter
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from members.admin.sections import label_of, text_of
from members.models import Disclosed
from members.privacy import own_file
from members.resources import HEADERS, KEYS
from members.rights import FIELD_CLASSES, PART_CLASSES
from organizations.models import Action

FORMAT = "member-copy/1"
WIDEST = 60
ABOUT = """个人信息副本

制作时间：{at}
会员：{name}　协会：{association}

个人信息.xlsx　每张工作表一类内容
个人信息.json　同样的内容，供其他系统读取（UTF-8）
照片.jpg　　　 会员照片（没有照片时无此文件）

个人信息.json 的结构：
- format：本格式的名称和版本（{format}）
- made_at：制作时间（ISO 8601，含时区）
- association：协会全称
- 其余各项与工作表一一对应，值为列表，列表中每个对象为一行：
{tables}
日期为 ISO 8601 文本，只知年月的写作 2019-12；未填写的为空文本。
证件号码{identity}。工作人员只列姓名和角色。
"""


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    columns: dict
    """{name in the JSON: heading of the workbook}."""
    rows: list
    """[{name: text}]."""


def gather(member, *, with_identity):
    """[Table] of all that is stored about `member`; the identity number is in clear only `with_identity`."""
    with translation.override("zh-hans"):
        return [make(member, with_identity) for make in TABLES]


def _record(member, with_identity):
    classes = FIELD_CLASSES | PART_CLASSES
    rows = [{"field": "association", "label": "所属协会", "class": "", "value": member.association.name}]
    for key in [*KEYS, "sort_name"]:
        value = text_of(member, key, own_file.OwnRights)
        if key == "id_number" and with_identity:
            value = member.id_number
        elif key == "birth":
            value = member.birth
        label = HEADERS.get(key) or str(label_of(key))
        rows.append({"field": key, "label": label, "class": classes[key].label, "value": value})
    further = "、".join(str(each) for each in member.further_categories.order_by("pk"))
    photo = "照片.jpg" if member.photo else ""
    account = member.user
    rows += [
        {"field": "further_categories", "label": "兼属类别", "class": classes["further_categories"].label,
         "value": further},
        {"field": "photo", "label": "照片", "class": classes["photo"].label, "value": photo},
        {"field": "account_email", "label": "登录邮箱", "class": "", "value": (account and account.email) or ""},
        {"field": "account_phone", "label": "登录手机", "class": "", "value": (account and account.phone) or ""},
        {"field": "entered_at", "label": "录入时间", "class": "", "value": _moment(member.created_at)},
    ]  # fmt: skip
    for row in rows:
        row["class"] = str(row["class"])
    return Table(
        "record", "基本信息", {"field": "字段", "label": "项目", "class": "类别", "value": "内容"}, rows
    )


def _statuses(member, _with_identity):
    rows = [
        {
            "status": step.get_status_display(),
            "on": step.on,
            "decided_by": step.decided_by,
            "document": step.document,
        }
        for step in member.status_changes.order_by("on", "pk")
    ]
    columns = {"status": "会员状态", "on": "日期", "decided_by": "决定机构", "document": "依据文件"}
    return Table("statuses", "会籍变动", columns, rows)


def _history(member, _with_identity):
    rows = [
        {
            "at": _moment(entry.at),
            "who": entry.who,
            "what": str(entry.what),
            "part": part,
            "field": line.label,
            "before": line.before if line.kept else "（不留存内容）",
            "after": line.after if line.kept else "（不留存内容）",
        }
        for entry in own_file.own_history(member)
        for part, line in entry.lines
    ]
    columns = {"at": "时间", "who": "操作人", "what": "操作", "part": "附属记录", "field": "项目",
               "before": "变更前", "after": "变更后"}  # fmt: skip
    return Table("history", "变更记录", columns, rows)


def _consents(member, _with_identity):
    rows = [
        {
            "purpose": each.get_purpose_display(),
            "given_at": _moment(each.given_at),
            "way": each.get_way_display(),
            "notice": f"{each.notice.association.name} 第 {each.notice.version} 版" if each.notice else "",
            "withdrawn_at": _moment(each.withdrawn_at),
        }
        for each in member.consents.select_related("notice__association").order_by("pk")
    ]
    columns = {"purpose": "事项", "given_at": "同意时间", "way": "方式", "notice": "告知书",
               "withdrawn_at": "撤回时间"}  # fmt: skip
    return Table("consents", "同意", columns, rows)


def _posts(member, _with_identity):
    rows = [
        {
            "body": row.body.name,
            "term": str(row.term.number) if row.term else "",
            "post": row.post.title,
            "from": row.starts_on.isoformat(),
            "to": row.ends_on.isoformat() if row.ends_on else "",
            "how": row.get_how_display(),
            "basis": row.basis,
            "end_reason": row.get_end_reason_display(),
            "end_basis": row.end_basis,
        }
        for row in member.appointments.valid()
        .select_related("body", "post", "term")
        .order_by("starts_on", "pk")
    ]
    columns = {"body": "机构", "term": "届次", "post": "职务", "from": "开始", "to": "结束", "how": "产生方式",
               "basis": "依据", "end_reason": "离任原因", "end_basis": "离任依据"}  # fmt: skip
    return Table("posts", "任职", columns, rows)


def _participation(member, _with_identity):
    attended = member.attendances.select_related("meeting__body").order_by("meeting__on", "pk")
    rows = [
        {
            "on": row.meeting.on.isoformat(),
            "what": row.meeting.name,
            "host": row.meeting.body.name,
            "as": row.post,
            "presence": row.get_presence_display(),
            "reason": row.reason,
        }
        for row in attended
    ]
    stood = member.candidacies.select_related("contest__body__election", "contest__post").order_by("pk")
    rows += [
        {
            "on": row.contest.body.election.day.isoformat(),
            "what": str(row.contest.body.election),
            "host": "",
            "as": f"{row.contest.post.title}候选人",
            "presence": "",
            "reason": "",
        }
        for row in stood
    ]
    columns = {"on": "日期", "what": "会议、选举", "host": "机构", "as": "身份", "presence": "出席情况",
               "reason": "原因"}  # fmt: skip
    return Table("participation", "参与", columns, rows)


def _requests(member, with_identity):
    rows = [
        {
            "on": _moment(each.made_at),
            "kind": "修改申请",
            "text": f"{HEADERS.get(change.field, change.field)}：{before or '（空）'} → {after or '（空）'}",
            "state": change.get_state_display(),
            "answer": change.answer or each.answer,
            "answered_on": _moment(each.decided_at),
        }
        for each in member.change_requests.prefetch_related("fields").order_by("pk")
        for change in each.fields.all()
        for before, after in [_values(change, with_identity)]
    ]
    rows += [
        {
            "on": each.received_on.isoformat(),
            "kind": each.get_kind_display(),
            "text": each.text,
            "state": each.get_state_display(),
            "answer": each.answer,
            "answered_on": each.decided_on.isoformat() if each.decided_on else "",
        }
        for each in member.person_requests.order_by("pk")
    ]
    columns = {"on": "提出时间", "kind": "种类", "text": "内容", "state": "状态", "answer": "答复",
               "answered_on": "答复时间"}  # fmt: skip
    return Table("requests", "申请与请求", columns, rows)


def _values(change, with_identity):
    return (change.before, change.after) if with_identity else own_file.requested(change)


def _messages(member, _with_identity):
    rows = [
        {
            "at": _moment(each.made_at),
            "title": each.title,
            "text": each.text,
            "read_at": _moment(each.read_at),
        }
        for each in member.messages.order_by("pk")
    ]
    columns = {"at": "时间", "title": "标题", "text": "正文", "read_at": "阅读时间"}
    return Table("messages", "消息", columns, rows)


def _disclosures(member, _with_identity):
    rows = [
        {
            "at": _moment(each.at),
            "who": each.who,
            "what": str(each.what),
            "fields": "、".join(each.fields),
            "reason": each.reason,
            "recipient": each.recipient,
        }
        for each in own_file.own_disclosures(member)
    ] + [
        {
            "at": _moment(each.at),
            "who": each.who,
            "what": "查看证件号码全号",
            "fields": "证件号码",
            "reason": each.reason,
            "recipient": "",
        }
        for each in own_file.own_reveals(member)
    ]
    columns = {
        "at": "时间",
        "who": "操作人",
        "what": "去向",
        "fields": "项目",
        "reason": "事由",
        "recipient": "接收单位",
    }
    return Table("disclosures", "导出与提供", columns, rows)


def _viewings(member, _with_identity):
    rows = [{"on": each.on.isoformat(), "who": each.who} for each in own_file.own_viewings(member)]
    return Table("viewings", "查阅记录", {"on": "日期", "who": "查阅人"}, rows)


# functions of (member, whether with the identity number in clear) that give a Table; a later app adds its own
TABLES = [
    _record, _statuses, _history, _consents, _posts, _participation, _requests, _messages, _disclosures, _viewings,
]  # fmt: skip


def _moment(at):
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


@transaction.atomic
def take_copy(member, *, actor, with_identity=False, reason=""):
    """The .zip as an open file, logged as an export of this one member by `actor`.

    Who may is asked before, for `with_identity` the password too.
    """
    tables, now = gather(member, with_identity=with_identity), timezone.localtime()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("个人信息.xlsx", _workbook(tables))
        packed.writestr("个人信息.json", _json(member, tables, now))
        if member.photo:
            with default_storage.open(member.photo) as photo:
                packed.writestr("照片.jpg", photo.read())
        packed.writestr("说明.txt", _about(member, tables, now, with_identity))
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=member.association,
        details={
            "copy": "own" if member.user_id == actor.pk else "staff",
            "count": 1,
            "fields": [HEADERS[key] for key in KEYS if with_identity or key != "id_number"],
            "filter": f"个人信息副本：{member.name}",
            "format": "zip",
            "reason": reason,
            "identity": with_identity,
        },
    )
    Disclosed.objects.note(action, [member.pk])
    file.seek(0)
    return file


def copy_name(member):
    return f"个人信息-{member.name}-{timezone.localdate():%Y%m%d}.zip"


def _workbook(tables):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#EFEFEF", "border": 1})
        cell = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        for table in tables:
            sheet = workbook.add_worksheet(table.title)
            for place, (name, heading) in enumerate(table.columns.items()):
                sheet.write_string(0, place, heading, head)
                width = max([2 * len(heading), *(_width(row[name]) for row in table.rows)])
                sheet.set_column(place, place, min(width + 2, WIDEST))
            for number, row in enumerate(table.rows, 1):
                for place, name in enumerate(table.columns):
                    # as text: what looks like a formula is none
                    sheet.write_string(number, place, row[name], cell)
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def _width(text):
    longest = max(text.splitlines(), key=len, default="")
    return sum(2 if ord(character) > 255 else 1 for character in longest)


def _json(member, tables, now):
    content = {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "association": member.association.name,
        **{table.key: table.rows for table in tables},
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _about(member, tables, now, with_identity):
    listed = "".join(
        f"  {table.key}（{table.title}）："
        + "、".join(f"{name} {heading}" for name, heading in table.columns.items())
        + "\n"
        for table in tables
    )
    return ABOUT.format(
        at=f"{now:%Y-%m-%d %H:%M}",
        name=member.name,
        association=member.association.name,
        format=FORMAT,
        tables=listed,
        identity="为全号" if with_identity else "已遮盖中间各位",
    )
