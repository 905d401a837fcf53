"""Papers of a meeting: notice, sign-in sheet, agenda, minutes (domain.md B2, E3)."""

from organizations.meetings.counting import passed
from organizations.meetings.entitled import seats
from organizations.meetings.holding import agenda_of, quorum_of
from organizations.models import Attendance, Body
from organizations.models.appointments import all_members
from organizations.papers.contexts.common import Filled, common, in_words, numbered, person

# {kind of body: what its people are called}
PEOPLE = {
    Body.Kind.ASSEMBLY: "会员",
    Body.Kind.COUNCIL: "理事",
    Body.Kind.STANDING_COUNCIL: "常务理事",
    Body.Kind.SUPERVISORS: "监事",
    Body.Kind.PARTY_BRANCH: "党员",
}
OTHERS = "成员"
IN_WORDS = {
    "1/2": "超过半数",
    "2/3": "达到三分之二以上",
    "3/4": "达到四分之三以上",
    "4/5": "达到五分之四以上",
    "1/1": "全体到会",
}


def notice(meeting, *, contact, phone, answer_by, sent_on):
    """The notice with the slip to answer by; whom to answer, until when and the day of the notice are asked for."""
    called = _called(meeting)
    attend = f"全体{called}"
    if meeting.guests:
        attend += f"；列席：{_listed(meeting.guests)}"
    return Filled(
        meeting.body.association,
        meeting.name,
        {
            **_about(meeting),
            "抬头": f"各位{called}",
            "参会人员": attend,
            "议题列表": numbered({"内容": item.title} for item in agenda_of(meeting)),
            "联系人": contact,
            "联系电话": phone,
            "回复日期": in_words(answer_by),
            "通知日期": in_words(sent_on),
        },
    )


def agenda(meeting):
    """The items with who speaks to them; nobody has voted yet when it is printed."""
    items = [{"内容": item.title, "报告人": item.presenter, "备注": ""} for item in agenda_of(meeting)]
    attend = f"全体{_called(meeting)}"
    context = {**_about(meeting), "参会人员": attend, "议题列表": numbered(items)}
    return Filled(meeting.body.association, meeting.name, context)


def sign_in(meeting, *, user):
    """Those entitled, highest post first, then those who sit in (domain.md B2 [SIGN])."""
    people = people_of(meeting)
    rows = [
        {**person(member, user), "职务": post, "备注": "" if is_entitled else "列席"}
        for member, post, is_entitled in people
    ]
    context = {
        **_about(meeting),
        "应到人数": str(sum(not row["备注"] for row in rows)),
        "名单": numbered(rows),
    }
    members = tuple(member.pk for member, _post, _is_entitled in people)
    return Filled(meeting.body.association, meeting.name, context, members)


def people_of(meeting):
    """[(member, post, whether entitled)] of `meeting`: of its list, or of those entitled while there is none."""
    rows = meeting.attendances.in_order().select_related("member__employer")
    listed = [(row.member, row.post, row.is_entitled) for row in rows]
    if any(is_entitled for _member, _post, is_entitled in listed) or meeting.has_taken_place:
        return listed
    entitled = seats(meeting)
    members = all_members().select_related("employer").in_bulk([seat.member_id for seat in entitled])
    return [(members[seat.member_id], seat.post, True) for seat in entitled] + listed


def minutes(meeting):
    """The minutes: who was there, what was said, voted and resolved."""
    kinds = Attendance.Presence
    rows = list(meeting.attendances.in_order().select_related("member", "proxy"))
    quorum = quorum_of(meeting)
    present = [row for row in rows if row.counts_as_present]
    observers = [row.member.name for row in rows if row.presence == kinds.OBSERVER]
    absent = [_absence(row) for row in rows if row.presence in (kinds.LEAVE, kinds.ABSENT)]
    is_known = bool(present)
    return Filled(
        meeting.body.association,
        meeting.name,
        {
            **_about(meeting),
            "记录人": meeting.recorder,
            "应到人数": str(quorum.entitled),
            "实到人数": str(quorum.present) if is_known else "　　",
            "出席人员": "、".join(map(_presence, present)),
            "列席人员": "、".join(filter(None, [*observers, _listed(meeting.guests)])),
            "缺席人员": "、".join(absent),
            "法定人数": _quorum_sentence(meeting, quorum) if is_known else "",
            "议题列表": numbered(map(_item, agenda_of(meeting))),
            "正文": meeting.minutes.strip(),
            "决议列表": numbered(
                {"编号": each.document, "内容": _resolution(each)}
                for each in meeting.resolutions.filter(is_passed=True)
            ),
            "会议日期": in_words(meeting.on),
        },
    )


def _about(meeting):
    time = f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    place = meeting.place or {"online": "线上会议", "correspondence": "通讯方式"}.get(meeting.mode, "")
    return {
        **common(meeting.body.association),
        "会议名称": meeting.name,
        "会议时间": in_words(meeting.on) + time,
        "会议地点": place,
        "主持人": meeting.chair,
    }


def _called(meeting):
    return "、".join(dict.fromkeys(PEOPLE.get(body.kind, OTHERS) for body in meeting.bodies))


def _listed(text):
    """Lines of a text field in one."""
    return "、".join(line.strip() for line in text.splitlines() if line.strip())


def _presence(row):
    if row.presence == Attendance.Presence.PROXY:
        return f"{row.member.name}（由{row.proxy.name}代）" if row.proxy else f"{row.member.name}（代）"
    return row.member.name


def _absence(row):
    what = "请假" if row.presence == Attendance.Presence.LEAVE else "缺席"
    return f"{row.member.name}（{'：'.join(filter(None, [what, row.reason]))}）"


def _quorum_sentence(meeting, quorum):
    numbers = f"应到{quorum.entitled}人，实到{quorum.present}人"
    if not quorum.reached:
        return f"{numbers}，未达到章程规定的{quorum.needed}人。"
    share = IN_WORDS.get(meeting.quorum)
    return f"{numbers}，{share}，符合章程规定。" if share else f"{numbers}，符合章程规定。"


def _item(item):
    results = [_vote(vote) for vote in item.votes.all()]
    return {"标题": item.title, "内容": item.text, "表决结果": "；".join(results) + "。" if results else ""}


def _vote(vote):
    is_passed = passed(
        vote.in_favour,
        against=vote.against,
        present=vote.present,
        entitled=vote.entitled,
        majority=vote.majority,
        majority_of=vote.majority_of,
    )
    way = "无记名投票，" if vote.is_secret else ""
    return (
        f"{vote.subject + '：' if vote.subject else ''}{way}应到{vote.entitled}人，实到{vote.present}人，"
        f"同意{vote.in_favour}票，反对{vote.against}票，弃权{vote.abstained}票，{'通过' if is_passed else '未通过'}"
    )


def _resolution(resolution):
    text = resolution.text.strip()
    return f"{resolution.title}：{text}" if text else f"{resolution.title}。"
