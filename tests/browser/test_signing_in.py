"""A colleague's first day with the second factor: led to it, passkey, app, recovery codes; and the pages on a phone."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from playwright.sync_api import expect

from members.models import User
from tests.browser.test_pages import Look

EMAIL = "secretary@example.org"


@pytest.fixture(autouse=True)
def demanded(settings):
    cache.clear()
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def fingerprint(page):
    """A device with a fingerprint reader, as the browser sees it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@pytest.fixture
def url(site):
    """The site by the name that passkeys are bound to: an address in digits cannot have any."""
    return re.sub(r"//[^:/]+", "//localhost", site.url)


def type_password(page, site, url):
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("邮箱或手机号").fill(EMAIL)
    page.get_by_label("密码", exact=True).fill(site.passwords[EMAIL])
    page.get_by_role("button", name="登录", exact=True).click()


def leave(page, url):
    page.goto(f"{url}/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/**")


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_passkey_is_added_on_the_way_in_and_signs_in_alone(site, url, page, fingerprint):
    type_password(page, site, url)
    page.wait_for_url("**/accounts/second-factor/")

    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="我已妥善保存，继续").click()
    page.wait_for_url("**/admin/")
    leave(page, url)
    page.get_by_role("button", name="使用通行密钥登录").click()
    page.wait_for_url("**/admin/")

    assert str(Authenticator.objects.get(type="webauthn")) == "办公室电脑"
    page.goto(f"{url}/accounts/sessions/")
    expect(page.get_by_text("通行密钥").first).to_be_visible()


def test_passkey_as_the_second_step(site, url, page, fingerprint):
    type_password(page, site, url)
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_role("button", name="添加通行密钥").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    leave(page, url)

    type_password(page, site, url)
    page.get_by_role("button", name="使用通行密钥").click()

    page.wait_for_url("**/admin/")


def test_app_is_set_up_by_its_code_and_a_recovery_code_works_once(site, url, page):
    type_password(page, site, url)
    page.get_by_role("link", name="设置验证器应用").click()
    page.get_by_label("6 位验证码").fill(code_now(page.get_by_label("密钥").input_value()))
    page.get_by_role("button", name="启用").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    code = page.locator(".codes li").first.inner_text()
    leave(page, url)

    type_password(page, site, url)
    page.get_by_label("应用显示的验证码或恢复码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/admin/")
    leave(page, url)
    type_password(page, site, url)
    page.get_by_label("应用显示的验证码或恢复码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_text("验证码不正确，或已经用过。", exact=True)).to_be_visible()
    user = User.objects.get(email=EMAIL)
    assert (
        len(RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes())
        == 9
    )


def test_without_a_passkey_the_page_says_so(site, url, page, fingerprint):
    page.goto(f"{url}/accounts/login/")

    page.get_by_role("button", name="使用通行密钥登录").click()

    expect(page.get_by_role("alert").filter(has_text="没有成功")).to_be_visible()


@pytest.mark.parametrize(("width", "narrowest"), [(1280, 1280), (390, 360)], ids=["wide", "phone"])
def test_pages_of_signing_in_are_accessible_chinese_and_fit_the_screen(
    site, url, page, fingerprint, width, narrowest
):
    look = Look(page, width, narrowest)
    page.goto(f"{url}/accounts/login/code/")
    look.at("code")
    page.get_by_label("邮箱或手机号").fill("stranger@example.org")
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/confirm/")
    look.at("code sent")
    page.get_by_role("button", name="其他登录方式").click()
    type_password(page, site, url)
    page.wait_for_url("**/accounts/second-factor/")
    look.at("set up")
    page.get_by_role("link", name="设置验证器应用").click()
    page.wait_for_url("**/totp/activate/")
    look.at("app")
    page.get_by_label("6 位验证码").fill(code_now(page.get_by_label("密钥").input_value()))
    page.get_by_role("button", name="启用").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    look.at("recovery codes")
    page.goto(f"{url}/accounts/2fa/webauthn/add/")
    look.at("new passkey")
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    page.wait_for_url("**/accounts/2fa/")
    key = Authenticator.objects.get(type="webauthn").pk
    look.at_each(
        url,
        {
            "two steps": "/accounts/2fa/",
            "passkeys": "/accounts/2fa/webauthn/",
            "renaming a passkey": f"/accounts/2fa/webauthn/keys/{key}/edit/",
            "removing a passkey": f"/accounts/2fa/webauthn/keys/{key}/remove/",
            "removing the app": "/accounts/2fa/totp/deactivate/",
            "new recovery codes": "/accounts/2fa/recovery-codes/generate/",
            "once more by code": "/accounts/2fa/reauthenticate/",
            "once more by passkey": "/accounts/2fa/webauthn/reauthenticate/",
            "devices": "/accounts/sessions/",
        },
    )
    leave(page, url)
    type_password(page, site, url)
    page.wait_for_url("**/accounts/2fa/authenticate/")
    look.at("second step")

    look.passes()


def test_account_page_of_a_colleague_is_accessible_chinese_and_fits_the_screen(site, page, settings):
    settings.STAFF_SECOND_FACTOR = False
    look = Look(page, 390, 360)
    site.sign_in(page, "manager@example.org")
    user = User.objects.get(email=EMAIL)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "办公室电脑", "credential": {}})

    page.goto(f"{site.url}/admin/members/user/{user.pk}/signing-in/")
    page.get_by_text("移除第二因素").first.click()
    page.get_by_role("button", name="移除第二因素").click()
    look.at("removal without a reason")

    look.passes()
