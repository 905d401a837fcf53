"""Receipts of donations and certificates of volunteering, by staff and by members."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from activities.fields import ensure_fields
from activities.papers_contributions import SERVED, donation_paper, service_paper
from members.rights import Role
from organizations.models import Action
from organizations.papers.kinds import KINDS
from tests.activities.contributions.given import DAY, State, make_donation, make_service, signed_in
from tests.make import make_association, make_member
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

OWN = reverse("own_activities:service_certificate")
YEAR = {"since": "2026-01-01", "until": "2026-12-31"}


@pytest.fixture
def home():
    return make_association("本区联合会")


@pytest.fixture
def member(home):
    member = make_member("张一", association=home, number="JJ001")
    field = ensure_fields(home).get(name="法律援助")
    make_service(member, "普法讲座", state=State.CONFIRMED, field=field)
    make_service(member, "植树", state=State.CONFIRMED, hours="2.5", on="2026-04-01")
    make_service(member, "未确认的")
    make_service(member, "去年的", state=State.CONFIRMED, on="2025-04-01")
    return member


def compare(schema, value):
    """Whether the context `value` has exactly the fields of a kind."""
    assert set(value) - {"排序方式"} == set(schema)
    for name, rows in schema.items():
        for row in value[name] if rows else ():
            compare(rows, row)


def text_of(content):
    """All texts of a .docx, those of its tables too."""
    return "".join(node.text or "" for node in Document(io.BytesIO(content)).element.body.iter())


def paper_of(source, row, kind):
    return reverse("organizations:paper_make", args=[source, row.pk, kind])


@pytest.mark.parametrize("kind", ["donation_receipt", "donation_certificate"])
def test_papers_of_donations_fill_all_fields(home, kind):
    row = make_donation(
        home, goods=[("大米", "20", "2400.00")], donor_name="甲商会", receipt_number="2026-0001"
    )

    filled = donation_paper(row)

    compare(KINDS[kind].schema, filled.context)
    assert filled.context["大写金额"] == "贰仟肆佰元整"
    assert filled.context["金额"] == "2,400.00"
    assert filled.context["用途"] == "非定向"
    assert filled.context["物资清单"] == [
        {"序号": "1", "名称": "大米", "规格": "", "数量": "20件", "折价": "2,400.00"}
    ]


def test_the_receipt_names_who_wished_to_stay_unnamed_only_when_asked(client, home, member):
    sign_in(client, Role.SECRETARY, home)
    row = make_donation(home, member=member, is_anonymous=True, purpose="助学")
    address = paper_of("donation", row, "donation_receipt")

    unnamed = text_of(client.post(address, {"as": "docx"}).content)
    named = text_of(client.post(address, {"as": "docx", "with_name": "on"}).content)

    assert "爱心人士" in unnamed and "张一" not in unnamed
    assert "张一" in named and "壹仟元整" in named
    assert not Action.objects.filter(kind=Action.Kind.EXPORT).exists()
    row.voided_on, row.voided_reason = DAY, "错"
    row.save()
    assert client.post(address, {"as": "docx"}).status_code == 404


def test_the_certificate_counts_what_is_confirmed_in_the_period(member):
    filled = service_paper(member, since=DAY.replace(month=1, day=1), until=DAY.replace(month=12, day=31))

    compare(KINDS[SERVED].schema, filled.context)
    assert (filled.context["服务次数"], filled.context["总时长"]) == ("2", "5.5")
    assert filled.context["领域列表"] == [
        {"领域": "法律援助", "次数": "1", "时长": "3.0"},
        {"领域": "其他", "次数": "1", "时长": "2.5"},
    ]
    assert [row["内容"] for row in filled.context["服务清单"]] == ["普法讲座", "植树"]
    assert sum(Decimal(row["时长"]) for row in filled.context["服务清单"]) == Decimal("5.5")


def test_members_make_their_own_certificate(client, member):
    signed_in(client, member)

    assert client.get(OWN).status_code == 200
    made = text_of(client.post(OWN, YEAR | {"as": "docx"}).content)
    assert "张一" in made and "累计服务时长5.5小时" in made and "未确认的" not in made
    for bad in (
        {"since": "2020-01-01", "until": "2020-12-31"},
        {"since": "2026-12-31", "until": "2026-01-01"},
        {"since": "99999-01-01", "until": "\0"},
        {},
    ):
        assert client.post(OWN, bad).status_code == 422


def test_staff_make_certificates_of_their_members_alone(client, home, member):
    address = paper_of("member", member, SERVED)
    sign_in(client, Role.SECRETARY, home)
    assert "张一" in text_of(client.post(address, YEAR | {"as": "docx"}).content)
    assert Action.objects.get(kind=Action.Kind.EXPORT).disclosed.get().member == member

    sign_in(client, Role.VIEWER, home)
    assert client.post(address, YEAR).status_code == 404
    sign_in(client, Role.MANAGER, make_association("外地"))
    assert client.post(address, YEAR).status_code == 404
