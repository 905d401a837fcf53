"""The first visit: looking changes nothing, an account is opened once, every dead link says what to do."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.invitations import joining
from members.invitations.joining import Closed, Taken, open_account, reserve_key
from members.invitations.services import revoke_invitation
from members.models import Consent, Invitation, Member, Notice, User
from members.models.links import new_token
from members.rights import Role
from organizations.models import Action
from tests.make import PASSWORD, grant, make_member, make_user
from tests.members.invitations.invited import make_invitation

pytestmark = pytest.mark.django_db

HOME = "/my/"


@pytest.fixture
def member(home):
    return make_member("欧阳一", association=home, mobile="138 0000 0007", email="Ouyang@example.org")


@pytest.fixture
def invitation(member):
    return make_invitation(member)


def address(invitation, name="join"):
    return reverse(name, args=[invitation.token])


def begin(client, invitation, **data):
    return client.post(address(invitation), data)


def give(client, invitation, **data):
    """Send the form of the account, with a good password unless told otherwise."""
    fields = {"phone": "13800000007", "email": "", "password": PASSWORD, **data}
    return client.post(address(invitation, "join_account"), fields)


def text_of(response):
    page = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<body") :]))


def is_open(invitation):
    return Invitation.objects.get(pk=invitation.pk).state == "open"


# -- looking


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_uses_nothing_up_and_tells_nothing(client, invitation, method):
    for _ in range(3):
        getattr(client, method)(address(invitation))
        getattr(client, method)(address(invitation, "join_account"))

    assert is_open(invitation)
    assert not User.objects.filter(phone="13800000007").exists()


def test_the_page_says_who_invites_and_one_character_of_the_name(client, invitation):
    response = client.get(address(invitation))

    text = text_of(response)
    assert "江津联合会" in text and "欧*，邀请您开通会员账号" in text
    assert [secret for secret in ("欧阳", "13800000007", "138 0000", "example.org") if secret in text] == []
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_the_form_is_filled_in_for_who_pressed_the_button_only(client, invitation):
    early = client.get(address(invitation, "join_account"))
    begin(client, invitation)
    page = client.get(address(invitation, "join_account")).content.decode()

    assert early.url == address(invitation)
    assert 'value="13800000007"' in page and 'value="ouyang@example.org"' in page


@pytest.mark.parametrize(
    "spelling", [str.upper, lambda token: token.replace("-", ""), lambda token: f" {token} "]
)
def test_a_code_is_read_as_people_type_it(client, invitation, spelling):
    response = client.post(reverse("join_code"), {"code": spelling(invitation.token)}, follow=True)

    assert response.redirect_chain == [(address(invitation), 302)]
    assert "邀请您开通会员账号" in text_of(response)


@pytest.mark.parametrize("code", ["", "abcd", "abcd-efgh-jkmn", "x" * 200, "\x00", "张三"])
def test_what_is_no_code_is_said(client, db, code):
    response = client.post(reverse("join_code"), {"code": code})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])


# -- a password


def test_a_member_opens_the_account_and_is_in(client, invitation, member):
    begin(client, invitation)
    response = give(client, invitation, email="ouyang@example.org")

    member.refresh_from_db()
    user = member.user
    assert (response.status_code, response.url) == (302, HOME)
    assert get_user(client) == user
    assert (user.phone, user.email, user.name) == ("13800000007", "ouyang@example.org", "欧阳一")
    assert user.check_password(PASSWORD)
    assert not user.is_staff
    assert Invitation.objects.get().state == "used"
    assert "欢迎您，欧阳一" in text_of(client.get(HOME))


def test_the_sign_in_is_one_of_the_devices_on_the_list(client, invitation, member):
    begin(client, invitation)
    give(client, invitation)
    client.get(HOME)

    assert [row.user for row in UserSession.objects.all()] == [Member.objects.get(pk=member.pk).user]


def test_history_says_that_the_member_did_it(client, invitation, member):
    begin(client, invitation)
    give(client, invitation)

    action = Action.objects.order_by("pk").last()
    member.refresh_from_db()
    assert (action.note, action.actor) == ("凭邀请开通账号", member.user)
    assert sorted(change.content_type.model for change in action.changes.all()) == [
        "invitation",
        "member",
        "user",
    ]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"phone": ""}, "__all__"),
        ({"phone": "12345"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890123"}, "password"),
        ({"password2": "another password"}, "password2"),
        ({"password2": ""}, "password2"),
        ({"password": "x" * 200}, "password"),
        ({"phone": "\x00"}, "phone"),
    ],
)
def test_bad_input_is_said_and_the_link_stays_good(client, invitation, data, field):
    begin(client, invitation)
    response = give(client, invitation, **data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert is_open(invitation)


def test_without_scripts_the_password_is_typed_twice(client, invitation):
    begin(client, invitation)
    page = client.get(address(invitation, "join_account")).content.decode()
    response = give(client, invitation, password2=PASSWORD)

    assert page.count('type="password"') == 2
    assert response.url == HOME


@pytest.mark.parametrize(
    ("data", "field"), [({"phone": "+86 138 0000 0001"}, "phone"), ({"email": "Zhang@example.org"}, "email")]
)
def test_what_another_account_signs_in_with_is_refused_without_telling(client, invitation, data, field):
    make_user(email="zhang@example.org", phone="13800000001", name="张三丰")
    begin(client, invitation)
    response = give(client, invitation, **data)

    [error] = response.context["form"].errors[field]
    assert "不能在这里使用" in error and "秘书处" in error
    assert "张三丰" not in text_of(response)
    assert is_open(invitation)


def test_an_address_confirmed_by_another_account_is_taken(invitation):
    EmailAddress.objects.create(user=make_user(), email="zhang@example.org", verified=True)

    with pytest.raises(Taken, match="email"):
        open_account(invitation, email="zhang@example.org", phone="", password=PASSWORD)


def test_the_mailbox_to_which_the_letter_went_counts_as_confirmed(client, member):
    row = make_invitation(member, way="email")
    begin(client, row)
    give(client, row, email="ouyang@example.org")

    assert EmailAddress.objects.filter(email="ouyang@example.org", verified=True, primary=True).count() == 1


def test_another_mailbox_is_not_confirmed(client, member):
    row = make_invitation(member, way="email")
    begin(client, row)
    give(client, row, email="other@example.org")

    assert not EmailAddress.objects.filter(verified=True).exists()


# -- once


def test_two_tabs_open_one_account_and_the_second_is_told(invitation):
    one, two = Client(), Client()
    for browser in (one, two):
        begin(browser, invitation)
    first = give(one, invitation)
    second = give(two, invitation, phone="13800000008")

    assert first.url == HOME
    assert second.status_code == 410 and "邀请已使用" in text_of(second)
    assert User.objects.filter(phone__startswith="1380000000").count() == 1


def test_the_same_form_sent_twice_leads_to_the_own_pages(client, invitation):
    begin(client, invitation)
    give(client, invitation)
    again = give(client, invitation)

    assert (again.status_code, again.url) == (302, HOME)


def test_of_two_at_once_the_second_finds_it_used(invitation):
    stale = joining.find_invitation(invitation.token)
    open_account(invitation, email="", phone="13800000007", password=PASSWORD)

    with pytest.raises(Closed, match="used"):
        open_account(stale, email="", phone="13800000008", password=PASSWORD)


def test_a_refused_try_leaves_nothing_behind(invitation):
    def broken(user):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        open_account(invitation, email="", phone="13800000007", add_key=broken)

    assert is_open(invitation)
    assert not User.objects.filter(phone="13800000007").exists()


def test_a_form_without_its_token_is_refused_and_not_kept_for_who_was_here_before(invitation):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user())
    browser.get("/my/")
    browser.cookies.pop("sessionid")

    response = browser.post(address(invitation), headers={"Origin": "http://testserver"})

    assert (response.status_code, is_open(invitation)) == (403, True)


# -- dead links


def test_unknown_links_are_404_and_say_what_to_do(client, db):
    response = client.get(reverse("join", args=[new_token()]))

    assert response.status_code == 404
    assert "没有找到这份邀请" in text_of(response) and "输入邀请码" in text_of(response)


@pytest.mark.parametrize("token", ["x", "%00", "a" * 300, "..", "张三"])
def test_nonsense_is_an_unknown_link(client, db, token):
    assert client.get(f"/join/{token}/").status_code in (404, 400)


def test_an_expired_link_offers_to_ask_for_another_which_the_staff_sees(client, member, home):
    row = make_invitation(member, expired=True)
    page = client.get(address(row))
    for _ in range(2):
        answer = client.post(address(row, "join_again"))
    secretary = make_user()
    grant(secretary, Role.SECRETARY, home)
    client.force_login(secretary)

    assert (page.status_code, answer.status_code) == (410, 200)
    assert "邀请已过期" in text_of(page) and "请秘书处重新发送" in text_of(page)
    assert "已告知秘书处" in text_of(answer)
    assert "1 名会员请求重新发送邀请" in text_of(client.get("/admin/"))
    assert "请求重新发送" in text_of(client.get(reverse("members:invitations"), {"state": "expired"}))


def test_only_with_an_expired_link_another_is_asked_for(client, invitation):
    client.post(address(invitation, "join_again"))

    assert Invitation.objects.get().asked_at is None


@pytest.mark.parametrize("way", ["revoked", "replaced", "left", "account"])
def test_other_dead_links_say_why(client, invitation, member, way):
    if way == "revoked":
        revoke_invitation(member, actor=make_user())
    elif way == "replaced":
        make_invitation(member)
    elif way == "left":
        Member.objects.filter(pk=member.pk).update(status="退会")
    else:
        Member.objects.filter(pk=member.pk).update(user=make_user())
    response = client.get(address(invitation))

    said = {
        "revoked": "邀请已撤回",
        "replaced": "已有更新的邀请",
        "left": "邀请已撤回",
        "account": "邀请已使用",
    }
    assert response.status_code == 410
    assert said[way] in text_of(response)
    assert "欧阳" not in text_of(response)


def test_a_link_that_died_while_the_form_was_open_says_so(client, invitation, member):
    begin(client, invitation)
    revoke_invitation(member, actor=make_user())

    response = give(client, invitation)

    assert response.status_code == 410
    assert not User.objects.filter(phone="13800000007").exists()


# -- somebody is signed in


def test_who_has_a_record_must_sign_out_first(client, invitation, home):
    user = make_user(name="张三")
    make_member("张三", association=home, user=user)
    client.force_login(user)

    shown = client.get(address(invitation))
    sent = client.post(address(invitation), {"do": "connect"})

    assert [text_of(page).count("当前登录的是另一个账号") for page in (shown, sent)] == [1, 1]
    assert "退出当前账号并打开邀请" in text_of(shown)
    assert is_open(invitation)


def test_an_account_without_record_is_connected_after_confirming(client, invitation, member):
    user = make_user(name="陈秘书")
    client.force_login(user)

    shown = client.get(address(invitation))
    pressed_begin = client.post(address(invitation))
    before = Member.objects.get(pk=member.pk).user
    sent = client.post(address(invitation), {"do": "connect"})

    assert "您当前以陈秘书登录" in text_of(shown)
    assert (pressed_begin.status_code, before) == (200, None)
    assert (sent.url, Member.objects.get(pk=member.pk).user) == (HOME, user)
    assert Action.objects.order_by("pk").last().note == "凭邀请关联账号"


def test_who_used_the_link_is_led_to_the_own_pages(client, invitation):
    begin(client, invitation)
    give(client, invitation)

    assert client.get(address(invitation)).url == HOME


# -- the notice on personal data


@pytest.fixture
def notice(home):
    return Notice.objects.create(
        association=home,
        version=2,
        valid_from="2026-01-01",
        text="我们只收集必要的信息。",
        published_at=timezone.now(),
    )


def test_the_notice_in_force_is_read_first_and_recorded(client, invitation, member, notice):
    shown = client.get(address(invitation))
    unread = begin(client, invitation, version=2)
    read = begin(client, invitation, version=2, read="on")
    give(client, invitation)

    assert "我们只收集必要的信息。" in text_of(shown)
    assert (unread.status_code, list(unread.context["form"].errors)) == (422, ["read"])
    assert read.url == address(invitation, "join_account")
    consent = Consent.objects.get()
    assert (consent.member, consent.purpose, consent.way, consent.notice) == (
        member,
        "notice",
        "self",
        notice,
    )
    assert consent.given_by == Member.objects.get(pk=member.pk).user


def test_a_notice_that_changed_meanwhile_is_shown_anew(client, invitation, notice):
    response = begin(client, invitation, version=1, read="on")

    assert list(response.context["form"].errors) == ["version"]


def test_without_a_notice_nothing_stands_in_the_way(client, invitation):
    begin(client, invitation)
    give(client, invitation)

    assert not Consent.objects.exists()


# -- a passkey


def ask_for_passkey(client, invitation, **data):
    fields = {"phone": "13800000007", "email": "", **data}
    return client.post(address(invitation, "join_passkey"), fields)


def test_options_for_a_passkey_store_nothing(client, invitation):
    begin(client, invitation)
    before = User.objects.count()
    options = ask_for_passkey(client, invitation).json()["publicKey"]
    again = ask_for_passkey(client, invitation).json()["publicKey"]

    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["user"]["id"] == again["user"]["id"]
    assert (User.objects.count(), is_open(invitation)) == (before, True)


def test_options_need_the_button_pressed_and_something_to_sign_in_with(client, invitation):
    early = ask_for_passkey(client, invitation)
    begin(client, invitation)
    empty = ask_for_passkey(client, invitation, phone="")

    assert (early.status_code, empty.status_code) == (409, 422)
    assert "请填写登录用的手机号或邮箱" in empty.json()["message"]


@pytest.mark.parametrize("credential", ["{}", "[]", "x", '{"id": "a"}', json.dumps({"id": "a" * 30_000})])
def test_a_passkey_that_is_none_opens_nothing(client, invitation, credential):
    begin(client, invitation)
    ask_for_passkey(client, invitation)
    response = give(client, invitation, credential=credential, password="")

    assert response.status_code == 422
    assert is_open(invitation)
    assert not Authenticator.objects.exists()


def test_a_reserved_key_is_given_to_nobody_else():
    reserved = reserve_key()
    others = [make_user().pk for _ in range(3)]

    assert reserved not in others
    assert make_user(pk=reserved).pk == reserved


# -- limits and logs


def test_links_that_nobody_was_sent_are_refused_after_a_while(client, settings, invitation):
    settings.LIMITS = settings.LIMITS | {"join_code": "3/1h/ip"}

    tries = [client.get(reverse("join", args=[new_token()])).status_code for _ in range(4)]

    assert tries == [404, 404, 404, 429]
    assert client.get(address(invitation)).status_code == 200


def test_forms_of_one_link_are_counted(client, settings, invitation):
    settings.LIMITS = settings.LIMITS | {"join": "3/1h/key"}

    tries = [begin(client, invitation).status_code for _ in range(4)]

    assert tries == [302, 302, 302, 429]


def test_looking_takes_few_statements(client, invitation, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        client.get(address(invitation))
