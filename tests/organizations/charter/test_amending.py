"""Resolutions that change the charter: planned rule by rule, compared, carried out, linked, taken back."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members.rights import Role
from organizations.charter.checking import check
from organizations.charter.rulebook import rules_on
from organizations.meetings.holding import Entry, record_attendance, sign_minutes
from organizations.meetings.resolving import (
    carry_out,
    not_taken_back,
    obstacle,
    plan_resolution,
    save_resolution,
)
from organizations.models import Attendance, Body, CharterRule, Resolution
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
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
D = dt.date
KEY = ("age_limit", "council")


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def resolution(home):
    """Of the assembly of 2026-03-20, passed."""
    assembly = make_body(Body.Kind.ASSEMBLY, association=home, name="会员大会")
    term = make_term(assembly, starts_on=D(2022, 1, 1))
    make_appointment(make_member("李四", association=home), "会员代表", term=term)
    meeting = make_meeting(assembly, held=True)
    record_attendance(meeting, {meeting.attendances.get().member_id: Entry(Attendance.Presence.ATTENDED)})
    return save_resolution(meeting, Resolution(kind="charter", title="关于修改章程的决议", is_passed=True))


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def sent(which="age_limit-council", **fields):
    """What the second step sends; by default: 65 years from 2026-04-01 on."""
    return {
        "which": which,
        "numbers_of": which,
        "number_years": "65",
        "severity": "warning",
        "article": "第二十三条",
        "source": "本会章程",
        "valid_from": "2026-04-01",
        "is_active": "on",
        "note": "",
    } | fields


def planned(kind="age_limit", body_kind="council", since="2026-04-01", **parameters):
    rule = {"kind": kind, "body_kind": body_kind, "parameters": parameters or {"years": 65}}
    rest = {"severity": "error", "article": "", "source": "本会章程", "is_active": True, "note": ""}
    return {**rule, **rest, "valid_from": since}


def years_on(association, day):
    return next(rule for rule in rules_on(association, day) if rule.key == KEY).values["years"]


def test_a_manager_changes_a_rule_by_resolution_and_takes_it_back(client, home, resolution):
    council = make_body(association=home, name="理事会")
    term = make_term(council, starts_on=D(2022, 1, 1))
    make_appointment(make_member("张三", association=home, birth="1958-06"), "会长", term=term)
    sign_in(client, Role.MANAGER, home)
    page = url("resolution", resolution.pk)
    rule_page = url("charter_rule", home.pk, *KEY)

    assert list(client.get(page).context["form"].fields) == ["which"]
    asked = client.post(page, {"which": "age_limit-council"})
    assert (asked.status_code, asked.context["form"].is_bound) == (200, False)
    assert 'name="number_years" value="70"' in body_of(asked)
    assert 'name="valid_from" value="2026-03-20"' in body_of(asked)
    assert client.post(page, sent()).status_code == 302

    ready = client.get(page)
    assert [
        (each.since, each.before.values["years"], each.after.values["years"], each.after.article)
        for each in ready.context["compared"]
    ] == [(D(2026, 4, 1), 70, 65, "第二十三条")]
    assert "2026-04-01之前" in body_of(ready)
    assert ready.context["obstacle"] == ""
    assert not CharterRule.objects.exists()

    client.post(url("resolution_carry_out", resolution.pk))

    rule = CharterRule.objects.get()
    assert (rule.association, rule.decided_by, rule.parameters) == (home, resolution, {"years": 65})
    assert (years_on(home, D(2026, 3, 31)), years_on(home, D(2026, 4, 1))) == (70, 65)
    ages = [
        [found.sentence for found in check(council, day) if found.rule == "age_limit"]
        for day in (D(2026, 3, 31), D(2026, 4, 1))
    ]
    assert ages == [[], ["有1人超过65周岁。"]]
    text = body_of(client.get(rule_page))
    assert f'<a href="{page}">由 第一届会员代表大会第一次会议 决议第1号 修改</a>' in text
    done = client.get(page)
    assert (list(done.context["amended"]), done.context["form"]) == ([rule], None)
    assert f'<a href="{rule_page}">年龄（理事会）</a>' in body_of(done)
    resolution.refresh_from_db()
    assert resolution.carried_out.changes.filter(content_type__model="charterrule").count() == 1

    client.post(url("resolution_take_back", resolution.pk))

    assert not CharterRule.objects.exists()
    assert years_on(home, D(2026, 4, 1)) == 70
    assert "修改</a>" not in body_of(client.get(rule_page))


def test_several_rules_one_after_another_and_one_taken_out(client, home, resolution):
    sign_in(client, Role.MANAGER, home)
    page = url("resolution", resolution.pk)
    client.post(page, sent())
    client.post(page, sent("re_election_start-council", number_years="", number_months="9"))
    client.post(page, sent("fewest_members-", number_years="", number_least="100"))
    client.post(page, sent(number_years="66"))

    rules = Resolution.objects.get().plan["rules"]
    assert [(each["kind"], each["parameters"]) for each in rules] == [
        ("re_election_start", {"months": 9}),
        ("fewest_members", {"least": 100}),
        ("age_limit", {"years": 66}),
    ]
    again = client.post(page, {"which": "age_limit-council"})
    assert 'name="number_years" value="66"' in body_of(again)

    nothing = client.post(page, {"which": ""})
    assert nothing.status_code == 422
    assert "请选择要修改的规则，或者要从实施内容中去掉的规则。" in body_of(nothing)
    client.post(page, {"which": "", "leave_out": ["fewest_members-"]})
    client.post(url("resolution_carry_out", resolution.pk))

    assert set(CharterRule.objects.values_list("kind", flat=True)) == {"age_limit", "re_election_start"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number_years": "17"}, "确保该值大于或等于18。"),
        ({"valid_from": "2026-02-30"}, "输入一个有效的日期。"),
        ({"valid_from": "2025-01-01"}, "该日已有此规则的一个版本。"),
        ({"severity": "fatal"}, "选择一个有效的选项。"),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_typed_stays(client, home, resolution, fields, sentence):
    kind, body_kind = KEY
    CharterRule.objects.create(
        association=home, kind=kind, body_kind=body_kind, parameters={"years": 68}, valid_from=D(2025, 1, 1)
    )
    sign_in(client, Role.MANAGER, home)

    answer = client.post(url("resolution", resolution.pk), sent(**fields))

    assert answer.status_code == 422
    assert sentence in body_of(answer)
    assert 'value="第二十三条"' in body_of(answer)
    assert Resolution.objects.get().plan == {}


@pytest.mark.parametrize("which", ["", "unheard_of-council", "age_limit-home", "age_limit"])
def test_rules_that_are_none(client, home, resolution, which):
    sign_in(client, Role.MANAGER, home)

    answer = client.post(url("resolution", resolution.pk), sent(which))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["which"])


def test_with_another_rule_its_own_numbers_are_asked_for(client, home, resolution):
    sign_in(client, Role.MANAGER, home)

    other = client.post(
        url("resolution", resolution.pk), sent("re_election_start-council", numbers_of="age_limit-council")
    )

    assert other.status_code == 200
    assert 'name="number_months" value="6"' in body_of(other)
    assert 'name="number_years"' not in body_of(other)


def test_a_version_written_meanwhile_stands_in_the_way(home, resolution):
    manager = make_user()
    grant(manager, Role.MANAGER, home)
    plan = {"rules": [planned("re_election_start", months=9), planned()]}
    plan_resolution(resolution, plan)
    kind, body_kind = KEY
    CharterRule.objects.create(
        association=home, kind=kind, body_kind=body_kind, parameters={"years": 68}, valid_from=D(2026, 4, 1)
    )

    assert obstacle(resolution, actor=manager) == "年龄（理事会）：该日已有此规则的一个版本。"
    assert CharterRule.objects.count() == 1


def test_what_was_corrected_since_or_signed_is_not_taken_back(home, resolution):
    manager = make_user()
    grant(manager, Role.MANAGER, home)
    resolution = carry_out(plan_resolution(resolution, {"rules": [planned()]}), actor=manager)
    assert not_taken_back(resolution) == []
    rule = CharterRule.objects.get()
    rule.article = "第二十四条"
    rule.save()
    assert not_taken_back(resolution) == ["“年龄（理事会）”此后已被修改。"]

    sign_minutes(resolution.meeting, on=D(2026, 3, 20), by="张三")
    resolution.refresh_from_db()
    assert not_taken_back(resolution) == ["会议记录已签字：本决议实施的内容不能再撤回。"]


def test_a_secretary_is_told_who_changes_the_charter(client, home, resolution):
    plan_resolution(resolution, {"rules": [planned()]})
    sign_in(client, Role.SECRETARY, home)
    sentence = "章程规则由管理员修改：请由管理员填写实施内容并实施。"

    page = client.get(url("resolution", resolution.pk))

    assert (page.context["form"], len(page.context["compared"])) == (None, 1)
    assert sentence in body_of(page)
    for address in (
        url("resolution", resolution.pk),
        *(url(f"resolution_{name}", resolution.pk) for name in ("carry_out", "take_back")),
    ):
        answer = client.post(address, sent())
        assert (answer.status_code, sentence in body_of(answer)) == (403, True)
    assert not CharterRule.objects.exists()

    manager = make_user()
    grant(manager, Role.MANAGER, home)
    carry_out(resolution, actor=manager)
    assert url("resolution_take_back", resolution.pk) not in body_of(
        client.get(url("resolution", resolution.pk))
    )
    assert client.post(url("resolution_take_back", resolution.pk)).status_code == 403
    assert CharterRule.objects.exists()


def test_readers_write_nothing_and_strangers_see_nothing(client, home, resolution):
    plan_resolution(resolution, {"rules": [planned()]})
    addresses = [
        url("resolution", resolution.pk),
        *(url(f"resolution_{name}", resolution.pk) for name in ("carry_out", "take_back")),
    ]
    sign_in(client, Role.VIEWER, home)
    assert client.get(addresses[0]).status_code == 200
    assert [client.post(address, sent()).status_code for address in addresses] == [403, 403, 403]

    sign_in(client, Role.MANAGER, make_association())
    assert client.get(addresses[0]).status_code == 404
    assert [client.post(address, sent()).status_code for address in addresses] == [404, 404, 404]
    assert not CharterRule.objects.exists()


def test_a_secretary_of_the_assembly_alone_does_not_see_the_rules(client, home, resolution):
    plan_resolution(resolution, {"rules": [planned()]})
    user = make_user()
    grant(user, Role.SECRETARY, home, body=resolution.meeting.body)
    client.force_login(user)

    page = client.get(url("resolution", resolution.pk))

    assert (page.context["lines"], page.context["compared"], page.context["form"]) == ([], [], None)
    assert "65周岁" not in body_of(page)


def test_pages_take_the_same_queries_with_one_rule_and_with_three(client, home, resolution):
    manager = make_user()
    grant(manager, Role.MANAGER, home)
    sign_in(client, Role.VIEWER, home)
    rules = [planned(), planned("re_election_start", months=9), planned("fewest_members", "", least=100)]

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url("resolution", resolution.pk)).status_code == 200
        return len(caught)

    plan_resolution(resolution, {"rules": rules[:1]})
    one = queries()
    plan_resolution(resolution, {"rules": rules})
    assert queries() == one
    carry_out(resolution, actor=manager)
    three = queries()
    CharterRule.objects.exclude(kind="age_limit").delete()
    assert queries() == three


def test_who_carried_out_is_told(client, home, resolution):
    plan_resolution(resolution, {"rules": [planned()]})
    sign_in(client, Role.MANAGER, home)

    assert messages_of(client.post(url("resolution_carry_out", resolution.pk))) == ["决议已实施。"]
