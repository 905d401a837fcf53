"""The public form: begun, left, resumed, looked through, handed in, withdrawn; nothing is told to strangers."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.applications import applying
from members.applications.deciding import send_back
from members.codes import Status
from members.models import Application, Member, Message
from members.models.links import plain_token
from organizations.models import Change
from tests.make import make_association, make_id_number, make_member, make_user
from tests.members.applications.people import (
    ANSWERS,
    MOBILE,
    make_draft,
    make_open_association,
    make_submitted,
    of,
    only,
)
from tests.members.screens import body_of, messages_of

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def home():
    return make_open_association("重庆市某某区新的社会阶层专业人士联合会", code="moumou")


def url(name, *args):
    return reverse(f"application_{name}", args=args)


def test_the_form_is_open_where_the_association_takes_applications_under_a_notice(client, home):
    closed = make_association("第二联合会", code="closed")
    silent = make_association("第三联合会", code="silent", takes_applications=True)

    assert client.get(reverse("apply")).url == reverse("apply_to", args=["moumou"])
    for row in (closed, silent):
        assert "暂不接受" in body_of(client.get(reverse("apply_to", args=[row.code])))
    make_open_association("第四联合会")
    page = body_of(client.get(reverse("apply")))
    assert [name in page for name in (home.name, "第四联合会", closed.name, silent.name)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert client.get("/apply/nobody/").status_code == 404


def test_an_application_from_the_first_word_to_the_last(client, home):
    begin = reverse("apply_to", args=["moumou"])
    assert "我们如何使用您的信息。" in body_of(client.get(begin))
    answer = client.post(begin, {"name": "赵 六", "mobile": "139 0000 0001", "has_read": "on"})
    draft = only()
    assert answer.url == url("link", draft.token)
    assert (draft.state, draft.name, draft.answers) == (
        State.DRAFT,
        "赵六",
        {"name": "赵六", "mobile": MOBILE},
    )
    page = body_of(client.get(answer.url))
    assert f"http://testserver/apply/d/{draft.token}/" in page

    phone = Client()  # the link is all that one needs
    for step, following in [("person", "work"), ("work", "education"), ("education", "contact"),
                            ("contact", "reason"), ("reason", None)]:  # fmt: skip
        answer = phone.post(url("step", draft.token, step), of(step))
        expected = url("step", draft.token, following) if following else url("review", draft.token)
        assert answer.url == expected
    page = phone.get(url("review", draft.token))
    assert page.context["problems"] == []
    assert ANSWERS["id_number"] not in body_of(page)
    phone.post(url("review", draft.token), {"version": only().version})

    done = only()
    assert (done.state, done.answers) == (State.SUBMITTED, ANSWERS)
    assert "秘书处" in body_of(phone.get(url("draft", draft.token)))


def test_whatever_is_typed_is_kept_and_then_checked(client, home):
    draft = make_draft(home, birth="")
    typed = {"name": "赵六", "birth": "八五年", "id_number": "123"}

    page = client.post(url("step", draft.token, "person"), typed)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"birth", "id_number"}
    assert "已保存" in body_of(page)
    answers = only().answers
    assert (answers["birth"], answers["id_number"], "sex" in answers) == ("八五年", "123", False)
    assert client.get(url("step", draft.token, "person")).context["form"]["birth"].value() == "八五年"


def test_leaving_for_later_comes_back_to_the_overview(client, home):
    draft = make_draft(home, reason="")

    answer = client.post(url("step", draft.token, "contact"), of("contact") | {"go": "later"})

    assert answer.url == url("draft", draft.token)
    page = client.get(answer.url)
    assert [step.key for step, is_open in page.context["steps"] if is_open] == ["reason"]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"reason": "", "mobile": ""}, ["mobile", "reason"]),
        ({"birth": "2020-01-01"}, ["birth"]),
        ({"id_number": make_id_number(1, born=dt.date(2019, 1, 1))}, ["id_number"]),
        ({"id_number": ANSWERS["id_number"][:-1] + "A"}, ["id_number"]),
        ({"category": "农民"}, ["category"]),
        ({"employer": ""}, ["employer"]),
        ({"category": "自由职业人员", "employer": "", "position": ""}, []),
        ({"sex": "", "birth": ""}, []),
        ({"mobile": "110"}, ["mobile"]),
        ({"email": "nobody"}, ["email"]),
    ],
)
def test_what_is_missing_or_wrong_is_listed_before_handing_in(client, home, changes, keys):
    draft = make_draft(home, **changes)

    page = client.get(url("review", draft.token))

    assert [key for _step, key, _label, _sentence in page.context["problems"]] == keys
    client.post(url("review", draft.token), {"version": draft.version})
    assert only().state == (State.DRAFT if keys else State.SUBMITTED)


def test_that_somebody_is_a_member_already_is_told_to_nobody(client, home):
    make_member("赵六", id_number=ANSWERS["id_number"], mobile=MOBILE, association=home)
    draft = make_draft(home)

    page = client.get(url("review", draft.token))
    client.post(url("review", draft.token), {"version": draft.version})

    assert page.context["problems"] == []
    assert only().state == State.SUBMITTED


def test_what_is_written_is_sealed_in_the_database_and_its_history(home):
    make_submitted(home)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_application")
        row = cursor.fetchone()
    stored = b" ".join(
        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode() for each in row
    )
    for secret in (ANSWERS["id_number"], MOBILE, ANSWERS["reason"], only().token):
        assert secret.encode() not in stored
    told = str(list(Change.objects.values_list("diff", flat=True)))
    assert ANSWERS["id_number"] not in told
    assert MOBILE not in told


def test_a_draft_leaves_no_history_and_is_thrown_away(client, home):
    draft = make_draft(home)
    assert not Change.objects.filter(content_type__model="application").exists()

    assert client.get(url("withdraw", draft.token)).status_code == 200
    assert Application.objects.exists()
    client.post(url("withdraw", draft.token))

    assert not Application.objects.exists()
    assert not Change.objects.filter(content_type__model="application").exists()
    page = client.get(url("draft", draft.token))
    assert (page.status_code, "打不开" in body_of(page)) == (404, True)


def test_who_withdraws_leaves_the_fact_alone(client, home):
    application = make_submitted(home)

    client.post(url("withdraw", application.token))

    application = only()
    assert (application.state, application.answers) == (State.WITHDRAWN, {})
    assert client.post(url("withdraw", application.token)).status_code == 302


def test_what_was_handed_in_is_changed_only_when_returned(client, home):
    application = make_submitted(home)
    client.post(url("step", application.token, "contact"), {"mobile": "13900000002"})
    assert only().answers["mobile"] == MOBILE

    send_back(application, version=application.version, answer="请补充微信号", actor=make_user())
    assert "请补充微信号" in body_of(client.get(url("draft", application.token)))
    client.post(url("step", application.token, "contact"), of("contact") | {"wechat": "zhaoliu"})
    client.post(url("review", application.token), {"version": only().version})

    assert (only().state, only().answers["wechat"], only().answer) == (State.SUBMITTED, "zhaoliu", "")


def test_two_windows_on_different_answers_both_have_their_way(client, home):
    draft = make_draft(home)
    first = client.get(url("step", draft.token, "contact")).context["opened"]
    data = of("contact") | {"opened": first}
    client.post(url("step", draft.token, "contact"), data | {"wechat": "zl"})

    answer = client.post(url("step", draft.token, "contact"), data | {"address": "几江街道1号"})

    assert answer.status_code == 302
    assert (only().answers["wechat"], only().answers["address"]) == ("zl", "几江街道1号")


@pytest.mark.parametrize(("choice", "kept"), [("typed", "13900000003"), ("saved", "13900000002")])
def test_of_two_windows_on_one_answer_the_second_sees_and_chooses(client, home, choice, kept):
    draft = make_draft(home)
    opened = client.get(url("step", draft.token, "contact")).context["opened"]
    data = of("contact") | {"opened": opened}
    client.post(url("step", draft.token, "contact"), data | {"mobile": "13900000002"})

    page = client.post(url("step", draft.token, "contact"), data | {"mobile": "13900000003"})
    assert page.status_code == 422
    assert [(each.saved, each.typed) for each in page.context["conflicts"]] == [
        ("13900000002", "13900000003")
    ]
    assert only().answers["mobile"] == "13900000002"

    again = {"opened": page.context["opened"], "mobile": "13900000003", "choice-mobile": choice}
    client.post(url("step", draft.token, "contact"), of("contact") | again)
    assert only().answers["mobile"] == kept


def test_what_another_window_changed_is_looked_at_before_handing_in(client, home):
    draft = make_draft(home)
    seen = draft.version
    applying.save_answers(draft, {"wechat": "zl"})

    answer = client.post(url("review", draft.token), {"version": seen})

    assert "另一个窗口" in messages_of(answer)[0]
    assert only().state == State.DRAFT


def test_introducers_are_asked_without_telling_who_is_a_member(client, home):
    home.introducers = 2
    home.save()
    li = make_member("李四", association=home, number="7", employer="重庆某某律师事务所")
    make_member("王五", association=home, status=Status.WITHDRAWN)
    draft = make_draft(home)
    named = {"introducer1_name": "李四", "introducer1_about": "某某律师事务所", "introducer2_name": "王五",
             "introducer2_about": ""}  # fmt: skip
    client.post(url("step", draft.token, "reason"), of("reason") | named)
    assert client.get(url("review", draft.token)).context["lacking"] == 0

    client.post(url("review", draft.token), {"version": only().version})

    asked = only().introductions.get()
    assert (asked.member, asked.state) == (li, "asked")
    assert Message.objects.get().member == li
    page = client.get(url("draft", draft.token))
    assert (page.context["named"], page.context["confirmed"]) == (["李四", "王五"], [])


def test_namesakes_are_told_apart_by_employer_or_number(home):
    one = make_member("李四", association=home, number="7")
    make_member("李四", association=home, number="8", employer="重庆某某律师事务所")
    home.introducers = 1
    home.save()

    application = make_submitted(home, introducer1_name="李四", introducer1_about="7")
    vague = make_submitted(home, introducer1_name="李四")

    assert [each.member for each in application.introductions.all()] == [one]
    assert not vague.introductions.exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"name": "", "mobile": MOBILE, "has_read": "on"}, {"name": "赵六", "mobile": "123", "has_read": "on"},
     {"name": "赵六", "mobile": MOBILE}, {"name": "1", "mobile": MOBILE, "has_read": "on"},
     {"name": "赵\x00六", "mobile": MOBILE, "has_read": "on"}],
)  # fmt: skip
def test_nothing_begins_without_name_mobile_and_notice(client, home, data):
    page = client.post(reverse("apply_to", args=["moumou"]), data)

    assert (page.status_code, Application.objects.count()) == (422, 0)


def test_rare_characters_and_endless_texts_are_kept_within_reason(client, home):
    draft = make_draft(home)
    client.post(
        url("step", draft.token, "person"), of("person") | {"name": "𠮷\x00祥", "native_place": "渝" * 9000}
    )

    assert (only().name, len(only().answers["native_place"])) == ("𠮷祥", 4000)


def test_a_wrong_link_opens_nothing_and_trying_them_out_is_limited(client, home, settings):
    draft = make_draft(home)
    other = make_draft(home, name="钱七")
    assert "钱七" not in body_of(client.get(url("draft", draft.token)))
    assert client.get(url("draft", draft.token.upper())).status_code == 200
    assert client.get(url("step", draft.token, "nowhere")).status_code == 404
    settings.LIMITS = settings.LIMITS | {"apply_link": "2/1h/ip"}

    answers = [client.get(url("draft", "aaaa-aaaa-aaaa-aaaa")).status_code for _ in range(3)]

    assert answers == [404, 404, 429]
    assert client.get(url("draft", other.token)).status_code == 200
    assert plain_token(draft.token) == draft.token


def test_beginning_is_limited(client, home, settings):
    settings.LIMITS = settings.LIMITS | {"apply": "1/1h/ip"}
    data = {"name": "赵六", "mobile": MOBILE, "has_read": "on"}

    answers = [client.post(reverse("apply_to", args=["moumou"]), data).status_code for _ in range(2)]

    assert (answers, Application.objects.count()) == ([302, 429], 1)


def test_reading_a_draft_changes_nothing(client, home):
    draft = make_draft(home)
    for name in ("draft", "link", "review", "withdraw"):
        assert client.get(url(name, draft.token)).status_code == 200
    assert (only().version, only().state) == (draft.version, State.DRAFT)
    assert (Member.objects.count(), mail.outbox) == (0, [])
