import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from members.models import User
from members.rights import Role
from tests.make import PASSWORD, grant, make_association, make_member, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
LOCKED = (
    "错误次数过多，该登录名已暂停登录 30 分钟。请过后再试，或点“忘记密码”重设密码。"
    "如果不是您本人操作，请告知本会秘书处。"
)


@pytest.fixture(autouse=True)
def no_attempts_yet():
    """Sign-in limits are counted in the cache, which the tests of a process share."""
    cache.clear()


def sign_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def signed_in_user(client):
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def errors(response):
    return response.context["form"].non_field_errors()


@pytest.mark.parametrize(
    "login",
    ["13800000001", "138 0000 0001", "+8613800000001", "+86 138-0000-0001", "１３８０００００００１"],
)
def test_mobile_number_signs_in_in_any_spelling(client, login):
    user = make_user(phone="13800000001")

    response = sign_in(client, login)

    assert (response.status_code, response.url) == (302, "/")
    assert signed_in_user(client) == user


def test_number_from_abroad_signs_in(client):
    user = make_user(phone="+85290000001")

    sign_in(client, "+852 9000 0001")

    assert signed_in_user(client) == user


@pytest.mark.parametrize("login", ["zhang@example.org", "Zhang@Example.org", " zhang@example.org "])
def test_email_signs_in_in_any_case(client, login):
    user = make_user("zhang@example.org")

    sign_in(client, login)

    assert signed_in_user(client) == user


@pytest.mark.parametrize("login", ["zhang@example.org", "13800000001", "zhang"])
def test_wrong_password_is_refused_in_one_sentence(client, login):
    make_user("zhang@example.org", phone="13800000001")

    response = sign_in(client, login, "wrong password")

    assert len(errors(response)) == 1
    assert signed_in_user(client) is None


def test_inactive_account_is_not_signed_in(client):
    make_user("zhang@example.org", is_active=False)

    response = sign_in(client, "zhang@example.org")

    assert (response.status_code, response.url) == (302, "/accounts/inactive/")
    assert signed_in_user(client) is None


def test_right_password_is_refused_after_five_wrong_ones(client):
    make_user("zhang@example.org")
    for _ in range(5):
        sign_in(client, "zhang@example.org", "wrong password")

    response = sign_in(client, "zhang@example.org")

    assert errors(response) == [LOCKED]
    assert signed_in_user(client) is None


def test_spellings_of_one_mobile_number_share_their_attempts(client):
    make_user(phone="13800000001")
    for login in ["13800000001", "138 0000 0001", "+8613800000001", "138-0000-0001", "86 13800000001"]:
        sign_in(client, login, "wrong password")

    response = sign_in(client, "13800000001")

    assert errors(response) == [LOCKED]


def test_attempts_on_one_mobile_number_do_not_count_for_another(client):
    make_user(phone="13800000001")
    other = make_user(phone="13800000002")
    for _ in range(5):
        sign_in(client, "13800000001", "wrong password")

    sign_in(client, "13800000002")

    assert signed_in_user(client) == other


def test_sign_up_is_closed(client):
    page = client.get("/accounts/signup/")
    client.post(
        "/accounts/signup/",
        {"email": "stranger@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert page.templates[0].name == "account/signup_closed.html"
    assert not User.objects.exists()


@pytest.mark.parametrize("path", [LOGIN, RESET, "/accounts/signup/"])
def test_no_page_links_to_sign_up(client, path):
    page = client.get(path)

    assert page.status_code == 200
    assert f'href="{reverse("account_signup")}' not in page.content.decode()


def test_reset_mail_goes_to_an_account_with_a_password_and_its_link_works_once(client):
    user = make_user("zhang@example.org")

    client.post(RESET, {"email": "zhang@example.org"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link)
    client.post(form.url, {"password1": "another long sentence", "password2": "another long sentence"})

    assert [message.to for message in mail.outbox] == [["zhang@example.org"]]
    user.refresh_from_db()
    assert user.check_password("another long sentence")
    assert client.get(link, follow=True).context["token_fail"] is True


@pytest.mark.parametrize("email", ["invited@example.org", "gone@example.org", "stranger@example.org"])
def test_reset_sends_nothing_to_the_uninvited_and_does_not_tell(client, email):
    make_user("invited@example.org", password=None)
    make_user("gone@example.org", is_active=False)
    make_user("zhang@example.org")

    answer = client.post(RESET, {"email": email})

    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/done/")
    assert mail.outbox == []


@pytest.mark.parametrize("fields", [{"email": "zhang@example.org"}, {"phone": "13800000001"}])
def test_password_is_asked_again_and_accepted_with_either_address(client, fields):
    user = make_user(**fields)
    client.force_login(user)

    asked = client.get("/accounts/2fa/totp/activate/")
    answer = client.post(asked.url, {"password": PASSWORD})

    assert (asked.status_code, asked.url.split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/totp/activate/")


def test_two_step_sign_in_opens_with_an_email_nobody_confirmed(client):
    user = make_user("zhang@example.org")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    sign_in(client, "zhang@example.org")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/")

    assert page.status_code == 200
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml")


def test_the_old_address_of_the_own_record_leads_to_the_new_one(client):
    client.force_login(make_user())

    assert client.get("/members/me/").url == "/my/profile/"


def test_staff_reach_their_own_record(client):
    association = make_association()
    member = make_member("张一", association=association, user=make_user())
    grant(member.user, Role.MANAGER, association)
    client.force_login(member.user)

    page = client.get("/my/profile/")

    assert page.context["member"] == member


def test_own_record_asks_for_sign_in(client):
    response = client.get("/members/me/")

    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/members/me/")
