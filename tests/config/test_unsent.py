"""A session that runs out in the middle of a form: what was typed waits for its author, and for nobody else."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config import unsent
from members.models import Employer
from members.rights import Role
from tests.make import PASSWORD, grant, make_association, make_user

pytestmark = pytest.mark.django_db

PATH = "/admin/members/employer/add/"


@pytest.fixture
def association():
    return make_association()


@pytest.fixture
def typed(association):
    """What the form at PATH sends."""
    name = "重庆某某律师事务所 '%😀"
    return {"association": str(association.pk), "name": name, "kind": "", "uscc": "", "_save": "保存"}


@pytest.fixture
def secretary(association):
    user = make_user("secretary@example.org")
    grant(user, Role.SECRETARY, association)
    return user


@pytest.fixture
def colleague(association):
    user = make_user("colleague@example.org")
    grant(user, Role.SECRETARY, association)
    return user


@pytest.fixture
def expired(client, secretary):
    """The secretary's browser after the session has run out."""
    cache.clear()
    client.force_login(secretary)
    client.get("/admin/")
    del client.cookies["sessionid"]
    return client


def sign_in(client, email="secretary@example.org", follow="/"):
    return client.post(f"/accounts/login/?next={follow}", {"login": email, "password": PASSWORD})


def where(response):
    """The address that sign-in leads to afterwards."""
    return re.fullmatch(r"/accounts/login/\?next=(\S+)", response.url)[1]


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def hidden_inputs(response):
    """[(name, value)] of the form that sends again, as the page's template got them."""
    return [tuple(pair) for pair in response.context["form"].fields]


# -- the way back


def test_what_was_typed_waits_behind_sign_in_and_is_sent_again_by_a_click(expired, typed):
    refused = expired.post(PATH, typed)
    follow = where(refused)
    signed_in = sign_in(expired, follow=follow)
    page = expired.get(follow)

    assert re.fullmatch(r"/unsent/\w{12}/", follow)
    assert signed_in.url == follow
    assert hidden_inputs(page) == list(typed.items())
    assert f'action="{PATH}"' in page.content.decode()
    # nothing was sent by itself
    assert Employer.objects.count() == 0

    expired.post(PATH, dict(hidden_inputs(page)))

    assert Employer.objects.get().name == typed["name"]
    assert expired.get(follow).url == "/"


def test_the_sign_in_page_says_that_nothing_is_lost(expired, typed):
    refused = expired.post(PATH, typed)

    assert said(refused) == ["登录已过期，所填内容尚未保存，已为您保留半小时。请重新登录，登录后可再次提交。"]


def test_what_was_typed_can_be_thrown_away(expired, typed):
    follow = where(expired.post(PATH, typed, headers={"referer": f"http://testserver{PATH}"}))
    sign_in(expired)

    answer = expired.post(follow)

    assert answer.url == PATH
    assert unsent.SESSION_KEY not in expired.session
    assert Employer.objects.count() == 0


def test_a_form_refused_when_sent_again_shows_its_own_errors(expired, typed):
    follow = where(expired.post(PATH, typed | {"name": ""}))
    sign_in(expired)

    page = expired.post(PATH, dict(hidden_inputs(expired.get(follow))))

    assert (page.status_code, list(page.context["errors"])) == (200, [["这个字段是必填项。"]])


def test_several_values_of_one_name_and_the_query_stay(expired):
    data = {"_selected_action": ["3", "1"], "action": "export"}

    follow = where(expired.post("/admin/members/employer/?q=%E6%9F%90&o=1", data))
    sign_in(expired)
    form = expired.get(follow).context["form"]

    assert form.path == "/admin/members/employer/?q=%E6%9F%90&o=1"
    assert form.fields == [["_selected_action", "3"], ["_selected_action", "1"], ["action", "export"]]


def test_files_are_not_kept_and_named(expired, typed):
    follow = where(expired.post(PATH, typed | {"photo": SimpleUploadedFile("照片.png", b"x")}))
    sign_in(expired)
    page = expired.get(follow)

    assert hidden_inputs(page) == list(typed.items())
    assert "文件没有保留，请在提交后重新选择：照片.png" in page.content.decode()


def test_two_forms_of_two_tabs_both_wait(expired, typed):
    first = where(expired.post(PATH, typed | {"name": "甲"}))
    second = where(expired.post(PATH, typed | {"name": "乙"}))
    sign_in(expired)

    assert [dict(hidden_inputs(expired.get(follow)))["name"] for follow in (first, second)] == ["甲", "乙"]


def test_only_the_latest_forms_are_kept(expired, typed):
    follows = [where(expired.post(PATH, typed)) for _ in range(unsent.MAX_FORMS + 1)]
    sign_in(expired)

    assert [expired.get(follow).status_code for follow in follows] == [302, 200, 200, 200]


# -- for whom


def test_another_person_never_sees_it_and_it_is_gone(expired, typed, colleague):
    follow = where(expired.post(PATH, typed))
    sign_in(expired, "colleague@example.org")

    answer = expired.get(follow)

    assert (answer.status_code, answer.url) == (302, "/")
    assert unsent.SESSION_KEY not in expired.session
    expired.post("/accounts/logout/")
    sign_in(expired)
    assert expired.get(follow).url == "/"


def test_nothing_is_kept_on_a_browser_where_nobody_was_signed_in(client, typed):
    answer = client.post(PATH, typed)

    assert where(answer) == PATH
    assert (client.session.keys(), said(answer)) == ({}.keys(), [])


@pytest.mark.parametrize("value", ["1", "1:x:y", "", "é", "9" * 500])
def test_an_altered_cookie_counts_as_none(expired, typed, value):
    expired.cookies[unsent.COOKIE] = value

    answer = expired.post(PATH, typed)

    assert where(answer) == PATH
    assert unsent.SESSION_KEY not in expired.session


def test_the_cookie_is_out_of_reach_of_scripts_and_written_once(client, secretary):
    client.force_login(secretary)

    first, second = client.get("/admin/"), client.get("/admin/")

    cookie = first.cookies[unsent.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert unsent.COOKIE not in second.cookies


def test_what_is_kept_is_sealed(expired, typed):
    expired.post(PATH, typed)

    form = next(iter(expired.session[unsent.SESSION_KEY].values()))
    assert set(form) == {"user", "until", "path", "sealed"}
    assert not re.search("某某|name", form["sealed"])


# -- what is not kept


def test_half_an_hour_later_it_is_gone(expired, typed):
    key = where(expired.post(PATH, typed)).split("/")[2]
    session = expired.session
    session[unsent.SESSION_KEY][key]["until"] -= unsent.KEPT_SECONDS + 1
    session.save()
    sign_in(expired)

    answer = expired.get(unsent.address(key))

    assert (answer.url, said(answer)[-1]) == ("/", "没有可以再次提交的内容。")
    assert unsent.SESSION_KEY not in expired.session


def test_what_is_too_large_is_not_kept_and_that_is_said(expired, typed):
    answer = expired.post(PATH, typed | {"remarks": "长" * unsent.MAX_BYTES})

    assert where(answer) == PATH
    assert said(answer) == [
        "登录已过期，内容未保存，且篇幅过大，无法代为保留。请用浏览器返回上一页，复制所填内容后重新登录。"
    ]
    assert unsent.SESSION_KEY not in expired.session


def test_passwords_and_account_pages_are_never_kept(expired, typed):
    follow = where(expired.post(PATH, typed | {"password1": PASSWORD, "old_password": PASSWORD}))
    account = expired.post("/accounts/password/change/", {"oldpassword": PASSWORD})
    sign_in(expired)

    assert hidden_inputs(expired.get(follow)) == list(typed.items())
    assert where(account) == "/accounts/password/change/"


def test_other_requests_than_forms_are_not_kept(expired, typed):
    answers = [
        expired.post(PATH, '{"name": "乙"}', content_type="application/json"),
        expired.put(PATH, "name=1"),
        expired.get(PATH),
    ]

    assert [where(answer) for answer in answers] == [PATH] * 3
    assert unsent.SESSION_KEY not in expired.session


# -- addresses


@pytest.mark.parametrize(
    ("referer", "follow"),
    [
        ("http://testserver/admin/members/employer/?q=1", "/admin/members/employer/%3Fq%3D1"),
        ("https://elsewhere.example/admin/", "/members/import/1/apply/"),
        ("http://testserver//elsewhere.example/", "/members/import/1/apply/"),
        ("javascript:alert(1)", "/members/import/1/apply/"),
    ],
)
def test_a_form_that_is_not_kept_leads_back_to_its_page_if_it_is_ours(client, referer, follow):
    answer = client.post("/members/import/1/apply/", {}, headers={"referer": referer})

    assert where(answer) == follow


@pytest.mark.parametrize("key", ["x" * 12, "😀", "x" * 500, "%2F%2Felsewhere.example"])
def test_an_unknown_key_leads_to_the_first_page(client, secretary, key):
    client.force_login(secretary)

    for answer in (client.get(f"/unsent/{key}/"), client.post(f"/unsent/{key}/")):
        assert answer.status_code in (302, 404)
        assert answer.status_code == 404 or answer.url == "/"


# -- htmx


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client):
    answer = client.get(
        PATH,
        headers={"hx-request": "true", "hx-current-url": "http://testserver/admin/members/member/?q=1"},
    )

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/admin/members/member/%3Fq%3D1"
    assert (answer.status_code, answer.content) == (200, b"")


def test_htmx_from_elsewhere_leads_to_the_first_page(client):
    answer = client.get(PATH, headers={"hx-request": "true", "hx-current-url": "https://elsewhere.example/x"})

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/"


def test_a_form_sent_by_htmx_is_kept_too(expired, typed):
    answer = expired.post(
        PATH, typed, headers={"hx-request": "true", "hx-current-url": f"http://testserver{PATH}"}
    )
    follow = re.fullmatch(r"/accounts/login/\?next=(\S+)", answer.headers["HX-Redirect"])[1]
    sign_in(expired)
    form = expired.get(follow).context["form"]

    assert (form.path, form.back, dict(form.fields)) == (PATH, PATH, typed)


# -- an old token, after signing in anew in another tab


@pytest.fixture
def strict(secretary):
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)
    client.get("/admin/")
    return client


def test_a_form_with_an_old_token_is_offered_again(strict, typed):
    answer = strict.post(PATH, typed, headers={"origin": "http://testserver"})
    page = strict.get(answer.url)

    assert re.fullmatch(r"/unsent/\w{12}/", answer.url)
    assert hidden_inputs(page) == list(typed.items())
    assert Employer.objects.count() == 0


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
def test_a_form_of_another_site_is_refused(strict, typed, origin):
    answer = strict.post(PATH, typed, headers={"origin": origin} if origin else {})

    assert (answer.status_code, answer.templates[0].name) == (403, "403_csrf.html")
    assert unsent.SESSION_KEY not in strict.session
