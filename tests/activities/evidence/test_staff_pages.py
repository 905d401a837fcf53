"""The staff's pages: a year of many members, the record of one, remarks and their answers; the sheet and its log."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.evidence.table import HEADERS, member_years
from members.models import Disclosed, Member, PersonRequest, SavedList
from members.rights import Role
from organizations.models import Action, Body
from tests.activities.evidence.made import attended, gave, served, took_part
from tests.make import grant, make_association, make_body, make_member, make_user

pytestmark = pytest.mark.django_db
RECORDS, EXPORT = reverse("activities:records"), reverse("activities:records_export")
REMARKS = reverse("activities:objections")


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def member(home):
    return make_member("王一", association=home, user=make_user(), number="JJ001")


def sign_in(client, role, association):
    user = make_user()
    grant(user, role, association)
    client.force_login(user)
    return user


def body_of(answer):
    page = answer.content.decode()
    return page[page.index("<body") :]


def record_of(member, **query):
    return reverse("activities:member_record", args=[member.pk], query=query or None)


# -- a year of many


def figures(answer):
    return [row.texts for row in answer.context["rows"]]


def test_a_year_of_many_says_what_the_summary_of_each_says(client, home, member):
    council = make_body(Body.Kind.COMMITTEE, association=home)
    other = make_member("李二", association=home)
    for who, presence in ((member, "late"), (other, "absent")):
        attended(who, council, presence=presence)
        attended(who, council, signed=False)
        took_part(who, presence=presence)
    took_part(member, presence="leave")
    took_part(member, state="walk_in")
    took_part(member, settled=False)
    credited = took_part(member)
    served(member, "2026-03-20", activity=credited.activity, hours="1.5")
    served(member, hours=None)
    served(member, "2025-01-01", hours="9")
    sign_in(client, Role.SECRETARY, home)

    answer = client.get(RECORDS, {"year": "2026"})

    assert figures(answer) == [
        ["JJ001", "王一", "", "1", "1", "100.0%", "3", "2", "66.7%", "2", "1.5"],
        ["", "李二", "", "1", "0", "0.0%", "1", "0", "0.0%", "0", "0"],
    ]


def test_the_table_is_narrowed_by_name_and_saved_list(client, home, member):
    make_member("李二", association=home)
    gone = make_member("赵三", association=home, status="退会")
    user = sign_in(client, Role.SECRETARY, home)
    listed = SavedList.objects.create(owner=user, name="骨干", kind=SavedList.Kind.PICKED)
    listed.members.add(member)

    def names(**query):
        return [row.member.name for row in client.get(RECORDS, query).context["rows"]]

    assert names() == ["王一", "李二"]
    assert names(saved=listed.pk) == ["王一"]
    assert names(q="le") == ["李二"] or names(q="李") == ["李二"]
    assert names(q="赵三") == [gone.name]
    assert names(year="x") == names(saved="9" * 30) == names(year="99999") == names(q="\0") == []


def test_the_table_takes_the_same_statements_at_one_and_three(client, home):
    def fill():
        who = make_member(association=home)
        took_part(who)
        attended(who, make_body(Body.Kind.COMMITTEE, association=home))
        served(who)

    sign_in(client, Role.SECRETARY, home)
    fill()
    client.get(RECORDS)
    with CaptureQueriesContext(connection) as one:
        client.get(RECORDS)
    fill()
    fill()
    with CaptureQueriesContext(connection) as three:
        client.get(RECORDS)

    assert len(three) == len(one) < 20


def test_figures_of_very_many_members_take_four_statements(home, django_assert_num_queries):
    user = make_user()
    grant(user, Role.MANAGER, home)
    for _number in range(120):
        make_member(association=home)
    took_part(Member.objects.last())
    members = Member.objects.filter(association=home).select_related("employer")
    member_years(members, 2026, user=user)

    with django_assert_num_queries(4):
        rows = member_years(members.all(), 2026, user=user)

    assert len(rows) == 120 and rows[-1].activities_present == 1


def test_the_sheet_is_logged_with_those_in_it(client, home, member):
    took_part(member)
    restricted = make_member("李二", association=home)
    PersonRequest.objects.create(
        association=home, member=restricted, kind="restriction", asker="李二", state="fulfilled",
        due_on=timezone.localdate(), decided_on=timezone.localdate(),
    )  # fmt: skip
    user = sign_in(client, Role.SECRETARY, home)

    assert client.post(f"{EXPORT}?year=2026", {"reason": ""}).status_code == 422
    answer = client.post(f"{EXPORT}?year=2026", {"reason": "年度考评"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == f"{home.name}2026年度履职情况汇总表" and rows[2] == HEADERS
    assert [row[1] for row in rows[3:]] == ["王一"]
    action = Action.objects.filter(kind=Action.Kind.EXPORT).get()
    assert (action.actor, action.details["reason"], action.details["count"]) == (user, "年度考评", 1)
    assert Disclosed.objects.get().member == member


def test_who_may_not_export_gets_no_sheet(client, home, member):
    sign_in(client, Role.VIEWER, home)

    assert client.get(EXPORT).status_code == 403
    assert EXPORT not in body_of(client.get(RECORDS))


# -- the record of one


def test_strangers_find_nothing_and_members_are_refused(client, home, member):
    sign_in(client, Role.MANAGER, make_association())
    assert client.get(record_of(member)).status_code == 404
    client.force_login(member.user)
    assert client.get(record_of(member)).status_code == 403


def test_the_record_is_reached_from_the_members_page_and_noted(client, home, member):
    took_part(member, title="走访")
    user = sign_in(client, Role.VIEWER, home)

    assert record_of(member) in body_of(client.get(member.get_absolute_url()))
    assert "走访" in body_of(client.get(record_of(member, year=2026)))
    assert member.viewings.filter(user=user).exists()


@pytest.mark.parametrize(("role", "read"), [(Role.SECRETARY, True), (Role.VIEWER, False)])
def test_reasons_of_leave_are_for_who_reads_personal_data(client, home, member, role, read):
    took_part(member, presence="leave", reason="住院")
    sign_in(client, role, home)

    assert ("住院" in body_of(client.get(record_of(member, year=2026)))) is read


def test_hidden_bodies_and_unnamed_donors_stay_so(client, home, member):
    branch = make_body(Body.Kind.COMMITTEE, association=home, hides_people=True)
    took_part(member, host=branch, title="支部活动")
    gave(member, is_anonymous=True, purpose="匿名助学")

    sign_in(client, Role.SECRETARY, home)
    page = body_of(client.get(record_of(member, year=2026)))
    assert "支部活动" not in page and "匿名助学" in page
    sign_in(client, Role.SUPERVISOR, home)
    page = body_of(client.get(record_of(member, year=2026)))
    assert "支部活动" not in page and "匿名助学" not in page
    sign_in(client, Role.MANAGER, home)
    assert "支部活动" in body_of(client.get(record_of(member, year=2026)))


@pytest.mark.parametrize("year", ["x", "", "0", "99999", "²²²²", "\0"])
def test_years_that_cannot_be_show_this_one(client, home, member, year):
    sign_in(client, Role.SECRETARY, home)

    assert client.get(record_of(member), {"year": year}).context["year"] == timezone.localdate().year


# -- remarks


@pytest.fixture
def remark(member):
    row = took_part(member, presence="absent")
    return member.objections.create(
        source="participation", row=row.pk, about="2026-03-20 国情考察：缺席", text="我到了"
    )


def test_the_queue_leads_to_the_line_and_where_it_is_corrected(client, home, member, remark):
    sign_in(client, Role.SECRETARY, home)

    queue = body_of(client.get(REMARKS))
    page = body_of(client.get(reverse("activities:objection", args=[remark.pk])))

    assert "王一" in queue and "国情考察" in queue
    activity = member.participations.get().activity_id
    assert "我到了" in page and reverse("activities:attendance", args=[activity]) in page


def test_answering_tells_the_member(client, home, member, remark):
    sign_in(client, Role.SECRETARY, home)
    address = reverse("activities:objection", args=[remark.pk])

    refused = client.post(address, {"decision": "rejected", "answer": ""})
    assert refused.status_code == 422 and "理由" in body_of(refused)
    client.post(address, {"decision": "upheld", "answer": "已更正"})

    remark.refresh_from_db()
    assert (remark.state, member.messages.count()) == ("upheld", 1)
    assert "此项已处理" in body_of(client.post(address, {"decision": "upheld"}, follow=True))


def test_nonsense_is_no_answer(client, home, remark):
    sign_in(client, Role.SECRETARY, home)
    address = reverse("activities:objection", args=[remark.pk])

    for data in (
        {},
        {"decision": "x"},
        {"decision": "upheld", "answer": "\0"},
        {"decision": "rejected", "answer": "长" * 1001},
    ):
        assert client.post(address, data).status_code == 422


def test_readers_and_strangers_and_oneself_do_not_answer(client, home, member, remark):
    address = reverse("activities:objection", args=[remark.pk])
    sign_in(client, Role.VIEWER, home)
    assert client.get(address).status_code == 403
    sign_in(client, Role.MANAGER, make_association())
    assert client.get(address).status_code == 404
    grant(member.user, Role.MANAGER, home)
    client.force_login(member.user)
    assert "由他人答复" in body_of(client.get(address))
    assert client.post(address, {"decision": "upheld"}).status_code == 403


def test_a_line_that_is_gone_is_said_to_be(client, home, member, remark):
    member.participations.all().delete()
    sign_in(client, Role.MANAGER, home)

    assert "这一行已不在履职记录中" in body_of(client.get(reverse("activities:objection", args=[remark.pk])))


def test_the_queue_takes_the_same_statements_at_one_and_three(client, home):
    def fill():
        make_member(association=home).objections.create(source="missing", about="某", text="某")

    sign_in(client, Role.SECRETARY, home)
    fill()
    client.get(REMARKS)
    with CaptureQueriesContext(connection) as one:
        client.get(REMARKS)
    fill()
    fill()
    with CaptureQueriesContext(connection) as three:
        client.get(REMARKS)

    assert len(three) == len(one) < 20


def test_the_workbench_says_that_remarks_wait(client, home, remark):
    sign_in(client, Role.SECRETARY, home)

    assert "条履职记录异议待答复" in body_of(client.get(reverse("admin:index")))
