"""Check-in in the browser: the screen of the room, a member's phone with and without network, the staff's camera."""

import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from activities.check_in import codes
from activities.models import Door, Participation, Presence, Scan
from members.models import Member, User
from members.qr import qr_code
from tests.browser.conftest import CHROMIUM
from tests.make import make_activity, make_member, make_participation

PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}


@pytest.fixture
def activity(site):
    return make_activity(
        "滨江路健步走", association=site.association, starts_at=timezone.now() + dt.timedelta(hours=1)
    )


@pytest.fixture
def member(site, activity):
    user = User.objects.get(email="member@example.org")
    person = Member.objects.filter(user=user).first() or make_member(
        "陈晓梅", association=site.association, user=user
    )
    make_participation(activity, person)
    return person


def opened(site, page, activity):
    """The door of `activity`, opened on its page; `page` is on the screen of the room."""
    site.sign_in(page)
    page.goto(f"{site.url}{activity.get_absolute_url()}")
    page.get_by_role("button", name="开放签到").click()
    expect(page.locator("[data-code]")).to_be_visible()
    return Door.objects.get()


def scan_the_screen(site, phone, page, door):
    code = page.locator("[data-code]").inner_text().replace(" ", "")
    phone.goto(f"{site.url}/my/activities/check-in/{door.pk}/{code}/")


def test_from_the_screen_to_the_phone_and_back(site, activity, member, page, browser):
    door = opened(site, page, activity)
    phone = browser.new_context(**PHONE).new_page()
    # not signed in yet: the code is read first
    scan_the_screen(site, phone, page, door)
    phone.get_by_label("邮箱或手机号").fill("member@example.org")
    phone.get_by_label("密码", exact=True).fill(site.passwords["member@example.org"])
    phone.get_by_role("button", name="登录", exact=True).click()

    phone.get_by_role("button", name="我已到场，签到").click()

    expect(phone.locator(".big-mark")).to_contain_text("出席")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    expect(page.locator("[data-live=present]")).to_have_text("1", timeout=10_000)
    phone.reload()
    expect(phone.get_by_text(re.compile("您已于 .* 签到"))).to_be_visible()


def test_without_network_it_waits_on_the_phone_and_counts_once(site, activity, member, page, browser):
    door = opened(site, page, activity)
    context = browser.new_context(**PHONE)
    phone = context.new_page()
    phone.goto(f"{site.url}/")
    phone.get_by_label("邮箱或手机号").fill("member@example.org")
    phone.get_by_label("密码", exact=True).fill(site.passwords["member@example.org"])
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.wait_for_url("**/my/")
    scan_the_screen(site, phone, page, door)

    context.set_offline(True)
    phone.get_by_role("button", name="我已到场，签到").click()
    expect(phone.get_by_text(re.compile("已存在这部手机上.*1"))).to_be_visible()
    assert not Scan.objects.exists()
    context.set_offline(False)

    expect(phone.locator(".big-mark")).to_contain_text("出席", timeout=15_000)
    expect(phone.get_by_text("这部手机上待发送的内容已发送。")).to_be_visible()
    assert Scan.objects.get().outcome == "counted"


def test_the_camera_of_staff_reads_the_members_code(site, activity, member, playwright, tmp_path):
    code = codes.own_code(member)
    film = tmp_path / "camera.mjpeg"
    picture = io.BytesIO()
    qr_code(code).save(picture, kind="png", scale=10, border=4)
    frame, written = Image.new("RGB", (640, 480), "white"), io.BytesIO()
    drawn = Image.open(picture).convert("RGB").resize((400, 400))
    frame.paste(drawn, (120, 40))
    frame.save(written, "JPEG", quality=95)
    film.write_bytes(written.getvalue() * 30)
    camera = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    page = camera.new_context(**PHONE).new_page()
    door = opened(site, page, activity)

    page.goto(f"{site.url}/activities/check-in/{door.pk}/scan/")
    page.get_by_role("button", name="打开摄像头").click()

    expect(page.locator(".scan-result .person")).to_have_text(member.name, timeout=20_000)
    expect(page.locator(".scan-result")).to_contain_text("已签到")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert Participation.objects.get(member=member).presence == Presence.ATTENDED
    camera.close()


def test_staff_scan_without_network_and_nothing_is_doubled(site, activity, member, page, context):
    Member.objects.filter(pk=member.pk).update(number="0007")
    door = opened(site, page, activity)
    page.goto(f"{site.url}/activities/check-in/{door.pk}/scan/")
    # what cannot be loaded is an error of the console
    page.remove_listener("console", site._complain)
    context.set_offline(True)
    page.locator("#text").fill("0007")
    page.keyboard.press("Enter")
    expect(page.locator("[data-queue-state]")).to_contain_text("1")
    context.set_offline(False)

    expect(page.locator(".scan-result .person")).to_have_text(member.name, timeout=15_000)
    assert Scan.objects.get().outcome == "counted"
