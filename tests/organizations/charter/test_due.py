"""What falls due, out of facts: days, marks, and what is no longer asked."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import translation

from organizations.charter.due import due_items
from organizations.charter.facts import Frequency, TermFacts
from organizations.charter.rulebook import default_rules
from organizations.models import Filing
from tests.organizations.charter.build import DAY, KIND, body, facts, filing, meeting

D = dt.date


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def due(known):
    """[(day, what, mark)] of what falls due: months left, or overdue."""
    rules = [rule for rule in default_rules() if rule.is_active]
    return [
        (f"{item.on}", item.what, "overdue" if item.is_overdue else item.months)
        for item in due_items(known, rules)
    ]


def ending(day, **fields):
    # filed long ago
    term = TermFacts(1, D(2020, 1, 1), day, id=3)
    done = filing("officers_of_term", filed="2020-01-20", term=3)
    return facts(body(KIND.COUNCIL, 9, term=term), filings=(done, *fields.pop("filings", ())), **fields)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (D(2025, 6, 2), [("2024-12-02", "启动换届（第1届届满前）", 12), ("2025-03-02", "申请延期换届的最后日期", 12)]),
        (
            D(2025, 6, 1),
            [
                ("2024-12-01", "启动换届（第1届届满前）", 6),
                ("2025-03-01", "申请延期换届的最后日期", 12),
                ("2025-06-01", "第1届任期届满", 12),
            ],
        ),
        (
            D(2024, 12, 1),
            [
                ("2024-06-01", "启动换届（第1届届满前）", 3),
                ("2024-09-01", "申请延期换届的最后日期", 3),
                ("2024-12-01", "第1届任期届满", 6),
            ],
        ),
        (D(2024, 8, 31), [("2024-02-29", "启动换届（第1届届满前）", "overdue"), ("2024-08-31", "第1届任期届满", 3)]),
        (D(2024, 5, 31), [("2024-05-31", "第1届任期届满", "overdue")]),
    ],
)  # fmt: skip
def test_the_end_of_a_term_comes_nearer(end, expected):
    assert due(ending(end)) == expected


def test_filings_and_reports():
    known = facts(
        reports_since=2022,
        report_due="06-30",
        filings=(
            filing("fees", due="2024-05-01"),
            filing("charter", due="2024-06-20"),
            filing("registration", due="2024-06-20", filed="2024-06-01"),
            filing("other", due="2025-06-02"),
        ),
    )

    assert due(known) == [
        ("2024-03-31", "2023年度工作报告报业务主管单位", "overdue"),
        ("2024-05-01", "会费标准备案", "overdue"),
        ("2024-06-20", "章程核准", 3),
        ("2024-06-30", "2023年度工作报告报登记管理机关", 3),
        ("2025-03-31", "2024年度工作报告报业务主管单位", 12),
    ]


def test_a_report_on_the_list_has_the_day_of_the_list():
    report = filing("annual_report", due="2024-07-31", year=2023)

    assert due(facts(reports_since=2023, filings=(report,)))[:2] == [
        ("2024-03-31", "2023年度工作报告报业务主管单位", "overdue"),
        ("2024-07-31", Filing.Kind.ANNUAL_REPORT.label, 3),
    ]
    filed = replace(report, filed_on=DAY)
    assert [each[1] for each in due(facts(reports_since=2023, filings=(filed,)))] == [
        "2024年度工作报告报业务主管单位",
        "2024年度工作报告报登记管理机关",
    ]


def test_officers_of_a_new_term():
    known = facts(body(KIND.COUNCIL, 9, term=TermFacts(2, D(2024, 5, 20), D(2029, 5, 19), id=4)))

    assert due(known) == [("2024-06-19", "第2届负责人备案", 3)]


def test_meetings_of_the_running_period():
    frequencies = (Frequency("council", 2, "year"), Frequency("party_day", 1, "month"))
    met = replace(ending(D(2026, 1, 1)).bodies[0], meetings=meeting("council", "2023-05-01", "2024-05-01"))

    known = replace(ending(D(2026, 1, 1)), bodies=(met,), frequencies=frequencies)

    assert due(known) == [("2024-12-31", "理事会会议：本期还应召开1次", 12)]
