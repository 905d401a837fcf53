"""Resolutions: passed by the vote, carried out in one action, taken back together."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from members.codes import Status
from members.models import Member
from members.rights import Role
from organizations.meetings.effects import effect_of
from organizations.meetings.holding import (
    Entry,
    new_vote,
    record_attendance,
    save_item,
    save_vote,
    sign_minutes,
)
from organizations.meetings.plan_forms import members_named
from organizations.meetings.resolving import (
    carry_out,
    delete_resolution,
    not_taken_back,
    obstacle,
    plan_resolution,
    save_resolution,
    take_back,
)
from organizations.models import AgendaItem, Appointment, Attendance, Body, Change, Resolution
from organizations.services import NotPossible, end_appointment
from tests.make import (
    grant,
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
DAY = D(2026, 3, 20)
KIND = Resolution.Kind


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def meeting():
    """A council of 张三 (会长), 李四, 王五, all present."""
    term = make_term(make_body(name="理事会"), starts_on=D(2022, 1, 1))
    for name, title in (("张三", "会长"), ("李四", "理事"), ("王五", "理事")):
        make_appointment(make_member(name), title, term=term)
    meeting = make_meeting(term.body, held=True)
    attended = Entry(Attendance.Presence.ATTENDED)
    record_attendance(meeting, dict.fromkeys(meeting.attendances.values_list("member", flat=True), attended))
    return meeting


@pytest.fixture
def manager(meeting):
    user = make_user()
    grant(user, Role.MANAGER, meeting.body.association)
    return user


def make_resolution(meeting, kind=KIND.OTHER, *, plan=None, **fields):
    fields = {"title": "关于某事的决议", "is_passed": True, **fields}
    resolution = save_resolution(meeting, Resolution(kind=kind, **fields))
    return plan_resolution(resolution, plan) if plan else resolution


def appoint_plan(meeting, member, title="副会长", **fields):
    post = meeting.body.association.posts.get(body_kind="council", title=title)
    plan = {"body": meeting.body_id, "post": post.pk, "members": [member.pk], "starts_on": "2026-03-20"}
    return {**plan, "how": "by_election", "is_acting": False, **fields}


def member(name):
    return Member.objects.get(name=name)


@pytest.mark.parametrize(
    ("votes", "answer"), [((2, 1, 0), True), ((1, 1, 1), False), ((3, 0, 0), True), ((0, 0, 0), False)]
)
def test_the_vote_says_whether_it_passed(meeting, votes, answer):
    vote = new_vote(save_item(meeting, AgendaItem(title="审议年度工作报告")))
    vote.in_favour, vote.against, vote.abstained = votes
    save_vote(vote)

    resolution = make_resolution(meeting, vote=vote, is_passed=None)

    assert (resolution.is_passed, resolution.item, resolution.number) == (answer, vote.item, 1)


def test_without_a_quorum_nothing_passes(meeting):
    vote = new_vote(save_item(meeting, AgendaItem(title="审议年度工作报告")))
    vote.present, vote.in_favour = 1, 1
    save_vote(vote)

    assert make_resolution(meeting, vote=vote).is_passed is False


def test_an_appointment_links_to_its_resolution_and_goes_with_it(meeting, manager):
    resolution = make_resolution(meeting, KIND.APPOINT, document="新专联〔2026〕3号", plan=None)
    resolution = plan_resolution(resolution, appoint_plan(meeting, member("李四")))
    assert effect_of(resolution).lines(resolution) == ["李四：自2026-03-20起任“理事会”“副会长”（增补）"]
    assert obstacle(resolution, actor=manager) == ""
    assert not Appointment.objects.filter(post__title="副会长").exists()

    carried = carry_out(resolution, actor=manager)

    made = Appointment.objects.get(post__title="副会长")
    assert (made.decided_by, made.basis) == (resolution, "第一届理事会第一次会议 新专联〔2026〕3号")
    assert (carried.carried_out.actor, list(resolution.appointed.all())) == (manager, [made])
    with pytest.raises(NotPossible, match="已实施"):
        carry_out(resolution, actor=manager)
    with pytest.raises(NotPossible, match="先撤回"):
        delete_resolution(carried)

    assert not_taken_back(carried) == []
    back = take_back(carried, actor=manager)

    assert not Appointment.objects.filter(post__title="副会长").exists()
    assert back.carried_out is None
    assert Change.objects.filter(kind="-", diff__has_key="post").exists()
    carry_out(back, actor=manager)
    assert Appointment.objects.filter(post__title="副会长").count() == 1


def test_what_the_services_refuse_is_said_and_nothing_is_written(meeting, manager):
    resolution = make_resolution(meeting, KIND.APPOINT)
    plan = appoint_plan(meeting, member("李四"), "会长", members=[member("李四").pk, member("王五").pk])
    resolution = plan_resolution(resolution, plan)

    assert obstacle(resolution, actor=manager) == "张三自2022-01-01起任“会长”：请先结束该任职。"
    with pytest.raises(NotPossible):
        carry_out(resolution, actor=manager)
    assert Appointment.objects.count() == 3


def test_only_what_passed_and_is_planned_is_carried_out(meeting, manager):
    for resolution, sentence in (
        (
            make_resolution(
                meeting, KIND.APPOINT, is_passed=False, plan=appoint_plan(meeting, member("李四"))
            ),
            "未通过",
        ),
        (make_resolution(meeting, KIND.APPOINT), "没有需要实施的内容"),
        (make_resolution(meeting, KIND.OTHER), "没有需要实施的内容"),
    ):
        with pytest.raises(NotPossible, match=sentence):
            carry_out(resolution, actor=manager)


def test_the_end_of_an_appointment_is_undone_with_its_resolution(meeting, manager):
    row = Appointment.objects.get(member__name="王五")
    plan = {"appointments": [row.pk], "on": "2026-03-20", "reason": "resigned"}
    resolution = make_resolution(meeting, KIND.END_APPOINTMENT, plan=plan)

    resolution = carry_out(resolution, actor=manager)
    row.refresh_from_db()
    assert (row.ends_on, row.end_reason, row.ended_by) == (DAY, "resigned", resolution)

    take_back(resolution, actor=manager)
    row.refresh_from_db()
    assert (row.ends_on, row.end_reason, row.ended_by, row.end_basis) == (None, "", None, "")


def test_what_was_changed_since_stands_in_the_way(meeting, manager):
    resolution = make_resolution(meeting, KIND.APPOINT, plan=appoint_plan(meeting, member("李四")))
    resolution = carry_out(resolution, actor=manager)
    end_appointment(Appointment.objects.get(post__title="副会长"), on=D(2026, 4, 1), reason="resigned")

    assert not_taken_back(resolution) == ["“李四 副会长”此后已被修改。"]
    with pytest.raises(NotPossible, match="此后已被修改"):
        take_back(resolution, actor=manager)

    row = Appointment.objects.get(member__name="王五")
    plan = {"appointments": [row.pk], "on": "2026-03-20", "reason": "resigned"}
    ending = carry_out(make_resolution(meeting, KIND.END_APPOINTMENT, plan=plan), actor=manager)
    end_appointment(row, on=D(2026, 3, 31), reason="resigned")
    assert not_taken_back(ending) == [
        "“王五 理事”的“止”此后已被修改。",
        "“王五 理事”的“离任依据”此后已被修改。",
    ]


def test_a_body_is_established_and_dissolved_by_resolution(meeting, manager):
    plan = {"kind": "committee", "name": "法律服务专委会", "parent": meeting.body_id, "on": "2026-03-20"}
    founding = carry_out(make_resolution(meeting, KIND.ESTABLISH, plan=plan), actor=manager)
    body = Body.objects.get(name="法律服务专委会")
    assert (body.established_by, body.parent, body.established_on) == (founding, meeting.body, "2026-03-20")

    make_appointment(member("李四"), "主任", body=body, starts_on=DAY)
    assert "此后" in " ".join(not_taken_back(founding))
    plan = {"body": body.pk, "on": "2026-06-30"}
    ending = make_resolution(meeting, KIND.DISSOLVE, plan=plan)
    assert effect_of(ending).lines(ending) == [
        "撤销“法律服务专委会”，存续至2026-06-30",
        "李四随之不再担任“主任”",
    ]
    ending = carry_out(ending, actor=manager)
    body.refresh_from_db()
    assert (body.dissolved_on, body.dissolved_by) == ("2026-06-30", ending)
    assert body.appointments.get().ended_by == ending

    take_back(ending, actor=manager)
    body.refresh_from_db()
    assert (body.dissolved_on, body.dissolved_by, body.appointments.get().ends_on) == ("", None, None)


def test_a_body_made_in_error_is_gone_after_taking_back(meeting, manager):
    plan = {"kind": "corps", "name": "服务团", "parent": None, "on": "2026-03"}
    founding = carry_out(make_resolution(meeting, KIND.ESTABLISH, plan=plan), actor=manager)

    take_back(founding, actor=manager)

    assert not Body.objects.filter(name="服务团").exists()


def test_who_applied_becomes_a_member(meeting, manager):
    applicant = make_member("赵六", status=Status.APPLIED)
    plan = {"members": [applicant.pk], "on": "2026-03-20"}
    resolution = make_resolution(meeting, KIND.ADMIT, document="新专联〔2026〕4号", plan=plan)
    assert effect_of(resolution).lines(resolution) == [
        "赵六自2026-03-20起成为会员",
        "不编会员编号：协会尚未设置编号规则",
    ]

    resolution = carry_out(resolution, actor=manager)

    applicant.refresh_from_db()
    step = applicant.status_changes.get()
    assert (applicant.status, applicant.joined) == (Status.ACTIVE, "2026-03-20")
    assert (step.resolution, step.decided_by, step.document) == (
        resolution, "第一届理事会第一次会议", "新专联〔2026〕4号",
    )  # fmt: skip

    take_back(resolution, actor=manager)
    applicant.refresh_from_db()
    assert (applicant.status, applicant.joined, applicant.status_changes.count()) == (Status.APPLIED, "", 0)

    Member.objects.filter(pk=applicant.pk).update(status=Status.ACTIVE)
    assert obstacle(resolution, actor=manager) == "赵六未在申请入会：会员状态为“在册”。"


def test_after_signing_nothing_is_taken_back_but_may_still_be_carried_out(meeting, manager):
    resolution = make_resolution(meeting, KIND.APPOINT, plan=appoint_plan(meeting, member("李四")))
    sign_minutes(meeting, on=DAY, by="张三")

    resolution = carry_out(resolution, actor=manager)

    assert not_taken_back(resolution) == ["会议记录已签字：本决议实施的内容不能再撤回。"]
    with pytest.raises(NotPossible, match="不能再撤回"):
        take_back(resolution, actor=manager)


def test_a_hand_in_another_body_needs_rights_there(meeting):
    branch = make_body(Body.Kind.PARTY_BRANCH, hides_people=True)
    secretary = make_user()
    grant(secretary, Role.SECRETARY, meeting.body.association)
    plan = appoint_plan(meeting, member("李四"))
    resolution = make_resolution(meeting, KIND.APPOINT, plan=plan)
    assert effect_of(resolution).may(secretary, resolution)

    hidden = make_resolution(meeting, KIND.APPOINT, plan=plan | {"body": branch.pk})
    body_secretary = make_user()
    grant(body_secretary, Role.SECRETARY, meeting.body.association, body=meeting.body)
    assert not effect_of(hidden).may(secretary, hidden)
    assert effect_of(resolution).may(body_secretary, resolution)
    assert not effect_of(make_resolution(meeting, KIND.ADMIT)).may(
        body_secretary, make_resolution(meeting, KIND.ADMIT)
    )
    assert not effect_of(make_resolution(meeting, KIND.ESTABLISH)).may(
        body_secretary, make_resolution(meeting, KIND.ESTABLISH)
    )


def test_people_are_named_by_name_or_number(meeting, manager):
    home = meeting.body.association
    make_member("赵六", number="JJ001")
    make_member("赵六", number="JJ002")
    make_member("外人", association=make_association())

    found = members_named("李四\nJJ002、王五\n李四", association_id=home.pk, user=manager)

    assert [(each.name, each.number) for each in found] == [("李四", ""), ("赵六", "JJ002"), ("王五", "")]

    with pytest.raises(ValidationError) as caught:
        members_named("赵六，外人，查无此人", association_id=home.pk, user=manager)
    assert caught.value.messages == [
        "“赵六”有2名会员：请改填会员编号（JJ001、JJ002）。",
        "“外人”：没有这一姓名或编号的会员。",
        "“查无此人”：没有这一姓名或编号的会员。",
    ]
