"""The evidence record in the browser: attendance entered, contested on the phone, answered, read again."""

import pytest
from playwright.sync_api import expect

from members.models import User
from tests.activities.evidence.made import attended, gave, honoured, served, took_part
from tests.browser.test_pages import SCREENS, Look, look  # noqa: F401 (a fixture)
from tests.browser.test_portal import PHONE, fits
from tests.make import make_body, make_member


@pytest.fixture
def register(site):
    """A member with something in every group of a year."""
    user = User.objects.get(email="member@example.org")
    site.member = make_member("欧阳明华", association=site.association, user=user)
    site.row = took_part(site.member, title="春季走访", presence="absent")
    took_part(site.member, "2026-04-01", title="未定的活动", settled=False)
    attended(site.member, make_body("committee", association=site.association))
    served(site.member, field="法律援助")
    gave(site.member)
    honoured(site.member)
    return site


def test_a_line_is_contested_on_the_phone_and_answered(register, browser):
    phone = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False).new_page()
    register.sign_in(phone, "member@example.org")
    phone.goto(f"{register.url}/my/activities/record/")
    phone.locator(f"#participation-{register.row.pk}").get_by_role("link", name="这里不对").click()
    phone.get_by_label("哪里不对").fill("我到了，坐在后排。")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_text("谢谢您的反馈")).to_be_visible()
    fits(phone)

    staff = browser.new_context(locale="zh-CN").new_page()
    register.sign_in(staff, "secretary@example.org")
    staff.goto(f"{register.url}/activities/records/remarks/")
    staff.get_by_role("link", name="欧阳明华").click()
    expect(staff.get_by_text("我到了，坐在后排。")).to_be_visible()
    expect(staff.get_by_role("link", name="更正活动考勤")).to_be_visible()
    staff.get_by_label("属实").check()
    staff.get_by_label("答复", exact=True).fill("核对照片，已更正。")
    staff.get_by_role("button", name="发送答复").click()
    expect(staff.get_by_text("已答复欧阳明华")).to_be_visible()

    phone.goto(f"{register.url}/my/activities/record/remarks/")
    expect(phone.get_by_text("核对照片，已更正。")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_accessible_chinese_and_fit_the_screen(register, page, screen):
    remark = register.member.objections.create(source="missing", about="履职记录有遗漏", text="缺一次")
    seen = Look(page, *SCREENS[screen])
    register.sign_in(page, "manager@example.org")
    seen.at_each(
        register.url,
        {
            "table": "/activities/records/?year=2026",
            "nobody": "/activities/records/?q=查无此人",
            "taking out": "/activities/records/export/?year=2026",
            "record": f"/activities/records/{register.member.pk}/?year=2026",
            "remarks": "/activities/records/remarks/",
            "none": "/activities/records/remarks/?state=rejected",
            "remark": f"/activities/records/remarks/{remark.pk}/",
        },
    )
    seen.passes()


def test_own_pages_are_accessible_chinese_and_fit_the_screen(register, page, look):  # noqa: F811
    register.member.objections.create(source="missing", about="履职记录有遗漏", text="缺一次")
    register.sign_in(page, "member@example.org")
    look.at_each(
        register.url,
        {
            "record": "/my/activities/record/",
            "year": "/my/activities/record/2026/",
            "remarks": "/my/activities/record/remarks/",
            "new": f"/my/activities/record/remarks/new/?line=participation-{register.row.pk}",
            "missing": "/my/activities/record/remarks/new/",
        },
    )
