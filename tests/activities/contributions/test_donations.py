"""The ledger of donations: booked, summed, voided, reported and published; who stays unnamed stays so."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from activities.contributions.donating import save_donation
from activities.contributions.ledger import HEADINGS
from activities.contributions.receipts import next_receipt
from activities.contributions.sums import donated
from activities.models import Campaign, DonatedGoods, Donation
from members.rights import Role
from organizations.models import Action, Body
from organizations.services import NotPossible
from tests.activities.contributions.given import DAY, make_donation, signed_in, statements
from tests.make import (
    grant,
    make_activity,
    make_association,
    make_body,
    make_employer,
    make_member,
    make_user,
)
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("activities:donations")
NEW = reverse("activities:donation_new")
PRINT = reverse("activities:donations_print")
EXPORT = reverse("activities:donations_export")


@pytest.fixture
def home():
    return make_association("本区联合会")


@pytest.fixture
def clerk(client, home):
    return sign_in(client, Role.SECRETARY, home)


def page_of(row, name="donation"):
    return reverse(f"activities:{name}", args=[row.pk])


def booking(*goods, **fields):
    """What a browser sends for a new donation; `goods` are (name, quantity, value)."""
    data = {
        "kind": "goods" if goods else "cash",
        "received_on": "2026-03-08",
        "donor_kind": "other",
        "donor": "某某商会",
        "goods-TOTAL_FORMS": "6",
        "goods-INITIAL_FORMS": "0",
    }
    for place, (name, quantity, value) in enumerate(goods):
        data |= {
            f"goods-{place}-name": name,
            f"goods-{place}-quantity": quantity,
            f"goods-{place}-unit": "箱",
            f"goods-{place}-value": value,
        }
    return data | fields


def test_cash_is_booked_with_the_next_receipt(client, home, clerk):
    answer = client.post(NEW, booking(amount="5000.00", purpose="助学", assign_number="on"))

    row = Donation.objects.get()
    assert answer.url == row.get_absolute_url()
    assert (row.amount, row.donor_name, row.receipt_number) == (Decimal("5000.00"), "某某商会", "2026-0001")
    page = client.get(answer.url).content.decode()
    assert "某某商会" in page and "2026-0001" in page and "捐赠收据" in page


def test_goods_are_worth_the_sum_of_their_list(client, home, clerk):
    goods = [("大米", "20", "2400.00"), ("食用油", "12.5", "1000.50")]

    assert client.post(NEW, booking(*goods, amount="3000")).status_code == 422
    assert not Donation.objects.exists()
    client.post(NEW, booking(*goods))

    row = Donation.objects.get()
    assert row.amount == Decimal("3400.50")
    page = client.get(page_of(row)).content.decode()
    assert "20箱" in page and "12.5箱" in page
    items = list(row.goods.all())
    edit = client.get(page_of(row, "donation_edit"))
    data = booking(
        *goods,
        seen=edit.context["form"]["seen"].value(),
        **{"goods-INITIAL_FORMS": "2", "goods-TOTAL_FORMS": "8", "goods-0-DELETE": "on"},
    )
    data |= {f"goods-{place}-id": item.pk for place, item in enumerate(items)}
    assert client.post(page_of(row, "donation_edit"), data).status_code == 302
    row.refresh_from_db()
    assert row.amount == Decimal("1000.50")
    assert [item.name for item in row.goods.all()] == ["食用油"]


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [("member", "张一", "member"), ("member", "007", "member"), ("employer", "甲公司", "employer")],
)
def test_donors_are_named_by_what_one_types(client, home, clerk, kind, text, column):
    member = make_member("张一", association=home, number="007")
    employer = make_employer("甲公司", association=home)

    client.post(NEW, booking(amount="1", donor_kind=kind, donor=text))

    assert getattr(Donation.objects.get(), column) == {"member": member, "employer": employer}[column]


def test_an_unknown_donor_is_unnamed(client, home, clerk):
    client.post(NEW, booking(amount="1", donor_kind="unknown", donor=""))

    row = Donation.objects.get()
    assert row.is_anonymous
    assert "爱心人士" in client.get(LIST).content.decode()


def test_who_is_not_found_is_proposed(client, home, clerk):
    make_member("张一一", association=home, number="007")
    make_employer("重庆甲公司", association=home)

    for kind, text, meant in (("member", "张一", "张一一 007"), ("employer", "甲公司", "重庆甲公司")):
        answer = client.post(NEW, booking(amount="1", donor_kind=kind, donor=text))
        assert answer.status_code == 422
        assert meant in answer.content.decode()
    assert not Donation.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"amount": "1e400"},
        {"amount": "-5"},
        {"amount": "0"},
        {"amount": ""},
        {"amount": "NaN"},
        {"amount": "1" * 30},
        {"donor": "a\0b"},
        {"donor": ""},
        {"donor": "长" * 151},
        {"donor_kind": "x"},
        {"kind": "x"},
        {"received_on": "99999-01-01"},
        {"received_on": "2999-01-01"},
        {"campaign": "9" * 40},
        {"activity": "x"},
        {"published_on": "2026-03-07"},
        {"goods-TOTAL_FORMS": "x", "kind": "goods"},
        {"goods-TOTAL_FORMS": "100000", "kind": "goods"},
        {"kind": "goods", "goods-0-name": "米", "goods-0-quantity": "-1", "goods-0-value": "1"},
        {"kind": "goods", "goods-0-name": "米", "goods-0-quantity": "1e400", "goods-0-value": "1"},
        {"kind": "goods", "goods-0-name": "米", "goods-0-quantity": "1", "goods-0-value": "0", "amount": ""},
        {"goods-0-name": "米", "goods-0-quantity": "1", "goods-0-value": "9"},
    ],
)
def test_bad_input_is_refused_and_kept(client, home, clerk, bad):
    answer = client.post(NEW, booking(amount="10") | bad)

    assert answer.status_code == 422
    assert not Donation.objects.exists()


@pytest.mark.parametrize(
    "query", ["q=%00", "year=1e400", "year=99999999999999", "campaign=x", "page=-1", "state=%00", "kind=%27"]
)
def test_the_ledger_withstands_any_question(client, home, clerk, query):
    make_donation(home)

    for address in (LIST, PRINT, EXPORT):
        assert client.get(f"{address}?{query}").status_code == 200


# -- receipts


def test_receipts_go_on_from_the_last_and_begin_anew_with_the_year(home):
    assert next_receipt(home, year=2026) == "2026-0001"
    make_donation(home, receipt_number="捐〔2026〕012号")
    assert next_receipt(home, year=2026) == "2026-0001"
    make_donation(home, receipt_number="JZ20260099")
    assert next_receipt(home, year=2026) == "JZ20260100"
    assert next_receipt(home, year=2027) == "JZ20270001"
    make_donation(home, receipt_number="0047001")
    assert next_receipt(home, year=2027) == "0047002"
    assert next_receipt(make_association(), year=2026) == "2026-0001"


def test_a_voided_receipt_keeps_its_number(client, home, clerk):
    row = make_donation(home, receipt_number="2026-0001", donor_name="甲")

    assert client.post(page_of(row, "donation_void"), {"reason": " "}).status_code == 422
    client.post(page_of(row, "donation_void"), {"reason": "重复登记"})

    row.refresh_from_db()
    assert (row.voided_on, row.voided_reason) == (timezone.localdate(), "重复登记")
    assert next_receipt(home, year=2026) == "2026-0002"
    assert client.post(NEW, booking(amount="1", receipt_number="2026-0001")).status_code == 422
    assert client.get(page_of(row, "donation_edit"), follow=True).redirect_chain
    assert client.post(page_of(row, "donation_void"), {"reason": "再次"}).status_code == 422
    assert "重复登记" in client.get(page_of(row)).content.decode()


def test_a_receipt_keeps_its_number_when_the_donation_is_corrected(client, home, clerk):
    row = make_donation(home, receipt_number="2026-0001", donor_name="甲")
    row.receipt_number = "2026-0009"

    with pytest.raises(NotPossible):
        save_donation(row)


def test_a_copy_takes_over_donor_and_goods_but_no_receipt(client, home, clerk):
    row = make_donation(
        home, goods=[("大米", "20", "2400.00")], donor_name="甲", purpose="助学", receipt_number="2026-0001"
    )

    form = client.get(f"{NEW}?copy={row.pk}").context["form"]

    assert (form["donor"].value(), form["purpose"].value()) == ("甲", "助学")
    assert form["receipt_number"].value() in ("", None)
    assert form.goods.forms[0]["name"].value() == "大米"
    assert client.get(f"{NEW}?copy=x").status_code == 200


def test_who_saves_second_is_told_of_the_first(client, home, clerk):
    row = make_donation(home, donor_name="甲")
    seen = client.get(page_of(row, "donation_edit")).context["form"]["seen"].value()
    data = booking(amount="1000.00", donor="甲", seen=seen)

    assert client.post(page_of(row, "donation_edit"), data | {"purpose": "助学"}).status_code == 302
    second = client.post(page_of(row, "donation_edit"), data | {"purpose": "敬老"})

    assert second.status_code == 422
    row.refresh_from_db()
    assert row.purpose == "助学"


# -- sums, lists


def test_sums_add_up_and_leave_out_what_is_voided(client, home, clerk):
    make_donation(home, "100.10", donor_name="甲")
    make_donation(home, goods=[("米", "1", "50.05"), ("油", "1", "0.05")], donor_name="乙")
    make_donation(home, "999", donor_name="丙", voided_on=DAY, voided_reason="错")

    sums = donated(Donation.objects.filter(association=home))

    assert (sums.cash, sums.goods, sums.total, sums.count) == (
        Decimal("100.10"),
        Decimal("50.10"),
        Decimal("150.20"),
        2,
    )
    page = client.get(LIST).content.decode()
    assert "共 2 笔：现金 100.10 元，物资折价 50.10 元，合计 150.20 元" in page
    assert "丙" not in page
    assert "丙" in client.get(f"{LIST}?state=voided").content.decode()


def test_the_ledger_is_narrowed(client, home, clerk):
    campaign = Campaign.objects.create(association=home, name="助学季", starts_on=DAY, ends_on=DAY)
    make_donation(home, donor_name="甲", campaign=campaign, purpose="助学")
    make_donation(home, donor_name="乙", received_on="2025-01-01")
    make_donation(home, goods=[("棉被", "1", "5")], donor_name="丙")

    def shown(query):
        return sorted(row.donor_name for row in client.get(f"{LIST}?{query}").context["page"])

    assert shown("") == ["丙", "乙", "甲"]
    assert shown("year=2025") == ["乙"]
    assert shown("kind=goods") == ["丙"]
    assert shown(f"campaign={campaign.pk}") == ["甲"]
    assert shown("tied=no") == ["丙", "乙"]
    assert shown("q=棉被") == ["丙"]
    assert shown("q=甲") == ["甲"]


def test_reporting_and_publishing_are_noted_for_several(client, home, clerk):
    rows = [make_donation(home, donor_name=name) for name in "甲乙"]
    late = make_donation(home, donor_name="丙", received_on="2026-06-01")
    data = {"row": [row.pk for row in [*rows, late]], "column": "reported_on", "on": "2026-04-01"}

    page = client.post(reverse("activities:donations_note"), data, follow=True).content.decode()

    assert "已为 2 笔捐赠登记日期。" in page
    assert "该日期早于捐赠时间" in page
    assert [row.donor_name for row in client.get(f"{LIST}?state=unreported").context["page"]] == ["丙"]
    assert len(client.get(f"{LIST}?state=unpublished").context["page"]) == 3
    for bad in ({"column": "amount"}, {"on": "x"}, {"row": "x"}):
        client.post(reverse("activities:donations_note"), data | bad)
    assert Donation.objects.filter(reported_on=None).get() == late


def test_the_file_has_the_headings_and_numbers_one_can_add_up(client, home, clerk):
    member = make_member("张一", association=home)
    make_donation(home, "100.10", member=member, purpose="=SUM(A1)", receipt_number="2026-0001")
    make_donation(home, goods=[("米", "2", "50.00"), ("油", "1", "1.00")], donor_name="乙")

    answer = client.post(EXPORT, {})

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    assert [row[3] for row in rows[1:4]] == ["张一", "乙", "乙"]
    assert [row[5] for row in rows[1:]] == [100.1, 51, None, 151.1]
    assert rows[1][11] == "=SUM(A1)"
    assert rows[4][0] == "合计" and rows[4][9] == 51
    action = Action.objects.get(kind=Action.Kind.EXPORT)
    assert list(action.disclosed.values_list("member", flat=True)) == [member.pk]


# -- who stays unnamed


@pytest.fixture
def unnamed(home):
    """A donation of somebody who wished to stay unnamed, whose name stands wherever it could."""
    member = make_member("欧阳隐名", association=home, employer="隐名公司")
    row = make_donation(
        home,
        member=member,
        is_anonymous=True,
        note="欧阳隐名亲自送来",
        purpose="助学",
        receipt_number="2026-0001",
    )
    make_donation(home, donor_name="隐名先生", is_anonymous=True)
    make_donation(home, employer=member.employer, is_anonymous=True)
    make_donation(home, donor_name="隐名女士", is_anonymous=True, voided_on=DAY, voided_reason="隐名女士要求")
    return row


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPERVISOR, Role.DEPARTMENT_PERSONS])
def test_readers_never_learn_who_wished_to_stay_unnamed(client, home, unnamed, role):
    sign_in(client, role, home)
    changed = Donation.objects.get(pk=unnamed.pk)
    changed.purpose = "敬老"
    changed.save()
    addresses = [LIST, f"{LIST}?state=voided", f"{LIST}?state=unreported", PRINT, f"{PRINT}?as=publication"]
    addresses += [page_of(row) for row in Donation.objects.all()]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "隐名" not in answer.content.decode(), address
    # these tell of the member, though of no donation
    others = [reverse("admin:index"), reverse("admin:members_member_history", args=[unnamed.member_id])]
    if role == Role.SUPERVISOR:
        others += [
            reverse("admin:organizations_change_changelist"),
            reverse("admin:organizations_action_changelist"),
            reverse("members:disclosures"),
        ]
    for address in others:
        text = client.get(address).content.decode()
        assert not any(told in text for told in ("隐名先生", "隐名女士", "亲自送来", "捐赠人")), address
    assert "爱心人士" in client.get(LIST).content.decode()
    for text in ("欧阳", "隐名", "隐名公司", "亲自送来"):
        assert not client.get(LIST, {"q": text}).context["page"].object_list
    assert len(client.get(f"{LIST}?q=2026-0001").context["page"]) == 1
    for name in ("donation_edit", "donation_void"):
        assert client.get(page_of(unnamed, name)).status_code == 403
    assert client.get(f"{NEW}?copy={unnamed.pk}").status_code == 403
    assert client.post(EXPORT, {"with_names": "on", "reason": "x"}).status_code == 403
    paper = reverse("organizations:paper_make", args=["donation", unnamed.pk, "donation_receipt"])
    assert client.post(paper, {"with_name": "on", "as": "docx"}).status_code == 404


def test_editors_see_the_name_and_lists_that_leave_the_house_do_not(client, home, unnamed, clerk):
    assert "欧阳隐名" in client.get(LIST).content.decode()
    page = client.get(page_of(unnamed)).content.decode()
    assert "欧阳隐名" in page and "不具名" in page
    assert len(client.get(f"{LIST}?q=欧阳").context["page"]) == 1
    for address in (PRINT, f"{PRINT}?as=publication"):
        text = client.get(address).content.decode()
        assert "隐名" not in text and "爱心人士" in text

    def cells(data):
        book = load_workbook(io.BytesIO(client.post(EXPORT, data).content))
        return str(list(book.active.iter_rows(values_only=True)))

    assert "隐名" not in cells({})
    assert client.post(EXPORT, {"with_names": "on"}).status_code == 422
    assert "欧阳隐名" in cells({"with_names": "on", "reason": "审计"})
    assert not any(action.disclosed.exists() for action in Action.objects.filter(kind=Action.Kind.EXPORT))
    assert "隐名" not in str(unnamed)


def test_an_editor_elsewhere_is_a_reader_here(client, home, unnamed):
    user = make_user()
    grant(user, Role.VIEWER, home)
    grant(user, Role.MANAGER, make_association("外地"))
    client.force_login(user)

    assert "隐名" not in client.get(LIST).content.decode()
    assert not client.get(f"{LIST}?q=欧阳").context["page"].object_list
    assert client.get(page_of(unnamed, "donation_edit")).status_code == 403
    book = load_workbook(io.BytesIO(client.post(EXPORT, {"with_names": "on", "reason": "x"}).content)).active
    assert "隐名" not in str(list(book.iter_rows(values_only=True)))


def test_members_see_their_own_donations_alone(client, home, unnamed):
    other = make_member("他人", association=home)
    own = reverse("own_activities:contributions")
    signed_in(client, unnamed.member)
    page = client.get(own).content.decode()
    assert "1000.00 元" in page and "不具名" in page and "2026-0001" in page

    signed_in(client, other)
    assert "1000.00" not in client.get(own).content.decode()


def test_strangers_find_no_donation(client, home):
    row = make_donation(home, donor_name="甲商会")
    sign_in(client, Role.MANAGER, make_association("外地"))

    assert "甲商会" not in client.get(LIST).content.decode()
    for name in ("donation", "donation_edit", "donation_void"):
        assert client.get(page_of(row, name)).status_code == 404
    client.post(
        reverse("activities:donations_note"), {"row": row.pk, "column": "reported_on", "on": "2026-04-01"}
    )
    assert Donation.objects.get().reported_on is None


def test_donations_tell_of_no_hidden_activity(client, home, clerk):
    branch = make_body(Body.Kind.PARTY_BRANCH, association=home, name="隐支部", hides_people=True)
    activity = make_activity("隐活动", host=branch)
    row = make_donation(home, donor_name="甲", activity=activity)

    for address in (LIST, page_of(row), page_of(row, "donation_edit"), NEW, PRINT):
        assert "隐活动" not in client.get(address).content.decode(), address
    seen = client.get(page_of(row, "donation_edit")).context["form"]["seen"].value()
    client.post(page_of(row, "donation_edit"), booking(amount="1000.00", donor="甲", seen=seen))
    row.refresh_from_db()
    assert row.activity == activity


def test_pages_take_the_same_statements_however_many_there_are(client, home, clerk):
    def add(number):
        make_donation(home, member=make_member(association=home))
        make_donation(home, employer=make_employer(f"第{number}公司", association=home))
        make_donation(home, goods=[("米", "1", "1"), ("油", "1", "1")], donor_name="甲")

    add(0)
    row = Donation.objects.get(kind="goods")
    addresses = [LIST, f"{LIST}?state=unreported", PRINT, page_of(row)]
    few = [statements(client, address) for address in addresses]
    add(1)
    add(2)

    assert [statements(client, address) for address in addresses] == few


def test_the_goods_stay_with_their_donation_in_its_history(client, home, clerk):
    client.post(NEW, booking(("大米", "20", "2400.00")))
    row = Donation.objects.get()

    page = client.get(page_of(row)).content.decode()

    assert "修改记录" in page or "历史" in page or "记录" in page
    assert DonatedGoods.objects.get().name in page
