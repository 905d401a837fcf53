import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.views import defaults

from members.rights import Role
from tests.make import PASSWORD, grant, make_association, make_member, make_user

pytestmark = pytest.mark.django_db

OPEN_PAGES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"]
OWN_PAGES = [
    "/my/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/sessions/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]


@pytest.fixture
def member(client):
    """A member without a role, signed in with the password."""
    cache.clear()
    member = make_member(user=make_user("zhang@example.org"))
    client.post("/accounts/login/", {"login": "zhang@example.org", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return member


@pytest.fixture
def manager(client):
    user = make_user()
    grant(user, Role.MANAGER, make_association())
    client.force_login(user)
    return user


def language_of(response):
    return re.search(r'<html lang="([^"]+)"', response.content.decode())[1]


# -- language


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        (None, "en-US,en;q=0.9", "zh-hans"),
        ("zh-hans", "en", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("tlh", "en", "zh-hans"),
    ],
)
def test_pages_are_chinese_unless_the_reader_switched(client, cookie, header, language):
    if cookie:
        client.cookies["django_language"] = cookie

    page = client.get("/accounts/login/", headers={"accept-language": header})

    assert (language_of(page), page.headers["Content-Language"]) == (language, language)


def test_language_switch_works_before_signing_in_and_comes_back(client):
    answer = client.post("/language/", {"language": "en", "next": "/accounts/password/reset/"})
    page = client.get(answer.url)

    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/")
    assert language_of(page) == "en"
    assert re.search(r"<h1>\s*Set a new password\s*</h1>", page.content.decode())


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_every_page_has_the_language_switch(client, path):
    page = client.get(path).content.decode()

    assert re.findall(r'name="language" value="([^"]+)"', page) == ["zh-hans", "en"]
    assert f'<input type="hidden" name="next" value="{path}">' in page


# -- first page, health


def test_health_answers_without_signing_in(client):
    response = client.get("/health/")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_start_page_leads_strangers_to_sign_in(client):
    assert client.get("/").url == "/accounts/login/?next=/"


def test_start_page_leads_members_to_their_record(client, member):
    assert client.get("/").url == "/my/"


def test_start_page_leads_staff_to_the_staff_screens(client, manager):
    assert client.get("/").url == "/admin/"


# -- one sign-in for everybody


@pytest.mark.parametrize("path", ["/admin/", "/admin/members/member/"])
def test_staff_screens_send_strangers_to_the_common_sign_in(client, path):
    response = client.get(path)

    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("asked", ["/admin/members/member/", "https://elsewhere.example/", ""])
def test_admin_has_no_sign_in_page_of_its_own(client, asked):
    response = client.get("/admin/login/", {"next": asked})

    follow = asked if asked.startswith("/") else "/admin/"
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next={follow}")


def test_admin_takes_no_password(client, manager):
    client.logout()

    response = client.post("/admin/login/", {"username": manager.email, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/admin/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_members_without_a_role_are_told_that_staff_screens_are_closed(client, member, path):
    response = client.get(path, follow=True)

    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]


def test_signed_in_staff_pass_the_admin_sign_in(client, manager):
    assert client.get("/admin/login/?next=/admin/jsi18n/").url == "/admin/jsi18n/"


def test_admin_sign_out_is_the_common_one(client, manager):
    asked = client.get("/admin/logout/")
    answer = client.post("/admin/logout/")

    assert asked.templates[0].name == "account/logout.html"
    assert answer.url == "/accounts/login/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/password_change/", "/admin/password_change/done/"])
def test_admin_password_pages_are_the_common_one(client, manager, path):
    assert client.get(path).url == "/accounts/password/change/"


def test_admin_pages_link_to_the_common_account_pages(client, manager):
    page = client.get("/admin/").content.decode()

    assert f'action="{reverse("account_logout")}"' in page
    assert f'href="{reverse("account_change_password")}"' in page
    assert reverse("admin:password_change") not in page


# -- content security


def test_content_security_policy_lets_nothing_in_from_elsewhere(client):
    header = client.get("/accounts/login/").headers["Content-Security-Policy"]

    assert dict(directive.split(" ", 1) for directive in header.split("; ")) == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def forbidden(html):
    """What the policy would block, or fetch from another host."""
    scripts = re.findall(r"<script\b([^>]*)>", html)
    return (
        [script for script in scripts if "src=" not in script and "application/json" not in script]
        + re.findall(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", html)
        + re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', html)
    )


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_pages_keep_the_content_security_policy(client, path):
    assert forbidden(client.get(path).content.decode()) == []


@pytest.mark.parametrize("path", OWN_PAGES)
def test_own_pages_keep_the_content_security_policy(client, member, path):
    page = client.get(path)

    assert page.status_code == 200
    assert forbidden(page.content.decode()) == []


@pytest.mark.parametrize(
    "path", [path for path in OPEN_PAGES if "signup" not in path and "nowhere" not in path]
)
def test_every_input_has_a_label(client, path):
    html = client.get(path).content.decode()

    inputs = re.findall(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', html)
    assert inputs
    assert set(inputs) <= set(re.findall(r'<label for="([^"]+)"', html))


# -- what went wrong


def test_unknown_address_gets_our_page(client):
    page = client.get("/nowhere/")

    assert (page.status_code, language_of(page)) == (404, "zh-hans")
    assert page.templates[0].name == "404.html"


def test_expired_form_gets_our_page():
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})

    assert (page.status_code, language_of(page)) == (403, "zh-hans")
    assert 'class="code">403<' in page.content.decode()


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (defaults.server_error, 500),
        (lambda request: defaults.bad_request(request, Exception()), 400),
        (lambda request: defaults.permission_denied(request, Exception()), 403),
    ],
)
def test_error_pages_need_neither_session_nor_user(rf, view, status):
    page = view(rf.get("/"))

    assert (page.status_code, language_of(page)) == (status, "zh-hans")
    assert f'class="code">{status}<' in page.content.decode()


def test_too_many_requests_get_our_page(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/1m/ip"}
    cache.clear()
    client.post("/accounts/login/", {})

    page = client.post("/accounts/login/", {})

    assert (page.status_code, page.templates[0].name) == (429, "429.html")
