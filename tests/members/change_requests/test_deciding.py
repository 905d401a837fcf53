"""The staff's side: the queue, the diff page, accepting and refusing, what the record has overtaken, two deciders."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from members.change_requests.asking import withdraw
from members.change_requests.deciding import decide
from members.merging import CannotMerge, merge_members
from members.models import ChangeRequest, Employer, EmployerAlias, Member, Message, RequestedChange, Viewing
from members.own_fields import REVIEWED_FIELDS
from members.rights import Role
from members.services import change_status
from organizations.models import Action, Change, acting
from tests.make import (
    grant,
    make_association,
    make_body,
    make_employer,
    make_id_number,
    make_member,
    make_user,
)
from tests.members.change_requests.asked import QUEUE, asks, decided, own_page, page_of, statements
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture
from tests.members.screens import body_of, messages_of, sign_in
from tests.members.screens import page_of as member_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association("第一联合会")


@pytest.fixture
def member(home):
    return make_member("张伟", association=home, political_status="群众", id_number=make_id_number(7))


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home, name="王秘书")


def decide_by(client, asked, answer="", **choices):
    return client.post(page_of(asked), decided(client.get(page_of(asked)), answer, **choices))


def states(asked):
    return {row.field: (row.state, row.answer) for row in asked.fields.all()}


def meanwhile(member, by=None, **changes):
    """A colleague changes the record."""
    current = Member.objects.get(pk=member.pk)
    for name, value in changes.items():
        setattr(current, name, value)
    with acting(by):
        current.save()


# -- deciding


def test_one_is_accepted_the_other_refused_with_an_answer(client, member, secretary):
    asked = asks(member, name="张玮", political_status="九三学社社员")

    done = decide_by(client, asked, "欢迎来电", name=True, political_status="请提供组织关系证明")

    asked.refresh_from_db()
    current = Member.objects.get()
    assert (current.name, current.pinyin, current.political_status) == ("张玮", "zhangwei", "群众")
    assert (asked.state, asked.answer, asked.decided_by) == ("decided", "欢迎来电", secretary)
    assert states(asked) == {
        "name": ("accepted", ""),
        "political_status": ("refused", "请提供组织关系证明"),
    }
    assert (done.url, messages_of(done)) == (QUEUE, ["张玮的申请已处理。"])


def test_the_member_gets_a_message_with_the_answers_and_no_values(client, member, secretary):
    asked = asks(member, name="张玮", id_number=make_id_number(9), political_status="九三学社社员")

    decide_by(client, asked, "欢迎来电", name=True, id_number="请到秘书处出示证件", political_status="缺证明")

    message = Message.objects.get(member=member)
    assert message.text.splitlines() == [
        "已采纳：姓名",
        "未采纳：政治面貌（缺证明）",
        "未采纳：证件号码（请到秘书处出示证件）",
        "欢迎来电",
    ]
    assert message.link == own_page(asked)
    kept = message.title + message.text
    assert [value for value in ("张玮", "九三", "500116") if value in kept] == []


VALUES = {
    "name": "张玮",
    "sex": "女",
    "title": "高级工程师",
    "title_level": "副高级",
    "qualification": "律师执业证",
    "employer": "重庆乙公司",
    "employer_kind": "民营企业",
    "employer_uscc": "91500000MA5U00000W",
    "category": "自由职业人员",
    "former_name": "张小伟",
    "birth": "1985-06",
    "ethnicity": "汉族",
    "native_place": "重庆江津",
    "political_status": "无党派人士",
    "second_party": "",
    "party_joined": "2010",
    "education": "大学本科",
    "degree": "学士",
    "school": "重庆大学",
    "major": "法学",
    "full_time_education": "大学本科",
    "full_time_degree": "学士",
    "full_time_school": "重庆大学法学",
    "in_service_education": "研究生",
    "in_service_degree": "硕士",
    "in_service_school": "西南政法大学",
    "work_started": "2008-07",
    "id_kind": "居民身份证",
    "id_number": make_id_number(9),
}


@pytest.mark.parametrize("key", REVIEWED_FIELDS)
def test_every_kind_of_field_is_written(client, home, secretary, key):
    member = make_member("张伟", association=home, second_party="民盟盟员")
    asked = asks(member, **{key: VALUES[key]})

    done = decide_by(client, asked, **{key: True})

    assert done.status_code == 302, done.context["form"].errors
    current = Member.objects.get()
    value = current.employer.name if key == "employer" else getattr(current, key)
    assert value == VALUES[key]


def test_all_at_once_is_one_action_that_names_the_request(client, home, secretary):
    member = make_member("张伟", association=home)
    wanted = VALUES | {"second_party": "民盟盟员"}
    asked = asks(member, **wanted)
    before = set(Action.objects.values_list("pk", flat=True))

    client.post(page_of(asked), decided(client.get(page_of(asked))) | {"accept_rest": "1"})

    asked.refresh_from_db()
    assert asked.state == "decided"
    [action] = Action.objects.exclude(pk__in=before)
    assert (action.actor, action.association) == (secretary, home)
    assert action.note == f"处理 {asked} 的修改申请"
    assert {change.content_type.model for change in action.changes.all()} == {
        "member",
        "employer",
        "changerequest",
    }
    current = Member.objects.get()
    assert (current.employer.kind, current.employer.uscc) == ("民营企业", "91500000MA5U00000W")


def test_an_employer_there_is_already_is_taken_by_name_or_alias(client, home, secretary):
    firm = make_employer("重庆乙有限公司", association=home)
    EmployerAlias.objects.create(association=home, name="重庆乙公司", employer=firm)
    asked = asks(make_member(association=home), employer="重庆乙公司")

    decide_by(client, asked, employer=True)

    assert (Member.objects.get().employer, Employer.objects.count()) == (firm, 1)


def test_a_number_that_somebody_else_has_is_told_and_nothing_written(client, home, member, secretary):
    make_member("李四", association=home, id_number=make_id_number(9))
    asked = asks(member, name="张玮", id_number=make_id_number(9))

    refused = decide_by(client, asked, name=True, id_number=True)

    asked.refresh_from_db()
    assert refused.status_code == 422
    assert "本协会已有会员使用这个证件号码" in str(refused.context["form"].errors)
    assert (Member.objects.get(pk=member.pk).name, asked.state) == ("张伟", "open")
    assert set(states(asked).values()) == {("open", "")}
    assert not Message.objects.exists()


def test_every_field_has_to_be_decided(client, member, secretary):
    asked = asks(member, name="张玮", birth="1985-06")

    refused = decide_by(client, asked, name=True)

    asked.refresh_from_db()
    assert (refused.status_code, asked.state) == (422, "open")
    assert body_of(refused).count("请选择采纳或不采纳。") == 2  # in the summary and at the field


def test_the_rest_is_accepted_with_one_button(client, member, secretary):
    asked = asks(member, name="张玮", birth="1985-06", ethnicity="汉族")

    page = client.get(page_of(asked))
    client.post(page_of(asked), decided(page, birth="请核对") | {"accept_rest": "1"})

    current = Member.objects.get()
    assert (current.name, current.birth, current.ethnicity) == ("张玮", "", "汉族")


def test_a_refusal_needs_an_answer(client, member, secretary):
    asked = asks(member, name="张玮")

    refused = decide_by(client, asked, name="")

    assert refused.status_code == 422
    assert "请写明不采纳的原因。" in body_of(refused)


@pytest.mark.parametrize("answer", [f"应为{make_id_number(9)}", "\x00", "长" * 501])
def test_an_answer_that_cannot_be_kept_is_refused(client, member, secretary, answer):
    asked = asks(member, name="张玮")

    refused = decide_by(client, asked, name=answer)

    asked.refresh_from_db()
    assert (refused.status_code, asked.state) == (422, "open")


def test_what_no_longer_stands_the_checks_is_told_at_its_field(client, member, secretary):
    # the member asked before the form knew better
    asked = asks(member, birth="2020-01")

    refused = decide_by(client, asked, birth=True)

    assert refused.status_code == 422
    assert "14" in str(refused.context["form"].errors)
    assert Member.objects.get().birth == ""


def test_the_member_who_left_is_said_and_decided_all_the_same(client, member, secretary):
    asked = asks(member, name="张玮")
    change_status(member, to="退会", on="2026-01", actor=None)

    page = body_of(client.get(page_of(asked)))
    decide_by(client, asked, name=True)

    assert "该会员已离会（退会），申请仍可处理。" in page
    assert (Member.objects.get().name, Member.objects.get().status) == ("张玮", "退会")


def test_numbers_and_dates_that_differ_are_pointed_out(client, member, secretary):
    asked = asks(member, birth="1990-01")

    done = decide_by(client, asked, birth=True)

    assert messages_of(done)[1:] == ["出生日期与证件号码不一致。"]


def test_whose_request_was_opened_by_whom_is_noted(client, member, secretary):
    asked = asks(member, name="张玮")

    client.get(page_of(asked))

    assert list(Viewing.objects.values_list("member", "user")) == [(member.pk, secretary.pk)]


# -- what the record has overtaken


def test_what_somebody_changed_meanwhile_is_told_with_who_and_when(client, member, secretary):
    asked = asks(member, political_status="九三学社社员", name="张玮")
    meanwhile(member, by=make_user(name="李秘书"), political_status="中共党员")

    page = client.get(page_of(asked))

    [row] = [row for row in page.context["rows"] if row.is_overtaken]
    assert (row.key, row.before, row.now, row.after) == (
        "political_status",
        "群众",
        "中共党员",
        "九三学社社员",
    )
    at = Change.objects.filter(action__actor__name="李秘书").get().action.at
    assert f"会员提出申请后，李秘书已于 {timezone.localtime(at):%Y-%m-%d %H:%M} 修改此项。" in body_of(page)


def test_the_overtaken_is_not_accepted_with_the_rest(client, member, secretary):
    asked = asks(member, political_status="九三学社社员", name="张玮")
    meanwhile(member, political_status="中共党员")

    page = client.get(page_of(asked))
    refused = client.post(page_of(asked), decided(page) | {"accept_rest": "1"})
    unwritten = Member.objects.get().name
    client.post(page_of(asked), decided(refused, political_status=True) | {"accept_rest": "1"})

    current = Member.objects.get()
    assert (refused.status_code, unwritten) == (422, "张伟")
    assert "请单独作出决定" in body_of(refused)
    assert (current.name, current.political_status) == ("张玮", "九三学社社员")


def test_what_changes_while_the_page_is_open_has_to_be_looked_at_again(client, member, secretary):
    asked = asks(member, political_status="九三学社社员", name="张玮")
    page = client.get(page_of(asked))
    meanwhile(member, political_status="中共党员")

    again = client.post(page_of(asked), decided(page, name=True, political_status=True))

    choices = {row.key: choice.value() for row, _seen, choice, _answer in again.context["form"].lines()}
    assert (again.status_code, Member.objects.get().name) == (422, "张伟")
    assert choices == {"name": "accept", "political_status": None}
    assert "请重新核对" in body_of(again)


def test_what_the_member_changes_while_the_page_is_open_has_to_be_looked_at_again(client, member, secretary):
    asked = asks(member, name="张玮")
    page = client.get(page_of(asked))
    asks(Member.objects.get(), name="张炜", birth="1985-06")

    again = client.post(page_of(asked), decided(page, name=True) | {"accept_rest": "1"})

    assert (again.status_code, Member.objects.get().name) == (422, "张伟")


def test_what_is_so_already_needs_no_choice(client, member, secretary):
    asked = asks(member, name="张玮")
    meanwhile(member, name="张玮")
    version = Member.objects.get().version

    page = client.get(page_of(asked))
    decide_by(client, asked)

    asked.refresh_from_db()
    assert "现有资料已是此内容" in body_of(page)
    assert (states(asked), asked.state) == ({"name": ("accepted", "")}, "decided")
    assert Member.objects.get().version == version


def test_an_employer_renamed_has_overtaken_without_anybody(client, home, secretary):
    firm = make_employer("重庆甲公司", association=home)
    asked = asks(make_member(association=home, employer=firm), employer="重庆乙公司")
    firm.name = "重庆甲有限公司"
    firm.save()

    assert "会员提出申请后，此项已有变动" in body_of(client.get(page_of(asked)))


# -- two deciders


def test_the_second_decider_sees_what_the_first_has_done(client, home, member, secretary):
    asked = asks(member, name="张玮")
    page = client.get(page_of(asked))
    colleague = Client()
    sign_in(colleague, Role.SECRETARY, home, name="李秘书")
    decide_by(colleague, asked, name="请核对")

    second = client.post(page_of(asked), decided(page, name=True), follow=True)

    assert Member.objects.get().name == "张伟"
    assert "此申请在此期间已办结，您的处理没有写入。" in body_of(second)
    assert [text for text in ("李秘书", "请核对", "未采纳") if text not in body_of(second)] == []


def test_what_the_member_withdrew_is_not_decided(client, member, secretary):
    asked = asks(member, name="张玮")
    page = client.get(page_of(asked))
    own = Client()
    own.force_login(member.user)
    own.post(own_page(asked), {"withdraw": "1"})

    client.post(page_of(asked), decided(page, name=True))

    asked.refresh_from_db()
    assert (Member.objects.get().name, asked.state) == ("张伟", "withdrawn")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_decides(home, member):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    asked = asks(member, name="张玮")
    clients = [Client(), Client()]
    for each in clients:
        sign_in(each, Role.SECRETARY, home)
    pages = [each.get(page_of(asked)) for each in clients]

    at_once(
        lambda: clients[0].post(page_of(asked), decided(pages[0], name=True)),
        lambda: clients[1].post(page_of(asked), decided(pages[1], name="不采纳")),
    )

    asked.refresh_from_db()
    assert asked.state == "decided"
    assert Message.objects.count() == 1
    accepted = states(asked)["name"][0] == "accepted"
    assert Member.objects.get().name == ("张玮" if accepted else "张伟")


# -- identity numbers


def test_numbers_are_masked_on_the_page_and_shown_on_request_with_a_reason(client, member, secretary):
    asked = asks(member, id_number=make_id_number(9))
    numbers = [make_id_number(7), make_id_number(9)]

    page = body_of(client.get(page_of(asked)))
    before = body_of(client.get(page_of(asked, "change_request_number")))
    short = client.post(page_of(asked, "change_request_number"), {"reason": "x"})
    shown = client.post(page_of(asked, "change_request_number"), {"reason": "核对身份证原件"})

    assert [number in text for number in numbers for text in (page, before, body_of(short))] == [False] * 6
    assert [number in body_of(shown) for number in numbers] == [True, True]
    assert (short.status_code, "no-store" in shown.headers["Cache-Control"]) == (422, True)
    action = Action.objects.get(kind=Action.Kind.REVEAL)
    assert (action.actor, action.note, action.details["member"]) == (secretary, "核对身份证原件", "张伟")


def test_a_difference_in_the_hidden_digits_is_said(client, member, secretary):
    number = make_id_number(7)
    asked = asks(member, id_number=f"{number[:6]}19900101{number[14:]}")

    page = client.get(page_of(asked))

    assert page.context["rows"][0].differs_hidden
    assert "两者的差别在隐藏的数位中。" in body_of(page)


def test_without_a_number_in_the_request_there_is_none_to_show(client, member, secretary):
    asked = asks(member, name="张玮")

    assert (
        client.post(page_of(asked, "change_request_number"), {"reason": "核对身份证原件"}).status_code == 403
    )


# -- who


PAGES = ["change_requests", "change_request", "change_request_number"]


def opened(client, asked, name):
    return client.get(QUEUE if name == "change_requests" else page_of(asked, name)).status_code


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.MANAGER, [200, 200, 200]),
        (Role.SECRETARY, [200, 200, 200]),
        (Role.VIEWER, [403, 403, 403]),
        (Role.SUPERVISOR, [403, 403, 403]),
        (Role.DEPARTMENT, [403, 403, 403]),
        (Role.DEPARTMENT_PERSONS, [403, 403, 403]),
        (Role.MEMBER, [403, 403, 403]),
    ],
)
def test_roles_and_pages(client, home, member, role, expected):
    asked = asks(member, id_number=make_id_number(9))
    sign_in(client, role, home)

    assert [opened(client, asked, name) for name in PAGES] == expected
    if expected[1] == 403:
        assert client.post(page_of(asked), {}).status_code == 403


def test_a_secretary_elsewhere_does_not_see_it(client, member):
    asked = asks(member, id_number=make_id_number(9))
    sign_in(client, Role.SECRETARY, make_association())

    assert [opened(client, asked, name) for name in PAGES] == [200, 404, 404]
    assert client.post(page_of(asked), {}).status_code == 404
    assert "张伟" not in body_of(client.get(QUEUE))


def test_a_secretary_of_one_body_and_a_stranger_see_nothing(client, home, member):
    asked = asks(member, id_number=make_id_number(9))
    stranger = [client.get(page_of(asked)).status_code, client.get(QUEUE).status_code]
    user = make_user()
    grant(user, Role.SECRETARY, home, body=make_body(association=home))
    client.force_login(user)

    assert stranger == [302, 302]
    assert [opened(client, asked, name) for name in PAGES] == [403, 403, 403]


def test_ones_own_request_is_for_a_colleague(client, member, secretary):
    member.user = secretary
    member.save()
    asked = asks(member, name="张玮")

    page = client.get(page_of(asked))
    sent = client.post(page_of(asked), {"accept_rest": "1"})

    assert "这是您本人的申请，须由同事处理。" in body_of(page)
    assert (page.context["form"], sent.status_code) == (None, 403)
    assert client.get("/admin/").context["waiting"] == []


# -- the queue, the workbench, the navigation


def test_the_queue_has_counts_and_the_oldest_first(client, home, member, secretary):
    first = asks(member, name="张玮")
    second = asks(make_member("李四", association=home), birth="1990")
    decide_by(client, asks(make_member("王五", association=home), birth="1991"), birth=True)

    waiting = client.get(QUEUE)
    closed = client.get(QUEUE, {"state": "decided"})

    assert list(waiting.context["page"]) == [first, second]
    assert [str(row.member) for row in closed.context["page"]] == ["王五"]
    assert [(value, count) for value, _label, count in waiting.context["tabs"]] == [
        ("open", 2),
        ("decided", 1),
        ("withdrawn", 0),
    ]


@pytest.mark.parametrize(
    ("query", "found"), [("lisi", ["李四"]), ("张", ["张伟"]), ("赵", []), ("\x00", ["张伟", "李四"])]
)
def test_the_queue_is_searched_by_member(client, home, member, secretary, query, found):
    asks(member, name="张玮")
    asks(make_member("李四", association=home), birth="1990")

    page = client.get(QUEUE, {"q": query})

    assert [str(row.member) for row in page.context["page"]] == found


@pytest.mark.parametrize("query", ["?state=x", "?page=x", "?page=99", "?association=x"])
def test_an_address_that_is_none_shows_what_there_is(client, member, secretary, query):
    asks(member, name="张玮")

    assert client.get(QUEUE + query).status_code == 200


def test_the_queue_narrows_to_an_association_and_below(client, home, member, secretary):
    branch = make_association("第二联合会", parent=home)
    asks(member, name="张玮")
    asks(make_member("李四", association=branch), birth="1990")

    page = client.get(QUEUE, {"association": branch.pk})

    assert [str(row.member) for row in page.context["page"]] == ["李四"]


def test_pages_take_the_same_statements_at_one_and_three(client, home, secretary):
    counts = []
    for number in range(3):
        wanted = dict(list(VALUES.items())[: 5 * number]) | {"ethnicity": "汉族"}
        asked = asks(make_member(association=home), **wanted)
        meanwhile(asked.member, ethnicity="苗族")
        counts.append((statements(client, QUEUE), statements(client, page_of(asked))))

    assert counts[0] == counts[2]


def test_the_workbench_and_the_navigation_count_what_waits(client, home, member, secretary):
    asks(member, name="张玮")
    asks(make_member("李四", association=make_association()), birth="1990")

    page = client.get("/admin/")
    elsewhere = client.get("/admin/members/member/")

    assert [(each.text, each.address) for each in page.context["waiting"]] == [("1 份修改申请待处理", QUEUE)]

    def counted(response):
        return {
            entry["address"]: entry.get("waiting")
            for task in response.context["navigation"]
            for entry in task["pages"]
        }[QUEUE]

    assert (counted(page), counted(elsewhere), counted(client.get(QUEUE))) == (1, None, 1)


def test_the_page_of_the_member_leads_to_what_waits(client, home, member, secretary):
    asked = asks(member, name="张玮")

    shown = body_of(client.get(member_page(member)))
    sign_in(client, Role.VIEWER, home)
    hidden = body_of(client.get(member_page(member)))

    assert [f'href="{page_of(asked)}"' in page for page in (shown, hidden)] == [True, False]


# -- history, and the end of a record


def test_the_history_tells_staff_in_words_and_others_nothing(client, home, member, secretary):
    asked = asks(member, reason="户口簿为准", name="张玮", political_status="九三学社社员")
    decide_by(client, asked, name=True, political_status="缺证明材料")

    def text(url):
        return body_of(client.get(url))

    pages = [member_page(member), f"/admin/members/member/{member.pk}/history/"]
    told = [text(url) for url in pages] + [text("/admin/organizations/change/")]
    sign_in(client, Role.SUPERVISOR, home)
    hidden = [text(url) for url in pages] + [text("/admin/organizations/change/")]
    sign_in(client, Role.VIEWER, home)
    hidden.append(text(pages[0]))
    # the permission held elsewhere opens nothing here
    grant(sign_in(client, Role.VIEWER, home), Role.SECRETARY, make_association())
    hidden += [text(url) for url in pages] + [text("/admin/organizations/change/")]

    assert "采纳：姓名；未采纳：政治面貌。" in told.pop()
    for page in told:
        assert "申请修改：姓名、政治面貌" in page
        assert f"处理 {asked} 的修改申请" in page
        assert "采纳：姓名；未采纳：政治面貌。" in page
        assert "九三学社社员" not in page
    words = ("户口簿为准", "申请修改：", "缺证明材料", "九三学社社员", "采纳：")
    assert [word for page in hidden for word in words if word in page] == []


def test_a_record_is_deleted_with_its_requests(client, member):
    asks(member, name="张玮")

    Member.objects.get().delete()

    assert (ChangeRequest.objects.count(), RequestedChange.objects.count()) == (0, 0)


def test_two_records_become_one_with_the_requests_of_both(member, home):
    gone = make_member("张伟", association=home)
    closed = asks(gone, name="张玮")
    withdraw(closed, actor=gone.user)
    asked = asks(member, name="张炜")
    seen = {row.pk: row.version for row in Member.objects.all()}

    merge_members(gone, into=member, taken=[], seen=seen, actor=None)

    assert set(ChangeRequest.objects.values_list("pk", "member")) == {
        (closed.pk, member.pk),
        (asked.pk, member.pk),
    }


def test_two_records_that_both_wait_for_a_decision_are_not_merged(member, home):
    gone = make_member("张伟", association=home)
    asks(gone, name="张玮")
    asks(member, name="张炜")
    seen = {row.pk: row.version for row in Member.objects.all()}

    with pytest.raises(CannotMerge, match="待审核"):
        merge_members(gone, into=member, taken=[], seen=seen, actor=None)


@pytest.mark.parametrize("name", ["王𠮷", "买买提·艾力", "李㛃"])
def test_rare_characters_come_through(client, member, secretary, name):
    asked = asks(member, name=name)

    decide_by(client, asked, name=True)

    assert Member.objects.get().name == name


def test_a_decision_that_fails_half_way_writes_nothing(member, home):
    asked = asks(member, name="张玮", birth="1899-13")
    user = make_user()

    with pytest.raises(ValueError), transaction.atomic():
        decide(asked, Member.objects.get(), {}, answer="", actor=user)

    asked.refresh_from_db()
    assert (asked.state, Member.objects.get().name) == ("open", "张伟")
