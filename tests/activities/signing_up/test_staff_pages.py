"""The staff's pages of signing up: who gets in, what they show and do, what they refuse."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Answer, Audience, Participation, Presence, Question
from activities.signing_up.services import sign_up
from members.codes import Status
from members.models import ListedMember, Message, SavedList
from members.rights import Role
from organizations.models import Action, Body
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_member,
    make_participation,
    make_term,
    make_user,
)
from tests.members.portal.screens import text_of

pytestmark = pytest.mark.django_db
PAGES = ("invite", "sign_ups", "sign_up_members", "guests_new", "answers")


@pytest.fixture
def home():
    return make_association("江北联合会")


@pytest.fixture
def activity(home):
    return make_activity(association=home, capacity=2)


def staff(client, role, association, **fields):
    user = make_user()
    grant(user, role, association, **fields)
    client.force_login(user)
    return user


@pytest.fixture
def secretary(client, home):
    return staff(client, Role.SECRETARY, home)


def address(name, activity, *args):
    return reverse(f"activities:{name}", args=[activity.pk, *args])


def post(client, name, activity, *args, **data):
    return client.post(address(name, activity, *args), data, follow=True)


def states(activity):
    return {row.person: row.state for row in activity.participations.select_related("member")}


@pytest.mark.parametrize("name", PAGES)
def test_the_stranger_finds_nothing_the_reader_reads_and_the_editor_works(client, home, activity, name):
    row = make_participation(activity, make_member("张三", association=home))
    name_and_args = (name, activity)

    staff(client, Role.SECRETARY, make_association("外地联合会"))
    assert client.get(address(*name_and_args)).status_code == 404
    assert client.get(address("sign_up", activity, row.pk)).status_code == 404
    staff(client, Role.VIEWER, home)
    reads = name in ("sign_ups", "answers")
    assert client.get(address(*name_and_args)).status_code == (200 if reads else 403)
    assert client.post(address(*name_and_args)).status_code in (403, 405)
    assert client.get(address("sign_up", activity, row.pk)).status_code == 403
    staff(client, Role.SECRETARY, home)
    assert client.get(address(*name_and_args)).status_code == 200
    assert client.get(address("sign_up", activity, row.pk)).status_code == 200


def test_a_hidden_body_keeps_its_activities(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    activity = make_activity("支部学习", host=branch)
    staff(client, Role.SECRETARY, home)

    for name in PAGES:
        assert client.get(address(name, activity)).status_code == 404


def test_inviting_is_looked_at_first_and_done_by_a_button(client, home, activity, secretary):
    make_member("张三", association=home)
    make_member("李四", association=home, status=Status.WITHDRAWN)

    page = text_of(client.get(address("invite", activity)))
    assert "将邀请 1 名会员" in page and "1 人已不是在册会员" in page and "张三" in page
    assert not Participation.objects.exists()
    page = text_of(post(client, "invite", activity))
    assert "已邀请 1 名会员并发送通知" in page
    assert states(activity) == {"张三": "invited"}
    action = Action.objects.latest("pk")
    assert action.actor == secretary and action.changes.count() == 1
    page = text_of(client.get(address("invite", activity)))
    assert "将邀请 0 名会员" in page and "确认邀请" not in page


def test_a_draft_invites_nobody(client, home, secretary):
    make_member("张三", association=home)
    activity = make_activity(association=home, state="draft")

    answer = client.post(address("invite", activity))

    assert answer.status_code == 422 and "请先发布活动" in text_of(answer)
    assert not Message.objects.exists()


def test_the_preview_does_not_name_what_is_hidden(client, home, secretary):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="隐支部", hides_people=True)
    activity = make_activity(association=home)
    Audience.objects.create(activity=activity, kind="body", body=branch)

    page = text_of(client.get(address("invite", activity)))

    assert "隐支部" not in page and "不在您的查看范围内" in page


def test_members_are_signed_up_by_name_number_and_list(client, home, activity, secretary):
    make_member("张三", association=home)
    make_member("李四", association=home, number="0007")
    listed = make_member("王五", association=home)
    saved = SavedList.objects.create(owner=secretary, name="某名单", kind="picked")
    ListedMember.objects.create(saved_list=saved, member=listed)

    page = text_of(post(client, "sign_up_members", activity, names="张三\n0007", saved_list=saved.pk))

    assert "报名 2 人，候补 1 人" in page
    assert states(activity) == {"张三": "signed_up", "李四": "signed_up", "王五": "waiting"}
    page = text_of(post(client, "sign_up_members", activity, names="王五", above="on"))
    assert "报名 1 人" in page
    page = text_of(client.get(activity.get_absolute_url()))
    assert "超出名额 1 人" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "请至少填写一名会员"),
        ({"names": "无此人"}, "无此人"),
        ({"names": "\x00"}, ""),
        ({"names": "张" * 20001}, ""),
        ({"names": "外地人"}, "外地人"),
        ({"saved_list": "99999999999999999999"}, ""),
        ({"saved_list": "x"}, ""),
    ],
)
def test_what_names_nobody_is_refused_with_what_was_typed(client, activity, secretary, data, said):
    make_member("外地人", association=make_association("外地联合会"))

    answer = client.post(address("sign_up_members", activity), data)

    assert answer.status_code == 422 and said in text_of(answer)
    assert not Participation.objects.exists()


def test_guests_are_entered_one_a_line(client, activity, secretary):
    page = text_of(post(client, "guests_new", activity, guests="王某某，区委统战部，副部长\n李某某\n"))

    assert "已将 2 位嘉宾加入名单" in page and "区委统战部 副部长" in page
    answer = client.post(address("guests_new", activity), {"guests": "赵某某"})
    assert answer.status_code == 422 and "只剩 0 个名额" in text_of(answer) and "赵某某" in text_of(answer)
    post(client, "guests_new", activity, guests="赵某某", above="on")
    assert activity.participations.count() == 3


@pytest.mark.parametrize("text", ["", "\x00", "，区委", "甲，乙，丙，丁", "长" * 101, "\n".join("甲" * 101)])
def test_guests_that_cannot_be_are_refused(client, activity, secretary, text):
    assert client.post(address("guests_new", activity), {"guests": text}).status_code == 422
    assert not Participation.objects.exists()


def test_the_list_shows_the_line_in_order_conflicts_and_who_left(client, home, activity, secretary):
    early, late = make_member("张三", association=home), make_member("李四", association=home)
    now = timezone.now()
    for member, minutes in ((late, 5), (early, 9)):
        make_participation(activity, member, state="waiting", asked_at=now - dt.timedelta(minutes=minutes))
    gone = make_member("王五", association=home, status=Status.WITHDRAWN)
    make_participation(activity, gone)
    make_participation(make_activity("同时的活动", association=home), late)
    make_participation(activity, guest_name="钱某某", guest_from="区委统战部")

    page = text_of(client.get(address("sign_ups", activity)))

    assert page.index("张三") < page.index("李四")
    said = ["时间冲突：同时的活动", "已不是会员", "钱某某", "区委统战部"]
    assert [text for text in said if text not in page] == []
    part = text_of(client.get(activity.get_absolute_url()))
    assert part.index("张三") < part.index("李四") and "完整名单" in part


def test_reasons_are_for_those_who_run_the_activity(client, home, activity):
    member = make_member("张三", association=home)
    make_participation(activity, member, presence=Presence.LEAVE, reason="住院")

    staff(client, Role.VIEWER, home)
    page = text_of(client.get(address("sign_ups", activity)))
    assert "张三" in page and "住院" not in page and "为会员报名" not in page
    staff(client, Role.SECRETARY, home)
    assert "住院" in text_of(client.get(address("sign_ups", activity)))


def test_the_line_moves_up_by_a_button_where_places_became_free(client, home, activity, secretary):
    for _ in range(3):
        sign_up(activity, make_member(association=home))
    assert "候补递补" not in text_of(client.get(address("sign_ups", activity)))
    Activity.objects.update(capacity=3)

    assert "候补递补" in text_of(client.get(address("sign_ups", activity)))
    page = text_of(post(client, "sign_ups", activity))

    assert "1 人由候补转为正式报名" in page and "waiting" not in states(activity).values()


# -- one person


def test_a_place_leave_coming_after_all_and_taking_off(client, home, activity, secretary):
    member = make_member("张三", association=home)
    row = make_participation(activity, member, state="invited", asked_at=None, invited_at=timezone.now())

    post(client, "sign_up", activity, row.pk, do="place")
    row.refresh_from_db()
    assert (row.state, row.signed_up_by) == ("signed_up", secretary)
    answer = client.post(address("sign_up", activity, row.pk), {"do": "leave"})
    assert answer.status_code == 422
    assert "已登记张三请假" in text_of(
        post(client, "sign_up", activity, row.pk, do="leave", leave_reason="出差")
    )
    answer = client.post(address("sign_up", activity, row.pk), {"do": "remove"})
    assert answer.status_code == 422  # something is entered
    assert "已撤销张三的请假" in text_of(post(client, "sign_up", activity, row.pk, do="comes"))
    assert "张三已移出名单" in text_of(post(client, "sign_up", activity, row.pk, do="remove"))
    assert not activity.participations.exists()
    assert client.get(address("sign_up", activity, row.pk)).status_code == 404


def test_a_guest_is_changed(client, activity, secretary):
    row = make_participation(activity, guest_name="王某某")

    data = {"guest_name": "王某某", "guest_from": "区文旅委", "guest_post": "主任"}
    post(client, "sign_up", activity, row.pk, do="guest", **data)

    row.refresh_from_db()
    assert (row.guest_from, row.guest_post) == ("区文旅委", "主任")
    for name in ("", "\x00", "长" * 101):
        answer = client.post(
            address("sign_up", activity, row.pk), {"do": "guest", **data, "guest_name": name}
        )
        assert answer.status_code == 422


def test_the_row_of_another_activity_is_not_reached_through_this_one(client, home, activity, secretary):
    row = make_participation(make_activity("另一活动", association=home), make_member(association=home))

    assert client.get(address("sign_up", activity, row.pk)).status_code == 404
    assert client.post(address("sign_up", activity, row.pk), {"do": "remove"}).status_code == 404


def test_after_the_attendance_is_settled_every_change_says_why(client, home, secretary):
    activity = make_activity(
        association=home, state="closed", starts_at=timezone.now() - dt.timedelta(days=3)
    )
    row = make_participation(activity, make_member("张三", association=home))

    assert client.post(address("sign_up", activity, row.pk), {"do": "remove"}).status_code == 422
    post(client, "sign_up", activity, row.pk, do="remove", correction="误录")

    assert not activity.participations.exists()
    assert "误录" in Action.objects.latest("pk").note


# -- answers


@pytest.fixture
def answered(home, activity):
    row = make_participation(activity, make_member("张三", association=home))
    for text, answer, personal in (("忌口", "花生", True), ("是否乘车", "是", False)):
        question = Question.objects.create(
            activity=activity, text=text, is_personal=personal, kind="text" if personal else "yes_no"
        )
        Answer.objects.create(participation=row, question=question, text=answer)
    return row


def test_personal_answers_are_for_those_who_read_contact_data(client, home, activity, answered):
    staff(client, Role.SECRETARY, home)
    page = text_of(client.get(address("answers", activity)))
    assert "忌口" in page and "花生" in page and "是 1" in page
    staff(client, Role.VIEWER, home)
    page = text_of(client.get(address("answers", activity)))
    assert "是否乘车" in page and "张三" in page
    assert "忌口" not in page and "花生" not in page and "仅向可查看联系方式" in page


def test_the_secretary_of_one_body_changes_no_personal_answers(client, home):
    council = make_body(association=home)
    member = make_member("张三", association=home)
    make_appointment(member, "理事", term=make_term(council))
    activity = make_activity(host=council)
    row = make_participation(activity, member)
    personal = Question.objects.create(activity=activity, text="忌口")
    plain = Question.objects.create(activity=activity, text="衣服尺码", is_personal=False)
    Answer.objects.create(participation=row, question=personal, text="花生")
    staff(client, Role.SECRETARY, home, body=council)

    page = text_of(client.get(address("sign_up", activity, row.pk)))
    assert "衣服尺码" in page and "花生" not in page
    post(client, "sign_up", activity, row.pk, do="answers", **{f"q{plain.pk}": "L", f"q{personal.pk}": "无"})

    assert dict(row.answers.values_list("question__text", "text")) == {"忌口": "花生", "衣服尺码": "L"}


@pytest.mark.parametrize("name", ["sign_ups", "answers", "invite"])
def test_the_lists_cost_the_same_for_one_and_three(client, home, activity, secretary, name):
    question = Question.objects.create(activity=activity, text="忌口")
    other = make_activity("同时的活动", association=home)

    def more():
        for state in Participation.State.values:
            member = make_member(association=home)
            row = make_participation(activity, member, state=state)
            Answer.objects.create(participation=row, question=question, text="无")
            make_participation(other, member)
        make_member(association=home)

    more()
    client.get(address(name, activity))
    with CaptureQueriesContext(connection) as before:
        client.get(address(name, activity))
    more()
    more()
    with CaptureQueriesContext(connection) as after:
        client.get(address(name, activity))

    assert len(after) == len(before)


# -- the workbench


def test_a_line_beside_free_places_waits_for_the_staff(client, home, activity, secretary):
    for _ in range(4):
        sign_up(activity, make_member(association=home))
    assert "空余名额" not in text_of(client.get(reverse("admin:index")))
    Activity.objects.update(capacity=4)

    page = text_of(client.get(reverse("admin:index")))
    assert "2 人正在候补，而活动已有空余名额" in page and address("sign_ups", activity) in page
    staff(client, Role.VIEWER, home)
    assert "空余名额" not in text_of(client.get(reverse("admin:index")))
