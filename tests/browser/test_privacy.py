"""Personal data on a phone: a consent, an export that the member sees, the copy, a deletion refused with its reason."""

import json
import zipfile

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from members.models import Consent, Disclosed, PersonRequest, User
from members.privacy.default_notice import default_text
from members.privacy.notices import keep_draft, publish_notice
from members.privacy.requests import receive_request
from organizations.models import Action
from tests.browser.test_pages import Look
from tests.make import make_id_number, make_member


@pytest.fixture
def member(site):
    """The record of the first member's account; a notice is in force."""
    user = User.objects.get(email="member@example.org")
    draft = keep_draft(site.association, text=default_text(site.association), valid_from=timezone.localdate())
    publish_notice(draft, actor=User.objects.get(email="manager@example.org"))
    return make_member(
        "李勇", association=site.association, user=user, id_number=make_id_number(7), number="JJ0001"
    )


def test_a_member_agrees_sees_an_export_takes_a_copy_and_reads_why_a_deletion_is_refused(
    site, page, browser, member, tmp_path, settings
):
    look = Look(page, 390, 360)
    site.sign_in(page, "member@example.org")
    look.at("home with a notice to read")
    page.get_by_role("button", name="我已阅读").click()
    expect(page.get_by_role("status")).to_contain_text("感谢您的阅读。")

    # a consent, given and withdrawn by one press each
    page.goto(f"{site.url}/my/data/consents/")
    look.at("consents")
    page.get_by_role("button", name="同意 列入会员通讯录").click()
    expect(page.get_by_role("status")).to_contain_text("已同意")
    page.get_by_role("button", name="同意 接收邮件和短信通知").click()
    page.get_by_role("button", name="撤回 接收邮件和短信通知").click()
    expect(page.get_by_role("status")).to_contain_text("已撤回，即时生效。")
    look.at("consents given and withdrawn")
    given = member.consents.in_force().values_list("purpose", flat=True)
    assert set(given) == {Consent.Purpose.NOTICE, Consent.Purpose.DIRECTORY}

    # the staff look at the record and export it
    desk_context = browser.new_context(locale="zh-CN", accept_downloads=True)
    desk = desk_context.new_page()
    site.sign_in(desk)
    staff = Look(desk, 1280, 360)
    desk.goto(f"{site.url}{member.get_absolute_url()}")
    staff.at("member with consents")
    desk.get_by_role("link", name="查看与登记").click()
    staff.at("consents of a member")
    desk.goto(f"{site.url}/admin/members/member/export/")
    desk.get_by_role("button", name="通讯录").click()
    desk.get_by_role("button", name="下一步：核对并导出").click()
    desk.get_by_label("事由").fill("报送年度名册")
    desk.get_by_label("接收单位").fill("区委统战部")
    with desk.expect_download():
        desk.get_by_role("button", name="导出", exact=True).click()
    expect(desk.get_by_text("文件已生成，开始下载")).to_be_visible()
    assert Disclosed.objects.get().member == member

    # the member sees both
    page.get_by_role("link", name="我的档案").first.click()
    expect(page.get_by_text("报送年度名册")).to_be_visible()
    expect(page.get_by_text("区委统战部")).to_be_visible()
    page.get_by_text("谁打开过我的资料").click()
    expect(page.locator("details", has_text="谁打开过我的资料")).to_contain_text("秘书")
    look.at("my file")

    # the copy, with the number after the password once more: the sign-in is some time ago
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 10
    page.wait_for_timeout(10_000)
    page.get_by_label("包含证件号码全号").check()
    page.get_by_role("button", name="下载副本").click()
    look.at("asked for the password")
    page.locator("[name=password]").fill(site.passwords["member@example.org"])
    with page.expect_download() as download:
        page.locator("[name=password]").press("Enter")
    path = tmp_path / "copy.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as packed:
        content = json.loads(packed.read("个人信息.json"))
    record = {row["field"]: row["value"] for row in content["record"]}
    assert (record["name"], record["id_number"]) == ("李勇", make_id_number(7))
    assert [row["reason"] for row in content["disclosures"]] == ["报送年度名册"]

    # a request
    page.goto(f"{site.url}/my/data/requests/")
    look.at("no request yet")
    page.get_by_role("link", name="提出请求").click()
    page.get_by_label("更正、补充").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明具体内容")
    look.at("refused request")
    page.get_by_label("删除").check()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("status")).to_contain_text("已收到您的请求")
    look.at("request waiting")

    # refused with a reason
    desk.goto(f"{site.url}/admin/")
    desk.get_by_role("link", name="1 项个人信息请求待答复").click()
    staff.at("queue of requests")
    desk.locator("th").get_by_role("link", name="删除").click()
    staff.at("request")
    desk.get_by_role("button", name="不予办理").click()
    expect(desk.locator(".errorlist").first).to_contain_text("请说明理由")
    staff.at("refusal without a reason")
    desk.get_by_label("答复", exact=True).fill("会籍存续期间，章程要求保存会员名册。")
    desk.get_by_role("button", name="不予办理").click()
    expect(desk.locator(".messagelist")).to_contain_text("已答复")
    staff.at("answered request")
    desk_context.close()

    # and read by the member
    page.goto(f"{site.url}/my/")
    page.get_by_role("link", name="您的请求已有答复：删除").click()
    expect(page.locator("#main")).to_contain_text("章程要求保存会员名册")
    page.goto(f"{site.url}/my/data/requests/")
    expect(page.get_by_text("不予办理的理由")).to_be_visible()
    look.at("refused with a reason")
    assert PersonRequest.objects.get().state == "refused"
    look.passes()
    staff.passes()


def test_a_consent_is_given_without_scripts(site, browser, member):
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page, "member@example.org")

    page.goto(f"{site.url}/my/data/consents/")
    page.get_by_role("button", name="同意 列入会员通讯录").click()

    expect(page.get_by_role("status")).to_contain_text("已同意")
    context.close()


def test_the_staffs_pages_are_accessible_chinese_and_fit_the_screen(site, page, member):
    row = receive_request(site.association, kind="relative", asker="王某（配偶）", text="查阅")
    keep_draft(site.association, text="一、目的\n- 会籍管理", valid_from=timezone.localdate())
    site.sign_in(page, "manager@example.org")
    details = {
        "count": 1,
        "fields": ["姓名", "手机"],
        "reason": "年检",
        "recipient": "区民政局",
        "filter": "全部会员",
    }
    action = Action.objects.create(kind=Action.Kind.EXPORT, association=site.association, details=details)
    action.disclosed.note(action, [member.pk])
    notices = site.association.notices.order_by("version")
    pages = {
        "notices": "/members/notices/",
        "notice": f"/members/notices/{notices[0].pk}/",
        "draft": f"/members/notices/{notices[1].pk}/",
        "notice form": f"/members/notices/draft/{site.association.pk}/",
        "public notice": f"/notice/{site.association.code}/",
        "requests": "/members/person-requests/",
        "closed requests": "/members/person-requests/?shown=closed",
        "entering a request": "/members/person-requests/new/",
        "request of a relative": f"/members/person-requests/{row.pk}/",
        "log of exports": "/members/disclosures/",
        "export": f"/members/disclosures/{action.pk}/",
    }
    looks = [Look(page, 1280, 360), Look(page, 390, 360)]

    for look in looks:
        look.at_each(site.url, pages)

    for look in looks:
        look.passes()
