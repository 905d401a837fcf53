"""The public page behind the code on a card."""

import datetime as dt

import pytest
import segno
from django.core.cache import cache
from django.test import Client

from members.cards.printing import code_of, inline_code
from members.cards.services import issue_card, revoke_card
from members.models.links import new_token
from members.services import change_status
from tests.make import make_association, make_id_number, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limit_reached():
    cache.clear()


@pytest.fixture
def member():
    return make_member(
        "欧阳一",
        number="JJ0007",
        association=make_association("重庆市某某区新的社会阶层专业人士联合会"),
        employer="重庆百合律师事务所",
        position="合伙人",
        mobile="13800000007",
        email="ouyang@example.org",
        category="中介组织和社会组织从业人员",
        birth="1985-06-15",
        id_number=make_id_number(7),
        address="几江街道一号",
    )


def text_of(response):
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_the_page_shows_number_name_and_validity_and_nothing_else(client, member):
    card = issue_card(member, actor=None, on=dt.date.today())

    response = client.get(card.get_absolute_url())

    page = text_of(response)
    assert response.status_code == 200
    for shown in (
        "欧阳一",
        "JJ0007",
        "本证有效",
        "重庆市某某区新的社会阶层专业人士联合会",
        f"{card.valid_until.year}年",
    ):
        assert shown in page
    whole = response.content.decode()
    for secret in (
        "百合",
        "合伙人",
        "13800000007",
        "ouyang@",
        "中介组织",
        "1985",
        make_id_number(7),
        "几江",
        "<img",
    ):
        assert secret not in whole
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


def test_an_expired_card_says_so(client, member):
    card = issue_card(member, actor=None, on=dt.date(2015, 1, 1))

    assert "本证已过期" in text_of(client.get(card.get_absolute_url()))


def test_a_revoked_card_says_so(client, member):
    card = issue_card(member, actor=None)
    revoke_card(card)

    assert "本证已失效" in text_of(client.get(card.get_absolute_url()))


def test_the_card_of_who_has_left_is_no_longer_valid(client, member):
    card = issue_card(member, actor=None)
    change_status(member, to="除名", on="2026-01-01", actor=None)

    page = text_of(client.get(card.get_absolute_url()))

    assert "本证已失效" in page
    assert "除名" not in page


def test_unknown_and_malformed_codes_look_the_same(client):
    pages = [client.get(f"/card/{token}/") for token in (new_token(), "x", "' or 1=1", "一二三", "a" * 300)]

    assert {page.status_code for page in pages} == {404}
    assert len({text_of(page) for page in pages}) == 1
    assert "未查到此证" in text_of(pages[0])


def test_a_code_is_found_as_people_type_it(client, member):
    card = issue_card(member, actor=None)
    typed = card.token.upper().replace("-", " ")

    page = client.get("/card/", {"code": typed}, follow=True)

    assert page.redirect_chain == [(card.get_absolute_url(), 302)]
    assert "本证有效" in text_of(page)


def test_something_typed_that_is_no_code_looks_like_a_card_not_known(client):
    page = client.get("/card/", {"code": "张三"}, follow=True)

    assert page.status_code == 404
    assert "未查到此证" in text_of(page)


def test_trying_out_codes_is_stopped(client, member, settings):
    settings.LIMITS = {**settings.LIMITS, "card_check": "3/1h/ip"}
    card = issue_card(member, actor=None)

    answers = [client.get(f"/card/{new_token()}/").status_code for _number in range(3)]
    limited = client.get(card.get_absolute_url())

    assert answers == [404, 404, 404]
    assert limited.status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get(card.get_absolute_url()).status_code == 200


def test_the_code_on_the_card_leads_to_its_page(settings, member):
    settings.SITE_URL = "https://registry.example.org"
    card = issue_card(member, actor=None)

    expected = segno.make(f"https://registry.example.org/card/{card.token}/", error="m", micro=False)

    assert code_of(card).matrix == expected.matrix
    written = inline_code(card)
    assert written.startswith("<svg ")
    assert "style=" not in written


def test_the_page_is_the_same_number_of_queries_whatever_is_asked(
    client, member, django_assert_max_num_queries
):
    card = issue_card(member, actor=None)

    with django_assert_max_num_queries(2):
        client.get(card.get_absolute_url())
