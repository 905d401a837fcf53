"""Sign-in sheets of meetings of bodies."""

import datetime as dt

import pytest
from django.urls import reverse

from members.models import ImportBatch
from members.rights import Role
from organizations.meetings.holding import Entry, record_attendance
from organizations.models import Attendance
from tests.activities.sheets.sheets import answer, apply, codes, numbers, outcomes, sheet_of, undo, upload
from tests.make import make_appointment, make_body, make_meeting, make_member, make_term
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 10, 21)


@pytest.fixture
def council(home):
    """A council with the seats of 张三, 李四 and 王五; 赵六 is a member only."""
    body = make_body(association=home, name="理事会")
    term = make_term(body, starts_on=dt.date(2024, 1, 1))
    for name in ("张三", "李四", "王五"):
        make_appointment(make_member(name, association=home), term=term)
    make_member("赵六", association=home)
    return body


def row(name, *rest):
    return (name, None, *rest)


def sheet(*people, title="第一届理事会第一次会议签到表"):
    return sheet_of(*people, title=title)


def there(meeting):
    """{name: (entitled, presence, reason)}"""
    rows = meeting.attendances.select_related("member")
    return {row.member.name: (row.is_entitled, row.presence, row.reason) for row in rows}


def test_a_meeting_is_found_by_name_and_day(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    batch = upload(
        client,
        home,
        sheet(
            row("张三", "√"),
            row("李四", None, "请假（出差）"),
            row("王五", "√"),
            title=f"{meeting.name}签到表",
        ),
    )
    assert (batch.options["meeting"], batch.body) == (meeting.pk, council)
    assert outcomes(batch) == {"张三": "update", "李四": "update", "王五": "update"}

    apply(client, batch)

    assert there(meeting) == {
        "张三": (True, "attended", ""),
        "李四": (True, "leave", "出差"),
        "王五": (True, "attended", ""),
    }
    again = upload(client, home, sheet(row("张三", "√"), title=f"{meeting.name}签到表"))
    assert outcomes(again) == {"张三": "unchanged"}


def test_who_is_not_entitled_is_asked(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    batch = upload(
        client,
        home,
        sheet(row("张三", "√"), row("赵六", "√"), row("周八", "√"), title=f"{meeting.name}签到表"),
    )
    assert codes(batch, "赵六") == ["not_entitled"]
    assert codes(batch, "周八") == ["not_registered"]
    assert "按来宾登记" not in client.get(batch.get_absolute_url()).content.decode()

    answer(client, batch, "赵六", pick="presence:列席")
    assert outcomes(batch)["赵六"] == "new"
    apply(client, batch)

    assert there(meeting)["赵六"] == (False, "observer", "")
    assert numbers(client, batch)[:2] == [(None, 2, False), (None, 2, False)]


def test_what_was_entered_before_is_asked_about(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    member = meeting.attendances.get(member__name="张三").member_id
    record_attendance(meeting, {member: Entry("leave", reason="生病")})
    batch = upload(client, home, sheet(row("张三", "√"), title=f"{meeting.name}签到表"))
    assert codes(batch, "张三") == ["presence_differs"]

    answer(client, batch, "张三", pick="keep:按签到表更正")
    apply(client, batch)
    assert there(meeting)["张三"] == (True, "attended", "")

    undo(client, batch)
    assert there(meeting)["张三"] == (True, "leave", "生病")


def test_undoing_takes_observers_off_and_entries_back(client, home, secretary, council):
    meeting = make_meeting(council, on=ON)
    batch = upload(
        client, home, sheet(row("张三", "√"), row("赵六", "√", "列席"), title=f"{meeting.name}签到表")
    )
    apply(client, batch)
    assert there(meeting)["赵六"] == (False, "observer", "")

    undo(client, batch)

    assert there(meeting) == dict.fromkeys(("张三", "李四", "王五"), (True, "", ""))


def test_proxies_only_where_the_rules_allow_them(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    batch = upload(client, home, sheet(row("张三", None, "由李四代"), title=f"{meeting.name}签到表"))

    assert codes(batch, "张三") == ["no_proxies"]


def test_signed_minutes_are_left_alone(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    batch = upload(client, home, sheet(row("张三", "√"), title=f"{meeting.name}签到表"))
    type(meeting).objects.filter(pk=meeting.pk).update(state="signed", signed_on=ON, signed_by="某人")

    assert apply(client, batch) == ["会议记录已经签字：请在会议页面更正考勤。"]
    assert not Attendance.objects.exclude(presence="").exists()


def test_the_page_of_a_meeting_leads_to_the_upload_of_who_may_import(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    url = reverse("activities:meeting_sheet_upload", args=[meeting.pk])

    assert f'href="{url}"' in client.get(meeting.get_absolute_url()).content.decode()
    sign_in(client, Role.VIEWER, home)
    assert url not in client.get(meeting.get_absolute_url()).content.decode()


def test_from_the_address_of_the_meeting(client, home, secretary, council):
    meeting = make_meeting(council, on=ON, held=True)
    url = reverse("activities:meeting_sheet_upload", args=[meeting.pk])
    assert client.get(url).status_code == 200

    client.post(url, {"file": sheet(row("张三", "√"), title="签到表")})
    batch = ImportBatch.objects.latest("pk")
    assert batch.options["meeting"] == meeting.pk
    apply(client, batch)
    assert there(meeting)["张三"][1] == "attended"

    sign_in(client, Role.VIEWER, home)
    assert client.get(url).status_code == 403
