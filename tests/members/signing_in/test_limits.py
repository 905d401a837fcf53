"""How often something may be tried: counted per address and per key, with a page that says what to do."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from members.signing_in.limits import minutes_of, within_limit
from tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    cache.clear()


def request_from(address):
    return RequestFactory().get("/join/", REMOTE_ADDR=address)


def test_tries_are_counted_for_each_address(settings):
    settings.LIMITS = {"join": "2/1h/ip"}

    tries = [within_limit(request_from("192.0.2.1"), "join") for _ in range(3)]

    assert tries == [True, True, False]
    assert within_limit(request_from("192.0.2.2"), "join")


def test_tries_are_counted_for_each_key(settings):
    settings.LIMITS = {"join": "2/1h/key"}

    tries = [within_limit(request_from(f"192.0.2.{n}"), "join", key="one") for n in range(3)]

    assert tries == [True, True, False]
    assert within_limit(request_from("192.0.2.1"), "join", key="two")


def test_unnamed_action_has_no_limit(settings):
    settings.LIMITS = {}

    assert all(within_limit(request_from("192.0.2.1"), "join") for _ in range(100))


def test_failed_sign_ins_wait_half_an_hour():
    assert minutes_of("login_failed") == 30


def test_page_says_what_to_do(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/1m/ip"}
    make_user("zhang@example.org")
    client.post("/accounts/login/", {"login": "zhang@example.org", "password": "wrong"})

    page = client.post("/accounts/login/", {"login": "zhang@example.org", "password": "wrong"})

    assert page.status_code == 429
    assert "本网络地址尝试次数过多，请过几分钟再试。" in page.content.decode()


def test_fragment_gets_a_sentence_instead_of_a_page(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "0/1m/ip"}

    page = client.post("/accounts/login/", headers={"HX-Request": "true"})

    assert (page.status_code, page.content.decode()) == (429, "操作过于频繁，请过几分钟再试。")
