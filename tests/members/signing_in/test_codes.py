"""Signing in by a code sent to a mailbox or a mobile number: known and unknown accounts look alike."""

import logging
import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache

from members.models import User
from members.rights import Role
from tests.make import PASSWORD, grant, make_association, make_user

pytestmark = pytest.mark.django_db

ASK = "/accounts/login/code/"
ENTER = "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    cache.clear()


@pytest.fixture
def sent(settings, caplog):
    """A function that gives [(number, code)] of the text messages sent so far."""
    settings.SMS_SENDER = "console"
    caplog.set_level(logging.INFO, "members.sms")

    def read():
        lines = [record.getMessage() for record in caplog.records if record.name == "members.sms"]
        return [re.fullmatch(r"SMS to (\S+): \D*(\d{6})\D.*", line).groups() for line in lines]

    return read


def ask(client, login):
    return client.post(ASK, {"login": login})


def enter(client, code):
    return client.post(ENTER, {"code": code})


def signed_in_user(client):
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def errors(response):
    return [error for errors in response.context["form"].errors.values() for error in errors]


def shown(client):
    """The page after asking, without the address typed and the token of the form."""
    page = client.get(ENTER).content.decode()
    return re.sub(r'\S+@example\.org|1380000000\d|value="\w{64}"|X-CSRFToken": "\w+"', "", page)


def test_code_by_mail_signs_in_once(client):
    user = make_user("zhang@example.org")

    asked = ask(client, "Zhang@example.org")
    code = re.search(r"^\d{6}$", mail.outbox[0].body, re.MULTILINE)[0]
    entered = enter(client, code)

    assert (asked.url, entered.url) == (ENTER, "/")
    assert [message.to for message in mail.outbox] == [["zhang@example.org"]]
    assert signed_in_user(client) == user
    client.logout()
    assert enter(client, code).url == ASK


@pytest.mark.parametrize("typed", ["13800000001", "138 0000 0001", "+86 138-0000-0001"])
def test_code_by_sms_signs_in(client, sent, typed):
    user = make_user(phone="13800000001")

    ask(client, typed)
    ((number, code),) = sent()
    enter(client, code)

    assert number == "13800000001"
    assert signed_in_user(client) == user


@pytest.mark.parametrize("login", ["stranger@example.org", "invited@example.org", "gone@example.org"])
def test_mail_goes_to_opened_accounts_alone_and_the_page_does_not_tell(client, login):
    make_user("zhang@example.org")
    make_user("invited@example.org", password=None)
    make_user("gone@example.org", is_active=False)
    ask(client, "zhang@example.org")
    known = shown(client)
    mail.outbox.clear()
    client.logout()

    asked = ask(client, login)

    assert (asked.status_code, asked.url) == (302, ENTER)
    assert mail.outbox == []
    assert shown(client) == known
    assert errors(enter(client, "123456")) == ["验证码不正确，或已经用过。"]


@pytest.mark.parametrize("login", ["13800000002", "13800000003", "13800000004"])
def test_sms_goes_to_opened_accounts_alone(client, sent, login):
    make_user(phone="13800000003", password=None)
    make_user(phone="13800000004", is_active=False)

    asked = ask(client, login)

    assert asked.url == ENTER
    assert sent() == []


def test_without_a_service_no_code_by_sms_is_offered(client, settings):
    settings.SMS_SENDER = ""
    make_user(phone="13800000001")

    answers = [ask(client, login) for login in ("13800000001", "13800000002")]

    assert [errors(answer) for answer in answers] == [
        ["本系统未开通短信验证码。请填写邮箱地址，或使用密码登录。"]
    ] * 2
    assert "手机" not in str(client.get(ASK).context["form"]["login"].label)


@pytest.mark.parametrize("login", ["zhang", "1380000", "zhang@"])
def test_what_is_no_address_is_said(client, sent, login):
    assert errors(ask(client, login)) == ["这不是邮箱地址，也不是手机号，请核对。"]


def test_third_wrong_code_ends_it(client, sent):
    make_user(phone="13800000001")
    ask(client, "13800000001")
    ((_, code),) = sent()
    wrong = "000000" if code != "000000" else "111111"

    answers = [enter(client, wrong) for _ in range(3)]
    late = enter(client, code)

    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert late.url == ASK
    assert signed_in_user(client) is None
    assert "错误次数过多，请重新获取验证码。" in client.get(ASK).content.decode()


def test_codes_for_one_number_are_few_an_hour(client, sent):
    make_user(phone="13800000001")

    for _ in range(5):
        assert ask(client, "13800000001").status_code == 302
        client.logout()
    refused = ask(client, "138-0000-0001")

    assert errors(refused) == ["获取验证码次数过多，请一小时后再试，或使用密码登录。"]
    assert len(sent()) == 5


def test_unknown_numbers_are_limited_alike(client, sent):
    for _ in range(5):
        assert ask(client, "13800000009").status_code == 302
        client.logout()

    assert errors(ask(client, "13800000009")) == ["获取验证码次数过多，请一小时后再试，或使用密码登录。"]


def test_another_code_can_be_asked_for(client, sent):
    make_user(phone="13800000001")
    ask(client, "13800000001")

    left = client.post("/accounts/logout/", {"next": ASK})
    ask(client, "13800000001")
    (_, (_, code)) = sent()
    enter(client, code)

    assert left.url == ASK
    assert signed_in_user(client).phone == "13800000001"


def test_old_code_is_worth_nothing(client, sent, settings):
    make_user(phone="13800000001")
    ask(client, "13800000001")
    ((_, code),) = sent()
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1

    answer = enter(client, code)

    assert answer.url == ASK
    assert signed_in_user(client) is None


def test_code_does_not_replace_the_second_factor(client, sent):
    user = make_user(phone="13800000001")
    grant(user, Role.MANAGER, make_association())
    TOTP.activate(user, generate_totp_secret())
    codes = RecoveryCodes.activate(user).get_unused_codes()
    ask(client, "13800000001")
    ((_, code),) = sent()

    first = enter(client, code)
    between = signed_in_user(client)
    second = client.post(first.url, {"code": codes[0]})

    assert first.url == "/accounts/2fa/authenticate/"
    assert between is None
    assert second.status_code == 302
    assert signed_in_user(client) == user


def test_code_stands_in_for_a_forgotten_password(client, sent):
    user = make_user(phone="13800000001")
    ask(client, "13800000001")
    ((_, code),) = sent()
    enter(client, code)

    page = client.get("/accounts/password/change/")
    client.post(
        page.request["PATH_INFO"],
        {"password1": "another long sentence", "password2": "another long sentence"},
    )

    assert "oldpassword" not in page.context["form"].fields
    user.refresh_from_db()
    assert user.check_password("another long sentence")


def test_password_is_asked_for_by_whoever_signed_in_with_it(client):
    make_user("zhang@example.org")
    client.post("/accounts/login/", {"login": "zhang@example.org", "password": PASSWORD})

    page = client.get("/accounts/password/change/")

    assert "oldpassword" in page.context["form"].fields
