"""Figures of activities: they add up, rates are of those expected, and they say nothing to whom they must not."""

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.fields import ensure_fields
from activities.figures.members import MembersForm, member_lines
from activities.figures.question import Question, QuestionForm
from activities.figures.tables import Figures
from activities.models import Activity, Campaign, Participation
from members.codes import Category
from members.models import User
from members.rights import Role
from members.statistics.dimensions import PART
from members.statistics.tables import TOTAL
from organizations.meetings.holding import Entry, record_attendance
from organizations.models import Action, Attendance, Body
from tests.make import (
    grant,
    make_activity,
    make_appointment,
    make_association,
    make_body,
    make_meeting,
    make_member,
    make_participation,
    make_term,
    make_user,
)
from tests.members.screens import body_of, sign_in

pytestmark = pytest.mark.django_db
State, Kind = Participation.State, Activity.Kind
PAGE, SHEET, MEMBERS = (
    reverse(f"activities:{name}") for name in ("figures", "figures_sheet", "figures_members")
)


@pytest.fixture
def home():
    return make_association("某区新专联", short_name="新专联")


@pytest.fixture
def people(home):
    """Four members: two of a category, one of another, one without."""
    categories = (Category.ORGANIZATION, Category.ORGANIZATION, Category.FREELANCE, "")
    return [
        make_member(name, association=home, category=category, joined="2019")
        for name, category in zip(("王一一", "刘二", "李三三", "杨四四"), categories, strict=True)
    ]


@pytest.fixture
def council(home):
    return make_body(association=home, name="理事会")


@pytest.fixture
def branch(home):
    return make_body(Body.Kind.PARTY_BRANCH, association=home, name="特设支部", hides_people=True)


def at(month, day, *, year=2025):
    return timezone.make_aware(dt.datetime(year, month, day, 9))


@pytest.fixture
def activities(home, people, council, branch):
    """Two of 2025 in sight of all, one of a hidden body, one of 2024, one cancelled, one to come."""
    first, second, third, fourth = people
    campaign = Campaign.objects.create(
        association=home, name="主题教育", starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31),
        planned_activities=4, planned_people=100,
    )  # fmt: skip
    visit = make_activity(
        "考察", association=home, starts_at=at(3, 5), campaign=campaign, field=ensure_fields(home).first()
    )
    for member, presence in zip(people, ("attended", "late", "leave", ""), strict=True):
        make_participation(visit, member, presence=presence, invited_at=at(3, 1))
    make_participation(visit, guest_name="钱七", presence="attended")
    talk = make_activity("座谈", host=council, starts_at=at(5, 6), kind=Kind.FORUM)
    make_participation(talk, first, presence="absent")
    make_participation(talk, second, presence="attended", state=State.WALK_IN)
    make_participation(talk, third, state=State.INVITED, invited_at=at(5, 1))
    lecture = make_activity("党课", host=branch, starts_at=at(6, 1), kind=Kind.PARTY)
    make_participation(lecture, fourth, presence="attended")
    old = make_activity("去年", association=home, starts_at=at(3, 5, year=2024))
    make_participation(old, third, presence="attended")
    cancelled = make_activity("取消", association=home, starts_at=at(4, 4), state="cancelled")
    make_participation(cancelled, first)
    coming = make_activity("将来", association=home)
    make_participation(coming, first)
    return {"visit": visit, "talk": talk, "lecture": lecture}


@pytest.fixture
def meeting(council, people):
    term = make_term(council, starts_on=dt.date(2022, 1, 1))
    for member in people[:2]:
        make_appointment(member, "理事", term=term)
    meeting = make_meeting(council, on=dt.date(2025, 4, 1), held=True)
    record_attendance(meeting, {people[0].pk: Entry(Attendance.Presence.ATTENDED)})
    return meeting


def user_with(role, *associations):
    user = make_user()
    for association in associations:
        grant(user, role, association)
    return User.objects.get(pk=user.pk)


def asked(user, home, first=dt.date(2025, 1, 1), last=dt.date(2025, 12, 31)):
    return Question(user, (home,), first, last, home)


def table_of(question, key):
    return next(table for table in Figures(question).tables() if table.key == key)


def values(table):
    """{label: texts of the cells}"""
    return {row.label: [cell.text for cell in row.cells] for row in table.rows}


def filled(table):
    """The same of the lines with any number but nought."""
    return {
        label: texts
        for label, texts in values(table).items()
        if any(text not in ("0", "–") for text in texts)
    }


# -- what is counted


def test_kinds_by_month_and_rates_of_those_expected(activities, home):
    table = table_of(asked(user_with(Role.VIEWER, home), home), "kind")

    labels = [column.label for column in table.columns]
    assert labels[:8] == ["活动数", "应到", "实到", "出席率", "请假", "缺席", "未录入", "列席及未报名到场"]
    assert labels[8:] == [str(month) for month in range(1, 13)]
    months = ["0"] * 12
    assert filled(table) == {
        "考察调研": ["1", "5", "3", "60.0%", "1", "0", "1", "0", *months[:2], "1", *months[3:]],
        "论坛座谈": ["1", "1", "0", "0.0%", "0", "1", "0", "1", *months[:4], "1", *months[5:]],
        "合计": ["2", "6", "3", "50.0%", "1", "1", "1", "1", "0", "0", "1", "0", "1", *months[5:]],
    }


def test_a_hidden_body_counts_for_who_sees_its_people(activities, home):
    everybody = table_of(asked(user_with(Role.MANAGER, home), home), "host")
    others = table_of(asked(user_with(Role.SECRETARY, home), home), "host")

    assert set(values(everybody)) == {"协会本级", "理事会", "特设支部", "合计"}
    assert set(values(others)) == {"协会本级", "理事会", "合计"}
    assert values(everybody)["合计"][0] == "3"
    assert values(others)["合计"][0] == "2"


def test_meetings_of_bodies_stand_beside_activities(activities, meeting, home):
    table = table_of(asked(user_with(Role.VIEWER, home), home), "host")

    assert values(table)["理事会"] == ["1", "1", "0", "0.0%", "0", "1", "0", "1", "1", "2", "1", "50.0%"]
    assert values(table)["合计"][-4:] == ["1", "2", "1", "50.0%"]


def test_meetings_of_a_hidden_body_are_left_out(home, branch, people):
    make_appointment(people[0], "书记", term=make_term(branch, starts_on=dt.date(2024, 1, 1), years=3))
    make_meeting(branch, on=dt.date(2025, 4, 1), held=True)

    assert values(table_of(asked(user_with(Role.SECRETARY, home), home), "host"))["合计"][8] == "0"
    assert values(table_of(asked(user_with(Role.MANAGER, home), home), "host"))["合计"][8] == "1"


def test_campaigns_with_what_was_planned(activities, home):
    table = table_of(asked(user_with(Role.VIEWER, home), home), "campaign")

    assert filled(table) == {
        "主题教育": ["1", "5", "3", "60.0%", "1", "0", "1", "0", "3", "4", "100"],
        "未列入专题活动": ["1", "1", "0", "0.0%", "0", "1", "0", "1", "1", "–", "–"],
        "合计": ["2", "6", "3", "50.0%", "1", "1", "1", "1", "4", "–", "–"],
    }


def test_categories_of_members_with_those_not_filled_in_and_guests(activities, home):
    table = table_of(asked(user_with(Role.VIEWER, home), home), "category")

    assert filled(table) == {
        "中介组织和社会组织从业人员": ["2", "3", "3", "2", "66.7%", "0", "1", "0", "1"],
        "自由职业人员": ["2", "1", "1", "0", "0.0%", "1", "0", "0", "0"],
        "未填": ["1", "1", "1", "0", "0.0%", "0", "0", "1", "0"],
        "嘉宾": ["0", "1", "1", "1", "100.0%", "0", "0", "0", "0"],
        "合计": ["5", "6", "6", "3", "50.0%", "1", "1", "1", "1"],
    }


def test_years_and_each_activity(activities, home):
    question = asked(user_with(Role.VIEWER, home), home)

    years = table_of(question, "year")
    each = table_of(question, "activity")

    assert {label: texts[:4] for label, texts in values(years).items()} == {
        "2024": ["1", "1", "1", "100.0%"],
        "2025": ["2", "6", "3", "50.0%"],
        "合计": ["3", "7", "4", "57.1%"],
    }
    assert list(values(each)) == ["2025-03-05 考察", "2025-05-06 座谈", "合计"]


def test_every_table_adds_up(activities, meeting, home):
    for table in Figures(asked(user_with(Role.MANAGER, home), home)).tables():
        rows = [row for row in table.rows if row.kind not in (TOTAL, PART)]
        total = table.rows[-1]
        assert total.kind == TOTAL
        for place, column in enumerate(table.columns):
            if column.kind == "share" or total.cells[place].value is None:
                continue
            assert sum(row.cells[place].value or 0 for row in rows) == total.cells[place].value, (
                table.key,
                column.label,
            )


def test_a_number_leads_to_its_list_where_there_is_one(activities, home):
    reader, department = user_with(Role.VIEWER, home), user_with(Role.DEPARTMENT, home)

    def addresses(user):
        tables = Figures(asked(user, home)).tables()
        return {cell.address for table in tables for row in table.rows for cell in row.cells if cell.address}

    people = reverse("activities:people", args=[activities["visit"].pk])
    past = reverse("activities:activities")
    found = addresses(reader)
    assert f"{people}?state=expected&presence=came" in found
    assert f"{past}?when=past&kind=forum&since=2025-01-01&until=2025-12-31" in found
    assert not any(str(activities["lecture"].pk) in address for address in found if "people" in address)
    assert addresses(department) == set()


# -- who sees them


def test_department_sees_figures_and_no_persons(client, activities, meeting, home):
    sign_in(client, Role.DEPARTMENT, home)

    page = client.get(PAGE, {"year": "2025"})

    assert page.status_code == 200
    text = body_of(page)
    assert "活动统计" in text
    assert not any(
        name in text for name in ("王一一", "刘二", "李三三", "杨四四", "钱七", "党课", "特设支部")
    )
    assert client.get(MEMBERS).status_code == 403
    assert PAGE in text


def test_strangers_and_body_secretaries_see_none(client, council):
    client.force_login(make_user())
    assert client.get(PAGE).status_code == 403
    secretary = make_user()
    grant(secretary, Role.SECRETARY, council.association, body=council)
    client.force_login(secretary)
    assert client.get(PAGE).status_code == 403
    assert client.post(SHEET).status_code == 403


def test_another_association_is_not_found(client, activities, home):
    far = make_association(code="far", name="外会")
    sign_in(client, Role.SECRETARY, far)

    assert client.get(PAGE, {"association": home.pk}).status_code == 404
    assert values(client.get(PAGE, {"year": "2025"}).context["tables"][0])["合计"][0] == "0"


@pytest.mark.parametrize(
    "query",
    [
        {"year": "abc"}, {"year": "3000"}, {"year": "9" * 40}, {"since": "2025-13-01"}, {"since": "9999-12-31"},
        {"since": "2025-05-01", "until": "2025-01-01"}, {"until": "0001-01-01"}, {"year": "\x00"},
        {"since": "2100-12-31"}, {"until": "1950-01-01"},
    ],
)  # fmt: skip
def test_whatever_is_asked_gets_a_page(client, home, query):
    sign_in(client, Role.SECRETARY, home)
    assert client.get(PAGE, query).status_code == 200
    assert client.get(MEMBERS, {**query, "sort": "x", "who": "\x00", "page": "9" * 30}).status_code == 200
    assert client.post(f"{SHEET}?year=abc").status_code == 302


def test_a_period_over_years_is_told_by_years(activities, home):
    user = user_with(Role.VIEWER, home)
    question = QuestionForm({"since": "2024-01-01", "until": "2025-12-31"}, [home]).question(user)

    table = table_of(question, "kind")

    assert [column.label for column in table.columns][8:] == ["2024", "2025"]
    assert values(table)["合计"][8:] == ["1", "2"]


# -- members


def lines(user, home):
    return {line.name: line for line in member_lines(asked(user, home))}


def test_each_member_in_plain_numbers(activities, meeting, people, home):
    found = lines(user_with(Role.VIEWER, home), home)

    first, second = found["王一一"], found["刘二"]
    assert (first.expected, first.present, first.absent, first.rate) == (2, 1, 1, 0.5)
    assert (first.entitled, first.attended, first.meeting_rate) == (1, 1, 1.0)
    assert (second.expected, second.present, second.others) == (1, 1, 1)
    assert second.last_on == dt.date(2025, 5, 6)
    # of the hidden body's activity only its own reader knows
    assert found["杨四四"].present == 0
    assert lines(user_with(Role.MANAGER, home), home)["杨四四"].present == 1


def test_who_came_to_nothing(client, activities, people, home):
    make_member("新来", association=home, joined="2025-06")
    sign_in(client, Role.SECRETARY, home)

    page = client.get(MEMBERS, {"year": "2025", "who": "absent"})

    assert [line.name for line in page.context["page"]] == ["李三三", "杨四四"]
    assert "现有会员2人" in body_of(page)


def test_members_are_sorted(activities, home):
    question = asked(user_with(Role.VIEWER, home), home)
    form = MembersForm({"sort": "expected"})
    assert form.narrowed(member_lines(question), question)[0].name == "王一一"


# -- how much it costs, and the sheet


def test_statements_do_not_grow(client, home, council):
    sign_in(client, Role.SECRETARY, home)

    def statements(count):
        for number in range(count):
            campaign = Campaign.objects.create(
                association=home, name=f"专题{council.pk}-{number}-{count}",
                starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31),
            )  # fmt: skip
            body = make_body(Body.Kind.GROUP, association=home, name=f"组{number}-{count}")
            member = make_member(association=home)
            make_appointment(member, "组长", term=make_term(body, starts_on=dt.date(2022, 1, 1)))
            activity = make_activity(host=body, starts_at=at(2, 1 + number), campaign=campaign)
            make_participation(activity, member)
            make_meeting(body, on=dt.date(2025, 4, 1 + number), held=True)
        found = []
        for address in (PAGE, MEMBERS, activity.get_absolute_url()):
            client.get(address, {"year": "2025"})
            with CaptureQueriesContext(connection) as looked:
                client.get(address, {"year": "2025"})
            found.append(len(looked))
        return found

    one, more = statements(1), statements(3)

    assert one == more


def test_all_tables_as_a_workbook(client, activities, meeting, home):
    user = sign_in(client, Role.DEPARTMENT, home)

    response = client.post(f"{SHEET}?year=2025")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == [
        "按活动类型", "按主办机构（含会议）", "专题活动", "按会员类别", "服务领域", "按年度", "各项活动",
    ]  # fmt: skip
    found = [list(row) for row in book["按会员类别"].iter_rows(values_only=True)]
    assert found[-1] == ["合计", 5, 6, 6, 3, 0.5, 1, 1, 1, 1]
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert (action.actor, action.note) == (user, "统计数字，不含个人信息")


def test_the_page_of_an_activity_has_its_figures_by_category(client, activities, home):
    sign_in(client, Role.VIEWER, home)
    activity = activities["visit"]

    page = body_of(client.get(activity.get_absolute_url()))

    assert "按会员类别统计" in page
    people = reverse("activities:people", args=[activity.pk])
    assert f"{people}?category=none&amp;state=expected&amp;presence=none" in page
