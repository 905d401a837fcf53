"""Each fact once, with where it comes from and who confirmed it; what is not confirmed does not count."""

import pytest

from activities.evidence.facts import facts_of, year_of
from activities.models import Participation
from members.rights import Role
from organizations.models import Body
from tests.activities.evidence.made import attended, gave, honoured, moment, served, took_part
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def member(home):
    return make_member(association=home)


def said(facts):
    return [(fact.when, fact.title, str(fact.how), fact.counts) for fact in facts]


def test_each_fact_is_there_once_with_source_and_confirmation(home, member):
    council = make_body(Body.Kind.COMMITTEE, association=home)
    took_part(member, way=Participation.Way.SCREEN, came_at=moment("2026-03-20", 9, 2))
    attended(member, council)
    served(member)
    gave(member, receipt_number="0001")
    honoured(member)

    facts = facts_of(member)

    assert [(f.source, f.when, f.title, str(f.origin), str(f.confirmation)) for f in facts][1:] == [
        ("donation", "2026-05-01", "助学", "捐赠台账", f"{facts[1].confirmation}"),
        ("service", "2026-04-01", "法律咨询", "本人申报", "2026-04-04 确认"),
        ("participation", "2026-03-20", "国情考察", "扫码签到 09:02", "2026-03-20 确认考勤"),
        ("attendance", "2026-03-10", "第1次会议", "会议签到", "会议记录 2026-03-10 签字"),
    ]
    assert facts[1].confirmation.endswith("收据 0001")
    assert (facts[0].when, facts[0].title) == ("2026-06", "优秀会员")
    assert all(fact.counts for fact in facts)


@pytest.mark.parametrize(
    "make", [took_part, lambda member, **_: attended(member, make_body(Body.Kind.COMMITTEE), signed=False)]
)
def test_what_is_not_confirmed_is_shown_and_does_not_count(member, make):
    make(member, settled=False)

    fact = facts_of(member)[0]

    assert (fact.is_confirmed, fact.counts) == (False, False)
    assert "尚未确认" in fact.confirmation


def test_hours_credited_by_an_activity_stand_with_it(member):
    row = took_part(member)
    served(member, "2026-03-20", activity=row.activity, hours="3.5", field="志愿服务")

    facts = facts_of(member)

    assert [(fact.source, str(fact.hours), fact.field) for fact in facts] == [
        ("participation", "3.5", "志愿服务")
    ]


def test_hours_confirmed_before_the_attendance_stand_alone(member):
    row = took_part(member, settled=False)
    served(member, "2026-03-20", activity=row.activity)

    assert {(fact.source, fact.counts) for fact in facts_of(member)} == {
        ("participation", False),
        ("service", True),
    }


def test_what_was_taken_back_refused_or_voided_is_no_fact(member):
    served(member, state="claimed")
    served(member, state="refused", answer="无依据")
    honoured(member, state="claimed")
    gave(member, voided_on="2026-05-02", voided_reason="录错")
    took_part(member, presence="", state="declined")
    took_part(member, "2099-01-01", settled=False, presence="leave")

    assert facts_of(member) == []


def test_who_was_expected_and_of_whom_nothing_is_entered_is_shown(member):
    took_part(member, presence="")

    assert said(facts_of(member)) == [("2026-03-20", "国情考察", "未登记", True)]


def test_who_came_without_being_expected_is_told_apart(member):
    took_part(member, state="walk_in")

    fact = facts_of(member)[0]

    assert (fact.counts, fact.is_expected, fact.is_present, fact.came) == (True, False, False, True)


def test_a_year_has_its_facts_and_the_posts_held_in_it(home, member):
    council = make_body(Body.Kind.COMMITTEE, association=home)
    make_appointment(member, "主任", body=council)
    took_part(member, "2025-12-31", title="去年")
    took_part(member, "2026-01-01", title="今年")
    honoured(member, "2026", "年份")
    honoured(member, "2025-12", "旧")

    facts = facts_of(member, year_of(2026))

    assert {fact.title for fact in facts} == {"今年", "年份", "主任"}
    assert all(fact.on.year == 2026 for fact in facts)


def test_the_member_sees_the_hidden_body_staff_only_who_see_it(home, member):
    branch = make_body(Body.Kind.COMMITTEE, association=home, hides_people=True)
    make_appointment(member, "主任", body=branch)
    row = took_part(member, host=branch, title="支部活动")
    served(member, activity=row.activity, what="支部服务")
    attended(member, branch, name="支部会")
    took_part(member, title="公开活动")
    users = {role: make_user() for role in (Role.SECRETARY, Role.MANAGER)}
    for role, user in users.items():
        grant(user, role, home)

    assert len(facts_of(member)) == 4
    assert [fact.title for fact in facts_of(member, user=users[Role.SECRETARY])] == ["公开活动"]
    assert len(facts_of(member, user=users[Role.MANAGER])) == 4


def test_who_wishes_to_stay_unnamed_is_known_to_keepers_of_the_ledger(home, member):
    gave(member, is_anonymous=True)
    viewer, secretary = make_user(), make_user()
    grant(viewer, Role.VIEWER, home)
    grant(secretary, Role.SECRETARY, home)

    assert [len(facts_of(member, user=user)) for user in (None, viewer, secretary)] == [1, 0, 1]


def test_a_stranger_sees_nothing(member, home):
    took_part(member)
    served(member)
    gave(member)
    honoured(member)
    stranger = make_user()
    grant(stranger, Role.MANAGER, make_association())

    assert facts_of(member, user=stranger) == []


def test_three_hundred_facts_take_as_many_statements_as_three(home, member, django_assert_num_queries):
    council = make_body(Body.Kind.COMMITTEE, association=home)

    def fill(count):
        for number in range(count):
            took_part(member, title=f"活动{number}")
            attended(member, council)
            served(member)

    fill(1)
    with django_assert_num_queries(6):
        assert len(facts_of(member)) == 3
    fill(99)

    with django_assert_num_queries(6):
        assert len(facts_of(member)) == 300
