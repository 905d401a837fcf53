"""The pages of the check: who reads what, who writes the rules."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from members.rights import Role
from organizations.charter.forms import RuleForm
from organizations.charter.rulebook import rules_on
from organizations.models import Body, CharterRule
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_term, make_user
from tests.members.screens import body_of, messages_of, sign_in

pytestmark = pytest.mark.django_db
D = dt.date
KIND = Body.Kind
FINDINGS = reverse("organizations:findings")
RULES = reverse("organizations:charter_rules")


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def home():
    return make_association("重庆市某区联合会")


@pytest.fixture
def council(home):
    body = make_body(association=home, name="理事会")
    make_appointment(make_member("张三", association=home, birth="1951-06"), "会长", term=make_term(body))
    return body


@pytest.fixture
def branch(home):
    body = make_body(KIND.PARTY_BRANCH, association=home, name="党支部", hides_people=True)
    make_appointment(
        make_member("李四", association=home, political_status="群众"), "党员", term=make_term(body, years=3)
    )
    return body


def page_of(association, kind="age_limit", body_kind="council"):
    return reverse("organizations:charter_rule", args=[association.pk, kind, body_kind])


def shown(client, **asked):
    return body_of(client.get(FINDINGS, {"on": "2023-01-01", **asked}))


def version(**fields):
    """What the form of the age limit sends."""
    return {
        "number_years": "65",
        "severity": "warning",
        "article": "第二十三条",
        "source": "本会章程",
        "valid_from": "2024-01-01",
        "is_active": "on",
        "note": "",
    } | fields


def test_who_reads_births_reads_the_ages(client, home, council):
    sign_in(client, Role.SECRETARY, home)

    page = shown(client)

    assert "有1人超过70周岁。" in page
    assert "1951年6月出生，至2023年1月1日满71周岁" in page
    assert "另选人选，或按章程办理报批手续。" in page
    assert "民政部《社会团体章程示范文本》（1998年）" in page
    member = council.appointments.get().member
    assert f'<a href="{member.get_absolute_url()}">张三</a>' in page


def test_who_does_not_sees_that_somebody_is_too_old_and_not_how_old(client, home, council):
    sign_in(client, Role.VIEWER, home)

    page = shown(client)

    assert "有1人超过70周岁。" in page
    assert "张三" in page
    assert "1951" not in page
    assert "71周岁" not in page


def test_a_hidden_branch_is_known_to_those_inside_alone(client, home, council, branch):
    sentence = "“党支部”中有1人按名册不是党员，或未填写政治面貌。"
    viewer = sign_in(client, Role.VIEWER, home)
    assert "党支部" not in shown(client)

    make_appointment(make_member("王五", association=home, user=viewer), "党员", term=branch.terms.get())
    page = shown(client)
    assert "“党支部”中有2人按名册不是党员，或未填写政治面貌。" in page
    # whoever is named there is no party member: that is a personal field
    assert "李四" not in page
    assert "群众" not in page

    branch.appointments.filter(member__name="王五").delete()
    sign_in(client, Role.MANAGER, home)
    page = shown(client)
    assert sentence in page
    assert "李四" in page
    assert "群众" in page


def test_days_before_and_after(client, home, council):
    sign_in(client, Role.SECRETARY, home)

    assert "超过70周岁" not in shown(client, on="2022-05-31")
    assert "已于2024年12月23日届满" in shown(client, on="2030-01-01")
    page = body_of(client.get(FINDINGS, {"on": "2023-02-30"}))
    assert "输入一个有效的日期" in page
    assert client.get(FINDINGS).context["report"].day == timezone.localdate()


def test_what_falls_due_is_shown_beside(client, home, council):
    sign_in(client, Role.SECRETARY, home)

    page = shown(client, on="2024-06-23")

    assert "启动换届（第1届届满前）" in page
    assert "第1届任期届满" in page


def test_the_remedy_leads_to_where_it_is_done(client, home, council):
    sign_in(client, Role.SECRETARY, home)

    report = client.get(FINDINGS, {"on": "2026-01-01"}).context["report"]

    addresses = {read.about.rule: read.address for read in report.findings}
    assert addresses["age_limit"] == council.get_absolute_url()
    assert addresses["meeting_frequency"] == f"/organizations/meetings/?body={council.pk}"
    assert addresses["officers_filed"] == "/admin/organizations/filing/"
    assert addresses["term_overdue"] == "/organizations/elections/"
    assert addresses["fewest_members"] == "/admin/members/member/"
    assert [client.get(address).status_code for address in set(addresses.values())] == [200] * 5


def test_nobody_sees_another_association(client, home, council):
    other = make_association()
    sign_in(client, Role.MANAGER, other)

    assert client.get(FINDINGS, {"association": home.pk}).status_code == 404
    assert client.get(RULES, {"association": home.pk}).status_code == 404
    assert client.get(page_of(home)).status_code == 404
    assert client.post(page_of(home), version()).status_code == 404
    assert client.get(FINDINGS, {"association": "x"}).status_code == 404
    assert "张三" not in shown(client)
    assert not CharterRule.objects.exists()


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.MEMBER])
def test_roles_that_read_no_rows_see_none_of_it(client, home, role):
    sign_in(client, role, home)

    assert [client.get(address).status_code for address in (FINDINGS, RULES, page_of(home))] == [
        403,
        403,
        403,
    ]


def test_a_stranger_signs_in_first(client, home):
    assert client.get(FINDINGS).status_code == 302
    assert client.get(page_of(home)).status_code == 302


def test_the_rules_with_their_sources(client, home):
    sign_in(client, Role.VIEWER, home)

    page = body_of(client.get(RULES))

    assert "选举当日及任职期间不超过70周岁。" in page
    assert "2016年文本；2026年修订后的条文请核对" in page
    assert "会员代表人数按会员数确定：201人以上的不少于1/3，1000人以上的不少于300" in page
    assert "未启用" in page
    assert '<form class="panel' not in body_of(client.get(page_of(home)))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SECRETARY])
def test_only_who_manages_writes_rules(client, home, role):
    sign_in(client, role, home)

    assert client.post(page_of(home), version()).status_code == 403
    assert not CharterRule.objects.exists()


def test_a_manager_writes_the_charters_number(client, home, council):
    sign_in(client, Role.MANAGER, home)
    page = client.get(page_of(home))
    assert page.context["form"].initial["number_years"] == 70

    answer = client.post(page_of(home), version())

    rule = CharterRule.objects.get()
    assert (rule.association, rule.kind, rule.body_kind, rule.parameters) == (
        home,
        "age_limit",
        "council",
        {"years": 65},
    )
    assert (rule.severity, rule.article, rule.valid_from, rule.is_active) == (
        "warning",
        "第二十三条",
        D(2024, 1, 1),
        True,
    )
    assert messages_of(answer) == ["“年龄（理事会）”自2024-01-01起按此核对。"]
    assert "本会规则，2024-01-01起" in body_of(client.get(RULES))
    assert "超过65周岁" in shown(client, on="2024-01-01")
    assert "超过70周岁" in shown(client, on="2023-12-31")
    history = client.get(reverse("admin:organizations_charterrule_history", args=[rule.pk]))
    assert "第二十三条" in body_of(history)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number_years": ""}, "这个字段是必填项。"),
        ({"number_years": "17"}, "确保该值大于或等于18。"),
        ({"number_years": "x"}, "输入整数。"),
        ({"valid_from": ""}, "这个字段是必填项。"),
        ({"valid_from": "2024-02-30"}, "输入一个有效的日期。"),
        ({"severity": "fatal"}, "选择一个有效的选项。 fatal 不在可用的选项中。"),
    ],
)
def test_wrong_numbers_are_refused_and_what_was_typed_stays(client, home, fields, sentence):
    sign_in(client, Role.MANAGER, home)

    page = body_of(client.post(page_of(home), version(**fields)))

    assert sentence in page
    assert 'value="第二十三条"' in page
    assert not CharterRule.objects.exists()


def test_a_share_that_is_none(client, home):
    sign_in(client, Role.MANAGER, home)
    sent = version(number_share="3", number_base="members")

    page = body_of(client.post(page_of(home, "council_share"), sent))

    assert "“不超过（比例）”应为不大于 1 的分数，如 1/3。" in page
    assert 'name="number_share" value="3"' in page


def test_a_second_version_of_one_day_is_refused_and_one_is_corrected(client, home):
    sign_in(client, Role.MANAGER, home)
    client.post(page_of(home), version())

    again = client.post(page_of(home), version(number_years="68"))
    assert "该日已有此规则的一个版本。" in body_of(again)

    rule = CharterRule.objects.get()
    address = f"{page_of(home)}?version={rule.pk}"
    assert 'name="number_years" value="65"' in body_of(client.get(address))
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, version(number_years="66", valid_from="2024-02-01", seen=seen))
    told = client.post(address, version(number_years="67", valid_from="2024-02-01", seen=seen))
    assert "您打开本页后，他人已作修改" in body_of(told)
    rule.refresh_from_db()
    assert (rule.parameters, rule.valid_from) == ({"years": 66}, D(2024, 2, 1))


def test_a_version_of_another_association_is_not_corrected_here(client, home):
    other = make_association()
    rule = CharterRule.objects.create(
        association=other,
        kind="age_limit",
        body_kind="council",
        parameters={"years": 60},
        valid_from=D(2024, 1, 1),
    )
    sign_in(client, Role.MANAGER, home)

    assert client.post(f"{page_of(home)}?version={rule.pk}", version()).status_code == 404
    assert client.get(f"{page_of(home)}?version=x").status_code == 404


def test_the_numbers_of_other_places_and_the_defaults_can_be_taken(client, home):
    sign_in(client, Role.MANAGER, home)
    address = page_of(home, "re_election_start")
    sent = version(number_months="9")
    client.post(address, sent)

    def offered(query):
        initial = client.get(f"{address}{query}").context["form"].initial
        return initial["number_months"], initial["source"]

    assert offered("") == (9, "本会章程")
    assert offered("?variant=0") == (3, "湖南省社会团体换届规定（2021年）")
    assert offered("?variant=default")[0] == 6
    assert offered("?variant=7") == (9, "本会章程")


def test_rules_that_are_none(client, home):
    sign_in(client, Role.MANAGER, home)

    for kind, body_kind in (("unheard_of", "council"), ("age_limit", "home"), ("age_limit", "association")):
        assert client.get(page_of(home, kind, body_kind)).status_code == 404


def queries_of(client, address, **asked):
    with CaptureQueriesContext(connection) as caught:
        client.get(address, asked)
    return len(caught)


def test_pages_take_the_same_queries_at_any_size(client, home, council, branch):
    sign_in(client, Role.MANAGER, home)
    client.get(FINDINGS)
    few = [
        queries_of(client, address, on="2030-01-01")
        for address in (FINDINGS, RULES, council.get_absolute_url())
    ]

    term = council.terms.get()
    for serial in range(6):
        make_appointment(make_member(association=home, birth="1940"), "副会长", term=term)
        make_body(KIND.COMMITTEE, association=home, name=f"第{serial}专门委员会")
    client.post(page_of(home), version())
    client.post(page_of(home), version(valid_from="2025-01-01"))

    many = [
        queries_of(client, address, on="2030-01-01")
        for address in (FINDINGS, RULES, council.get_absolute_url())
    ]
    assert many == few


def test_a_body_page_has_its_own_findings(client, home, council, branch):
    sign_in(client, Role.VIEWER, home)

    page = body_of(client.get(council.get_absolute_url(), {"on": "2023-01-01"}))

    assert "有1人超过70周岁。" in page
    assert "1951" not in page
    assert f"{FINDINGS}?association={home.pk}&amp;on=2023-01-01" in page


def test_a_secretary_of_one_body_reads_what_is_about_it_alone(client, home, council):
    board = make_body(KIND.SUPERVISORS, association=home, name="监事会")
    user = make_user()
    grant(user, Role.SECRETARY, home, body=board)
    client.force_login(user)

    page = body_of(client.get(board.get_absolute_url(), {"on": "2023-01-01"}))

    assert "“监事会”在当日没有人员。" in page
    assert "周岁" not in page
    assert FINDINGS not in page
    assert client.get(FINDINGS).status_code == 403


def test_two_managers_at_once_write_one_version(home):
    rule = next(each for each in rules_on(home, D(2024, 1, 1)) if each.key == ("age_limit", "council"))
    blank = {"association": home, "kind": "age_limit", "body_kind": "council"}
    form = RuleForm(version(), rule=rule, instance=CharterRule(**blank))
    assert form.is_valid()
    CharterRule.objects.create(**blank, parameters={"years": 60}, valid_from=D(2024, 1, 1))

    assert not form.attempt()

    assert form.errors["valid_from"] == ["该日已有此规则的一个版本。"]
    assert CharterRule.objects.get().parameters == {"years": 60}
