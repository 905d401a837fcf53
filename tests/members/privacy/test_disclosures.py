"""The log of exports: who reads what, whose data were in it, filters, the workbook."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.export import last_columns
from members.rights import Role
from organizations.models import Action
from tests.make import make_association, make_member, make_user
from tests.members.screens import body_of, sign_in

pytestmark = pytest.mark.django_db

LOG, SHEET = reverse("members:disclosures"), reverse("members:disclosures_sheet")


@pytest.fixture
def home():
    return make_association("第一联合会")


def make_export(association, *members, actor=None, **details):
    details = {"count": len(members), "fields": ["姓名"], "identity": False, "format": "xlsx"} | details
    action = Action.objects.create(
        kind=Action.Kind.EXPORT, actor=actor, association=association, details=details
    )
    action.disclosed.note(action, [member.pk for member in members])
    return action


def page(action):
    return reverse("members:disclosure", args=[action.pk])


def shown(response):
    return [action for action, _classes in response.context["exports"]]


def test_who_reads_whose_exports(client, home):
    clerk = make_user(name="王秘书")
    ours = make_export(home, make_member("张一", association=home), actor=clerk)
    make_export(make_association(), actor=clerk)
    found = {}
    for who, role in (("supervisor", Role.SUPERVISOR), ("manager", Role.MANAGER), ("viewer", Role.VIEWER),
                      ("secretary", Role.SECRETARY)):  # fmt: skip
        sign_in(client, role, home)
        found[who] = (shown(client.get(LOG)), client.get(page(ours)).status_code)
    sign_in(client, Role.MANAGER, make_association())
    stranger = client.get(page(ours)).status_code
    client.force_login(make_user())

    assert found == {
        "supervisor": ([ours], 200),
        "manager": ([ours], 200),
        "viewer": ([], 404),
        "secretary": ([], 404),
    }
    assert stranger == 404
    assert [
        client.get(LOG).status_code,
        client.get(page(ours)).status_code,
        client.post(SHEET).status_code,
    ] == [
        403,
        403,
        403,
    ]


def test_an_export_names_the_members_in_sight(client, home):
    members = [make_member(name, association=home, mobile="13800009999") for name in ("张一", "李二")]
    gone = make_member("王三", association=make_association())
    action = make_export(home, *members, gone, reason="年检", recipient="区民政局")
    sign_in(client, Role.SUPERVISOR, home)

    answer = client.get(page(action))

    assert answer.context["persons"] == members
    assert (answer.context["total"], answer.context["hidden"]) == (3, 1)
    text = body_of(answer)
    assert "区民政局" in text and "年检" in text
    assert "王三" not in text and "13800009999" not in text


def test_the_persons_come_in_pages(client, home, monkeypatch):
    monkeypatch.setattr("members.privacy.views_disclosures.PERSONS", 2)
    members = [make_member(association=home) for _serial in range(3)]
    action = make_export(home, *members)
    sign_in(client, Role.SUPERVISOR, home)

    first = client.get(page(action))
    second = client.get(page(action), {"after": first.context["next"]})

    assert (first.context["persons"], second.context["persons"]) == (members[:2], members[2:])
    assert second.context["next"] is None


def test_filters_by_member_person_and_day(client, home):
    one, two = make_user(name="王秘书"), make_user(name="李秘书")
    first = make_export(home, make_member("张一", association=home, number="JJ1"), actor=one)
    second = make_export(home, make_member("李二", association=home), actor=two)
    make_member("王三", association=make_association())
    sign_in(client, Role.SUPERVISOR, home)
    today = timezone.localdate().isoformat()

    assert [
        shown(client.get(LOG, query))
        for query in (
            {"member": "张一"}, {"member": "JJ1"}, {"member": "王三"}, {"person": two.pk},
            {"since": today, "until": today}, {"until": "2020-01-01"},
        )
    ] == [[first], [first], [], [second], [second, first], []]  # fmt: skip


def test_the_workbook_holds_the_lines_asked_for_and_is_logged(client, home):
    clerk = make_user(name="王秘书")
    make_export(home, make_member("张一", association=home), actor=clerk, reason="=1+1", recipient="区民政局",
                filter="全部会员", identity=True)  # fmt: skip
    make_export(home, actor=make_user(name="李秘书"))
    user = sign_in(client, Role.SUPERVISOR, home)

    response = client.post(SHEET, {"person": clerk.pk})
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)

    assert rows[0] == (
        "时间",
        "操作人",
        "协会",
        "种类",
        "范围",
        "人数",
        "项目",
        "含证件号码",
        "事由",
        "接收单位",
        "格式",
    )
    assert [row[1:] for row in rows[1:]] == [
        ("王秘书", "第一联合会", "会员名单", "全部会员", "1", "姓名", "是", "=1+1", "区民政局", "xlsx")
    ]
    logged = Action.objects.filter(kind=Action.Kind.EXPORT).first()
    assert (logged.actor, logged.details["log"]) == (user, True)
    assert last_columns(user) == []
    assert client.get(SHEET).status_code == 405


def test_the_log_takes_the_same_statements_at_1_and_3(client, home, django_assert_max_num_queries):
    sign_in(client, Role.SUPERVISOR, home)
    client.get(LOG)
    counts = []
    for number in (1, 3):
        for _serial in range(number):
            action = make_export(home, make_member(association=home), actor=make_user())
        with django_assert_max_num_queries(20) as log:
            client.get(LOG)
        with django_assert_max_num_queries(20) as one:
            client.get(page(action))
        counts.append((len(log), len(one)))

    assert counts[0] == counts[1]


def test_it_stands_in_the_navigation_of_who_reads_it(client, home):
    found = {}
    for role in (Role.SUPERVISOR, Role.SECRETARY, Role.VIEWER):
        sign_in(client, role, home)
        tasks = client.get("/admin/").context["navigation"]
        found[role] = LOG in [each["address"] for task in tasks for each in task["pages"]]

    assert found == {Role.SUPERVISOR: True, Role.SECRETARY: True, Role.VIEWER: False}
