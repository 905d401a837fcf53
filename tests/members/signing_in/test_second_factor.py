"""The staff's second factor: nothing of the site opens without, and nobody gives up the last one."""

import base64
import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from members.models import Employer, User
from members.rights import Role
from tests.make import PASSWORD, grant, make_association, make_member, make_user
from tests.members.screens import messages_of, sign_in

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def demanded(settings):
    cache.clear()
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def association():
    return make_association()


def code_of(secret):
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def add_app(user):
    return TOTP.activate(user, generate_totp_secret())


def add_key(user, name="电脑"):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MEMBER])
def test_everybody_on_the_staff_is_led_to_set_up(client, association, role):
    sign_in(client, role, association)

    for path in ("/", "/admin/", "/members/statistics/", "/my/", "/members/me/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, SET_UP), path


def test_superuser_is_led_to_set_up(client):
    client.force_login(User.objects.create_superuser("admin@example.org", PASSWORD))

    assert client.get("/admin/").url == SET_UP


def test_members_go_on_without(client, association):
    member = make_member("张一", association=association, user=make_user())
    client.force_login(member.user)

    assert client.get("/my/").status_code == 200


def test_rule_can_be_switched_off(client, association, settings):
    settings.STAFF_SECOND_FACTOR = False
    sign_in(client, Role.MANAGER, association)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "path", [SET_UP, "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/", "/health/"]
)
def test_account_pages_and_public_pages_stay_open(client, association, path):
    sign_in(client, Role.MANAGER, association)

    assert client.get(path).status_code == 200


def test_leaving_and_the_language_stay_open(client, association):
    sign_in(client, Role.MANAGER, association)

    assert client.post("/language/", {"language": "en", "next": SET_UP}).url == SET_UP
    assert client.post("/accounts/logout/").url == "/accounts/login/"


@pytest.mark.parametrize("add", [add_app, add_key])
def test_app_and_key_open_the_site(client, association, add):
    user = sign_in(client, Role.SECRETARY, association)
    add(user)

    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_do_not(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    RecoveryCodes.activate(user)

    assert client.get("/admin/").url == SET_UP


def test_role_given_later_counts_at_once(client, association):
    user = make_user()
    client.force_login(user)
    assert client.get(SET_UP).context["is_demanded"] is False

    grant(user, Role.VIEWER, association)

    assert client.get("/admin/").url == SET_UP


def test_htmx_gets_the_whole_page_led(client, association):
    sign_in(client, Role.SECRETARY, association)

    answer = client.get("/admin/members/member/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == SET_UP


def test_what_was_typed_waits_until_the_factor_is_there(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    typed = {"association": association.pk, "name": "重庆某某律师事务所", "kind": "", "uscc": ""}

    led = client.post("/admin/members/employer/add/", typed, headers={"Referer": "http://testserver/admin/"})
    add_app(user)
    back = client.get(SET_UP)
    page = client.get(back.url)

    assert led.url == SET_UP
    assert "尚未保存。您填写的内容保留半小时，完成后可以提交。" in messages_of(led)
    assert ["name", "重庆某某律师事务所"] in page.context["form"].fields
    client.post(page.context["form"].path, dict(page.context["form"].fields))
    assert Employer.objects.get().name == "重庆某某律师事务所"


def test_set_up_leads_back_to_where_one_was_going(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    client.get("/admin/members/member/?q=zs")

    add_app(user)

    assert client.get(SET_UP).url == "/admin/members/member/?q=zs"


def test_app_is_set_up_by_its_code_without_the_password_again_and_gives_recovery_codes(client, association):
    user = make_user("secretary@example.org")
    grant(user, Role.SECRETARY, association)
    client.post("/accounts/login/", {"login": "secretary@example.org", "password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/")
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    right = client.post("/accounts/2fa/totp/activate/", {"code": code_of(wrong.context["form"].secret)})
    codes = client.get(right.url)

    assert page.status_code == 200
    assert wrong.context["form"].errors == {"code": ["验证码不正确，或已经用过。"]}
    assert len(codes.context["unused_codes"]) == 10
    assert "我已妥善保存，继续" in codes.content.decode()
    assert client.get("/admin/").status_code == 200


def test_secrets_are_not_in_the_database(association):
    user = make_user()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user)

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(secret))
    assert len(codes.get_unused_codes()) == 10


def test_older_sessions_end_with_the_first_factor(client, association, django_capture_on_commit_callbacks):
    user = make_user("secretary@example.org")
    grant(user, Role.SECRETARY, association)
    other = Client()
    for each in (other, client):
        each.post("/accounts/login/", {"login": "secretary@example.org", "password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(page.context["form"].secret)})

    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").url == "/accounts/login/?next=/admin/"


def test_last_app_stays_while_it_is_demanded(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    add_app(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = client.post("/accounts/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=user).exists()
    assert "您的角色必须使用第二因素，这是最后一个。请先添加另一个，再移除它。" in answer.content.decode()


def test_last_key_stays_while_it_is_demanded(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    key = add_key(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert Authenticator.objects.filter(user=user).exists()
    assert messages_of(answer) == ["您的角色必须使用第二因素，这是最后一个。请先添加另一个，再移除它。"]


def test_one_of_two_may_go(client, association):
    user = sign_in(client, Role.SECRETARY, association)
    key = add_key(user)
    add_app(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert [each.type for each in Authenticator.objects.filter(user=user)] == ["totp"]


def test_key_of_somebody_else_is_not_there(client, association):
    sign_in(client, Role.SECRETARY, association)
    key = add_key(make_user())

    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 404


def test_recovery_code_signs_in_once(client, association):
    user = make_user("secretary@example.org")
    grant(user, Role.SECRETARY, association)
    add_app(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    def sign_in_with_it():
        step = client.post("/accounts/login/", {"login": "secretary@example.org", "password": PASSWORD})
        assert step.url == "/accounts/2fa/authenticate/"
        return client.post(step.url, {"code": code})

    assert sign_in_with_it().status_code == 302
    client.post("/accounts/logout/")
    assert sign_in_with_it().context["form"].errors == {"code": ["验证码不正确，或已经用过。"]}


def test_wrong_codes_close_the_second_step(client, association):
    user = make_user("secretary@example.org")
    add_app(user)
    client.post("/accounts/login/", {"login": "secretary@example.org", "password": PASSWORD})

    answers = [client.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(6)]

    assert "30 分钟" in answers[-1].context["form"].errors["code"][0]


def test_secrets_are_sealed_anew_with_the_newest_key(settings):
    user = make_user()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    before = [each.data for each in Authenticator.objects.order_by("pk")]
    settings.FIELD_KEYS = f"2:{base64.b64encode(bytes(range(32))).decode()},{settings.FIELD_KEYS}"

    call_command("rotate_keys")

    after = [each.data for each in Authenticator.objects.order_by("pk")]
    assert all(old != new for old, new in zip(before, after, strict=True))
    settings.FIELD_KEYS = settings.FIELD_KEYS.split(",")[0]
    assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code_of(secret))


def test_page_says_that_the_rule_is_off(client, association, settings):
    settings.STAFF_SECOND_FACTOR = False
    sign_in(client, Role.SECRETARY, association)

    assert "本系统目前不要求第二因素" in client.get("/accounts/2fa/").content.decode()
