"""Meetings of the sample's council and party branch: held, signed and planned ones, with votes and resolutions."""

import datetime as dt

from django.utils import timezone

from organizations.meetings.holding import (
    Entry,
    hold_meeting,
    new_vote,
    plan_meeting,
    record_attendance,
    save_item,
    save_vote,
    sign_minutes,
)
from organizations.meetings.resolving import carry_out, plan_resolution, save_resolution
from organizations.models import AgendaItem, Attendance, MeetingKind, Resolution

PLACE = "区委统战部三楼会议室"
PRESENCE, DECIDES = Attendance.Presence, Resolution.Kind
# of the council's second term: (day, notice sent, how many on leave, subjects)
COUNCIL = [
    (dt.date(2025, 3, 15), dt.date(2025, 3, 3), 1, ["选举会长、副会长、秘书长"]),
    (dt.date(2025, 9, 18), dt.date(2025, 9, 5), 2, ["听取上半年工作报告", "审议同心服务团活动安排"]),
    (dt.date(2026, 3, 20), dt.date(2026, 3, 12), 3, ["听取上年度工作报告", "审议设立新媒体专门委员会"]),
]
PARTY = [
    (MeetingKind.PARTY_ASSEMBLY, (1, 16)),
    (MeetingKind.PARTY_DAY, (1, 25)),
    (MeetingKind.PARTY_DAY, (2, 25)),
    (MeetingKind.PARTY_COMMITTEE, (2, 6)),
    (MeetingKind.PARTY_ASSEMBLY, (4, 10)),
    (MeetingKind.PARTY_DAY, (4, 25)),
    (MeetingKind.PARTY_LECTURE, (7, 1)),
]


def make_sample_meetings(council, branch):
    """Meetings of the `council` and the party `branch` of the sample association."""
    for day, notice_on, on_leave, subjects in COUNCIL:
        meeting = _held(
            council,
            MeetingKind.COUNCIL,
            day,
            on_leave,
            starts_at=dt.time(9, 30),
            notice_on=notice_on,
            place=PLACE,
        )
        votes = [_vote(meeting, subject) for subject in subjects]
        if "设立" not in subjects[-1]:
            kind = DECIDES.ELECTION if "选举" in subjects[-1] else DECIDES.OTHER
            _resolve(meeting, kind, f"关于{subjects[-1]}的决议", votes[-1])
            sign_minutes(meeting, on=day + dt.timedelta(days=5), by=meeting.chair)
        else:
            plan = {
                "kind": "committee",
                "name": "新媒体专门委员会",
                "parent": council.pk,
                "on": day.isoformat(),
            }
            row = _resolve(meeting, DECIDES.ESTABLISH, "关于设立新媒体专门委员会的决议", votes[-1])
            carry_out(plan_resolution(row, plan), actor=None)
    for kind, (month, day) in PARTY:
        _held(branch, kind, dt.date(2026, month, day), 1, place="党员活动室")
    _plan_next(council)


def _plan_next(council):
    """The council's next meeting, in three weeks: called, with an agenda."""
    today = timezone.localdate()
    meeting = plan_meeting(
        council, kind=MeetingKind.COUNCIL, on=today + dt.timedelta(days=21), starts_at=dt.time(9, 30), place=PLACE,
        notice_on=today,
    )  # fmt: skip
    for title in ("听取年度工作报告", "审议新会员入会申请"):
        save_item(meeting, AgendaItem(title=title))


def _held(body, kind, day, on_leave, **fields):
    """A meeting that was held, with those `on_leave` at the end of the list, all others present."""
    meeting = hold_meeting(plan_meeting(body, kind=kind, on=day, **fields), today=day)
    rows = list(meeting.attendances.in_order().select_related("member"))
    split = max(len(rows) - on_leave, 1)
    entries = {row.member_id: Entry(PRESENCE.ATTENDED) for row in rows[:split]}
    entries |= {row.member_id: Entry(PRESENCE.LEAVE, reason="出差") for row in rows[split:]}
    record_attendance(meeting, entries)
    meeting.chair = rows[0].member.name
    meeting.save()
    return meeting


def _vote(meeting, subject):
    vote = new_vote(save_item(meeting, AgendaItem(title=subject)))
    vote.is_secret = "选举" in subject
    vote.in_favour, vote.abstained = vote.present - 1, 1
    return save_vote(vote)


def _resolve(meeting, kind, title, vote):
    return save_resolution(meeting, Resolution(kind=kind, title=title, vote=vote))
