"""The pages of meetings: who sees and writes them, and that a meeting is worked from plan to signed minutes."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.codes import Status
from members.models import Member
from members.rights import Role
from organizations.meetings.holding import Entry, record_attendance, save_item, sign_minutes
from organizations.meetings.resolving import plan_resolution, save_resolution
from organizations.models import (
    AgendaItem,
    Appointment,
    Attendance,
    Body,
    Change,
    Meeting,
    MeetingRule,
    Resolution,
    Vote,
)
from tests.make import (
    grant,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_term,
    numeral,
)
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
D = dt.date
DAY = D(2026, 3, 20)


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def council(home):
    """张三 (会长), 李四, 王五 (理事)."""
    body = make_body(association=home, name="理事会")
    term = make_term(body, starts_on=D(2022, 1, 1))
    for name, title in (("张三", "会长"), ("李四", "理事"), ("王五", "理事")):
        make_appointment(make_member(name, association=home), title, term=term)
    return body


@pytest.fixture
def meeting(council):
    return make_meeting(council, held=True, place="区委统战部会议室")


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home)


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def keys(meeting):
    return {row.member.name: row.member_id for row in meeting.attendances.select_related("member")}


def attend_all(meeting):
    attended = Entry(Attendance.Presence.ATTENDED)
    record_attendance(meeting, dict.fromkeys(meeting.attendances.values_list("member", flat=True), attended))


# -- who


def every_page(meeting):
    item = save_item(meeting, AgendaItem(title="审议年度工作报告"))
    vote = Vote.objects.create(item=item, entitled=3, present=3, in_favour=3, majority="2/3")
    fields = {"kind": "other", "title": "关于年度工作报告的决议", "vote": vote}
    resolution = save_resolution(meeting, Resolution(**fields))
    read = [url("meeting", meeting.pk), url("meeting_print", meeting.pk), url("resolution", resolution.pk)]
    write = [
        *(url(f"meeting_{name}", meeting.pk) for name in ("edit", "sign", "cancel", "attendance")),
        *(url(name, meeting.pk) for name in ("item_new", "resolution_new")),
        *(url(name, item.pk) for name in ("item", "item_delete", "vote_new")),
        *(url(name, vote.pk) for name in ("vote", "vote_delete")),
        *(url(f"resolution_{name}", resolution.pk) for name in ("edit", "delete")),
    ]
    post_only = [
        url("meeting_hold", meeting.pk),
        url("meeting_observers", meeting.pk),
        *(url(f"resolution_{name}", resolution.pk) for name in ("carry_out", "take_back")),
    ]
    return read, write, post_only


def statuses(client, addresses, method="get"):
    return {getattr(client, method)(address).status_code for address in addresses}


def test_a_stranger_finds_nothing_and_a_reader_writes_nothing(client, meeting, home):
    read, write, post_only = every_page(meeting)
    sign_in(client, Role.SECRETARY, make_association())
    assert statuses(client, [*read, *write]) == {404}
    assert statuses(client, [*write, *post_only], "post") == {404}
    assert "第一届理事会" not in body_of(client.get(url("meetings")))

    sign_in(client, Role.VIEWER, home)
    assert statuses(client, read) == {200}
    assert statuses(client, write) == {403}
    assert statuses(client, [*write, *post_only], "post") == {403}
    assert client.get(url("meeting_new")).status_code == 403
    assert "第一届理事会第一次会议" in body_of(client.get(url("meetings")))

    sign_in(client, Role.SECRETARY, home)
    assert statuses(client, [*read, *write]) == {200}


def test_who_has_not_signed_in_is_asked_to(client, meeting):
    assert client.get(url("meeting", meeting.pk)).status_code == 302


def test_meetings_of_a_hidden_body_are_seen_from_inside_alone(client, home, council):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设党支部", hides_people=True)
    make_appointment(make_member("赵六", association=home), "书记", term=make_term(branch, years=3))
    hidden = make_meeting(branch, on=D(2021, 3, 1), held=True)
    joint = Meeting.objects.create(
        body=council,
        joint_with=branch,
        term=council.terms.get(),
        kind="joint",
        number=1,
        name="联席会议",
        on=DAY,
    )

    user = sign_in(client, Role.SECRETARY, home)
    for each in (hidden, joint):
        assert client.get(url("meeting", each.pk)).status_code == 404
    assert "2021年3月" not in body_of(client.get(url("meetings")))

    grant(user, Role.SECRETARY, home, body=branch)
    page = body_of(client.get(url("meeting", hidden.pk)))
    assert "赵六" in page
    assert client.get(url("meeting_edit", hidden.pk)).status_code == 200


# -- the list


def test_the_list_is_narrowed_and_paged(client, council, secretary):
    make_meeting(council, on=D(2025, 5, 1))
    make_meeting(council, on=D(2026, 1, 1), held=True)

    def names(**asked):
        return [row.number for row in client.get(url("meetings"), asked).context["meetings"]]

    assert names() == [2, 1]
    assert names(state="planned") == [1]
    assert names(since="2026-01-01") == [2]
    assert names(until="2025-12-31", body=council.pk) == [1]
    assert names(term=2) == []
    assert names(kind="joint") == []
    assert names(kind="nonsense", since="gestern", body="x", before="x_y") == [2, 1]
    assert names(before="2026-01-01_1") == [1]


@pytest.mark.parametrize("page", ["meetings", "meeting", "meeting_attendance", "meeting_print"])
def test_as_many_queries_for_three_as_for_one(client, home, secretary, page):
    body = make_body(Body.Kind.ASSEMBLY, association=home)
    term = make_term(body, starts_on=D(2022, 1, 1))
    client.get(url("meetings"))

    def queries(people, day):
        for _each in range(people):
            make_appointment(make_member(association=home), "会员代表", term=term)
        meeting = make_meeting(body, on=day, held=True)
        for _each in range(people):
            item = save_item(meeting, AgendaItem(title="议题"))
            vote = Vote.objects.create(item=item, entitled=1, present=1, in_favour=1, majority="2/3")
            save_resolution(meeting, Resolution(kind="other", title="决议", vote=vote))
        args = [] if page == "meetings" else [meeting.pk]
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(page, *args)).status_code == 200
        return len(captured)

    assert queries(1, D(2026, 1, 1)) == queries(3, D(2026, 2, 1))


@pytest.mark.parametrize("mode", ["GET", "POST"])
def test_five_hundred_people_on_one_page_in_as_many_queries(client, home, secretary, mode):
    body = make_body(Body.Kind.ASSEMBLY, association=home)
    make_term(body, starts_on=timezone.localdate())
    client.get(url("meetings"))

    def queries(people):
        serial = Member.objects.count()
        Member.objects.bulk_create(
            [Member(association=home, name=f"会员{numeral(serial + each)}") for each in range(people)]
        )
        meeting = make_meeting(body, on=timezone.localdate(), held=True)
        address = url("meeting_attendance", meeting.pk)
        with CaptureQueriesContext(connection) as captured:
            if mode == "GET":
                answer = client.get(address)
                assert len(answer.context["lines"]) == Member.objects.count()
            else:
                assert client.post(address, {"seen": "{}", "rest": "attended"}).status_code == 302
        return len(captured)

    few = queries(3)
    # rows are written by the hundred
    assert queries(497) - few <= (0 if mode == "GET" else 8)


# -- from plan to signed minutes


def test_a_meeting_is_planned_with_the_next_number(client, council, secretary):
    make_meeting(council)
    answer = client.post(
        url("meeting_new"),
        {
            "body": council.pk,
            "kind": "",
            "on": "2026-06-18",
            "starts_at": "09:30",
            "place": "江津会堂",
            "mode": "on_site",
        },
    )

    meeting = Meeting.objects.get(place="江津会堂")
    assert (answer.status_code, answer.url) == (302, url("meeting", meeting.pk))
    assert (meeting.name, meeting.kind) == ("第一届理事会第二次会议", "council")
    assert Change.objects.of(meeting).get().action.actor == secretary


def test_what_cannot_be_planned_is_said_and_nothing_typed_is_lost(client, council, secretary):
    data = {"body": council.pk, "on": "2021-06-18", "place": "江津会堂", "mode": "on_site", "number": "0"}

    answer = client.post(url("meeting_new"), data | {"number": ""})
    assert answer.status_code == 422
    page = body_of(answer)
    assert "没有“理事会”的在任届次" in page
    assert "江津会堂" in page
    assert client.post(url("meeting_new"), data).status_code == 422
    assert client.post(url("meeting_new"), {"body": "x", "on": "y", "mode": "z"}).status_code == 422
    assert not Meeting.objects.exists()


def test_too_short_notice_is_said(client, council, secretary):
    meeting = make_meeting(council, notice_on=D(2026, 3, 11))
    assert "通知距会议不足10天：只有9天" in body_of(client.get(url("meeting", meeting.pk)))

    Meeting.objects.filter(pk=meeting.pk).update(notice_on=D(2026, 3, 10))
    assert "通知距会议不足" not in body_of(client.get(url("meeting", meeting.pk)))


def test_a_meeting_is_held_from_its_day_on(client, council, secretary):
    later = make_meeting(council, on=timezone.localdate() + dt.timedelta(days=1))
    answer = client.post(url("meeting_hold", later.pk))
    assert "会议要到" in messages_of(answer)[0]

    meeting = make_meeting(council)
    answer = client.post(url("meeting_hold", meeting.pk))
    assert answer.url == url("meeting_attendance", meeting.pk)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.attendances.count()) == ("held", 3)


def test_attendance_is_entered_for_all_at_once(client, meeting, secretary):
    key = keys(meeting)
    opened = client.get(url("meeting_attendance", meeting.pk))
    assert opened.context["quorum"].needed == 2

    answer = client.post(
        url("meeting_attendance", meeting.pk),
        {
            "seen": opened.context["sheet"].seen,
            f"p-{key['李四']}": "leave",
            f"r-{key['李四']}": "出差",
            "rest": "attended",
        },
    )

    assert answer.status_code == 302
    stored = {row.member.name: (row.presence, row.reason) for row in meeting.attendances.all()}
    assert stored == {"张三": ("attended", ""), "李四": ("leave", "出差"), "王五": ("attended", "")}
    page = client.get(url("meeting", meeting.pk))
    counts = page.context["counts"]
    assert (counts.entitled, counts.present, counts.leave, counts.open) == (3, 2, 1, 0)
    assert page.context["quorum"].reached


def test_leave_is_noted_before_the_meeting(client, council, secretary):
    meeting = make_meeting(council, on=timezone.localdate() + dt.timedelta(days=5))
    client.get(url("meeting_attendance", meeting.pk))
    assert not meeting.attendances.exists()
    key = Appointment.objects.get(member__name="李四").member_id

    client.post(url("meeting_attendance", meeting.pk), {"seen": "{}", f"p-{key}": "leave"})

    assert {row.member.name: row.presence for row in meeting.attendances.all()} == {
        "张三": "", "李四": "leave", "王五": "",
    }  # fmt: skip


def test_two_who_enter_attendance_at_once_do_not_undo_each_other(client, meeting, secretary):
    key = keys(meeting)
    seen = client.get(url("meeting_attendance", meeting.pk)).context["sheet"].seen
    record_attendance(meeting, {key["李四"]: Entry("leave"), key["王五"]: Entry("late")})

    answer = client.post(
        url("meeting_attendance", meeting.pk),
        {
            "seen": seen,
            f"p-{key['张三']}": "attended",
            f"p-{key['李四']}": "absent",
            f"p-{key['王五']}": "late",
        },
    )
    assert answer.status_code == 422
    assert answer.context["errors"] == ["李四：此间已有人录入“请假”。再次保存将予以替换。"]
    assert meeting.attendances.get(member__name="张三").presence == ""
    typed = {line.row.member.name: line.presence for line in answer.context["lines"]}
    assert typed == {"张三": "attended", "李四": "absent", "王五": "late"}

    again = {
        "seen": answer.context["sheet"].seen,
        **{f"p-{key[name]}": value for name, value in typed.items()},
    }
    assert client.post(url("meeting_attendance", meeting.pk), again).status_code == 302
    assert {row.member.name: row.presence for row in meeting.attendances.all()} == typed


def test_bad_entries_are_answered_in_sentences(client, meeting, secretary):
    key = keys(meeting)["李四"]
    MeetingRule.objects.create(
        association=meeting.body.association,
        kind="council",
        quorum="2/3",
        majority="2/3",
        proxies_allowed=True,
    )
    for data, sentence in (
        ({f"p-{key}": "observer"}, "李四：请选择列出的选项。"),
        ({f"p-{key}": "leave", f"r-{key}": "长" * 201}, "李四：原因超过200字。"),
        ({f"p-{key}": "proxy", f"x-{key}": "查无此人"}, "李四：“查无此人”不是名单中唯一的姓名。"),
        ({f"p-{key}": "proxy", f"x-{key}": "张三"}, "李四由张三代为出席，但张三未到会。"),
    ):
        for seen in ("{}", "[", "[[]]", json.dumps({"x": 1})):
            answer = client.post(url("meeting_attendance", meeting.pk), data | {"seen": seen})
            assert (answer.status_code, answer.context["errors"]) == (422, [sentence])
    assert not meeting.attendances.exclude(presence="").exists()


def test_observers_are_put_on_the_list_by_name(client, meeting, secretary, home):
    make_member("赵六", association=home)
    make_member("外人", association=make_association())
    answer = client.post(url("meeting_observers", meeting.pk), {"names": "赵六\n外人"})
    assert messages_of(answer) == ["“外人”：没有这一姓名或编号的会员。"]

    client.post(url("meeting_observers", meeting.pk), {"names": "赵六"})
    assert meeting.attendances.get(member__name="赵六").presence == "observer"


def test_the_agenda_with_its_votes(client, meeting, secretary):
    attend_all(meeting)
    client.post(url("item_new", meeting.pk), {"title": "审议年度工作报告", "presenter": "张三"})
    item = meeting.items.get()
    votes = {
        "entitled": 3,
        "present": 3,
        "against": 0,
        "abstained": 1,
        "majority": "2/3",
        "majority_of": "present",
    }

    answer = client.post(url("vote_new", item.pk), votes | {"in_favour": 3})
    assert answer.status_code == 422
    assert "共4票（同意3、反对0、弃权1），但到会有表决权的只有3人，多出1票" in body_of(answer)
    assert client.post(url("vote_new", item.pk), votes | {"in_favour": 2}).status_code == 302
    answer = client.post(
        url("resolution_new", meeting.pk),
        {
            "kind": "other",
            "title": "关于年度工作报告的决议",
            "vote": Vote.objects.get().pk,
            "is_passed": "unknown",
        },
    )

    resolution = meeting.resolutions.get()
    assert (resolution.is_passed, resolution.item) == (True, item)
    assert answer.url == url("resolution", resolution.pk)
    page = client.get(url("meeting", meeting.pk))
    assert page.context["items"][0].shown_votes == [(Vote.objects.get(), True)]
    answer = client.post(url("item_delete", item.pk))
    assert "请先删除该决议" in body_of(answer)
    client.post(url("resolution_delete", resolution.pk))
    client.post(url("item_delete", item.pk))
    assert not Vote.objects.exists()


def test_a_resolution_is_planned_carried_out_linked_and_taken_back(client, meeting, secretary):
    attend_all(meeting)
    row = save_resolution(meeting, Resolution(kind="appoint", title="关于增补副会长的决议", is_passed=True))
    post = meeting.body.association.posts.get(title="副会长")
    plan = {
        "body": meeting.body_id,
        "post": post.pk,
        "members": "李四",
        "starts_on": "2026-03-20",
        "how": "by_election",
    }

    answer = client.post(url("resolution", row.pk), plan | {"members": "李四\n查无此人"})
    assert answer.status_code == 422
    assert "“查无此人”：没有这一姓名或编号的会员。" in body_of(answer)
    assert client.post(url("resolution", row.pk), plan).status_code == 302
    page = client.get(url("resolution", row.pk))
    assert page.context["lines"] == ["李四：自2026-03-20起任“理事会”“副会长”（增补）"]
    assert "已通过，尚未实施" in body_of(client.get(url("meeting", meeting.pk)))

    client.post(url("resolution_carry_out", row.pk))
    made = Appointment.objects.get(post=post)
    page = client.get(url("resolution", row.pk))
    assert (list(page.context["appointed"]), page.context["in_the_way"]) == ([made], [])
    assert url("resolution", row.pk) in body_of(client.get(url("body", meeting.body_id)))

    client.post(url("resolution_take_back", row.pk))
    assert not Appointment.objects.filter(post=post).exists()


def test_what_stands_in_the_way_is_said_before_carrying_out(client, meeting, secretary):
    row = save_resolution(meeting, Resolution(kind="appoint", title="选举会长", is_passed=True))
    post, other = (
        meeting.body.association.posts.get(title="会长"),
        Appointment.objects.get(member__name="李四"),
    )
    plan = {"body": meeting.body_id, "post": post.pk, "members": [other.member_id], "starts_on": "2026-03-20"}
    plan_resolution(row, {**plan, "how": "elected", "is_acting": False})

    page = body_of(client.get(url("resolution", row.pk)))
    assert "张三自2022-01-01起任“会长”" in page
    assert url("resolution_carry_out", row.pk) not in page
    answer = client.post(url("resolution_carry_out", row.pk))
    assert "张三自2022-01-01起任" in messages_of(answer)[0]


def test_applicants_are_admitted_by_whoever_edits_members(client, meeting, secretary, home):
    applicant = make_member("赵六", association=home, status=Status.APPLIED)
    row = save_resolution(meeting, Resolution(kind="admit", title="关于吸收新会员的决议", is_passed=True))
    page = client.get(url("resolution", row.pk))
    assert list(page.context["form"].fields["members"].queryset) == [applicant]

    client.post(url("resolution", row.pk), {"members": [applicant.pk], "on": "2026-03-20"})
    client.post(url("resolution_carry_out", row.pk))
    applicant.refresh_from_db()
    assert applicant.status == Status.ACTIVE

    sign_in(client, Role.VIEWER, home)
    assert client.get(url("resolution", row.pk)).context["form"] is None
    assert client.post(url("resolution", row.pk), {"members": []}).status_code == 403


def test_a_plan_about_a_hidden_body_is_not_shown_outside_it(client, meeting, secretary, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    make_term(branch, years=10)
    post = home.posts.get(title="书记")
    row = save_resolution(meeting, Resolution(kind="appoint", title="任命", is_passed=True))
    member = Appointment.objects.get(member__name="李四").member_id
    plan = {"body": branch.pk, "post": post.pk, "members": [member], "starts_on": "2026-03-20"}
    plan_resolution(row, {**plan, "how": "elected", "is_acting": False})

    page = client.get(url("resolution", row.pk))

    assert (page.context["lines"], page.context["form"]) == ([], None)
    assert client.post(url("resolution_carry_out", row.pk)).status_code == 403


def test_minutes_are_signed_and_corrected_with_a_reason(client, meeting, secretary):
    data = {"on": "2026-03-25", "by_whom": "张三、李四"}
    answer = client.post(url("meeting_sign", meeting.pk), data)
    assert "还有3人的出席情况未录入" in body_of(answer)
    attend_all(meeting)
    assert "尚未到来" in body_of(client.post(url("meeting_sign", meeting.pk), data | {"on": "2999-01-01"}))
    assert client.post(url("meeting_sign", meeting.pk), data).status_code == 302

    form = client.get(url("meeting_edit", meeting.pk)).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | {"place": "新地点"}
    assert client.post(url("meeting_edit", meeting.pk), fields).status_code == 422
    assert (
        client.post(url("meeting_edit", meeting.pk), fields | {"correction": "地点误记"}).status_code == 302
    )
    page = body_of(client.get(url("meeting_history", meeting.pk)))
    assert "记录签字后更正：地点误记" in page
    assert "新地点" in page
    key = keys(meeting)["李四"]
    assert client.post(url("meeting_attendance", meeting.pk), {f"p-{key}": "late"}).status_code == 422
    answer = client.post(url("meeting_attendance", meeting.pk), {
        "seen": client.get(url("meeting_attendance", meeting.pk)).context["sheet"].seen,
        **{f"p-{pk}": "attended" for pk in keys(meeting).values()}, f"p-{key}": "late", "correction": "误记",
    })  # fmt: skip
    assert (answer.status_code, meeting.attendances.get(member_id=key).presence) == (302, "late")


def test_of_two_who_edit_a_meeting_the_second_is_told(client, meeting, secretary):
    form = client.get(url("meeting_edit", meeting.pk)).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}
    client.post(url("meeting_edit", meeting.pk), fields | {"place": "江津会堂"})

    answer = client.post(
        url("meeting_edit", meeting.pk), fields | {"minutes": "会议审议通过了年度工作报告。"}
    )

    assert answer.status_code == 422
    page = body_of(answer)
    assert "地点: 江津会堂" in page
    assert "会议审议通过了年度工作报告。" in page


def test_a_meeting_is_cancelled_with_a_reason(client, meeting, secretary):
    assert client.post(url("meeting_cancel", meeting.pk), {"reason": " "}).status_code == 422
    assert client.post(url("meeting_cancel", meeting.pk), {"reason": "误录"}).status_code == 302

    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_reason) == ("cancelled", "误录")
    assert client.post(url("meeting_cancel", meeting.pk), {"reason": "再来"}).status_code == 422


def test_a_signed_meeting_says_what_is_missing_of_a_secret_ballot(client, meeting, secretary):
    attend_all(meeting)
    save_resolution(meeting, Resolution(kind="fees", title="会费标准", is_passed=True))
    assert "（会费标准）须无记名投票：尚未录入表决" in body_of(client.get(url("meeting", meeting.pk)))

    sign_minutes(meeting, on=DAY, by="张三")
    assert client.get(url("meeting_print", meeting.pk)).status_code == 200


# -- rules


def test_rules_are_read_by_readers_and_written_by_managers(client, home, council):
    address = url("meeting_rule", home.pk, "council")
    sign_in(client, Role.SECRETARY, make_association())
    assert client.get(address).status_code == 404
    sign_in(client, Role.SECRETARY, home)
    assert client.get(address).status_code == 403
    assert "社会团体章程示范文本（1998年）" in body_of(client.get(url("meeting_rules")))

    sign_in(client, Role.MANAGER, home)
    data = {
        "quorum": "1/2",
        "majority": "1/2",
        "majority_of": "entitled",
        "period": "year",
        "article": "第二十二条",
    }
    assert client.post(address, data | {"secret_for": ["nonsense"]}).status_code == 422
    assert client.post(address, data | {"secret_for": ["fees"], "at_least": "2"}).status_code == 302
    rule = MeetingRule.objects.get()
    assert (rule.quorum, rule.secret_for, rule.at_least, rule.article) == ("1/2", ["fees"], 2, "第二十二条")
    assert make_meeting(council, held=True).quorum == "1/2"
    # a page opened before the rule was written
    assert "您打开本页后，他人已作修改" in body_of(client.post(address, data | {"article": "第三条"}))
    assert client.get(url("meeting_rule", home.pk, "nonsense")).status_code == 404

    client.post(url("meeting_rule_reset", home.pk, "council"))
    assert not MeetingRule.objects.exists()
