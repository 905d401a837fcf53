"""The member's own pages: the record by years, a year in figures, remarks."""

import pytest
from django.urls import reverse

from tests.activities.evidence.made import attended, honoured, took_part
from tests.make import make_body, make_member
from tests.members.portal.screens import signed_in, text_of

pytestmark = pytest.mark.django_db
RECORD, NEW = reverse("own_activities:record"), reverse("own_activities:objection_new")
REMARKS = reverse("own_activities:objections")


@pytest.fixture
def member(client):
    return signed_in(client)


def test_the_lines_stand_by_year_with_source_and_confirmation(client, member):
    branch = make_body("committee", association=member.association, hides_people=True)
    took_part(member, way="sheet")
    took_part(member, "2025-03-20", title="旧事", presence="leave", reason="出差")
    attended(member, branch, name="支部会", signed=False)
    took_part(make_member(), title="别人的")

    answer = client.get(RECORD)
    page = text_of(answer)

    years = [(year, [fact.title for fact, _said in rows]) for year, rows in answer.context["years"]]
    assert years == [(2026, ["国情考察", "支部会"]), (2025, ["旧事"])]
    assert "签到表导入 · 2026-03-20 确认考勤" in page and "出差" in page
    assert "尚未确认：会议记录未签字" in page and "别人的" not in page


def test_an_empty_record_says_when_something_will_stand_there(client, member):
    assert "暂无记录" in text_of(client.get(RECORD))


def test_a_year_in_figures_explains_itself(client, member):
    took_part(member)

    page = text_of(client.get(reverse("own_activities:record_year", args=[2026])))

    assert "应到 1 次，实到 1 次；按应到计算" in page and "第 1 行" in page and "100.0%" in page


@pytest.mark.parametrize("year", [0, 1948, 2200, 10**30])
def test_years_that_cannot_be_are_not_found(client, member, year):
    assert client.get(f"/my/activities/record/{year}/").status_code == 404


def test_saying_that_a_line_is_wrong(client, member):
    row = took_part(member, presence="absent")
    address = f"{NEW}?line=participation-{row.pk}"

    assert "缺席" in text_of(client.get(address))
    answer = client.post(address, {"text": "我到了，坐在后排。"}, follow=True)

    page = text_of(answer)
    assert "我到了，坐在后排。" in page and "待答复" in page and "谢谢您的反馈" in page
    assert "待答复" in text_of(client.get(RECORD))
    again = client.post(address, {"text": "我到了"})
    assert again.status_code == 422 and "您已就这一项" in text_of(again)


def test_saying_what_is_missing_and_taking_it_back(client, member):
    client.post(NEW, {"text": "缺五月的活动"})
    remark = member.objections.get()

    client.post(reverse("own_activities:objection_withdraw", args=[remark.pk]))

    assert member.objections.get().state == "withdrawn"
    assert "已撤回" in text_of(client.get(REMARKS))


def test_nothing_said_is_asked_for(client, member):
    answer = client.post(NEW, {"text": " "})

    assert answer.status_code == 422 and not member.objections.exists()


@pytest.mark.parametrize(
    "line", ["participation-1", "x", "-", "participation-", "service-99999999999999999999", "\0-1"]
)
def test_lines_that_are_not_in_the_record_are_not_found(client, member, line):
    took_part(make_member())

    assert client.get(NEW, {"line": line}).status_code == 404


@pytest.mark.parametrize("text", ["\0", "好" * 1001])
def test_what_cannot_be_kept_is_refused(client, member, text):
    assert client.post(NEW, {"text": text}).status_code == 422


def test_remarks_of_others_are_not_found(client, member):
    other = make_member()
    remark = other.objections.create(source="missing", about="某", text="某")

    assert client.post(reverse("own_activities:objection_withdraw", args=[remark.pk])).status_code == 404


def test_the_record_takes_as_many_statements_with_three_hundred_lines(
    client, member, django_assert_num_queries
):
    def fill(count):
        for number in range(count):
            took_part(member, title=f"活动{number}")
            honoured(member, title=f"荣誉{number}")

    fill(2)
    client.get(RECORD)
    with django_assert_num_queries(13):
        client.get(RECORD)
    fill(148)
    with django_assert_num_queries(13):
        client.get(RECORD)
