import datetime as dt

import pytest

from members.models import PersonRequest
from members.retention.due import due_list, kept_until, last_day
from members.retention.services import leave_out, start_run
from members.services import change_status
from tests.make import make_association, make_member
from tests.members.retention.people import make_leaver

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 2)


def due(association, day=DAY):
    return [each.member.name for each in due_list(association, day).due]


@pytest.mark.parametrize(
    ("iso", "day"),
    [
        ("2019", dt.date(2019, 12, 31)),
        ("2020-02", dt.date(2020, 2, 29)),
        ("2019-12", dt.date(2019, 12, 31)),
        ("2019-05-03", dt.date(2019, 5, 3)),
    ],
)
def test_a_partial_date_counts_by_its_last_day(iso, day):
    assert last_day(iso) == day


def test_how_long_a_record_is_kept(association):
    assert kept_until("2020-02-29", association) == dt.date(2023, 2, 28)
    assert kept_until("2020", association) == dt.date(2023, 12, 31)


@pytest.mark.parametrize(
    ("left_on", "is_due"), [("2023-03-01", True), ("2023-03-02", False), ("2023", False), ("2022", True)]
)
def test_who_left_long_ago_is_due_the_day_after(association, left_on, is_due):
    make_leaver(association, left_on=left_on, name="张一")

    assert due(association) == (["张一"] if is_due else [])


@pytest.mark.parametrize("status", ["退会", "除名", "去世", "转出"])
def test_all_ways_of_leaving_count(association, status):
    make_leaver(association, status=status, name="张一")

    assert due(association) == ["张一"]


def test_who_is_a_member_is_never_listed(association):
    make_member(association=association)
    make_member(association=association, status="停权")
    make_member(association=association, status="申请")

    found = due_list(association, DAY)

    assert (found.due, found.unknown) == ([], [])


def test_who_left_on_a_day_unknown_is_listed_apart(association):
    without_steps = make_leaver(association, left_on=None, status="在册", name="甲")
    without_steps.status = "退会"
    without_steps.save()
    undated = make_leaver(association, left_on="", name="乙")
    undated.status = "退会"
    undated.save()

    found = due_list(association, DAY)

    assert [member.name for member in found.unknown] == ["甲", "乙"]
    assert found.due == []


def test_who_came_back_and_left_again_is_counted_from_the_last_time(association):
    member = make_leaver(association, left_on="2015-01-01")
    change_status(member, to="在册", on="2020-01-01", actor=None)
    change_status(member, to="退会", on="2025-06-01", actor=None)

    assert due(association) == []
    assert due(association, dt.date(2028, 6, 2)) == [member.name]


def test_only_the_association_itself(association):
    make_leaver(make_association(parent=association))

    assert due(association) == []


def test_who_waits_for_an_answer_is_listed_with_the_reason(association):
    member = make_leaver(association)
    PersonRequest.objects.create(
        association=association, member=member, kind="copy", asker="张", due_on=dt.date.today()
    )

    (found,) = due_list(association, DAY).due

    assert found.why_not == "该人有一项请求尚待答复。"


def test_the_longest_gone_come_first_and_those_in_a_run_are_left_out(association, manager):
    make_leaver(association, left_on="2021-01-01", name="甲")
    make_leaver(association, left_on="2019-06-01", name="乙")
    third = make_leaver(association, left_on="2019-04-01", name="丙")
    run = start_run(association, [third], actor=manager, on=DAY)

    assert due(association) == ["乙", "甲"]

    leave_out(run.items.get(), reason="家属来函", actor=manager)
    found = due_list(association, DAY).due

    assert [(each.member.name, each.taken_out) for each in found] == [
        ("丙", "家属来函"),
        ("乙", ""),
        ("甲", ""),
    ]


def test_the_list_costs_the_same_however_long_it_is(association, django_assert_num_queries):
    make_leaver(association)
    with django_assert_num_queries(4):
        due_list(association, DAY)
    for _number in range(2):
        make_leaver(association)
    with django_assert_num_queries(4):
        due_list(association, DAY)
