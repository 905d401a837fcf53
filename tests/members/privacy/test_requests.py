"""Requests of persons: due by a working day, answered with reasons, with effect, told to the member."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Consent, PersonRequest
from members.privacy.consents import give_consent
from members.privacy.requests import (
    NotOpen,
    answer_request,
    lift_restriction,
    receive_request,
    working_days_after,
)
from members.rights import Role
from organizations.models import Action
from tests.make import grant, make_association, make_id_number, make_member, make_user
from tests.members.screens import body_of, messages_of, page_of, sign_in

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("members:person_requests"), reverse("members:person_request_new")


@pytest.fixture
def home():
    return make_association("第一联合会")


@pytest.fixture
def member(home):
    return make_member("张一", association=home, user=make_user(name="张一"), id_number=make_id_number(7))


def asked(member, kind="deletion", **fields):
    return receive_request(member.association, kind=kind, asker=member.name, member=member, **fields)


def page(row, name="person_request"):
    return reverse(f"members:{name}", args=[row.pk])


# -- the day


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday → Monday
        ("2026-11-21", 1, "2026-11-23"),  # Saturday
        ("2026-11-22", 1, "2026-11-23"),  # Sunday
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-23", 15, "2026-12-14"),
        ("2026-12-31", 1, "2027-01-01"),  # public holidays are not known
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_working_days_are_monday_to_friday(day, count, due):
    assert working_days_after(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(due)


def test_a_request_is_due_by_the_setting_of_the_association(home):
    home.request_days = 3
    home.save()

    row = receive_request(home, kind="copy", asker="某人", received_on=dt.date(2026, 11, 20))

    assert (row.due_on, row.member, row.state) == (dt.date(2026, 11, 25), None, "open")


# -- the answer


def test_the_member_is_told_the_answer(member):
    row = answer_request(asked(member), fulfilled=False, answer="会籍存续期间须保存。", actor=make_user())

    message = member.messages.get()
    assert (row.state, row.decided_on) == ("refused", timezone.localdate())
    assert message.title == "您的请求已有答复：删除"
    assert message.text == "不予办理。 会籍存续期间须保存。"
    assert message.link == reverse("portal:person_requests")
    with pytest.raises(NotOpen):
        answer_request(row, fulfilled=True, answer="", actor=None)


def test_no_further_use_withdraws_consents_keeps_out_of_exports_and_is_marked(client, member):
    for purpose in ("notice", "directory", "messages"):
        give_consent(member, purpose, way=Consent.Way.SELF, actor=None)
    other = make_member("李四", association=member.association)
    sign_in(client, Role.SECRETARY, member.association)
    export = reverse("admin:members_member_export")
    before = client.get(export).context["chosen"].rows

    row = answer_request(asked(member, "restriction"), fulfilled=True, answer="", actor=None)

    assert before.count() == 1
    chosen = client.get(export)
    assert list(chosen.context["chosen"].rows) == [other]
    assert "另有 1 人已要求停止使用其信息" in body_of(chosen)
    assert [each.purpose for each in member.consents.in_force()] == ["notice"]
    assert "仅作保存" in body_of(client.get(page_of(member)))

    lift_restriction(row)
    assert client.get(export).context["chosen"].rows.count() == 2
    assert "仅作保存" not in body_of(client.get(page_of(member)))
    with pytest.raises(NotOpen):
        lift_restriction(row)


# -- the staff's pages


def test_who_sees_and_who_answers(client, home, member):
    row, answers = asked(member), {}
    for who, role, place in (
        ("stranger", Role.MANAGER, make_association()),
        ("viewer", Role.VIEWER, home),
        ("supervisor", Role.SUPERVISOR, home),
        ("secretary", Role.SECRETARY, home),
    ):
        sign_in(client, role, place)
        answers[who] = [
            client.get(LIST).status_code,
            client.get(page(row)).status_code,
            client.post(page(row), {"do": "refuse", "answer": ""}).status_code,
            client.get(NEW).status_code,
            client.post(page(row, "person_request_copy")).status_code,
            client.post(page(row, "person_request_lift")).status_code,
        ]

    assert answers == {
        "stranger": [200, 404, 404, 200, 404, 404],
        "viewer": [403, 403, 403, 403, 403, 403],
        "supervisor": [200, 200, 403, 403, 403, 403],
        "secretary": [200, 200, 422, 200, 403, 302],
    }


def test_a_reader_of_one_association_and_editor_of_another_sees_the_others_requests_only(
    client, home, member
):
    row = asked(member)
    user = sign_in(client, Role.SECRETARY, make_association())
    grant(user, Role.VIEWER, home)

    assert client.get(page(row)).status_code == 404
    assert list(client.get(LIST).context["requests"]) == []


def test_nobody_answers_the_own_request(client, member):
    grant(member.user, Role.SECRETARY, member.association)
    client.force_login(member.user)
    row = asked(member)

    assert client.post(page(row), {"do": "fulfil"}).status_code == 403
    assert client.get(page(row)).context["form"] is None


def test_a_refusal_needs_a_reason_and_is_read_by_the_member(client, member):
    row = asked(member, text="请删除")
    sign_in(client, Role.SECRETARY, member.association, name="王秘书")

    wordless = client.post(page(row), {"do": "refuse", "answer": " "})
    pressed = client.post(page(row), {"answer": "x"})
    assert [wordless.status_code, pressed.status_code] == [422, 422]
    assert wordless.context["form"].errors["answer"] == ["拒绝的，请说明理由（个人信息保护法第五十条）。"]
    assert pressed.context["form"].errors["do"] == ["请点“已办理”或“不予办理”。"]
    done = client.post(page(row), {"do": "refuse", "answer": "会籍存续期间须保存。"})
    again = client.post(page(row), {"do": "fulfil", "answer": ""})

    assert messages_of(done) == ["已答复，会员可在“我的主页”中看到。"]
    assert messages_of(again)[-1] == "该请求在此期间已处理。"
    client.force_login(member.user)
    mine = body_of(client.get(reverse("portal:person_requests")))
    assert "不予办理的理由" in mine and "会籍存续期间须保存。" in mine and "第五十条" in mine


def test_the_queue_stands_by_due_day_with_the_overdue_marked(client, member):
    day = timezone.localdate()
    late = asked(member, "copy", received_on=day - dt.timedelta(days=60))
    later = asked(member, "access", received_on=day)
    soon = asked(member, "deletion", received_on=day - dt.timedelta(days=7))
    closed = answer_request(asked(member, "transfer"), fulfilled=True, answer="已办", actor=None)
    sign_in(client, Role.SECRETARY, member.association)

    queue, past = client.get(LIST), client.get(LIST, {"shown": "closed"})

    assert list(queue.context["requests"]) == [late, soon, later]
    assert body_of(queue).count("已超期") == 1
    assert list(past.context["requests"]) == [closed]


def test_the_workbench_and_the_navigation_tell_of_them(client, member):
    day = timezone.localdate()
    asked(member, "copy", received_on=day - dt.timedelta(days=60))
    asked(member, "deletion")
    sign_in(client, Role.SECRETARY, member.association)

    workbench = client.get("/admin/")

    found = [each for each in workbench.context["waiting"] if each.address == LIST]
    assert [(each.text[:13], each.is_late) for each in found] == [("2 项个人信息请求待答复，", True)]
    pages = [each for task in workbench.context["navigation"] for each in task["pages"]]
    assert [each["waiting"] for each in pages if each["address"] == LIST] == [2]


def test_the_list_takes_the_same_statements_at_1_and_3(client, member, django_assert_max_num_queries):
    sign_in(client, Role.SECRETARY, member.association)
    client.get(LIST)
    counts = []
    for number in (1, 3):
        for _serial in range(number):
            receive_request(member.association, kind="copy", asker="某人")
        with django_assert_max_num_queries(20) as captured:
            client.get(LIST)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_a_request_by_letter_is_entered(client, home, member):
    sign_in(client, Role.SECRETARY, home)
    data = {"association": home.pk, "kind": "relative", "asker": "李某（配偶）", "who": "张一",
            "received_on": "2026-11-20", "text": "查阅"}  # fmt: skip

    done = client.post(NEW, data)

    row = PersonRequest.objects.get()
    assert done.url == page(row)
    assert (row.member, row.asker, row.due_on) == (member, "李某（配偶）", dt.date(2026, 12, 11))
    client.post(NEW, data | {"who": "", "kind": "copy"})
    assert PersonRequest.objects.filter(member=None).count() == 1


def test_bad_input_is_told(client, home, member):
    make_member("张一", association=home)
    elsewhere = make_member("李四", association=make_association())
    sign_in(client, Role.SECRETARY, home)
    data = {"association": home.pk, "kind": "relative", "asker": "李某", "received_on": "2026-11-20"}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    found = [
        client.post(NEW, data | changes).context["form"].errors
        for changes in (
            {"who": "张一", "text": "x"},
            {"who": "李四", "text": "x"},
            {"text": ""},
            {"text": "x", "received_on": tomorrow.isoformat()},
            {"text": "x", "association": elsewhere.association_id},
        )
    ]

    assert [dict(errors) for errors in found[:4]] == [
        {"who": ["有多名会员同名，请填写会员编号。"]},
        {"who": ["该协会没有此姓名或编号的会员。"]},
        {"text": ["请写明具体内容，以便答复。"]},
        {"received_on": ["这个日期在将来。"]},
    ]
    assert set(found[4]) == {"association"}
    assert not PersonRequest.objects.exists()


def test_the_copy_to_hand_over_is_masked_and_logged(client, member):
    row = asked(member, "copy")
    user = sign_in(client, Role.SECRETARY, member.association)

    response = client.post(page(row, "person_request_copy"))

    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as packed:
        content = json.loads(packed.read("个人信息.json"))
    record = {each["field"]: each["value"] for each in content["record"]}
    assert record["name"] == "张一" and "********" in record["id_number"]
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.actor, action.details["copy"]) == (user, "staff")
    assert action.details["reason"] == f"{row.received_on} 的请求：复制个人信息"
    assert [each.member for each in action.disclosed.all()] == [member]


# -- consents on paper


def test_who_sees_and_who_enters_consents(client, home, member):
    address, answers = reverse("members:consents", args=[member.pk]), {}
    for who, role, place in (
        ("stranger", Role.MANAGER, make_association()),
        ("viewer", Role.VIEWER, home),
        ("secretary", Role.SECRETARY, home),
    ):
        sign_in(client, role, place)
        answers[who] = [client.get(address).status_code, client.post(address, {}).status_code]
    assert answers == {"stranger": [404, 404], "viewer": [403, 403], "secretary": [200, 422]}


def test_a_consent_on_paper_is_entered_with_its_day_and_withdrawn(client, member):
    user = sign_in(client, Role.SECRETARY, member.association)
    address = reverse("members:consents", args=[member.pk])

    given = client.post(address, {"purpose": "providing", "on": "2026-03-01"})
    consent = member.consents.get()
    assert messages_of(given) == ["已登记书面同意。"]
    assert (consent.way, consent.given_by, timezone.localdate(consent.given_at)) == (
        "paper", user, dt.date(2026, 3, 1),
    )  # fmt: skip
    assert [each.purpose for each in client.get(page_of(member)).context["consents"]] == ["providing"]
    withdrawn = client.post(address, {"withdraw": "providing"})
    again = client.post(address, {"withdraw": "providing"})
    assert [messages_of(each)[-1] for each in (withdrawn, again)] == [
        "已登记撤回，即时生效。",
        "没有该项有效的同意。",
    ]
    assert not member.consents.in_force().exists()


def test_who_may_not_read_consents_has_no_panel(client, member):
    sign_in(client, Role.VIEWER, member.association)

    assert client.get(page_of(member)).context["consents"] is None
