"""The rules as a table: facts → findings, on both sides of each limit."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from organizations.charter.facts import Frequency, Role, TermFacts
from tests.organizations.charter.build import (
    DAY,
    KIND,
    TERM,
    body,
    facts,
    filing,
    found,
    meeting,
    person,
    seat,
    seats,
)

D = dt.date
FULL, PROBATIONARY = ("中共党员",), ("中共预备党员",)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def council(people, *officers, **fields):
    """A council of so many people: `officers` and ordinary members."""
    return body(KIND.COUNCIL, (*officers, *seats(people - len(officers))), **fields)


def led(people=9, vice=2, **fields):
    """A council with a president, a secretary-general and so many vice-presidents."""
    officers = [seat(Role.PRESIDENT), *seats(vice, Role.VICE_PRESIDENT), seat(Role.SECRETARY_GENERAL)]
    return council(people, *officers, **fields)


def with_seats(one, *more):
    return replace(one, seats=one.seats + more)


def standing(people, whole=60):
    """(council, standing council elected from it)."""
    above = council(whole)
    chosen = [seat(Role.STANDING_MEMBER, each.person) for each in above.seats[:people]]
    return above, body(KIND.STANDING_COUNCIL, chosen)


def aged(birth, role=Role.PRESIDENT, **fields):
    """A council of nine with somebody of that birth in the post."""
    return council(9, seat(role, person(7, birth=birth)), **fields)


def branch(full, *more):
    return body(
        KIND.PARTY_BRANCH, [*(seat(Role.PARTY_MEMBER, person(parties=FULL)) for _n in range(full)), *more]
    )


def party(role, parties=FULL, **fields):
    return seat(role, person(parties=parties), **fields)


def ending(day):
    """A council whose term ends on `day`."""
    return body(people=9, term=TermFacts(1, D(2020, 1, 1), day))


def standing_met(*days, kind="standing_council", **fields):
    """(council, standing council that met on these days)."""
    above, below = standing(5)
    return above, replace(below, meetings=meeting(kind, *days), **fields)


def joined(since):
    return seat(Role.VICE_PRESIDENT, since=since)


HALF_YEARLY = (Frequency("standing_council", 1, "half_year"),)
PARTY = (Frequency("party_assembly", 1, "quarter"), Frequency("party_committee", 1, "month"),
         Frequency("party_group", 1, "month"))  # fmt: skip
TWICE = person(5)
COLLEAGUE = {"employer": "重庆某某科技有限公司"}
GROUP = body(KIND.GROUP, 1, pk=1)

# (rule, facts, the sentences found)
TABLE = {
    "50 members are enough": ("fewest_members", facts(members=50), []),
    "49 are not": ("fewest_members", facts(members=49), ["在册会员49人，不足50人。"]),
    "a branch below the council": ("no_branch_below_branch", facts(GROUP, body(KIND.GROUP, 1, parent=2)), []),
    "a branch below a branch": (
        "no_branch_below_branch",
        facts(GROUP, body(KIND.GROUP, 1, parent=1)),
        ["“分会（联络组）”设在分支机构“分会（联络组）”之下。"],
    ),
    "a liaison group of a street": (
        "no_territorial_branch",
        facts(replace(GROUP, name="双福街道联络组"), townships=("双福街道",)),
        [],
    ),
    "a branch of a street": (
        "no_territorial_branch",
        facts(replace(GROUP, name="双福街道分会"), townships=("德感街道", "双福街道")),
        ["“双福街道分会”以“双福街道”命名，形同地域性分支机构。"],
    ),
    "no delegates among 200": (
        "delegates",
        facts(body(KIND.ASSEMBLY, 100), members=200),
        ["会员200人，应召开全体会员大会，不设会员代表。"],
    ),
    "a third of 201 is 67": ("delegates", facts(body(KIND.ASSEMBLY, 67), members=201), []),
    "66 delegates of 201": (
        "delegates",
        facts(body(KIND.ASSEMBLY, 66), members=201),
        ["会员201人，会员代表66人，不足67人。"],
    ),
    "300 delegates of 1000": ("delegates", facts(body(KIND.ASSEMBLY, 300), members=1000), []),
    "299 delegates of 1000": (
        "delegates",
        facts(body(KIND.ASSEMBLY, 299), members=1000),
        ["会员1000人，会员代表299人，不足300人。"],
    ),
    "all members meet": ("delegates", facts(body(KIND.ASSEMBLY, 0), members=500), []),
    # a third of 28 is 9⅓
    "a council of 9 of 28": ("council_share", facts(council(9), members=28), []),
    "a council of 10 of 28": (
        "council_share",
        facts(council(10), members=28),
        ["理事10人；28人的1/3，至多9人。"],
    ),
    "a council of 10 of 30": ("council_share", facts(council(10), members=30), []),
    "a council of 11 of 30": (
        "council_share",
        facts(council(11), members=30),
        ["理事11人；30人的1/3，至多10人。"],
    ),
    "advisers are not the council": (
        "council_share",
        facts(council(12, seat(Role.HONORARY), seat(Role.HONORARY)), members=30),
        [],
    ),
    "two posts, one person": (
        "council_share",
        facts(
            with_seats(council(9), seat(Role.PRESIDENT, TWICE), seat(Role.COUNCIL_MEMBER, TWICE)), members=30
        ),
        [],
    ),
    "an odd council": ("odd_number", facts(council(21)), []),
    "an even council": ("odd_number", facts(council(20)), ["“理事会”共20人，为双数。"]),
    "no council yet": ("odd_number", facts(council(0)), []),
    "who acts is not counted": (
        "odd_number",
        facts(with_seats(council(9), seat(Role.PRESIDENT, is_acting=True))),
        [],
    ),
    "an even board": ("odd_number", facts(body(KIND.SUPERVISORS, 4)), ["“监事会”共4人，为双数。"]),
    "a standing council of 20 of 60": ("standing_share", facts(*standing(20)), []),
    "one of 21 of 61": (
        "standing_share",
        facts(*standing(21, 61)),
        ["常务理事21人；理事61人的1/3，至多20人。"],
    ),
    "out of the council": ("standing_within_council", facts(*standing(5)), []),
    "not out of the council": (
        "standing_within_council",
        facts(council(60), body(KIND.STANDING_COUNCIL, 5)),
        ["常务理事中有5人不是理事。"],
    ),
    "a standing council with a council of 50": ("standing_threshold", facts(*standing(5, 50)), []),
    "with one of 49": ("standing_threshold", facts(*standing(5, 49)), ["理事仅49人，设有常务理事会。"]),
    "three officers": ("fewest_leaders", facts(led(9, vice=1)), []),
    "two officers": ("fewest_leaders", facts(led(9, vice=0)), ["选举产生的负责人2人，不足3人。"]),
    "officers of a party branch are none of the association": (
        "fewest_leaders",
        facts(led(9, vice=0), branch(3, party(Role.PARTY_SECRETARY, is_officer=True))),
        ["选举产生的负责人2人，不足3人。"],
    ),
    "a hired secretary-general is not elected": (
        "fewest_leaders",
        facts(
            council(
                9,
                *seats(1, Role.PRESIDENT),
                seat(Role.VICE_PRESIDENT),
                seat(Role.SECRETARY_GENERAL, is_hired=True),
            )
        ),
        ["选举产生的负责人2人，不足3人。"],
    ),
    "officers a third of the council": ("leaders_share", facts(led(21, vice=5)), []),
    "officers more than a third": (
        "leaders_share",
        facts(led(21, vice=6)),
        ["负责人8人；理事21人的1/3，至多7人。"],
    ),
    "officers half of the standing council": (
        "leaders_share",
        facts(led(61, vice=8), body(KIND.STANDING_COUNCIL, 20)),
        [],
    ),
    "officers more than half of it": (
        "leaders_share",
        facts(led(61, vice=8), body(KIND.STANDING_COUNCIL, 19)),
        ["负责人10人；常务理事19人的1/2，至多9人。"],
    ),
    "one president": ("one_president", facts(led()), []),
    "two presidents": ("one_president", facts(with_seats(led(), seat(Role.PRESIDENT))), ["会长有2人。"]),
    "no president": ("one_president", facts(council(9)), ["会长空缺。"]),
    "an acting president": (
        "one_president",
        facts(with_seats(council(9), seat(Role.PRESIDENT, is_acting=True))),
        ["会长空缺，由他人代理。"],
    ),
    "president and secretary-general are two": ("president_not_secretary_general", facts(led()), []),
    "or one": (
        "president_not_secretary_general",
        facts(council(9, seat(Role.PRESIDENT, TWICE), seat(Role.SECRETARY_GENERAL, TWICE))),
        ["会长兼任秘书长。"],
    ),
    "of different employers": (
        "president_not_colleague",
        facts(council(9, seat(Role.PRESIDENT, person(**COLLEAGUE)), seat(Role.SECRETARY_GENERAL))),
        [],
    ),
    "without employers": ("president_not_colleague", facts(led()), []),
    "of one employer": (
        "president_not_colleague",
        facts(
            council(
                9,
                seat(Role.PRESIDENT, person(**COLLEAGUE)),
                seat(Role.SECRETARY_GENERAL, person(**COLLEAGUE)),
            )
        ),
        ["会长与秘书长同在“重庆某某科技有限公司”工作。"],
    ),
    "70 to the day before 71": ("age_limit", facts(aged("1953-06-02")), []),
    "71 on the day": ("age_limit", facts(aged("1953-06-01")), ["有1人超过70周岁。"]),
    "by the month where only that is known": ("age_limit", facts(aged("1953-06")), ["有1人超过70周岁。"]),
    "by the year where only that is known": ("age_limit", facts(aged("1954")), []),
    "an ordinary member may be old": ("age_limit", facts(aged("1930", Role.COUNCIL_MEMBER)), []),
    "a chair of supervisors": (
        "age_limit",
        facts(body(KIND.SUPERVISORS, [seat(Role.CHAIR, person(birth="1950"))])),
        ["有1人超过70周岁。"],
    ),
    "an ordinary supervisor": (
        "age_limit",
        facts(body(KIND.SUPERVISORS, [seat(Role.SUPERVISOR, person(birth="1950"))])),
        [],
    ),
    # the term ends on 2024-12-31
    "70 on the last day": (
        "age_in_term",
        facts(aged("1954-12-31")),
        ["有1人已满70周岁，或在任期届满（2024年12月31日）前将满。"],
    ),
    "70 the day after": ("age_in_term", facts(aged("1955-01-01")), []),
    "70 already": (
        "age_in_term",
        facts(aged("1954-01-01")),
        ["有1人已满70周岁，或在任期届满（2024年12月31日）前将满。"],
    ),
    "older is the other rule's": ("age_in_term", facts(aged("1950-01-01")), []),
    "nothing without a term": ("age_in_term", facts(aged("1954-01-01", term=None)), []),
    "no date of birth": ("birth_known", facts(aged("")), ["有1人缺出生年月，无法核对年龄。"]),
    "no date of birth of a council member": ("birth_known", facts(aged("", Role.COUNCIL_MEMBER)), []),
    "no date, no age": ("age_limit", facts(aged("")), []),
    "a second term": ("consecutive_terms", facts(council(9, seat(Role.PRESIDENT, terms_before=1))), []),
    "a third term": (
        "consecutive_terms",
        facts(council(9, seat(Role.PRESIDENT, terms_before=2))),
        ["有1人任同一职务连续超过2届。"],
    ),
    "a hired secretary-general's third": (
        "consecutive_terms",
        facts(council(9, seat(Role.SECRETARY_GENERAL, terms_before=2, is_hired=True))),
        [],
    ),
    "the chair's third": (
        "consecutive_terms",
        facts(body(KIND.SUPERVISORS, [seat(Role.CHAIR, terms_before=2)])),
        ["有1人任同一职务连续超过2届。"],
    ),
    "3 supervisors": ("supervisors_number", facts(body(KIND.SUPERVISORS, 3)), []),
    "2 supervisors": ("supervisors_number", facts(body(KIND.SUPERVISORS, 2)), ["监事2人，应为3至9人。"]),
    "9 supervisors": ("supervisors_number", facts(body(KIND.SUPERVISORS, 9)), []),
    "10 supervisors": ("supervisors_number", facts(body(KIND.SUPERVISORS, 10)), ["监事10人，应为3至9人。"]),
    "supervisors apart": ("supervisors_incompatible", facts(led(), body(KIND.SUPERVISORS, 3)), []),
    "a supervisor in the council": (
        "supervisors_incompatible",
        facts(council(9, seat(who=TWICE)), body(KIND.SUPERVISORS, [seat(Role.SUPERVISOR, TWICE)])),
        ["有1名监事兼任不得兼任的职务。"],
    ),
    "a supervisor as adviser": (
        "supervisors_incompatible",
        facts(council(9, seat(Role.HONORARY, TWICE)), body(KIND.SUPERVISORS, [seat(Role.SUPERVISOR, TWICE)])),
        [],
    ),
    "a supervisor as accountant": (
        "supervisors_incompatible",
        facts(
            body(KIND.SECRETARIAT, [seat(Role.FINANCE, TWICE)]),
            body(KIND.SUPERVISORS, [seat(Role.SUPERVISOR, TWICE)]),
        ),
        ["有1名监事兼任不得兼任的职务。"],
    ),
    "supervisors with the council's term": ("same_term", facts(council(9), body(KIND.SUPERVISORS, 3)), []),
    "with another": (
        "same_term",
        facts(council(9), body(KIND.SUPERVISORS, 3, term=replace(TERM, planned_end_on=D(2025, 6, 30)))),
        ["监事会任期至2025年6月30日届满，理事会任期至2024年12月31日届满。"],
    ),
    "five years to the day": ("term_length", facts(ending(D(2025, 1, 1))), []),
    "a day more": (
        "term_length",
        facts(ending(D(2025, 1, 2))),
        ["第1届自2020年1月1日至2025年1月2日，超过5年。"],
    ),
    "a branch for three years": (
        "term_length",
        facts(body(KIND.PARTY_BRANCH, 3, term=TermFacts(1, D(2022, 2, 28), D(2025, 3, 1)))),
        ["第1届自2022年2月28日至2025年3月1日，超过3年。"],
    ),
    "the last day of a term": ("term_overdue", facts(ending(DAY)), []),
    "the day after it": (
        "term_overdue",
        facts(ending(D(2024, 5, 31))),
        ["第1届已于2024年5月31日届满，逾期1天未换届。"],
    ),
    "delayed a year": ("longest_delay", facts(ending(D(2023, 6, 1))), []),
    "delayed more than a year": (
        "longest_delay",
        facts(ending(D(2023, 5, 31))),
        ["加上最长延期，最迟应于2024年5月31日前换届。"],
    ),
    "six months and a day before the end": ("re_election_start", facts(ending(D(2024, 12, 2))), []),
    "six months before the end": (
        "re_election_start",
        facts(ending(D(2024, 12, 1))),
        ["第1届将于2024年12月1日届满，应于2024年6月1日前启动换届。"],
    ),
    "after the end that is over": ("re_election_start", facts(ending(D(2024, 5, 31))), []),
    "three months before the end a delay can be applied for": (
        "delay_applied",
        facts(ending(D(2024, 9, 1))),
        [],
    ),
    "a day later": (
        "delay_applied",
        facts(ending(D(2024, 8, 31))),
        ["如不能在2024年8月31日前换届，应于2024年5月31日前申请延期。"],
    ),
    "an audit far from the end": ("audit_before_re_election", facts(ending(D(2025, 1, 1))), []),
    "an audit before the end": (
        "audit_before_re_election",
        facts(ending(D(2024, 12, 1))),
        ["换届或更换法定代表人之前，应进行财务审计。"],
    ),
    "three full party members": ("party_members", facts(branch(3)), []),
    "probationary ones do not count": (
        "party_members",
        facts(branch(2, party(Role.PARTY_MEMBER, PROBATIONARY))),
        ["“党支部”有正式党员2人，单独成立党支部须有3人。"],
    ),
    "by the second party too": (
        "party_members",
        facts(branch(2, party(Role.PARTY_MEMBER, ("民盟盟员", "中共党员")))),
        [],
    ),
    "50 in a branch": ("party_members", facts(branch(50)), []),
    "51 in a branch": ("party_members", facts(branch(51)), ["“党支部”有正式党员51人，超过50人。"]),
    "a small branch with a committee": (
        "party_committee",
        facts(branch(5, party(Role.PARTY_COMMITTEE))),
        ["“党支部”有正式党员6人，却设有支部委员。"],
    ),
    "a small branch with a secretary": ("party_committee", facts(branch(5, party(Role.PARTY_SECRETARY))), []),
    "seven with a committee": (
        "party_committee",
        facts(branch(4, party(Role.PARTY_SECRETARY), *(party(Role.PARTY_COMMITTEE) for _n in range(2)))),
        [],
    ),
    "seven without": (
        "party_committee",
        facts(branch(6, party(Role.PARTY_SECRETARY))),
        ["“党支部”的支部委员会1人，应为3至7人。"],
    ),
    "a committee of eight": (
        "party_committee",
        facts(branch(4, *(party(Role.PARTY_COMMITTEE) for _n in range(8)))),
        ["“党支部”的支部委员会8人，应为3至7人。"],
    ),
    "no secretary": ("party_secretary", facts(branch(3)), ["“党支部”没有书记。"]),
    "a secretary": ("party_secretary", facts(branch(3, party(Role.PARTY_SECRETARY))), []),
    "six need no posts": ("party_posts", facts(branch(6)), []),
    "seven need them": (
        "party_posts",
        facts(branch(6, party(Role.PARTY_COMMITTEE, title="组织委员"))),
        ["“党支部”缺宣传委员、纪检委员。"],
    ),
    "party members all": ("party_membership", facts(branch(3, party(Role.PARTY_MEMBER, PROBATIONARY))), []),
    "political status unknown": (
        "party_membership",
        facts(branch(3, party(Role.PARTY_MEMBER, ()))),
        ["“党支部”中有1人按名册不是党员，或未填写政治面貌。"],
    ),
    "a probationary secretary": (
        "party_membership",
        facts(branch(3, party(Role.PARTY_SECRETARY, PROBATIONARY))),
        ["“党支部”中有1名预备党员担任支部职务。"],
    ),
    "three in the last half-year": (
        "meeting_frequency",
        facts(*standing_met("2023-06-30", "2023-12-31", "2024-01-01"), frequencies=HALF_YEARLY),
        [],
    ),
    "none in the last half-year": (
        "meeting_frequency",
        facts(*standing_met("2023-06-30", "2024-01-01"), frequencies=HALF_YEARLY),
        ["常务理事会会议：2023年7月1日至2023年12月31日召开0次，应不少于1次。"],
    ),
    "a joint one counts": (
        "meeting_frequency",
        facts(*standing_met("2023-07-01", kind="joint"), frequencies=HALF_YEARLY),
        [],
    ),
    "not in the half-year in which the term began": (
        "meeting_frequency",
        facts(*standing_met(term=TermFacts(2, D(2023, 7, 2), D(2028, 7, 1))), frequencies=HALF_YEARLY),
        [],
    ),
    "a quarter without a branch assembly": (
        "meeting_frequency",
        facts(
            replace(branch(3), meetings=meeting("party_assembly", "2023-12-31", "2024-04-01")),
            frequencies=PARTY,
        ),
        ["支部党员大会：2024年1月1日至2024年3月31日召开0次，应不少于1次。"],
    ),
    "a committee meets where there is one": (
        "meeting_frequency",
        facts(
            replace(branch(6, party(Role.PARTY_COMMITTEE)), meetings=meeting("party_assembly", "2024-02-01")),
            frequencies=PARTY,
        ),
        ["支部委员会会议：2024年5月1日至2024年5月31日召开0次，应不少于1次。"],
    ),
    "due today": ("filings_in_time", facts(filings=(filing("fees", due="2024-06-01"),)), []),
    "due yesterday": (
        "filings_in_time",
        facts(filings=(filing("fees", due="2024-05-31"),)),
        ["“会费标准备案”应于2024年5月31日前报送，尚未报送。"],
    ),
    "due and done": (
        "filings_in_time",
        facts(filings=(filing("fees", due="2024-05-31", filed="2024-06-01"),)),
        [],
    ),
    "31 March": ("annual_report_supervisor", facts(day=D(2024, 3, 31), reports_since=2022), []),
    "1 April": (
        "annual_report_supervisor",
        facts(day=D(2024, 4, 1), reports_since=2022),
        ["2023年度工作报告应于2024年3月31日前报业务主管单位初审。"],
    ),
    "1 April, filed": (
        "annual_report_supervisor",
        facts(
            day=D(2024, 4, 1),
            reports_since=2022,
            filings=(filing("annual_report", filed="2024-03-01", year=2023),),
        ),
        [],
    ),
    "registered this year": ("annual_report_supervisor", facts(day=D(2024, 4, 1), reports_since=2024), []),
    "31 May": ("annual_report_registry", facts(day=D(2024, 5, 31), reports_since=2023), []),
    "a window of the district": (
        "annual_report_registry",
        facts(day=D(2024, 6, 30), reports_since=2023, report_due="06-30"),
        [],
    ),
    "1 June": (
        "annual_report_registry",
        facts(reports_since=2023),
        ["2023年度工作报告应于2024年5月31日前报登记管理机关，报备事项中没有记录。"],
    ),
    "listed has its own day": (
        "annual_report_registry",
        facts(reports_since=2023, filings=(filing("annual_report", due="2024-07-31", year=2023),)),
        [],
    ),
    "30 days of a new term": ("officers_filed", facts(council(9), day=D(2020, 1, 31)), []),
    "31 days of it": (
        "officers_filed",
        facts(council(9), day=D(2020, 2, 1)),
        ["2020年1月1日开始的第1届，负责人尚未备案。"],
    ),
    "officers filed": (
        "officers_filed",
        facts(
            council(9, term=replace(TERM, id=3)),
            filings=(filing("officers_of_term", filed="2020-01-20", term=3),),
        ),
        [],
    ),
    "another term's officers filed": (
        "officers_filed",
        facts(
            council(9, term=replace(TERM, id=3)),
            filings=(filing("officers_of_term", filed="2020-01-20", term=2),),
        ),
        ["2020年1月1日开始的第1届，负责人尚未备案。"],
    ),
    "a new officer of 30 days": ("officer_changes_filed", facts(council(9, joined(D(2024, 5, 2)))), []),
    "of 31 days": (
        "officer_changes_filed",
        facts(council(9, joined(D(2024, 5, 1)))),
        ["有1名负责人在届中任职，尚未备案。"],
    ),
    "filed since": (
        "officer_changes_filed",
        facts(council(9, joined(D(2024, 4, 1))), filings=(filing("officers_changed", filed="2024-04-01"),)),
        [],
    ),
    "from the start of the term": ("officer_changes_filed", facts(council(9, joined(D(2020, 1, 1)))), []),
    "delayed with consent": (
        "term_overdue",
        facts(ending(D(2024, 5, 31)), filings=(filing("postponement", filed="2024-03-01"),)),
        [],
    ),
    "an old consent": (
        "term_overdue",
        facts(ending(D(2024, 5, 31)), filings=(filing("postponement", filed="2023-05-30"),)),
        ["第1届已于2024年5月31日届满，逾期1天未换届。"],
    ),
    "applied for": (
        "delay_applied",
        facts(ending(D(2024, 8, 31)), filings=(filing("postponement", filed="2024-03-01"),)),
        [],
    ),
    "a body with people": ("body_has_people", facts(council(9)), []),
    "a council without members": ("body_has_people", facts(council(0)), ["“理事会”在当日没有人员。"]),
    "an assembly of all": ("body_has_people", facts(body(KIND.ASSEMBLY, 0)), []),
    "a council without a term": (
        "term_entered",
        facts(council(9, term=None)),
        ["“理事会”在当日没有届次，无法核对任期。"],
    ),
    "a corps without a term": ("term_entered", facts(body(KIND.CORPS, (), term=None)), []),
    "somebody has left": (
        "holders_are_members",
        facts(council(9, vacated=(seat(who=TWICE), seat(Role.PRESIDENT, TWICE)))),
        ["“理事会”中有1人已离会，职务空缺。"],
    ),
    "a candidate is no member": (
        "holders_are_members",
        facts(council(9, seat(who=person(is_member=False)))),
        ["“理事会”名单中有1人不是本协会会员。"],
    ),
}


@pytest.mark.parametrize(("key", "known", "sentences"), TABLE.values(), ids=TABLE)
def test_rule(key, known, sentences):
    assert [finding.sentence for finding in found(key, known)] == sentences
