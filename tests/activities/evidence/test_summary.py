"""A year in figures: derived, each explained by its lines; rates over those expected."""

import datetime as dt
from itertools import chain

import pytest

from activities.evidence.summary import spans, summary_of
from members.rights import Role
from organizations.models import Body
from tests.activities.evidence.made import attended, gave, honoured, served, took_part
from tests.make import grant, make_appointment, make_association, make_body, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member(association=make_association())


def values(summary):
    return {key: figure.value for key, figure in summary.figures.items()}


def full_year(member):
    council = make_body(Body.Kind.COMMITTEE, association=member.association)
    make_appointment(member, "主任", body=council, starts_on=dt.date(2026, 1, 1))
    for day, presence in (("2026-01-10", "attended"), ("2026-02-10", "late"), ("2026-03-10", "absent")):
        attended(member, council, day, presence=presence)
    attended(member, council, "2026-04-10", signed=False)
    attended(member, council, "2026-05-10", is_entitled=False, presence="observer")
    credited = took_part(member, "2026-01-20", title="一")
    served(member, "2026-01-20", activity=credited.activity, hours="4.0", field="志愿服务")
    took_part(member, "2026-02-20", title="二", presence="leave", reason="住院")
    took_part(member, "2026-03-20", title="三", presence="")
    took_part(member, "2026-04-20", title="四", state="walk_in")
    took_part(member, "2026-05-20", title="五", settled=False)
    served(member, "2026-06-01", hours="2.0", field="法律援助")
    served(member, "2026-06-02", hours="1.5", field="志愿服务")
    served(member, "2026-06-03", hours=None)
    served(member, "2026-06-04", state="claimed")
    gave(member, amount="1000.00")
    gave(member, amount="234.50")
    honoured(member)


def test_a_year_in_figures(member):
    full_year(member)

    assert values(summary_of(member, 2026)) == {
        "meetings_expected": "3",
        "meetings_present": "2",
        "meetings_rate": "66.7%",
        "meetings_late": "1",
        "meetings_absent": "1",
        "meetings_others": "1",
        "activities_expected": "3",
        "activities_present": "1",
        "activities_rate": "33.3%",
        "activities_leave": "1",
        "activities_open": "1",
        "activities_others": "1",
        "services": "4",
        "hours": "7.5",
        "hours_志愿服务": "5.5",
        "hours_法律援助": "2.0",
        "donations": "2",
        "amount": "1234.50",
        "honours": "1",
        "posts": "1",
    }


def test_each_line_is_in_one_group_and_figures_name_lines_there_are(member):
    full_year(member)
    summary = summary_of(member, 2026)

    keys = [line.fact.key for line in summary.lines]
    numbers = [line.number for line in summary.lines]

    assert len(keys) == len(set(keys)) == 17
    assert numbers == list(range(1, 18))
    named = set(chain.from_iterable(figure.lines for figure in summary.figures.values()))
    assert named <= set(numbers)
    hours = {line.number: line.fact.hours for line in summary.lines}
    figure = summary.figures["hours"]
    assert str(sum(hours[number] for number in figure.lines)) == figure.value


def test_what_is_missing_is_said(member):
    full_year(member)

    notes = summary_of(member, 2026).notes

    assert notes == (
        "会议记录尚未签字，暂不计入：第 4 行。",
        "考勤尚未确认，暂不计入：第 10 行。",
        "已申报、尚未确认的服务，暂不计入：1 项。",
    )


def test_an_empty_year_has_no_rate(member):
    summary = summary_of(member, 2020)

    assert summary.lines == [] and summary.notes == ()
    assert summary.figures["meetings_rate"].value == "—"


def test_reasons_of_leave_are_left_out_on_request(member):
    took_part(member, presence="leave", reason="住院")

    assert [line.fact.reason for line in summary_of(member, 2026).lines] == ["住院"]
    assert [line.fact.reason for line in summary_of(member, 2026, reasons=False).lines] == [""]


def test_what_staff_do_not_see_is_in_no_figure_of_theirs(member):
    branch = make_body(Body.Kind.COMMITTEE, association=member.association, hides_people=True)
    attended(member, branch)
    took_part(member, host=branch)
    secretary = make_user()
    grant(secretary, Role.SECRETARY, member.association)

    found = values(summary_of(member, 2026, user=secretary))

    assert (found["meetings_expected"], found["activities_expected"]) == ("0", "0")


def test_numbers_are_drawn_together():
    assert spans([5, 1, 2, 3]) == "1–3、5"
