"""The checker over the register: on any day, over a list, in the same number of queries at any size."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from members.codes import Status
from members.models import Member
from members.services import change_status
from organizations.charter.checking import check, check_draft
from organizations.charter.findings import Concerned
from organizations.models import Appointment, Body
from tests.make import make_appointment, make_association, make_body, make_member, make_term, make_user

pytestmark = pytest.mark.django_db
D = dt.date
KIND = Body.Kind
END = {"term_starts_on": D(2024, 12, 24), "term_ends_on": D(2029, 12, 23)}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def council():
    return make_body(name="理事会", established_on="2005")


@pytest.fixture
def term(council):
    return make_term(council)


def said(findings, *keys):
    """{rule: (sentence, names)} of the findings, of those rules if any are named."""
    return {
        finding.rule: (finding.sentence, [person.name for person in finding.persons])
        for finding in findings
        if not keys or finding.rule in keys
    }


def post_of(body, title):
    return body.association.posts.get(body_kind=body.kind, title=title)


def the_list(body, **titles):
    """[(member, post)] of a draft: title=member, or title=[members]."""
    return [
        (member, post_of(body, title))
        for title, members in titles.items()
        for member in (members if isinstance(members, list) else [members])
    ]


def test_a_council_on_the_day_before_and_after(term):
    make_appointment(make_member("张三", birth="1951-06"), "会长", term=term)
    make_appointment(make_member("李四", birth=""), "秘书长", term=term, starts_on=D(2023, 1, 1))

    before, after = (check(term.body, day) for day in (D(2022, 5, 31), D(2023, 1, 1)))

    assert said(before, "age_limit", "age_in_term", "birth_known", "one_president") == {
        "age_in_term": ("有1人已满70周岁，或在任期届满（2024年12月23日）前将满。", ["张三"])
    }
    assert said(after, "age_limit", "age_in_term", "birth_known", "one_president") == {
        "age_limit": ("有1人超过70周岁。", ["张三"]),
        "birth_known": ("有1人缺出生年月，无法核对年龄。", ["李四"]),
    }
    assert said(check(term.body, D(2019, 12, 23))) == said(
        check(term.body, D(2019, 12, 23)), "body_has_people", "term_entered"
    )


def test_errors_come_first_and_say_where_they_are_written(term):
    make_appointment(make_member("张三", birth="1951-06"), "会长", term=term)

    findings = check(term.body, D(2023, 1, 1))
    first = findings[0]

    assert [finding.severity for finding in findings] == sorted(
        (finding.severity for finding in findings), key=["error", "warning", "hint"].index
    )
    assert (first.rule, first.title, first.source) == (
        "age_limit",
        "年龄",
        "民政部《社会团体章程示范文本》（1998年）",
    )
    assert first.cure == "另选人选，或按章程办理报批手续。"
    assert first.persons == (
        Concerned(Member.objects.get().pk, "张三", "1951年6月出生，至2023年1月1日满71周岁"),
    )
    assert first.reads == "birth"
    assert first.body == term.body.pk


def test_third_terms_are_counted_by_post(council):
    president, vice, secretary = (make_member(name, birth="1980") for name in ("张三", "李四", "王五"))
    terms = [
        make_term(council, starts_on=D(year, 1, 1), ended_on=D(year + 4, 12, 31)) for year in (2010, 2015)
    ]
    terms.append(make_term(council, starts_on=D(2020, 1, 1)))
    for term in terms:
        ends = {"ends_on": term.ended_on, "end_reason": "term_end"} if term.ended_on else {}
        make_appointment(president, "会长", term=term, **ends)
        make_appointment(secretary, "秘书长", term=term, how="appointed", **ends)
    # two terms with one between them, and another post before
    for term, title in ((terms[0], "副会长"), (terms[1], "理事"), (terms[2], "副会长")):
        ends = {"ends_on": term.ended_on, "end_reason": "term_end"} if term.ended_on else {}
        make_appointment(vice, title, term=term, **ends)

    assert said(check(council, D(2022, 1, 1)), "consecutive_terms") == {
        "consecutive_terms": ("有1人任同一职务连续超过2届。", ["张三"])
    }
    assert said(check(council, D(2018, 1, 1)), "consecutive_terms") == {}


def test_who_has_left_is_found_until_the_appointment_is_ended(term):
    one = make_member("张三", birth="1980")
    make_appointment(one, "会长", term=term)
    change_status(one, to=Status.WITHDRAWN, on="2023-05-10", actor=make_user())

    keys = ("holders_are_members", "one_president", "body_has_people")
    assert said(check(term.body, D(2023, 5, 10)), *keys) == {}
    assert said(check(term.body, D(2023, 5, 11)), *keys) == {
        "holders_are_members": ("“理事会”中有1人已离会，职务空缺。", ["张三"]),
        "body_has_people": ("“理事会”在当日没有人员。", []),
    }
    Appointment.objects.update(ends_on=D(2023, 5, 10), end_reason="left")
    assert "holders_are_members" not in said(check(term.body, D(2023, 5, 11)))


def test_an_association_with_all_its_bodies(term):
    make_body(KIND.SUPERVISORS, name="监事会")
    make_body(KIND.COUNCIL, association=make_association(), name="外会理事会")

    findings = check(term.body.association, D(2023, 1, 1))

    assert [
        finding.sentence for finding in findings if finding.rule in ("fewest_members", "body_has_people")
    ] == [
        "在册会员0人，不足50人。",
        "“理事会”在当日没有人员。",
        "“监事会”在当日没有人员。",
    ]
    assert said(check(term.body, D(2020, 1, 1))) == {"body_has_people": ("“理事会”在当日没有人员。", [])}


# -- lists that would be elected


def test_a_list_on_the_day_of_election(term):
    council = term.body
    births = {"张三": "1953-06-01", "李四": "1958-12-23", "王五": "1980"}
    old, turning, fine = (make_member(name, birth=birth) for name, birth in births.items())
    # nothing of who sits there today is asked
    make_appointment(make_member("今会长", birth="1930"), "会长", term=term)

    seats = the_list(
        council, 会长=old, 副会长=[turning, fine], 秘书长=make_member("赵六", birth="1990-12-24")
    )
    findings = check_draft(council, D(2024, 12, 1), seats, **END)

    assert said(findings) == {
        "age_limit": ("有1人超过70周岁。", ["张三"]),
        "age_in_term": ("有1人已满70周岁，或在任期届满（2029年12月23日）前将满。", ["李四"]),
        "odd_number": ("“理事会”共4人，为双数。", []),
        "leaders_share": ("负责人4人；理事4人的1/3，至多1人。", []),
        "audit_before_re_election": ("换届或更换法定代表人之前，应进行财务审计。", []),
    }


def test_a_list_counts_the_running_term_as_the_one_before(council):
    one = make_member("张三", birth="1980")
    first = make_term(council, starts_on=D(2014, 12, 24), ended_on=D(2019, 12, 23))
    make_appointment(one, "会长", term=first, ends_on=first.ended_on, end_reason="term_end")
    make_appointment(one, "会长", term=make_term(council))

    as_president = check_draft(council, D(2024, 12, 1), the_list(council, 会长=one), **END)
    as_vice_president = check_draft(council, D(2024, 12, 1), the_list(council, 副会长=one), **END)

    assert said(as_president, "consecutive_terms")["consecutive_terms"] == (
        "有1人任同一职务连续超过2届。",
        ["张三"],
    )
    assert "consecutive_terms" not in said(as_vice_president)


def test_a_supervisor_on_the_councils_list(term):
    one = make_member("张三", birth="1980")
    board = make_body(KIND.SUPERVISORS, name="监事会")
    make_appointment(one, "监事", term=make_term(board))
    seats = the_list(term.body, 理事=one)

    alone = check_draft(term.body, D(2024, 12, 1), seats, **END)
    both = check_draft(term.body, D(2024, 12, 1), seats, others=[(board, the_list(board, 监事=one))], **END)
    moved = check_draft(
        term.body, D(2024, 12, 1), seats, others=[(board, the_list(board, 监事=make_member("李四")))], **END
    )

    expected = {"supervisors_incompatible": ("有1名监事兼任不得兼任的职务。", ["张三"])}
    assert said(alone, "supervisors_incompatible") == expected
    assert said(both, "supervisors_incompatible") == expected
    assert said(moved, "supervisors_incompatible") == {}
    assert {pk for finding in alone for pk in finding.bodies} == {term.body.pk, board.pk}


def test_candidates_who_are_no_members(term):
    applying = make_member("张三", status=Status.APPLIED)
    gone = make_member("李四", status=Status.WITHDRAWN)
    seats = the_list(term.body, 理事=[applying, gone, make_member("王五")])

    findings = check_draft(term.body, timezone.localdate(), seats, **END)

    assert said(findings, "holders_are_members") == {
        "holders_are_members": ("“理事会”名单中有2人不是本协会会员。", ["张三", "李四"])
    }


def test_in_a_by_election_who_stays_is_hired_or_acting_as_before(term):
    hired, acting, new = (make_member(name, birth="1980") for name in ("张三", "李四", "王五"))
    make_appointment(hired, "秘书长", term=term, how="appointed")
    make_appointment(acting, "会长", term=term, is_acting=True)
    seats = the_list(term.body, 秘书长=hired, 会长=acting, 副会长=new)
    days = {"term_starts_on": term.starts_on, "term_ends_on": term.planned_end_on}

    found = said(check_draft(term.body, D(2022, 6, 1), seats, **days), "fewest_leaders", "one_president")

    assert found == {
        "fewest_leaders": ("选举产生的负责人1人，不足3人。", []),
        "one_president": ("会长空缺，由他人代理。", ["李四"]),
    }


def test_an_empty_list(term):
    make_appointment(make_member(), "会长", term=term)

    findings = check_draft(term.body, D(2024, 12, 1), [], **END)

    assert said(findings, "body_has_people") == {"body_has_people": ("“理事会”在当日没有人员。", [])}


# -- size


def fill(body, number):
    """A term of `body` with so many people, written at once."""
    association = body.association
    members = Member.objects.bulk_create(
        Member(association=association, name=f"会员{serial}", birth="1980") for serial in range(number)
    )
    term = make_term(body)
    post = post_of(body, "理事")
    Appointment.objects.bulk_create(
        Appointment(member=member, body=body, term=term, post=post, starts_on=term.starts_on)
        for member in members
    )
    return members


def queries_of(call):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        call()
    return len(caught)


def test_the_same_number_of_queries_at_any_size():
    small = make_body(association=make_association())
    large = make_body(association=make_association())
    few, many = fill(small, 3), fill(large, 500)
    for serial in range(5):
        make_body(KIND.GROUP, association=large.association, name=f"第{serial}联络组")
    lists = [
        [(member, post_of(body, "理事")) for member in people]
        for body, people in ((small, few), (large, many))
    ]

    on_a_day = [queries_of(lambda body=body: check(body, D(2023, 1, 1))) for body in (small, large)]
    of_a_list = [
        queries_of(lambda body=body, seats=seats: check_draft(body, D(2024, 12, 1), seats, **END))
        for body, seats in zip((small, large), lists, strict=True)
    ]

    assert on_a_day == [9, 9]
    assert of_a_list == [11, 11]
    assert said(check(large, timezone.localdate()), "council_share") == {
        "council_share": ("理事500人；500人的1/3，至多166人。", [])
    }
