"""The list of an activity: who reads it, how it is narrowed, and what leaves the register with it."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Participation
from members.codes import Category
from members.models import Disclosed
from members.rights import Role
from organizations.models import Action, Body
from organizations.papers.kinds import KINDS
from tests.make import (
    make_activity,
    make_association,
    make_body,
    make_employer,
    make_member,
    make_participation,
    make_user,
)
from tests.members.screens import body_of, sign_in
from tests.organizations.papers.documents import paragraphs, rows

pytestmark = pytest.mark.django_db
State = Participation.State


@pytest.fixture
def home():
    return make_association("某区新专联", short_name="新专联")


@pytest.fixture
def activity(home):
    """甲 came, 乙 is on leave, 丙 was only invited, 丁 is a guest who came late."""
    activity = make_activity("国情考察", association=home, place="江津")
    employer = make_employer("重庆甲某律师事务所", association=home)
    first = make_member(
        "王一一", association=home, employer=employer, position="主任", mobile="13800000001",
        category=Category.ORGANIZATION,
    )  # fmt: skip
    make_participation(activity, first, presence="attended", way="screen")
    make_participation(
        activity,
        make_member("刘二", association=home, mobile="13800000002"),
        presence="leave",
        reason="住院",
        way="list",
    )
    make_participation(activity, make_member("李三三", association=home), state=State.INVITED)
    make_participation(
        activity, guest_name="杨四四", guest_from="区委统战部", guest_post="科长", presence="late"
    )
    return activity


def url(name, activity):
    return reverse(f"activities:{name}", args=[activity.pk])


def names(response):
    return [person.name for person in response.context["people"]]


def test_stranger_finds_nothing_reader_reads_without_reasons_editor_with_them(client, activity, home):
    sign_in(client, Role.SECRETARY, make_association(code="far", name="外会"))
    assert client.get(url("people", activity)).status_code == 404
    assert client.get(url("people_export", activity)).status_code == 404

    sign_in(client, Role.VIEWER, home)
    page = client.get(url("people", activity))
    assert names(page) == ["王一一", "刘二", "李三三", "杨四四"]
    assert "住院" not in body_of(page)
    assert client.get(url("people_export", activity)).status_code == 403

    sign_in(client, Role.SECRETARY, home)
    assert "住院" in body_of(client.get(url("people", activity)))
    assert client.get(url("people_export", activity)).status_code == 200


def test_list_of_a_hidden_body_is_out_of_sight(client, home):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, hides_people=True)
    activity = make_activity("党课", host=branch)
    make_participation(activity, make_member("王一一", association=home))
    sign_in(client, Role.SECRETARY, home)

    assert client.get(url("people", activity)).status_code == 404
    assert client.post(url("people_export", activity), {"format": "xlsx"}).status_code == 404
    made = client.post(
        reverse("organizations:paper_make", args=["activity", activity.pk, "activity_sign_in"])
    )
    assert made.status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "expected"}, ["王一一", "刘二", "杨四四"]),
        ({"state": "invited"}, ["李三三"]),
        ({"presence": "came"}, ["王一一", "杨四四"]),
        ({"presence": "leave"}, ["刘二"]),
        ({"presence": "none"}, ["李三三"]),
        ({"category": Category.ORGANIZATION}, ["王一一"]),
        ({"category": "none"}, ["刘二", "李三三"]),
        ({"category": "guest"}, ["杨四四"]),
        ({"category": "nonsense\x00"}, ["王一一", "刘二", "李三三", "杨四四"]),
    ],
)
def test_it_is_narrowed(client, activity, home, asked, found):
    sign_in(client, Role.VIEWER, home)
    assert names(client.get(url("people", activity), asked)) == found


def test_the_page_of_the_activity_shows_counts_list_and_papers(client, activity, home):
    sign_in(client, Role.SECRETARY, home)

    page = body_of(client.get(activity.get_absolute_url()))

    for text in ("名单与出席情况", "王一一", "重庆甲某律师事务所", "66.7%", "活动签到表", "未登记"):
        assert text in page, text


def test_statements_do_not_grow_with_the_list(client, home):
    sign_in(client, Role.SECRETARY, home)

    def statements(count):
        activity = make_activity(association=home)
        for _number in range(count):
            make_participation(
                activity, make_member(association=home, employer=make_employer(association=home))
            )
        found = []
        for address in (url("people", activity), activity.get_absolute_url()):
            client.get(address)
            with CaptureQueriesContext(connection) as looked:
                client.get(address)
            found.append(len(looked))
        with CaptureQueriesContext(connection) as taken:
            content(client.post(url("people_export", activity), {"format": "csv"}))
        return *found, len(taken)

    assert statements(1) == statements(3)


# -- as a file


def content(response):
    """What was downloaded; read to its end, the file is closed."""
    return b"".join(response.streaming_content)


def export(client, activity, query="", **data):
    return client.post(url("people_export", activity) + query, {"format": "xlsx"} | data)


def test_the_list_as_a_sheet(client, activity, home):
    user = sign_in(client, Role.SECRETARY, home)

    response = export(client, activity)

    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    found = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert found[0][0] == "国情考察名单"
    assert "应到3人　实到2人　请假1人" in found[1][0]
    assert found[2] == [
        "序号", "姓名", "单位", "职务", "会员编号", "所属类别", "报名情况", "出席情况", "代为出席人", "原因",
        "到场时间", "登记方式",
    ]  # fmt: skip
    assert [row[:4] + row[6:10] for row in found[3:]] == [
        ["1", "王一一", "重庆甲某律师事务所", "主任", "已报名", "出席", "", ""],
        ["2", "刘二", "", "", "已报名", "请假", "", "住院"],
        ["3", "李三三", "", "", "已邀请", "", "", ""],
        ["4", "杨四四", "区委统战部", "科长", "已报名", "迟到", "", ""],
    ]
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.actor, action.details["count"], action.details["filter"]) == (user, 3, "国情考察")
    assert Disclosed.objects.filter(action=action).count() == 3


def test_mobile_numbers_need_a_reason(client, activity, home):
    sign_in(client, Role.SECRETARY, home)

    refused = export(client, activity, mobile="on")
    taken = export(client, activity, "?presence=came", mobile="on", reason="安排车辆", format="csv")

    assert refused.status_code == 422
    assert "文件含个人信息，请填写事由" in body_of(refused)
    table = list(csv.reader(io.StringIO(content(taken).decode("utf-8-sig"))))
    assert [(row[1], row[-1]) for row in table] == [
        ("姓名", "联系电话"),
        ("王一一", "13800000001"),
        ("杨四四", ""),
    ]
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert action.details["reason"] == "安排车辆"
    assert "联系电话" in action.details["fields"]
    assert list(Disclosed.objects.values_list("member__name", flat=True)) == ["王一一"]


def test_no_program_takes_a_name_for_a_formula(client, home):
    activity = make_activity(association=home)
    make_participation(activity, guest_name="=1+1")
    sign_in(client, Role.SECRETARY, home)

    table = content(export(client, activity, format="csv")).decode("utf-8-sig")

    assert '"\'=1+1"' in table


# -- on paper


def paper(client, activity, kind, **data):
    address = reverse("organizations:paper_make", args=["activity", activity.pk, kind])
    return client.post(address, {"as": "docx"} | data)


def test_sign_in_sheet_has_those_expected_and_empty_lines(client, activity, home):
    sign_in(client, Role.SECRETARY, home)

    made = paper(client, activity, "activity_sign_in")

    table = rows(made.content)
    assert table[0] == ["序号", "姓名", "单位", "职务", "联系电话", "签名"]
    assert table[1:5] == [
        ["1", "王一一", "重庆甲某律师事务所", "主任", "13800000001", ""],
        ["2", "刘二", "", "", "13800000002", "请假"],
        ["3", "杨四四", "区委统战部", "科长", "", ""],
        ["4", "", "", "", "", ""],
    ]
    text = "\n".join(paragraphs(made.content))
    assert "国情考察签到表" in text
    assert "应到：3人" in text
    assert "地点：江津" in text
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.details["paper"], action.details["count"]) == ("活动签到表", 2)


def test_notice(client, activity, home):
    activity.about, activity.programme = "参观企业。", "8:00 集合\n9:00 参观"
    activity.save()
    sign_in(client, Role.SECRETARY, home)
    day = activity.on.isoformat()

    late = paper(client, activity, "activity_notice", contact="李三三", sent_on=day, answer_by="2999-01-01")
    made = paper(client, activity, "activity_notice", contact="李三三", sent_on=day, answer_by=day)

    assert late.status_code == 422
    text = "\n".join(paragraphs(made.content))
    for part in ("关于开展“国情考察”的通知", "参观企业。", "9:00 参观", "联系人：李三三", "前报名"):
        assert part in text, part


def test_readers_make_no_papers(client, activity, home):
    client.force_login(make_user())
    assert paper(client, activity, "activity_sign_in").status_code == 403
    sign_in(client, Role.VIEWER, home)
    assert paper(client, activity, "activity_sign_in").status_code == 404


@pytest.mark.parametrize("kind", ["activity_sign_in", "activity_notice"])
def test_default_templates_fit_their_fields(kind):
    from organizations.papers import making

    assert making.problems_of(kind, making.default_template(kind)) == []
    assert making.make(kind, KINDS[kind].sample).content
