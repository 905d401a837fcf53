"""Sessions: how long they last, where one is signed in, and the list of sign-ins."""

import datetime as dt
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation

from members.models import SignIn
from members.rights import Role
from members.signing_in.devices import device_of
from members.signing_in.middleware import STAMP
from tests.make import PASSWORD, grant, make_association, make_user
from tests.members.screens import messages_of

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
DEVICES = "/accounts/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 12; M2102) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.40"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 "
    "Safari/604.1"
)


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    cache.clear()


@pytest.fixture
def user():
    user = make_user("zhang@example.org")
    grant(user, Role.SECRETARY, make_association())
    return user


def browser(user_agent=WINDOWS, password=PASSWORD, login="zhang@example.org"):
    """A browser that has sent the sign-in form."""
    client = Client(headers={"user-agent": user_agent})
    client.answer = client.post(LOGIN, {"login": login, "password": password})
    return client


def make_older(client, *, since=0, seen=0):
    """Let the session have begun, and have been used last, so many minutes earlier."""
    session = client.session
    begun, used = session[STAMP]
    session[STAMP] = [begun - since * 60, used - seen * 60]
    session.save()


def is_signed_in(client):
    return client.get("/accounts/2fa/").status_code == 200


# -- how long


def test_idle_session_ends_and_says_why(user):
    client = browser()
    make_older(client, since=30, seen=30)

    answer = client.get("/admin/members/member/")

    assert answer.url == "/accounts/login/?next=/admin/members/member/"
    assert messages_of(answer) == ["由于 30 分钟没有操作，已自动退出登录。"]
    assert not is_signed_in(client)


def test_session_in_use_goes_on(user):
    client = browser()
    make_older(client, since=300, seen=29)

    assert client.get("/admin/").status_code == 200
    make_older(client, seen=29)
    assert client.get("/admin/").status_code == 200


def test_session_in_use_ends_after_the_longest_time(user, settings):
    settings.SESSION_COOKIE_AGE = 12 * 3600
    client = browser()
    make_older(client, since=12 * 60)

    answer = client.get("/admin/")

    assert answer.url == "/accounts/login/?next=/admin/"
    assert messages_of(answer) == ["登录时间已较长，请重新登录。"]


def test_idle_time_can_be_switched_off(user, settings):
    settings.IDLE_MINUTES = 0
    client = browser()
    make_older(client, since=300, seen=300)

    assert client.get("/admin/").status_code == 200


def test_what_was_typed_into_an_idle_page_is_kept(user):
    client = browser()
    client.get("/admin/")
    make_older(client, since=31, seen=31)

    answer = client.post("/admin/members/employer/add/", {"name": "重庆某某律师事务所"})
    back = browser_again(client, answer.url)

    assert messages_of(answer)[0] == "由于 30 分钟没有操作，已自动退出登录。"
    assert ["name", "重庆某某律师事务所"] in client.get(back.url).context["form"].fields


def browser_again(client, address):
    return client.post(address, {"login": "zhang@example.org", "password": PASSWORD})


def test_htmx_of_an_idle_page_gets_the_whole_page_to_sign_in(user):
    client = browser()
    make_older(client, since=31, seen=31)

    answer = client.get(
        "/admin/members/member/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/members/member/"},
    )

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/admin/members/member/"


def test_clicks_within_a_minute_write_nothing(
    user, django_assert_num_queries, django_capture_on_commit_callbacks
):
    client = browser()
    client.get("/accounts/2fa/")

    noted = client.session[STAMP]
    client.get("/accounts/2fa/")

    assert client.session[STAMP] == noted
    make_older(client, seen=2)
    client.get("/accounts/2fa/")
    assert client.session[STAMP][1] >= int(time.time()) - 5


# -- where


def test_devices_are_named_and_the_current_one_is_first(user):
    browser(WECHAT)
    client = browser()

    page = client.get(DEVICES)

    current = client.session.session_key
    assert [(each.device, each.session_key == current) for each in page.context["sessions"]] == [
        ("Windows · Chrome", True),
        ("安卓手机 · 微信", False),
    ]
    assert "Mozilla" not in page.content.decode()


@pytest.mark.parametrize(
    ("line", "device"),
    [
        (WINDOWS, "Windows · Chrome"),
        (WINDOWS + " Edg/120.0", "Windows · Edge"),
        (WECHAT, "安卓手机 · 微信"),
        (IPHONE, "iPhone · Safari"),
        ("curl/8.0", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_browsers_are_named_in_words(line, device):
    with translation.override("zh-hans"):
        assert device_of(line) == device


def test_one_device_is_signed_out(user):
    phone, other, client = browser(WECHAT), browser(IPHONE), browser()
    session = UserSession.objects.get(user_agent=WECHAT)

    answer = client.post(f"{DEVICES}{session.pk}/end/")

    assert answer.url == DEVICES
    assert messages_of(answer)[-1] == "安卓手机 · 微信 已退出登录。"
    assert (is_signed_in(phone), is_signed_in(other), is_signed_in(client)) == (False, True, True)


def test_all_other_devices_are_signed_out(user):
    phone, client = browser(WECHAT), browser()

    client.post(DEVICES)

    assert (is_signed_in(phone), is_signed_in(client)) == (False, True)


def test_device_in_use_is_not_signed_out_by_mistake(user):
    client = browser()

    client.post(f"{DEVICES}{UserSession.objects.get().pk}/end/")

    assert is_signed_in(client)


def test_device_of_somebody_else_is_not_there(user):
    make_user("li@example.org")
    other = browser(login="li@example.org")
    session = UserSession.objects.get()
    client = browser()

    assert client.post(f"{DEVICES}{session.pk}/end/").status_code == 404
    assert is_signed_in(other)


def test_new_password_signs_the_other_devices_out(user):
    phone, client = browser(WECHAT), browser()

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"},
    )

    assert (is_signed_in(phone), is_signed_in(client)) == (False, True)


# -- the list of sign-ins


def journal():
    return list(SignIn.objects.order_by("pk").values_list("user__email", "outcome", "ways"))


def test_success_and_failure_are_written_down(user):
    browser(password="wrong password")
    browser(login="nobody@example.org")
    browser()

    assert journal() == [
        ("zhang@example.org", "failed", "password"),
        (None, "failed", "password"),
        ("zhang@example.org", "in", "password"),
    ]
    entry = SignIn.objects.latest("pk")
    assert (entry.ip, entry.device) == ("127.0.0.1", "Windows · Chrome")


def test_second_step_is_written_down(user):
    TOTP.activate(user, generate_totp_secret())
    client = browser()

    client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert journal() == [("zhang@example.org", "factor", "totp")]


def test_refusal_after_too_many_is_written_down(user):
    for _ in range(6):
        browser(password="wrong password")

    assert [outcome for _, outcome, _ in journal()] == ["failed"] * 5 + ["locked"]


def test_own_sign_ins_are_shown_and_nobody_elses(user):
    make_user("li@example.org")
    browser(login="li@example.org", user_agent=IPHONE)
    browser(password="wrong password")

    page = browser().get(DEVICES).content.decode()

    assert "密码错误" in page
    assert "登录成功" in page
    assert "iPhone" not in page


def test_what_was_typed_is_not_kept(user):
    browser(login="my secret password")

    assert "secret" not in str(SignIn.objects.values())


def test_old_ones_are_deleted(user):
    browser()
    SignIn.objects.update(at=timezone.now() - dt.timedelta(days=366))
    browser()

    call_command("delete_old_sign_ins")

    assert SignIn.objects.count() == 1


def test_new_password_ends_the_lock(user, mailoutbox):
    for _ in range(5):
        browser(password="wrong password")
    client = Client()
    client.post("/accounts/password/reset/", {"email": "zhang@example.org"})
    form = client.get(re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1])
    client.post(form.url, {"password1": "another long sentence", "password2": "another long sentence"})

    assert browser(password="another long sentence").answer.url == "/"


# -- age and kinds of passwords


def test_old_password_is_to_be_changed_first(user, settings):
    settings.PASSWORD_MAX_DAYS = 90
    client = browser()
    assert client.get("/admin/").status_code == 200

    user.password_set_at = timezone.now() - dt.timedelta(days=91)
    user.save()
    answer = client.get("/admin/")

    assert answer.url == "/accounts/password/change/"
    assert messages_of(answer)[-1] == "您的密码已到期，请设置新密码。"
    client.post(
        answer.url,
        {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"},
    )
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("password", "is_taken"), [("correct horse battery", False), ("Correct horse 7", True)]
)
def test_kinds_of_characters_can_be_asked(user, settings, password, is_taken):
    settings.PASSWORD_KINDS = 4
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "members.signing_in.passwords.KindsValidator"}]
    client = browser()

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    user.refresh_from_db()
    assert user.check_password(password) is (is_taken or password == PASSWORD)


# -- addresses


@pytest.mark.parametrize("phone", [None, "13800000001"])
def test_last_address_can_go_only_if_there_is_a_number(phone):
    user = make_user("zhang@example.org", phone=phone)
    client = browser()
    client.get("/accounts/email/")

    client.post("/accounts/email/", {"email": "zhang@example.org", "action_remove": ""})

    user.refresh_from_db()
    assert user.email == (None if phone else "zhang@example.org")
