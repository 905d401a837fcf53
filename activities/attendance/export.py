"""The list of an activity as a file, with an entry in the log of who took it."""

import tempfile

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.attendance.people import people_of
from members.formats import FORMATS
from members.models import Disclosed, PersonRequest
from members.rights import Ability
from organizations.models import Action

SHEET_NAME = "活动名单"
# headings are a file format, not interface text: those of sign-in sheets, then what the register knows besides
HEADERS = ["序号", "姓名", "单位", "职务", "会员编号", "所属类别", "报名情况", "出席情况", "代为出席人", "原因",
           "到场时间", "登记方式"]  # fmt: skip
MOBILE = "联系电话"
# how states read in the file, in every language of the screens
STATES = {
    "invited": "已邀请",
    "signed_up": "已报名",
    "waiting": "候补",
    "declined": "不参加",
    "withdrawn": "已取消报名",
    "walk_in": "未报名到场",
}
PRESENCES = {
    "attended": "出席",
    "late": "迟到",
    "proxy": "代为出席",
    "leave": "请假",
    "absent": "缺席",
    "observer": "列席",
}
WAYS = {
    "screen": "扫大屏码",
    "scanned": "工作人员扫码",
    "list": "工作人员登记",
    "sheet": "签到表",
    "own": "本人说明",
}


def may_export(user, activity):
    return user.has_perm("members.export_member") and user.rights.may(Ability.EXPORT, activity.association_id)


class ExportForm(forms.Form):
    """In which format, with mobile numbers or not, and then why."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(each().get_extension(), each().get_title()) for each in FORMATS],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    mobile = forms.BooleanField(label=_("With mobile numbers"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("For whom and what for. It is kept in the log of exports."),
    )

    def __init__(self, *args, activity, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not user.rights.may_read("mobile", activity.association_id):
            del self.fields["mobile"]

    def clean(self):
        data = self.cleaned_data
        if data.get("mobile") and not data.get("reason"):
            raise ValidationError(
                {"reason": _("The file will hold personal data: say for whom and what for.")}
            )
        return data

    @property
    def file_format(self):
        wanted = self.cleaned_data["format"]
        return next(found for found in (each() for each in FORMATS) if found.get_extension() == wanted)


class Heading:
    """The lines above the table."""

    sheet = SHEET_NAME

    def __init__(self, activity, counts, actor):
        self.activity, self.counts, self.maker = activity, counts, str(actor)

    def title(self):
        return f"{self.activity.title}名单"

    def note(self, count):
        starts = timezone.localtime(self.activity.starts_at)
        counts = self.counts
        return (
            f"时间：{starts:%Y-%m-%d %H:%M}　地点：{self.activity.place}　共{count}人　应到{counts.expected}人　"
            f"实到{counts.present}人　请假{counts.leave}人　缺席{counts.absent}人　制表：{self.maker}"
        )


def export_people(activity, *, rows, actor, file_format, words="", with_mobile=False, reason=""):
    """Write the people of `rows` (participations of `activity`); return an open temporary file, at its start.

    Whether `actor` may is asked before. Mobile numbers stay away where the member asked for no further use of data.
    """
    people = people_of(activity, actor, rows)
    headers = [*HEADERS, MOBILE] if with_mobile else HEADERS
    members = [person.row.member_id for person in people if person.row.member_id]
    kept = (
        set(PersonRequest.objects.restricting().filter(member__in=members).values_list("member", flat=True))
        if with_mobile
        else ()
    )
    table = (
        _cells(place, person, kept, with_mobile=with_mobile) for place, person in enumerate(people, start=1)
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        file_format.write(file, headers, table, Heading(activity, activity.participations.counts(), actor))
        _log(activity, members, headers, actor, file_format, words=words, reason=reason)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def export_name(activity, file_format):
    return f"{activity.title}名单-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"


def _cells(place, person, kept, *, with_mobile):
    row, member = person.row, person.row.member
    came = f"{timezone.localtime(row.came_at):%Y-%m-%d %H:%M}" if row.came_at else ""
    cells = [
        str(place),
        person.name,
        person.employer,
        person.position,
        member.number if member else "",
        person.category if member else "嘉宾",
        STATES[row.state],
        PRESENCES.get(row.presence, ""),
        row.proxy_name,
        person.reason,
        came,
        WAYS.get(row.way, ""),
    ]
    if with_mobile:
        cells.append(member.mobile if member and member.pk not in kept else "")
    return cells


@transaction.atomic
def _log(activity, members, headers, actor, file_format, *, words, reason):
    filter_words = "；".join(filter(None, [activity.title, words]))
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=activity.association,
        details={
            "paper": SHEET_NAME,
            "count": len(members),
            "fields": headers,
            "filter": filter_words,
            "format": file_format.get_extension(),
            "reason": reason,
            "identity": False,
            # who may not see the people of the body is not told of its lists either
            **({"body": activity.host_id} if activity.host_id else {}),
        },
    )
    Disclosed.objects.note(action, members)
