"""The member's file and its copy hold all that the activities keep; the first notice names it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Answer, CalendarFeed, DonatedGoods, Door, Question, Scan
from members.merging import HANGING
from members.privacy.copy import gather
from members.privacy.default_notice import default_text
from members.privacy.own_file import FURTHER
from tests.activities.evidence.made import gave, honoured, served, took_part
from tests.members.portal.screens import signed_in, text_of

pytestmark = pytest.mark.django_db


def everything(member):
    """`member` with a row in every table of the activities that tells of members."""
    row = took_part(member, presence="leave", reason="出差", way="own")
    question = Question.objects.create(activity=row.activity, text="用餐")
    Answer.objects.create(participation=row, question=question, text="素食")
    door = Door.objects.create(activity=row.activity, secret="x")
    Scan.objects.create(
        door=door, member=member, key="k", way="screen", read_at=timezone.now(), outcome="refused"
    )
    served(member, field="法律援助")
    donation = gave(member, amount="300.00")
    DonatedGoods.objects.create(donation=donation, name="大米", quantity=10, unit="袋", value=300)
    honoured(member)
    member.objections.create(source="missing", about="履职记录有遗漏", text="缺一次")
    CalendarFeed.objects.create(user=member.user, token_sealed=b"", token_digest="d")


def test_the_copy_holds_it_all(client):
    member = signed_in(client)
    everything(member)

    tables = {table.key: table for table in gather(member, with_identity=False)}

    mine = ("activities", "scans", "services", "donations", "honours", "objections", "calendar_feeds")
    assert all(len(tables[key].rows) == 1 for key in mine)
    assert all(type(text) is str for key in mine for row in tables[key].rows for text in row.values())
    assert all(list(row) == list(tables[key].columns) for key in mine for row in tables[key].rows)
    row = tables["activities"].rows[0]
    assert (row["what"], row["presence"], row["reason"], row["answers"]) == (
        "国情考察",
        "请假",
        "出差",
        "用餐：素食",
    )
    assert tables["donations"].rows[0]["goods"] == "大米10袋"


def test_the_page_of_the_own_file_says_how_much_there_is(client):
    member = signed_in(client)
    everything(member)

    page = text_of(client.get(reverse("portal:data")))

    assert "活动和服务贡献" in page and reverse("own_activities:record") in page
    assert [number for _label, number in FURTHER[0](member).counts] == [1] * 7


def test_every_table_that_hangs_on_a_member_is_in_the_copy():
    told = {"Donation", "Honour", "Objection", "Participation", "Scan", "Service"}

    assert {label.split(".")[1] for label in HANGING if label.startswith("activities.")} == told


def test_the_first_notice_names_activities(client):
    text = default_text(signed_in(client).association)

    assert all(word in text for word in ("签到", "服务", "捐赠", "荣誉", "异议", "日历订阅"))
