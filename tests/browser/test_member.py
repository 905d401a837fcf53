"""One member on the screen: found, read, corrected by section; two at once; masks; a number shown; the paper form."""

import re

import pytest
from playwright.sync_api import expect

from members.models import Member
from members.rights import HIDDEN, Role
from organizations.models import Action
from tests.browser.test_pages import Look
from tests.make import PASSWORD, grant, make_employer, make_id_number, make_member, make_user

REASON = "为办理会员证核对身份"


@pytest.fixture
def member(site):
    return make_member(
        "欧阳一",
        association=site.association,
        employer=make_employer("重庆百合律师事务所", association=site.association),
        position="律师",
        category="中介组织和社会组织从业人员",
        mobile="13800000007",
        birth="1985-06-15",
        political_status="群众",
        address="几江街道一号",
        id_number=make_id_number(7),
    )


def sign_in_as(site, page, role, email):
    grant(make_user(email), role, site.association)
    site.passwords[email] = PASSWORD
    site.sign_in(page, email)


def test_found_by_initials_read_corrected_by_section_and_told_by_the_history(site, page, member):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/?q={member.initials}")
    expect(page.locator("#result_list").get_by_role("link", name="欧阳一", exact=True)).to_be_visible()

    page.goto(site.url + member.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧阳一")
    expect(page.get_by_role("link", name="13800000007").first).to_have_attribute("href", "tel:13800000007")
    page.get_by_role("link", name="编辑 工作").click()
    page.locator("[name=position]").fill("合伙人")
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.locator(".messagelist")).to_contain_text("欧阳一：已保存职务。")
    expect(page).to_have_url(site.url + member.get_absolute_url())
    expect(page.locator(".member-history")).to_contain_text("合伙人")
    page.get_by_role("link", name="全部历史").click()
    expect(page.locator("#content")).to_contain_text("合伙人")


def test_the_arrow_keys_go_to_the_neighbours(site, page, member):
    site.sign_in(page)
    page.goto(site.url + member.get_absolute_url())
    second = make_member("欧阳二", association=site.association)

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("欧阳一")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧阳一")

    assert Member.objects.filter(pk=second.pk).exists()


def test_two_editors_the_second_sees_the_difference_and_chooses(site, page, browser, member):
    address = f"{site.url}{member.get_absolute_url()}edit/work/"
    site.sign_in(page)
    page.goto(address)
    context = browser.new_context(locale="zh-CN")
    other = context.new_page()
    sign_in_as(site, other, Role.SECRETARY, "second@example.org")
    other.goto(address)

    other.locator("[name=position]").fill("主任")
    other.get_by_role("button", name="保存", exact=True).click()
    expect(other.locator(".messagelist")).to_contain_text("已保存职务")
    page.locator("[name=position]").fill("合伙人")
    page.locator("[name=occupation]").fill("律师")
    page.get_by_role("button", name="保存", exact=True).click()

    conflicts = page.locator(".conflicts")
    expect(conflicts).to_contain_text("second@example.org")
    expect(conflicts).to_contain_text("主任")
    expect(conflicts.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.locator("[name=position]")).to_have_value("合伙人")
    conflicts.get_by_label("您填写的：").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("已保存职务、职业")

    member.refresh_from_db()
    assert (member.position, member.occupation) == ("合伙人", "律师")
    context.close()


def test_a_viewer_sees_masks_everywhere(site, page, member):
    sign_in_as(site, page, Role.VIEWER, "viewer@example.org")
    secrets = ["13800000007", "1985-06", "1985.06", "群众", "几江街道一号", make_id_number(7), "500116****"]
    shown = {}

    for name in ("", "form/", "history/", "change/"):
        page.goto(site.url + member.get_absolute_url() + name)
        text = page.locator("#content").inner_text()
        shown[name] = [secret for secret in secrets if secret in text]
        if name != "history/":
            assert "138****0007" in text and HIDDEN in text
    page.goto(f"{site.url}/admin/members/member/?q={member.initials}")
    shown["list"] = [secret for secret in secrets if secret in page.locator("#result_list").inner_text()]

    assert shown == {name: [] for name in ("", "form/", "history/", "change/", "list")}


def test_an_identity_number_is_shown_with_a_reason_and_recorded(site, page, member):
    site.sign_in(page)
    page.goto(site.url + member.get_absolute_url())

    page.get_by_role("link", name="查看完整号码").click()
    page.get_by_label("事由").fill(REASON)
    page.get_by_role("button", name="显示完整号码").click()
    expect(page.locator(".revealed")).to_have_text(make_id_number(7))
    page.get_by_role("link", name="返回会员页面").click()

    expect(page.locator("#content")).not_to_contain_text(make_id_number(7))
    expect(page.locator(".member-history")).to_contain_text(REASON)
    assert Action.objects.get(kind=Action.Kind.REVEAL).note == REASON


def test_a_manager_reads_who_may_read_what(site, page):
    look = Look(page, 390, 360)
    site.sign_in(page, "manager@example.org")

    page.goto(f"{site.url}/members/rights/")
    look.at("roles and fields")

    assert not look.faults, "\n".join(look.faults)
    expect(page.locator("#content")).to_contain_text("各角色可以查看的字段类别")


def pages_in(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_the_registration_form_prints_on_one_page_of_a4(site, page, member):
    site.sign_in(page)
    page.goto(f"{site.url}{member.get_absolute_url()}form/")
    page.emulate_media(media="print")

    pdf = page.pdf(prefer_css_page_size=True)

    assert pages_in(pdf) == 1
    [box] = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [round(float(side)) for side in box] == [595, 842]
    shown = [
        page.locator(part).first.is_visible()
        for part in (".paper", "#header", "#nav-sidebar", ".paper-tools")
    ]
    assert shown == [True, False, False, False]


def test_long_texts_flow_to_further_pages_of_the_form(site, page, member):
    member.honours = "、".join(f"第{number}次获奖" for number in range(600))
    member.save()
    site.sign_in(page)
    page.goto(f"{site.url}{member.get_absolute_url()}form/")

    assert pages_in(page.pdf(prefer_css_page_size=True)) > 1
