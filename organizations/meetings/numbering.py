"""Numbers and names of meetings: 第一届理事会第三次会议 (domain.md D3 [FJ], E3)."""

from django.db.models import Max

from organizations.models import Meeting
from organizations.models.meetings import PARTY_KINDS, MeetingKind

_DIGITS = "零一二三四五六七八九"
# {kind: (name of the body in titles, last word)}
_TITLES = {
    MeetingKind.ASSEMBLY: ("会员大会", "会议"),
    MeetingKind.COUNCIL: ("理事会", "会议"),
    MeetingKind.STANDING_COUNCIL: ("常务理事会", "会议"),
    MeetingKind.SUPERVISORS: ("监事会", "会议"),
}
_PARTY_TITLES = {
    MeetingKind.PARTY_ASSEMBLY: "支部党员大会",
    MeetingKind.PARTY_COMMITTEE: "支部委员会会议",
    MeetingKind.PARTY_GROUP: "党小组会",
    MeetingKind.PARTY_LECTURE: "党课",
    MeetingKind.PARTY_DAY: "主题党日",
    MeetingKind.PARTY_LIFE: "组织生活会",
    MeetingKind.PARTY_APPRAISAL: "民主评议党员",
}


def in_chinese(number):
    """A whole number from 1 to 9999 as titles write it: 3 → 三, 12 → 十二, 105 → 一百零五."""
    text, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + unit
            zero = False
        elif text:
            zero = True
    return text.removeprefix("一") if 10 <= number < 20 else text


def next_number(body, term, kind):
    """The number of the next meeting of `kind` in `term` (None in a body without terms); cancelled ones leave none."""
    others = Meeting.objects.filter(body=body, term=term, kind=kind).exclude(state=Meeting.State.CANCELLED)
    return (others.aggregate(last=Max("number"))["last"] or 0) + 1


def usual_name(meeting, *, of_delegates=False):
    """The name of a meeting by body, term, kind, number and day.

    `of_delegates`: the assembly is one of delegates (会员代表大会). Meetings of a party branch go by the month.
    """
    if meeting.kind in PARTY_KINDS:
        return f"{meeting.body}{meeting.on.year}年{meeting.on.month}月{_PARTY_TITLES[meeting.kind]}"
    title, last = _TITLES.get(meeting.kind, (meeting.body.name, "会议"))
    if meeting.kind == MeetingKind.ASSEMBLY and of_delegates:
        title = "会员代表大会"
    if meeting.kind == MeetingKind.JOINT:
        title, last = "、".join(body.name for body in meeting.bodies), "联席会议"
    term = f"第{in_chinese(meeting.term.number)}届" if meeting.term else ""
    return f"{term}{title}第{in_chinese(meeting.number)}次{last}"
