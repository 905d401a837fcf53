"""Which rules hold on which day: the association's own by their validity, the defaults before and beside them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from organizations.charter.checking import check
from organizations.charter.defaults import DEFAULTS
from organizations.charter.kinds import KINDS
from organizations.charter.rulebook import default_rules, rules_on, versions
from organizations.models import Body, CharterRule
from tests.make import make_appointment, make_association, make_body, make_member, make_term

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


NEW_YEAR = D(2024, 1, 1)


def own_rule(association, kind="age_limit", body_kind="council", *, since=NEW_YEAR, **fields):
    fields = {"parameters": {"years": 65}, "severity": "error", "source": "本会章程", **fields}
    rule = CharterRule(association=association, kind=kind, body_kind=body_kind, valid_from=since, **fields)
    rule.full_clean()
    rule.save()
    return rule


def rule_on(association, day, key=("age_limit", "council")):
    return next(rule for rule in rules_on(association, day) if rule.key == key)


def test_every_kind_has_a_default_for_each_body_it_is_about_and_says_where_it_is_from():
    keys = [(default.kind, default.body_kind) for default in DEFAULTS]
    known = {(key, body_kind) for key, kind in KINDS.items() for body_kind in kind.bodies or [""]}

    assert len(keys) == len(set(keys))
    assert set(keys) == known
    assert [rule.title for rule in default_rules() if not rule.source] == []
    for rule in default_rules():
        assert rule.kind.clean(rule.parameters) == rule.parameters
        assert "{" not in rule.sentence


def test_the_regulation_is_named_with_the_text_its_figures_are_from():
    first = rule_on(make_association(), D(2024, 1, 1), ("fewest_members", ""))

    assert (first.article, first.sentence) == ("第十条", "个人会员不少于50个。")
    assert "2016年文本；2026年修订后的条文请核对" in first.source


def test_a_version_holds_from_its_day_until_the_next():
    home = make_association()
    own_rule(home, since=D(2024, 1, 1), article="第二十三条")
    own_rule(home, since=D(2025, 1, 1), parameters={"years": 68}, severity="warning")

    found = [rule_on(home, day) for day in (D(2023, 12, 31), D(2024, 1, 1), D(2024, 12, 31), D(2025, 1, 1))]

    assert [(rule.values["years"], rule.severity, rule.article) for rule in found] == [
        (70, "error", ""),
        (65, "error", "第二十三条"),
        (65, "error", "第二十三条"),
        (68, "warning", ""),
    ]
    assert [(version.since, version.until) for version in versions(home, "age_limit", "council")] == [
        (D(2025, 1, 1), None),
        (D(2024, 1, 1), D(2024, 12, 31)),
        (None, D(2023, 12, 31)),
    ]
    assert rule_on(make_association(), D(2025, 1, 1)).values == {"years": 70}


def test_a_check_of_a_past_day_goes_by_the_rules_of_that_day():
    council = make_body()
    make_appointment(make_member("张三", birth="1956"), "会长", term=make_term(council))
    own_rule(council.association, since=D(2023, 1, 1))

    found = {
        day: [finding.sentence for finding in check(council, day) if finding.rule == "age_limit"]
        for day in (D(2022, 12, 31), D(2023, 1, 1))
    }

    assert found == {D(2022, 12, 31): [], D(2023, 1, 1): ["有1人超过65周岁。"]}


def test_a_rule_switched_off_is_not_checked():
    council = make_body()
    own_rule(council.association, "body_has_people", "", parameters={}, is_active=False)

    assert "body_has_people" in [finding.rule for finding in check(council, D(2023, 12, 31))]
    assert "body_has_people" not in [finding.rule for finding in check(council, D(2024, 1, 1))]


def test_a_local_rule_switched_on():
    assembly = make_body(Body.Kind.ASSEMBLY)
    term = make_term(assembly)
    make_appointment(make_member(), "会员代表", term=term)
    assert "delegates" not in [finding.rule for finding in check(assembly, D(2024, 1, 1))]

    own_rule(assembly.association, "delegates", "assembly", parameters={"steps": "101=2/3"})

    assert "delegates" in [finding.rule for finding in check(assembly, D(2024, 1, 1))]


def test_one_version_a_day():
    home = make_association()
    own_rule(home)

    with pytest.raises(ValidationError, match="该日已有"):
        own_rule(home)
    with pytest.raises(IntegrityError), transaction.atomic():
        CharterRule.objects.create(
            association=home, kind="age_limit", body_kind="council", valid_from=D(2024, 1, 1)
        )
    own_rule(home, body_kind="supervisors")


def share_of(share, base="members"):
    return {"kind": "council_share", "parameters": {"share": share, "base": base}}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"parameters": {"years": 17}}, "“不超过（年）”应为 18 至 120 之间的整数。"),
        ({"parameters": {"years": "70"}}, "“不超过（年）”应为 18 至 120 之间的整数。"),
        ({"parameters": {"years": True}}, "“不超过（年）”应为 18 至 120 之间的整数。"),
        ({"parameters": {}}, "缺少“不超过（年）”。"),
        ({"kind": "unheard_of"}, "没有这种规则。"),
        ({"body_kind": ""}, "没有这种规则。"),
        ({"body_kind": "home"}, "没有这种规则。"),
        (share_of("0/3"), "“不超过（比例）”应为不大于 1 的分数，如 1/3。"),
        (share_of("4/3"), "“不超过（比例）”应为不大于 1 的分数，如 1/3。"),
        (share_of("1/0"), "“不超过（比例）”应为不大于 1 的分数，如 1/3。"),
        (share_of("1/3", "all"), "“比例基数”应为列表中的一项。"),
        ({"kind": "consecutive_terms", "parameters": {"terms": 2, "hired": "yes"}},
         "“聘任的秘书长同样受限”应为是或否。"),
    ],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused_with_a_sentence(fields, sentence):
    with pytest.raises(ValidationError) as refused:
        own_rule(make_association(), **fields)

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize("text", ["02-29", "13-01", "04-31", "3-31", "", None])
def test_a_day_that_is_not_in_every_year(text):
    with pytest.raises(ValidationError, match="每年的某月某日"):
        own_rule(make_association(), "annual_report_supervisor", "", parameters={"day": text})


@pytest.mark.parametrize(
    "text", ["201", "201=", "0=1/3", "301=1/3, 101=2/3", "101=0", "x=1/3", "101=1/3=2", None]
)
def test_steps_that_are_none(text):
    with pytest.raises(ValidationError, match="由小到大分档"):
        own_rule(make_association(), "delegates", "assembly", parameters={"steps": text})


def test_a_share_is_kept_in_lowest_terms():
    rule = own_rule(make_association(), "council_share", parameters={"share": " 2 / 6", "base": "members"})

    assert rule.parameters == {"share": "1/3", "base": "members"}


def test_a_version_without_a_number_that_came_later_has_the_defaults():
    home = make_association()
    rule = own_rule(home, "party_members", "party_branch", parameters={"least": 5, "most": 40})
    CharterRule.objects.filter(pk=rule.pk).update(parameters={"least": 5, "gone": 1})

    assert rule_on(home, D(2024, 1, 1), ("party_members", "party_branch")).values == {"least": 5, "most": 50}
