"""A meeting from its plan to the signed minutes: number, those entitled, attendance, votes."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from members.codes import Status
from members.services import change_status
from organizations.meetings.defaults import rule_for
from organizations.meetings.entitled import without_a_vote
from organizations.meetings.holding import (
    Entry,
    add_observer,
    cancel_meeting,
    change_meeting,
    delete_item,
    hold_meeting,
    new_vote,
    quorum_of,
    record_attendance,
    save_item,
    save_vote,
    sign_minutes,
)
from organizations.models import AgendaItem, Attendance, Body, Change, Meeting, MeetingKind, MeetingRule, Term
from organizations.services import NotPossible, end_appointment, end_term
from tests.make import (
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
D = dt.date
P = Attendance.Presence
DAY = D(2026, 3, 20)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def council():
    return make_body(name="理事会")


@pytest.fixture
def term(council):
    return make_term(council, starts_on=D(2022, 1, 1))


@pytest.fixture
def seated(term):
    """会长 张三, 理事 李四 王五."""
    people = [make_member(name) for name in ("张三", "李四", "王五")]
    make_appointment(people[0], "会长", term=term)
    for member in people[1:]:
        make_appointment(member, "理事", term=term)
    return people


def list_of(meeting):
    return [
        (str(row.member), row.post, row.is_entitled, row.presence)
        for row in meeting.attendances.in_order().select_related("member")
    ]


# -- number, name, day


def test_a_meeting_gets_the_next_number_and_the_usual_name(council, term):
    names = [make_meeting(council, on=D(2026, month, 1)).name for month in (1, 2, 3)]

    assert names == ["第一届理事会第一次会议", "第一届理事会第二次会议", "第一届理事会第三次会议"]


def test_numbers_begin_anew_in_a_term_and_count_for_each_kind(council, term):
    supervisors = make_body(Body.Kind.SUPERVISORS, name="监事会")
    make_term(supervisors, starts_on=D(2022, 1, 1))
    make_meeting(council)
    joint = make_meeting(council, kind=MeetingKind.JOINT, joint_with=supervisors)
    end_term(term, on=D(2026, 6, 30))
    make_term(council, starts_on=D(2026, 7, 1))

    assert joint.name == "第一届理事会、监事会第一次联席会议"
    assert make_meeting(council, on=D(2026, 7, 1)).name == "第二届理事会第一次会议"


def test_number_and_name_are_correctable(council, term):
    meeting = make_meeting(council, number=7, name="理事会（扩大）会议")
    assert (meeting.number, meeting.name) == (7, "理事会（扩大）会议")

    meeting.number, meeting.name = 4, ""
    change_meeting(meeting)

    assert meeting.name == "第一届理事会第四次会议"
    assert make_meeting(council, on=D(2026, 4, 1)).number == 5


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Body.Kind.ASSEMBLY, "第一届会员大会第一次会议"),
        (Body.Kind.STANDING_COUNCIL, "第一届常务理事会第一次会议"),
        (Body.Kind.PARTY_BRANCH, "特设党支部2026年3月支部党员大会"),
        (Body.Kind.COMMITTEE, "特设党支部第一次会议"),
    ],
)
def test_names_by_kind_of_body(kind, name):
    body = make_body(kind, name="特设党支部")
    if body.has_terms:
        make_term(body, starts_on=D(2022, 1, 1))

    assert make_meeting(body).name == name


def test_an_assembly_of_delegates_says_so():
    body = make_body(Body.Kind.ASSEMBLY)
    make_appointment(make_member(), "会员代表", term=make_term(body))

    assert make_meeting(body).name == "第一届会员代表大会第一次会议"


def test_a_number_is_given_once(council, term):
    first = make_meeting(council)
    with pytest.raises(NotPossible, match="第1次已是“第一届理事会第一次会议”"):
        make_meeting(council, on=D(2026, 5, 1), number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(body=council, term=term, kind="council", number=1, name="x", on=DAY)

    cancel_meeting(first, reason="改期")

    assert make_meeting(council, on=D(2026, 5, 1)).number == 1
    group = make_body(Body.Kind.COMMITTEE)
    make_meeting(group)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(body=group, kind="other", number=1, name="x", on=DAY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": D(2021, 12, 31)}, "没有“理事会”的在任届次"),
        ({"kind": MeetingKind.PARTY_DAY}, "不召开"),
        ({"kind": MeetingKind.JOINT}, "联席会议"),
        ({"notice_on": D(2026, 3, 21)}, "通知"),
    ],
)
def test_what_a_meeting_cannot_be(council, term, fields, sentence):
    with pytest.raises(NotPossible, match=sentence):
        make_meeting(council, **fields)
    assert not Meeting.objects.exists()


def test_the_database_keeps_a_meeting_in_its_term(council, term):
    meeting = make_meeting(council)

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(on=D(2021, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(ended_on=D(2026, 3, 19))
    with pytest.raises(NotPossible, match="第一届理事会第一次会议"):
        end_term(term, on=D(2026, 3, 19))
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(signed_on=DAY)
    end_term(term, on=DAY)


# -- those entitled


def test_entitled_are_those_in_counting_posts_once_highest_first(term, seated):
    make_appointment(seated[2], "秘书长", term=term)
    make_appointment(make_member("赵六"), "名誉会长", term=term)
    gone = make_member("钱七")
    end_appointment(make_appointment(gone, "理事", term=term), on=D(2026, 3, 19), reason="resigned")
    left = make_member("孙八")
    make_appointment(left, "理事", term=term)
    change_status(left, to=Status.WITHDRAWN, on="2026-03-19", actor=make_user())

    meeting = make_meeting(term.body, held=True)

    assert list_of(meeting) == [
        ("张三", "会长", True, ""),
        ("王五", "秘书长、理事", True, ""),
        ("李四", "理事", True, ""),
    ]
    assert (quorum_of(meeting).needed, meeting.quorum) == (2, "2/3")


def test_the_list_is_fixed_when_the_meeting_is_held(term, seated):
    meeting = make_meeting(term.body)
    record_attendance(meeting, {seated[1].pk: Entry(P.LEAVE, reason="出差")})
    record_attendance(meeting, {seated[2].pk: Entry(P.ATTENDED)})
    for member in seated[1:]:
        end_appointment(member.appointments.get(), on=D(2026, 3, 19), reason="resigned")
    make_appointment(make_member("赵六"), "理事", term=term, starts_on=DAY)

    hold_meeting(meeting, today=DAY)
    make_appointment(make_member("钱七"), "理事", term=term, starts_on=DAY)

    assert list_of(meeting) == [
        ("张三", "会长", True, ""),
        ("赵六", "理事", True, ""),
        ("李四", "理事", False, "leave"),
    ]


def test_in_an_assembly_all_members_in_force_are_entitled_or_the_delegates():
    home = make_association()
    body = make_body(Body.Kind.ASSEMBLY, association=home)
    term = make_term(body)
    one, other, late = (make_member(name, association=home) for name in ("张三", "李四", "王五"))
    user = make_user()
    for member, on in ((one, "2020-01"), (other, "2020-01"), (late, "2026-04-01")):
        change_status(member, to=Status.ACTIVE, on=on, actor=user)
    make_member("外人", association=make_association())

    all_members = make_meeting(body, held=True)
    make_appointment(other, "会员代表", term=term)
    delegates = make_meeting(body, on=D(2026, 4, 1), held=True)

    assert [name for name, *_ in list_of(all_members)] == ["李四", "张三"]
    assert [name for name, *_ in list_of(delegates)] == ["李四"]


def test_in_a_party_branch_full_members_have_the_vote():
    branch = make_body(Body.Kind.PARTY_BRANCH)
    term = make_term(branch, starts_on=D(2025, 1, 1), years=3)
    for name, title, status, second in (
        ("书记", "书记", "中共党员", ""),
        ("未填", "党员", "", ""),
        ("双重", "党员", "民盟盟员", "中共党员"),
        ("预备", "党员", "中共预备党员", ""),
        ("群众", "党员", "群众", ""),
    ):
        member = make_member(name, political_status=status, second_party=second)
        make_appointment(member, title, term=term)

    assembly = make_meeting(branch, held=True)
    committee = make_meeting(branch, kind=MeetingKind.PARTY_COMMITTEE, held=True)

    assert sorted(name for name, *_ in list_of(assembly)) == ["书记", "双重", "未填"]
    assert [name for name, *_ in list_of(committee)] == ["书记"]
    assert without_a_vote(branch, MeetingKind.PARTY_ASSEMBLY, DAY) == 2
    assert quorum_of(assembly).needed == 2


def test_a_joint_meeting_is_of_the_people_of_both(term, seated):
    supervisors = make_body(Body.Kind.SUPERVISORS)
    make_appointment(make_member("赵六"), "监事", term=make_term(supervisors))

    meeting = make_meeting(term.body, kind=MeetingKind.JOINT, joint_with=supervisors, held=True)

    assert [name for name, *_ in list_of(meeting)] == ["张三", "王五", "李四", "赵六"]


def test_a_council_without_members_holds_no_meeting(council, term):
    meeting = make_meeting(council)
    assert not quorum_of(meeting).reached

    with pytest.raises(NotPossible, match="请先录入“理事会”的任职"):
        hold_meeting(meeting, today=DAY)
    with pytest.raises(NotPossible, match="会议要到2026-03-20"):
        hold_meeting(meeting, today=D(2026, 3, 19))


# -- attendance


def test_late_and_represented_people_count_as_present(term, seated):
    one, two, three = seated
    MeetingRule.objects.create(
        association=term.body.association, kind="council", quorum="2/3", majority="2/3", proxies_allowed=True
    )
    meeting = make_meeting(term.body, held=True)

    changed = record_attendance(
        meeting,
        {one.pk: Entry(P.LATE), two.pk: Entry(P.PROXY, one.pk, "出差"), three.pk: Entry(P.ABSENT)},
    )

    assert changed == 3
    assert (quorum_of(meeting).present, quorum_of(meeting).reached) == (2, True)
    assert record_attendance(meeting, {one.pk: Entry(P.LATE)}) == 0


def test_proxies_count_only_where_the_rule_allows_them(term, seated):
    one, two, three = seated
    meeting = make_meeting(term.body, held=True)
    with pytest.raises(NotPossible, match="李四：本类会议的规则不允许代为出席"):
        record_attendance(meeting, {one.pk: Entry(P.ATTENDED), two.pk: Entry(P.PROXY, one.pk)})
    assert not meeting.attendances.exclude(presence="").exists()

    MeetingRule.objects.create(
        association=term.body.association, kind="council", quorum="2/3", majority="2/3", proxies_allowed=True
    )
    for entries, sentence in (
        ({two.pk: Entry(P.PROXY, two.pk)}, "李四：代为出席者须是名单上的另一人"),
        ({one.pk: Entry(P.ABSENT), two.pk: Entry(P.PROXY, one.pk)}, "李四由张三代为出席，但张三未到会"),
        ({three.pk: Entry(P.OBSERVER)}, "王五有表决权"),
        ({0: Entry(P.ATTENDED)}, "名单"),
    ):
        with pytest.raises(NotPossible, match=sentence):
            record_attendance(meeting, entries)


def test_observers_are_on_the_list_and_do_not_count(term, seated):
    meeting = make_meeting(term.body, held=True)
    guest = make_member("赵六")
    add_observer(meeting, guest)

    assert list_of(meeting)[-1] == ("赵六", "", False, "observer")
    assert quorum_of(meeting).present == 0
    with pytest.raises(NotPossible, match="已在名单"):
        add_observer(meeting, guest)
    with pytest.raises(NotPossible, match="赵六无表决权"):
        record_attendance(meeting, {guest.pk: Entry(P.ATTENDED)})
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(member=guest).update(presence=P.ATTENDED)


def test_attendance_leaves_history_in_as_many_statements_for_one_as_for_many(council, term):
    def statements(people, day):
        for _each in range(people):
            make_appointment(make_member(), "理事", term=term)
        meeting = make_meeting(council, on=day, held=True)
        members = meeting.attendances.values_list("member", flat=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record_attendance(meeting, {member: Entry(P.ATTENDED) for member in members})
        return meeting, len(queries)

    _, one = statements(1, D(2026, 1, 1))
    meeting, four = statements(3, D(2026, 2, 1))

    assert one == four
    assert Change.objects.of(meeting).filter(diff__presence=["", "attended"]).count() == 4


# -- votes, signing


@pytest.fixture
def held(term, seated):
    meeting = make_meeting(term.body, held=True)
    record_attendance(
        meeting, {member.pk: Entry(P.ATTENDED) for member in seated[:2]} | {seated[2].pk: Entry(P.LEAVE)}
    )
    return meeting


def test_a_vote_begins_with_the_numbers_of_the_meeting(held):
    item = save_item(held, AgendaItem(title="审议年度工作报告"))
    vote = new_vote(item)

    assert (item.number, vote.entitled, vote.present, vote.majority, vote.majority_of) == (
        1,
        3,
        2,
        "2/3",
        "present",
    )


def test_more_votes_than_people_are_refused_in_a_sentence(held):
    vote = new_vote(save_item(held, AgendaItem(title="审议年度工作报告")))
    vote.in_favour, vote.against = 2, 1

    with pytest.raises(NotPossible, match=r"共3票（同意2、反对1、弃权0），但到会有表决权的只有2人"):
        save_vote(vote)
    with pytest.raises(IntegrityError), transaction.atomic():
        vote.save()
    vote.against = 0
    save_vote(vote)


def test_signed_minutes_are_corrected_with_a_reason_that_stays(held, seated):
    item = save_item(held, AgendaItem(title="审议年度工作报告"))
    with pytest.raises(NotPossible, match="会议当天"):
        sign_minutes(held, on=D(2026, 3, 19), by="张三")
    sign_minutes(held, on=D(2026, 3, 25), by="张三")
    entries = {seated[2].pk: Entry(P.ABSENT)}

    for write in (
        lambda: record_attendance(held, entries),
        lambda: delete_item(item),
        lambda: save_vote(new_vote(item)),
        lambda: change_meeting(Meeting.objects.get(pk=held.pk)),
        lambda: cancel_meeting(held, reason="误录"),
    ):
        with pytest.raises(NotPossible, match="记录已签字"):
            write()
    user = make_user()
    record_attendance(held, entries, actor=user, reason="王五其实未请假")

    change = Change.objects.of(held).get(diff__presence=["leave", "absent"])
    assert (change.action.actor, change.action.note) == (user, "记录签字后更正：王五其实未请假")


def test_minutes_are_signed_when_everybody_is_entered(term, seated):
    meeting = make_meeting(term.body, held=True)

    with pytest.raises(NotPossible, match="还有3人的出席情况未录入"):
        sign_minutes(meeting, on=DAY, by="张三")
    with pytest.raises(NotPossible, match="已经召开"):
        hold_meeting(meeting, today=DAY)


def test_a_held_meeting_keeps_its_day(held):
    held.on = D(2026, 3, 21)

    with pytest.raises(NotPossible, match="不能更改日期"):
        change_meeting(held)


# -- rules


def test_an_association_without_a_rule_goes_by_the_default_with_its_source():
    home = make_association()
    default = rule_for(home.pk, MeetingKind.COUNCIL)
    assert (default.pk, default.quorum, default.majority, default.notice_days) == (None, "2/3", "2/3", 10)
    assert "1998" in default.source

    own = MeetingRule.objects.create(association=home, kind="council", quorum="1/2", majority="1/2")

    assert rule_for(home.pk, MeetingKind.COUNCIL) == own
    assert all(rule_for(home.pk, kind).source for kind in set(MeetingKind) - {"council"})
