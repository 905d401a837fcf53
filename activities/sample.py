"""Activities of the sample association: past ones with their attendance, coming ones, and what members gave."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from activities.fields import ensure_fields
from activities.models import (
    Activity,
    Audience,
    Campaign,
    DonatedGoods,
    Donation,
    Honour,
    Participation,
    Presence,
    Question,
    Service,
)
from organizations.models import Action, Body, acting

KIND, SIGN_UP, STATE = Activity.Kind, Activity.SignUp, Participation.State
HALL, BASE = "江津区滨江新城规划展览馆", "双福街道新的社会阶层人士实践创新基地"


@dataclass
class Plan:
    """An activity of the sample: `days` from today; of the people the first are expected, the last of these missing."""

    title: str
    kind: str
    days: int
    people: slice
    hour: int = 9
    place: str = HALL
    leave: int = 0
    absent: int = 0
    late: int = 0
    is_settled: bool = True
    hours: Decimal | None = None
    field: str = ""
    host: str = ""
    in_campaign: bool = False
    guests: tuple = ()


PAST = [
    Plan("“凝聚新力量 筑梦新时代”主题教育学习班", KIND.THEME_EDUCATION, -230, slice(0, 60), place="区委党校报告厅",
         leave=5, absent=2, late=1, in_campaign=True),
    Plan("春季国情考察", KIND.RESEARCH_VISIT, -190, slice(10, 62), leave=6, absent=3, late=2, in_campaign=True,
         guests=(("赵部长", "某区委统战部", "副部长"), ("钱会长", "某某区新专联", "会长"))),
    Plan("送法进校园", KIND.VOLUNTEERING, -150, slice(5, 23), place="几江街道某小学", leave=1, late=1,
         hours=Decimal("3.0"), field="法律援助", host=Body.Kind.CORPS),
    Plan("新媒体从业人员座谈会", KIND.FORUM, -120, slice(20, 48), hour=14, place="区委统战部会议室",
         leave=3, absent=1),
    Plan("中秋联谊", KIND.FELLOWSHIP, -60, slice(0, 75), hour=18, place="会员之家", leave=8, absent=4, late=3),
    Plan("乡村振兴助农直播", KIND.SOCIAL_SERVICE, -30, slice(30, 52), place="中山镇助农直播间", leave=2, absent=1,
         hours=Decimal("4.5"), field="乡村振兴", host=Body.Kind.CORPS, in_campaign=True),
    Plan("年度建言献策培训", KIND.TRAINING, -4, slice(0, 44), hour=14, place="区社会主义学院",
         leave=3, is_settled=False),
]  # fmt: skip
CASH, GOODS = Donation.Kind.CASH, Donation.Kind.GOODS


@transaction.atomic
def make_sample_activities(association):
    """Make the activities of the sample `association`, unless it has some; return how many were made."""
    if association.activities.exists():
        return 0
    members = list(association.members.in_force_on(timezone.localdate()).order_by("number", "pk"))
    with acting(kind=Action.Kind.COMMAND, note="start"):
        fields = {row.name: row for row in ensure_fields(association)}
        year = timezone.localdate().year
        campaign = Campaign.objects.create(
            association=association,
            name=f"{year}年主题教育",
            theme="凝聚新力量 筑梦新时代",
            starts_on=dt.date(year, 1, 1),
            ends_on=dt.date(year, 12, 31),
            plan="全年安排专题学习、国情考察、社会服务，每季度至少一次。",
            planned_activities=5,
            planned_people=200,
        )
        for plan in PAST:
            _past(association, plan, members, fields, campaign)
        _coming(association, members, fields, campaign)
        _services(members, fields)
        _donations(association, members, campaign)
        _honours(members)
    return association.activities.count()


def _moment(days, hour):
    return timezone.make_aware(
        dt.datetime.combine(timezone.localdate() + dt.timedelta(days=days), dt.time(hour))
    )


def _activity(association, plan, fields, campaign, **more):
    starts_at = _moment(plan.days, plan.hour)
    host = association.bodies.filter(kind=plan.host, hides_people=False).first() if plan.host else None
    activity = Activity.objects.create(
        association=association,
        host=host,
        kind=plan.kind,
        title=plan.title,
        campaign=campaign if plan.in_campaign else None,
        field=fields.get(plan.field),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        place=plan.place,
        contact="秘书处",
        contact_phone="023-47000000",
        hours=plan.hours,
        published_at=starts_at - dt.timedelta(days=14),
        **more,
    )
    Audience.objects.create(activity=activity, kind=Audience.Kind.ALL)
    return activity


def _past(association, plan, members, fields, campaign):
    settled = (
        {"state": Activity.State.CLOSED, "settled_at": _moment(plan.days + 1, 10)}
        if plan.is_settled
        else {"state": Activity.State.PUBLISHED}
    )
    activity = _activity(association, plan, fields, campaign, **settled)
    people = members[plan.people]
    for place, member in enumerate(people):
        left = len(people) - place
        presence, reason = Presence.ATTENDED, ""
        if left <= plan.leave:
            presence, reason = Presence.LEAVE, "出差"
        elif left <= plan.leave + plan.absent:
            presence = Presence.ABSENT
        elif left <= plan.leave + plan.absent + plan.late:
            presence = Presence.LATE
        elif not plan.is_settled and place % 3 == 2:
            presence = ""
        _listed(activity, member, presence=presence, reason=reason)
        if plan.hours and plan.is_settled and presence in (Presence.ATTENDED, Presence.LATE):
            Service.objects.create(
                member=member,
                activity=activity,
                field=activity.field,
                on=activity.on,
                what=activity.title,
                hours=plan.hours,
                state=Service.State.CONFIRMED,
                decided_at=activity.settled_at,
            )
    for name, office, post in plan.guests:
        Participation.objects.create(
            activity=activity, guest_name=name, guest_from=office, guest_post=post, state=STATE.SIGNED_UP,
            presence=Presence.ATTENDED, way=Participation.Way.LIST,
        )  # fmt: skip


def _listed(activity, member, *, presence="", reason="", state=STATE.SIGNED_UP, days_before=10):
    was_there = presence in (Presence.ATTENDED, Presence.LATE)
    return Participation.objects.create(
        activity=activity,
        member=member,
        state=state,
        invited_at=activity.published_at,
        asked_at=activity.starts_at - dt.timedelta(days=days_before) if state != STATE.INVITED else None,
        presence=presence,
        reason=reason,
        way=Participation.Way.SCREEN if was_there else Participation.Way.LIST if presence else "",
        came_at=activity.starts_at - dt.timedelta(minutes=5) if was_there else None,
    )


def _coming(association, members, fields, campaign):
    published = {"state": Activity.State.PUBLISHED}
    forum = _activity(
        association,
        Plan(
            "新阶层人士与营商环境专题论坛", KIND.FORUM, 9, slice(0, 0), hour=14, place=HALL, in_campaign=True
        ),
        fields,
        campaign,
        capacity=24,
        about="围绕优化营商环境听取各领域会员意见，形成建言。",
        programme="14:00 签到\n14:10 主旨发言\n15:00 分组讨论\n16:30 小结",
        **published,
    )
    Question.objects.create(activity=forum, number=1, text="准备发言的题目", is_personal=False)
    for member in members[1:25]:
        _listed(forum, member)
    for place, member in enumerate(members[25:28]):
        _listed(forum, member, state=STATE.WAITING, days_before=5 - place)
    for member in [members[0], *members[28:60]]:
        _listed(forum, member, state=STATE.INVITED)
    walk = _activity(
        association,
        Plan("滨江路健步走", KIND.CULTURE, 20, slice(0, 0), hour=8, place="滨江路朝天门广场"),
        fields,
        campaign,
        **published,
    )
    Question.objects.create(
        activity=walk,
        number=1,
        text="衣服尺码",
        kind=Question.Kind.CHOICE,
        choices="S\nM\nL\nXL",
        is_required=True,
    )
    for member in members[:18:2]:
        _listed(walk, member)
    _activity(
        association,
        Plan("年度总结会员联欢", KIND.FELLOWSHIP, 60, slice(0, 0), hour=18, place="会员之家"),
        fields,
        campaign,
        state=Activity.State.DRAFT,
    )


def _services(members, fields):
    today = timezone.localdate()
    for place, (name, what, hours) in enumerate(
        [
            ("法律援助", "值班解答居民法律咨询", "2.5"),
            ("保护青少年", "青少年网络安全讲座", "2"),
            ("网络宣传", "制作反诈宣传短视频", "6"),
            ("经济建设", "为小微企业做财税辅导", "3"),
        ]
    ):
        for shift, state in ((0, Service.State.CONFIRMED), (12, Service.State.CLAIMED)):
            Service.objects.create(
                member=members[place + shift],
                field=fields[name],
                on=today - dt.timedelta(days=15 + place * 9 + shift),
                what=what,
                for_whom="几江街道某社区",
                hours=Decimal(hours),
                state=state,
                decided_at=timezone.now() if state == Service.State.CONFIRMED else None,
            )


def _donations(association, members, campaign):
    today = timezone.localdate()
    serial = iter(range(1, 9))

    def donate(days, kind, amount, **fields):
        return Donation.objects.create(
            association=association,
            kind=kind,
            received_on=today - dt.timedelta(days=days),
            amount=Decimal(amount),
            receipt_number=f"{today.year}-{next(serial):03}",
            **fields,
        )

    donate(200, CASH, "5000", member=members[0], purpose="助学", receiver="中山镇某小学", campaign=campaign)
    employer = next((member.employer for member in members[3:] if member.employer), None)
    goods = donate(
        140, GOODS, "12400", employer=employer, purpose="慰问一线环卫工人", receiver="区环卫所",
        reported_on=today - dt.timedelta(days=120), published_on=today - dt.timedelta(days=118),
    )  # fmt: skip
    for name, quantity, unit, value in (("矿泉水", 400, "箱", "8400"), ("毛巾", 800, "条", "4000")):
        DonatedGoods.objects.create(
            donation=goods,
            name=name,
            quantity=quantity,
            unit=unit,
            value=Decimal(value),
            specification="普通装",
        )
    donate(75, CASH, "2000", member=members[7], is_anonymous=True, purpose="乡村振兴", campaign=campaign)
    donate(20, CASH, "10000", donor_name="重庆某某建材有限公司")


def _honours(members):
    for place, (title, given_by, level, on) in enumerate(
        [
            ("优秀志愿者", "江津区志愿服务联合会", Honour.Level.DISTRICT, "2025-12"),
            ("建言献策先进个人", "区委统战部", Honour.Level.DISTRICT, "2026-01"),
            ("优秀会员", "江津区新专联", Honour.Level.ASSOCIATION, "2026-02-06"),
        ]
    ):
        Honour.objects.create(
            member=members[place],
            title=title,
            given_by=given_by,
            level=level,
            on=on,
            decided_at=timezone.now(),
        )
