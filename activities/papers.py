"""Papers of an activity: sign-in sheet and notice (domain.md B2 [SIGN]), made as those of meetings are."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Participation, Presence
from members.rights import Ability
from organizations.day_input import DayInput
from organizations.papers.contexts.common import Filled, common, in_words, numbered, person
from organizations.papers.forms import PaperForm
from organizations.papers.kinds import (
    COMMON,
    EMPLOYER,
    MOBILE,
    NAME,
    ORDER,
    PLACE,
    Field,
    PaperKind,
    add_kinds,
)
from organizations.papers.offers import SOURCES, Maker, Source

State = Participation.State
SIGN_IN, NOTICE = "activity_sign_in", "activity_notice"
# empty lines for those who come without having signed up
SPARE_LINES = 5

ABOUT = (
    Field("活动名称", _("title of the activity"), "江津国情考察"),
    Field("活动时间", _("day and hours"), "2026年12月4日14:30—16:30"),
    Field("活动地点", _("place"), "某某街道社区活动中心"),
    Field("主办单位", _("who holds it, with partners"), "某某区新专联"),
)


class NoticeForm(PaperForm):
    """Whom to ask, until when to sign up, and the day of the notice."""

    sent_on = forms.DateField(label=_("Day of the notice"), widget=DayInput)
    contact = forms.CharField(label=_("Person to answer"), max_length=100)
    phone = forms.CharField(label=_("Telephone for answers"), max_length=50, required=False)
    answer_by = forms.DateField(label=_("Sign up until"), widget=DayInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        until = self.record.sign_up_until
        today = timezone.localdate()
        day_before = self.record.on - dt.timedelta(days=1)
        self.initial = {
            "contact": self.record.contact or self.user.name,
            "phone": self.record.contact_phone or self.user.phone or "",
            "sent_on": today,
            "answer_by": timezone.localdate(until) if until else max(day_before, min(today, self.record.on)),
            **self.initial,
        }

    def clean_answer_by(self):
        day = self.cleaned_data["answer_by"]
        if day and day > self.record.on:
            raise ValidationError(
                _("The activity is on {day}: ask for answers before.").format(day=self.record.on)
            )
        return day


def sign_in(activity, *, user):
    """Those expected in the order of the list, then guests, then empty lines; leave said before stands in its line."""
    rows = [row for row in _listed(activity) if row.is_expected or row.state == State.WALK_IN]
    lines = [_line(row, user) for row in rows]
    empty = dict.fromkeys(("姓名", "工作单位", "职务", "联系电话", "备注"), "")
    context = {
        **_about(activity),
        "应到人数": str(sum(row.is_expected for row in rows)),
        "名单": numbered([*lines, *(dict(empty) for _line in range(SPARE_LINES))]),
    }
    members = tuple(row.member_id for row in rows if row.member_id)
    return Filled(activity.association, activity.title, context, members)


def notice(activity, *, contact, phone, answer_by, sent_on):
    """The notice; whom to ask, until when to sign up and its day are asked for."""
    return Filled(
        activity.association,
        activity.title,
        {
            **_about(activity),
            "活动内容": _one_line(activity.about),
            "活动安排": numbered({"内容": line} for line in _lines(activity.programme)),
            "联系人": contact,
            "联系电话": phone,
            "报名截止": in_words(answer_by) if answer_by else "",
            "通知日期": in_words(sent_on),
        },
    )


def _listed(activity):
    rows = activity.participations.in_order().select_related("member__employer")
    found = list(rows)
    for row in found:
        row.activity = activity
    return found


def _line(row, user):
    if row.member_id:
        found = person(row.member, user)
        line = {name: found[name] for name in ("姓名", "工作单位", "联系电话")} | {"职务": found["单位职务"]}
    else:
        line = {"姓名": row.guest_name, "工作单位": row.guest_from, "职务": row.guest_post, "联系电话": ""}
    return {**line, "备注": "请假" if row.presence == Presence.LEAVE else ""}


def _about(activity):
    return {
        **common(activity.association),
        "活动名称": activity.title,
        "活动时间": hours(activity),
        "活动地点": activity.place or str(activity.base or ""),
        "主办单位": "、".join(
            [str(activity.host or activity.association), *map(str, activity.partners.all())]
        ),
    }


def hours(activity):
    """2026年12月4日14:30—16:30, with the day of the end where it is another."""
    starts, ends = timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{in_words(ends.date())}{ends:%H:%M}"
    return f"{in_words(starts.date())}{starts:%H:%M}—{until}"


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def _one_line(text):
    return " ".join(_lines(text))


def _rows(user):
    rows = Activity.objects.where_may(user, Ability.EDIT).select_related("association", "host", "base")
    return rows.prefetch_related("partners__body")


KINDS = (
    PaperKind(
        SIGN_IN,
        _("Sign-in sheet of an activity"),
        "活动签到表",
        (
            *COMMON,
            *ABOUT,
            Field("应到人数", _("number of those entitled"), "5"),
            ORDER,
            Field(
                "名单",
                _("the persons"),
                rows=(
                    PLACE,
                    NAME,
                    EMPLOYER,
                    Field(
                        "职务",
                        _("position at the employer"),
                        ("主任", "副所长", "总经理", "理事长", "独立设计师"),
                    ),
                    MOBILE,
                    Field("备注", _("请假 for who asked for leave, else empty"), ("", "", "请假", "", "")),
                ),
            ),
        ),
        default="activities.paper_templates.sign_in",
    ),
    PaperKind(
        NOTICE,
        _("Notice of an activity"),
        "活动通知",
        (
            *COMMON,
            *ABOUT,
            Field("活动内容", _("what it is about"), "参观企业，座谈交流。"),
            Field(
                "活动安排",
                _("the lines of the programme"),
                rows=(PLACE, Field("内容", _("line of the programme"), ("14:30 集合签到", "15:00 座谈"))),
            ),
            Field("联系人", _("who to answer"), "李三三"),
            Field("联系电话", _("telephone number for answers"), "13800000003"),
            Field("报名截止", _("last day for signing up, empty if there is none"), "2026年12月1日"),
            Field("通知日期", _("day of the notice"), "2026年11月22日"),
        ),
        default="activities.paper_templates.notice",
    ),
)
MAKERS = {
    SIGN_IN: Maker(PaperForm, lambda activity, user, data: sign_in(activity, user=user)),
    NOTICE: Maker(
        NoticeForm,
        lambda activity, user, data: notice(
            activity,
            contact=data["contact"],
            phone=data["phone"],
            answer_by=data["answer_by"],
            sent_on=data["sent_on"],
        ),
    ),
}


def register():
    """Let the papers of activities be made as those of bodies and meetings are."""
    add_kinds(*KINDS, items={"活动安排": "项"})
    SOURCES["activity"] = Source(
        _rows,
        MAKERS,
        body=lambda activity: activity.host_id,
        place=("activities:activities", _("Activities")),
    )
