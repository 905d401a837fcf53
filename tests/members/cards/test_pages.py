"""The staff's pages of cards, and the member's own."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from members.cards.services import issue_card, revoke_card
from members.models import MemberCard
from members.photos import set_photo
from members.rights import Role
from organizations.models import Action
from tests.make import make_association, make_member, make_user
from tests.members.screens import messages_of, page_of, sign_in

pytestmark = pytest.mark.django_db

LIST = "/members/cards/"


@pytest.fixture
def association():
    return make_association(short_name="某某区新专联")


@pytest.fixture
def member(association):
    return make_member(
        "欧阳一", number="JJ0001", association=association, category="中介组织和社会组织从业人员"
    )


def listed(response):
    return [row[0].name for row in response.context["rows"]]


def pages_of(response):
    return PdfReader(io.BytesIO(response.content)).pages


# -- who may


def test_the_list_is_for_who_edits(client, association, member):
    assert client.get(LIST).status_code == 302
    sign_in(client, Role.VIEWER, association)
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("members:member_cards", args=[member.pk])).status_code == 403
    sign_in(client, Role.SECRETARY, association)
    assert listed(client.get(LIST)) == ["欧阳一"]


def test_members_of_other_associations_are_out_of_sight(client, member):
    sign_in(client, Role.SECRETARY, make_association())
    card = issue_card(member, actor=None)

    assert listed(client.get(LIST)) == []
    assert client.get(reverse("members:member_cards", args=[member.pk])).status_code == 404
    assert client.post(reverse("members:card_revoke", args=[card.pk])).status_code == 404
    client.post("/members/cards/issue/", {"member": [member.pk]})
    assert client.post("/members/cards/print/", {"member": [member.pk]}).status_code == 302
    assert list(member.cards.in_force()) == [card]


def test_the_navigation_and_the_page_of_a_member_lead_to_the_cards(client, association, member):
    sign_in(client, Role.SECRETARY, association)

    page = client.get(page_of(member)).content.decode()

    assert f'href="{LIST}"' in page
    assert f'href="/members/{member.pk}/cards/"' in page


# -- the list


def test_the_list_narrows_by_the_state_of_the_cards(client, association):
    sign_in(client, Role.SECRETARY, association)
    today = dt.date.today()
    people = {name: make_member(name, number=name, association=association) for name in "甲乙丙丁戊"}
    issue_card(people["乙"], actor=None)
    soon = issue_card(people["丙"], actor=None)
    MemberCard.objects.filter(pk=soon.pk).update(valid_until=today + dt.timedelta(days=60))
    revoke_card(issue_card(people["丁"], actor=None))
    issue_card(people["戊"], actor=None)
    people["戊"].status = "退会"
    people["戊"].save()

    found = {
        state: listed(client.get(LIST, {"state": state}))
        for state in ("", "none", "expiring", "valid", "revoked")
    }

    assert found == {
        "": ["甲", "乙", "丙", "丁"],
        "none": ["甲", "丁"],
        "expiring": ["丙"],
        "valid": ["乙", "丙"],
        "revoked": ["丁", "戊"],
    }


def test_the_list_searches_and_says_when_nobody_fits(client, association, member):
    sign_in(client, Role.SECRETARY, association)

    assert listed(client.get(LIST, {"q": "oyy"})) == ["欧阳一"]
    assert "没有符合条件的会员。" in client.get(LIST, {"q": "无此人"}).content.decode()


def test_one_sees_members_of_a_chosen_association_only(client, association, member):
    other = make_association()
    make_member("李二", association=other)
    sign_in(client, Role.SECRETARY, association, other)

    assert listed(client.get(LIST)) == ["欧阳一", "李二"]
    assert listed(client.get(LIST, {"association": other.pk})) == ["李二"]


def test_the_list_costs_the_same_with_more_rows(client, association, member):
    sign_in(client, Role.SECRETARY, association)
    issue_card(member, actor=None)
    client.get(LIST)

    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(LIST)
    for number in range(2):
        issue_card(make_member(number=f"N{number}", association=association), actor=None)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)

    assert len(one) == len(three)


# -- issuing and revoking


def test_cards_are_issued_to_those_ticked(client, association, member):
    user = sign_in(client, Role.SECRETARY, association)
    without = make_member("钱二", association=association)
    make_member("孙三", number="JJ0003", association=association)

    done = client.post("/members/cards/issue/", {"member": [member.pk, without.pk], "state": "none"})

    assert done["Location"] == "/members/cards/?state=none"
    assert messages_of(done) == ["已发放 1 张会员证。", "未办理：钱二。办证需要会员编号，请先填写编号。"]
    assert [(card.member, card.issued_by) for card in MemberCard.objects.all()] == [(member, user)]


def test_cards_are_issued_to_all_found(client, association, member):
    sign_in(client, Role.SECRETARY, association)
    has = make_member(number="JJ0002", association=association)
    card = issue_card(has, actor=None)

    client.post("/members/cards/issue/", {"all": "1", "state": "none"})

    assert MemberCard.objects.in_force().count() == 2
    assert has.cards.get() == card


def test_nobody_ticked_is_told(client, association, member):
    sign_in(client, Role.SECRETARY, association)

    assert messages_of(client.post("/members/cards/issue/", {"member": ["x", "9" * 30]})) == [
        "请至少勾选一位会员。"
    ]


def test_a_card_is_issued_and_revoked_on_the_page_of_the_member(client, association, member):
    sign_in(client, Role.SECRETARY, association)
    address = reverse("members:member_cards", args=[member.pk])

    issued = client.post(address)
    page = client.get(address).content.decode()
    card = member.cards.get()
    revoked = client.post(reverse("members:card_revoke", args=[card.pk]))

    assert messages_of(issued) == ["欧阳一：会员证已发放。"]
    assert card.token in page
    assert "<svg" in page
    assert messages_of(revoked)[-1:] == ["欧阳一：会员证已注销。"]
    assert "尚未办理会员证" in client.get(address).content.decode()


def test_who_has_no_number_is_sent_to_the_record(client, association):
    sign_in(client, Role.SECRETARY, association)
    member = make_member(association=association)
    address = reverse("members:member_cards", args=[member.pk])

    assert "办证需要会员编号，请先填写编号。" in client.get(address).content.decode()
    assert messages_of(client.post(address)) == ["办证需要会员编号，请先填写编号。"]


# -- printing


def test_a_sheet_holds_ten_cards_fronts_and_backs(client, association, private_storage, photo):
    sign_in(client, Role.SECRETARY, association)
    members = [make_member(number=f"JJ{number:04}", association=association) for number in range(11)]
    set_photo(members[0], photo)
    for member in members:
        issue_card(member, actor=None)

    printed = client.post("/members/cards/print/", {"all": "1", "as": "sheet"})

    pages = pages_of(printed)
    assert printed["Content-Type"] == "application/pdf"
    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(595, 842)] * 4
    assert "JJ0000" in pages[0].extract_text()
    assert "JJ0010" in pages[2].extract_text()
    assert members[0].cards.get().token in pages[1].extract_text()
    action = Action.objects.get(kind="export")
    assert (action.association, action.details["paper"], action.details["count"]) == (
        association,
        "会员证",
        11,
    )


def test_one_card_is_printed_in_its_size(client, association, member):
    sign_in(client, Role.SECRETARY, association)
    issue_card(member, actor=None)

    pages = pages_of(client.post("/members/cards/print/", {"member": [member.pk], "as": "single"}))

    assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages] == [(243, 153)] * 2
    assert "欧阳一" in pages[0].extract_text()


def test_who_has_no_valid_card_is_not_printed(client, association, member):
    sign_in(client, Role.SECRETARY, association)

    refused = client.post("/members/cards/print/", {"member": [member.pk]})

    assert messages_of(refused) == ["以下人员没有有效会员证，未打印：欧阳一"]


def test_without_the_typesetter_there_is_a_page_to_print(client, association, member, monkeypatch):
    sign_in(client, Role.SECRETARY, association)
    card = issue_card(member, actor=None)
    monkeypatch.setattr("members.cards.views.pdf_is_there", lambda: False)

    page = client.post("/members/cards/print/", {"member": [member.pk]}).content.decode()

    assert "data-print" in page
    assert card.token in page


# -- the member's own page


def test_a_member_shows_the_own_card(client, association):
    member = make_member("欧阳一", number="JJ0001", association=association, user=make_user())
    card = issue_card(member, actor=None)
    client.force_login(member.user)

    page = client.get("/my/card/").content.decode()
    file = client.get("/my/card/print/")

    for shown in ("欧阳一", "JJ0001", "某某区新专联", "本证有效", "<svg", card.get_absolute_url()):
        assert shown in page
    assert len(pages_of(file)) == 2


def test_a_member_without_a_card_is_told_whom_to_ask(client, association):
    client.force_login(make_member(association=association, user=make_user()).user)

    assert "会员证由协会秘书处办理" in client.get("/my/card/").content.decode()
    assert client.get("/my/card/print/").status_code == 404


def test_the_own_page_is_for_members(client, association):
    assert client.get("/my/card/").status_code == 302
    sign_in(client, Role.SECRETARY, association)
    assert client.get("/my/card/").status_code == 404
