"""What managers see of how colleagues sign in, and how they help one who lost telephone or key."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from members.models import SignIn
from members.rights import Role
from organizations.models import Action, Change
from tests.make import PASSWORD, grant, make_association, make_member, make_user
from tests.members.screens import change_url, history_url, messages_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    cache.clear()


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def colleague(home):
    user = make_user("colleague@example.org", name="李四")
    grant(user, Role.SECRETARY, home)
    make_member("李四", association=home, user=user)
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def page_of(user, name="signing_in"):
    return reverse(f"admin:members_user_{name}", args=[user.pk])


def remove(client, user, reason="本人到秘书处，核对身份证"):
    return client.post(page_of(user), {"reason": reason})


def test_manager_removes_a_lost_factor_with_a_reason(client, home, colleague):
    manager = sign_in(client, Role.MANAGER, home, name="张一")

    answer = remove(client, colleague)

    assert answer.url == page_of(colleague)
    assert messages_of(answer) == ["李四的第二因素已移除，下次登录时需重新设置。"]
    assert not Authenticator.objects.filter(user=colleague).exists()
    action = Action.objects.latest("pk")
    assert (action.actor, action.note) == (manager, "移除第二因素：本人到秘书处，核对身份证")
    message = colleague.member.messages.get()
    assert message.title == "您的第二因素已被移除"
    assert "张一" in message.text


def test_removal_stands_in_the_history_of_the_account(client, home, colleague):
    sign_in(client, Role.MANAGER, home)
    remove(client, colleague)

    page = client.get(history_url(colleague)).content.decode()

    assert "第二因素" in page
    assert "移除第二因素：本人到秘书处，核对身份证" in page


def test_removal_signs_out_everywhere(client, home, colleague):
    Authenticator.objects.filter(user=colleague).delete()
    browser = Client()
    browser.post("/accounts/login/", {"login": "colleague@example.org", "password": PASSWORD})
    TOTP.activate(colleague, generate_totp_secret())
    sign_in(client, Role.MANAGER, home)

    remove(client, colleague)

    assert browser.get("/admin/").url == "/accounts/login/?next=/admin/"


def test_reason_is_asked(client, home, colleague):
    sign_in(client, Role.MANAGER, home)

    answer = remove(client, colleague, "  ")

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert Authenticator.objects.filter(user=colleague).exists()


def test_nobody_removes_their_own(client, home):
    manager = sign_in(client, Role.MANAGER, home)
    TOTP.activate(manager, generate_totp_secret())

    answer = remove(client, manager)

    assert answer.status_code == 403
    assert Authenticator.objects.filter(user=manager).exists()
    assert "移除第二因素" not in client.get(page_of(manager)).content.decode()


@pytest.mark.parametrize("name", ["signing_in", "sign_out"])
def test_account_with_a_role_elsewhere_is_not_theirs_to_help(client, home, colleague, name):
    grant(colleague, Role.VIEWER, make_association())
    sign_in(client, Role.MANAGER, home)

    assert client.post(page_of(colleague, name), {"reason": "本人来过"}).status_code == 403
    assert Authenticator.objects.filter(user=colleague).exists()


@pytest.mark.parametrize("name", ["signing_in", "sign_out"])
def test_account_out_of_sight_is_not_there(client, colleague, name):
    sign_in(client, Role.MANAGER, make_association())

    assert client.post(page_of(colleague, name), {"reason": "本人来过"}).status_code == 404


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.VIEWER, Role.SUPERVISOR, Role.MEMBER])
def test_others_do_not_get_there(client, home, colleague, role):
    sign_in(client, role, home)

    answer = client.get(page_of(colleague))

    assert answer.status_code in (302, 403, 404)
    assert answer.status_code != 302 or "/login/" in answer.url


def test_stranger_is_asked_to_sign_in(client, colleague):
    assert client.get(page_of(colleague)).url.startswith("/accounts/login/")


def test_sign_out_everywhere_is_recorded(client, home):
    colleague = make_user("colleague@example.org", name="李四")
    grant(colleague, Role.SECRETARY, home)
    browser = Client()
    browser.post("/accounts/login/", {"login": "colleague@example.org", "password": PASSWORD})
    sign_in(client, Role.MANAGER, home)

    client.post(page_of(colleague, "sign_out"))

    assert browser.get("/admin/").status_code == 302
    assert Change.objects.of(colleague).first().action.note == "在所有设备上退出登录"


def test_page_lists_devices_and_sign_ins(client, home, colleague):
    SignIn.objects.create(user=colleague, outcome="failed", ways="password", ip="192.0.2.7")
    sign_in(client, Role.MANAGER, home)

    page = client.get(page_of(colleague)).content.decode()

    assert "密码错误" in page
    assert "192.0.2.7" in page
    assert "1 个第二因素" in client.get(change_url(colleague)).content.decode()


def test_number_of_queries_does_not_grow_with_the_sign_ins(
    client, home, colleague, django_assert_num_queries
):
    sign_in(client, Role.MANAGER, home)
    client.get(page_of(colleague))

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page_of(colleague))
        return len(queries)

    SignIn.objects.create(user=colleague, outcome="failed")
    one = count()
    SignIn.objects.bulk_create([SignIn(user=colleague, outcome="failed") for _ in range(2)])

    assert count() == one
