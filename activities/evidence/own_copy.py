"""What the activities keep of a member: for the copy of the own file and for its page (PIPL art. 45)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.privacy.copy import Table
from members.privacy.own_file import Stored


def _moment(at):
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def _day(on):
    return on.isoformat() if on else ""


def participations(member, _with_identity):
    rows = [
        {
            "at": _moment(row.activity.starts_at),
            "what": row.activity.title,
            "host": str(row.activity.host or row.activity.association),
            "state": row.get_state_display(),
            "asked_at": _moment(row.asked_at),
            "presence": row.get_presence_display(),
            "proxy": row.proxy_name,
            "reason": row.reason,
            "way": row.get_way_display(),
            "came_at": _moment(row.came_at),
            "answers": "；".join(f"{each.question.text}：{each.text}" for each in row.answers.all()),
        }
        for row in member.participations.select_related("activity__host", "activity__association")
        .prefetch_related("answers__question")
        .order_by("activity__starts_at", "pk")
    ]
    columns = {"at": "开始时间", "what": "活动", "host": "主办", "state": "报名状态", "asked_at": "报名时间",
               "presence": "出席情况", "proxy": "代为出席", "reason": "原因", "way": "登记方式", "came_at": "签到时间",
               "answers": "报名时的回答"}  # fmt: skip
    return Table("activities", "活动", columns, rows)


def scans(member, _with_identity):
    rows = [
        {
            "what": str(row.door),
            "read_at": _moment(row.read_at),
            "received_at": _moment(row.received_at),
            "way": row.get_way_display(),
            "outcome": row.get_outcome_display(),
            "note": row.note,
        }
        for row in member.scans.select_related("door__activity", "door__meeting").order_by(
            "received_at", "pk"
        )
    ]
    columns = {"what": "活动、会议", "read_at": "扫码时间", "received_at": "收到时间", "way": "方式", "outcome": "结果",
               "note": "备注"}  # fmt: skip
    return Table("scans", "签到扫码", columns, rows)


def services(member, _with_identity):
    rows = [
        {
            "on": _day(row.on),
            "what": row.what,
            "for_whom": row.for_whom,
            "field": str(row.field or ""),
            "hours": str(row.hours or ""),
            "state": row.get_state_display(),
            "claimed_at": _moment(row.claimed_at),
            "decided_at": _moment(row.decided_at),
            "answer": row.answer,
        }
        for row in member.services.select_related("field").order_by("on", "pk")
    ]
    columns = {"on": "日期", "what": "内容", "for_whom": "服务对象", "field": "服务领域", "hours": "时长（小时）",
               "state": "状态", "claimed_at": "申报时间", "decided_at": "处理时间", "answer": "答复"}  # fmt: skip
    return Table("services", "服务", columns, rows)


def donations(member, _with_identity):
    rows = [
        {
            "on": _day(row.received_on),
            "kind": row.get_kind_display(),
            "amount": str(row.amount),
            "goods": "、".join(
                f"{each.name}{each.quantity.normalize():f}{each.unit}" for each in row.goods.all()
            ),
            "purpose": row.purpose,
            "receiver": row.receiver,
            "receipt": row.receipt_number,
            "unnamed": "是" if row.is_anonymous else "",
            "note": row.note,
            "voided": f"{_day(row.voided_on)} {row.voided_reason}".strip(),
        }
        for row in member.donations.prefetch_related("goods").order_by("received_on", "pk")
    ]
    columns = {"on": "日期", "kind": "种类", "amount": "金额（元）", "goods": "物资", "purpose": "用途",
               "receiver": "受赠方", "receipt": "收据编号", "unnamed": "不具名", "note": "备注",
               "voided": "作废"}  # fmt: skip
    return Table("donations", "捐赠", columns, rows)


def honours(member, _with_identity):
    rows = [
        {
            "on": row.on,
            "title": row.title,
            "given_by": row.given_by,
            "level": row.get_level_display(),
            "document": row.document,
            "state": row.get_state_display(),
            "answer": row.answer,
        }
        for row in member.honour_rows.order_by("on", "pk")
    ]
    columns = {"on": "时间", "title": "荣誉", "given_by": "授予单位", "level": "级别", "document": "文件",
               "state": "状态", "answer": "答复"}  # fmt: skip
    return Table("honours", "荣誉", columns, rows)


def objections(member, _with_identity):
    rows = [
        {
            "at": _moment(row.made_at),
            "about": row.about,
            "text": row.text,
            "state": row.get_state_display(),
            "answer": row.answer,
            "decided_at": _moment(row.decided_at),
        }
        for row in member.objections.order_by("pk")
    ]
    columns = {"at": "提出时间", "about": "涉及内容", "text": "意见", "state": "状态", "answer": "答复",
               "decided_at": "答复时间"}  # fmt: skip
    return Table("objections", "履职记录异议", columns, rows)


def feeds(member, _with_identity):
    found = member.user.calendar_feeds.order_by("pk") if member.user else []
    rows = [
        {
            "made_at": _moment(row.made_at),
            "revoked_at": _moment(row.revoked_at),
            "read_at": _moment(row.read_at),
        }
        for row in found
    ]
    columns = {"made_at": "建立时间", "revoked_at": "停用时间", "read_at": "最近读取"}
    return Table("calendar_feeds", "日历订阅", columns, rows)


TABLES = (participations, scans, services, donations, honours, objections, feeds)


def stored(member):
    """What the page of the own file says of it: how many of each, the record shows them."""
    feeds = member.user.calendar_feeds.filter(revoked_at=None).count() if member.user else 0
    return Stored(
        _("Activities and contributions"),
        [
            (_("Activities invited to, signed up for or attended"), member.participations.count()),
            (_("Codes read at the door"), member.scans.count()),
            (pgettext_lazy("evidence", "Services"), member.services.count()),
            (pgettext_lazy("evidence", "Donations"), member.donations.count()),
            (pgettext_lazy("evidence", "Honours"), member.honour_rows.count()),
            (_("Remarks on the evidence record"), member.objections.count()),
            (_("Calendar feeds in force"), feeds),
        ],
        _("Evidence record"),
        reverse("own_activities:record"),
    )
