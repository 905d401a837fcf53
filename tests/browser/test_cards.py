"""Member cards from the list to the check, and a retention run from the list to putting back; all pages readable."""

import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from members.cards.services import issue_card, revoke_card
from members.models import Member, RetentionRun, User
from members.retention.services import anonymise_run, start_run
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_member
from tests.members.retention.people import make_leaver

YEARS_AGO = "2020-05-31"


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def look(request, page):
    return Look(page, *request.param)


@pytest.fixture
def people(site):
    """Two members in force with numbers, one without, and the account of the first."""
    user = User.objects.get(email="member@example.org")
    first = make_member(
        "欧阳一",
        number="JJ0001",
        association=site.association,
        user=user,
        category="中介组织和社会组织从业人员",
    )
    return first, make_member("钱二", number="JJ0002", association=site.association), make_member("孙三")


def test_a_card_is_issued_shown_on_the_phone_and_checked_by_a_stranger(site, page, browser, people):
    site.sign_in(page)
    page.goto(f"{site.url}/members/cards/?state=none")
    page.get_by_label("欧阳一").check()
    page.get_by_label("孙三").check()
    page.get_by_role("button", name="办理会员证").click()
    expect(page.locator(".messagelist")).to_contain_text("已发放 1 张会员证。")
    expect(page.locator(".messagelist")).to_contain_text("孙三")

    context = browser.new_context(
        locale="zh-CN", java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    phone = context.new_page()
    site.sign_in(phone, "member@example.org")
    phone.goto(f"{site.url}/my/card/")
    expect(phone.get_by_text("本证有效")).to_be_visible()
    expect(phone.locator(".member-card")).to_contain_text("JJ0001")
    address = phone.get_by_role("link", name="查看核验页面").get_attribute("href")
    file = phone.request.get(f"{site.url}/my/card/print/")
    assert len(PdfReader(io.BytesIO(file.body())).pages) == 2
    context.close()

    stranger = browser.new_context(locale="zh-CN").new_page()
    stranger.goto(f"{site.url}{address}")
    expect(stranger.get_by_text("本证有效")).to_be_visible()
    expect(stranger.locator("main")).to_contain_text("欧阳一")
    expect(stranger.locator("main")).not_to_contain_text("中介组织")

    page.goto(f"{site.url}/members/{people[0].pk}/cards/")
    page.get_by_role("button", name="注销会员证").click()
    expect(page.locator(".messagelist")).to_contain_text("会员证已注销")
    stranger.reload()
    expect(stranger.get_by_text("本证已失效")).to_be_visible()
    stranger.goto(f"{site.url}/card/")
    stranger.get_by_label("核验码").fill("abcd-efgh-jkmn-pqrs")
    stranger.get_by_role("button", name="核验").click()
    expect(stranger.get_by_text("未查到此证")).to_be_visible()
    stranger.context.close()


def test_pages_of_cards_are_accessible_chinese_and_fit_the_screen(site, page, look, people):
    first, second, third = people
    card = issue_card(first, actor=None)
    old = issue_card(second, actor=None, on=dt.date(2015, 1, 1))
    look.at_each(site.url, {
        "valid": card.get_absolute_url(), "expired": old.get_absolute_url(), "unknown": "/card/none/", "find": "/card/",
    })  # fmt: skip
    site.sign_in(page)
    look.at_each(site.url, {
        "list": "/members/cards/", "nobody": "/members/cards/?q=无", "one": f"/members/{first.pk}/cards/",
        "none": f"/members/{third.pk}/cards/",
    })  # fmt: skip
    page.context.clear_cookies()
    site.sign_in(page, "member@example.org")
    look.at_each(site.url, {"own": "/my/card/"})
    revoke_card(card)
    look.at_each(site.url, {"own revoked": "/my/card/", "revoked": card.get_absolute_url()})

    look.passes()


def test_a_page_to_print_fits_the_cards_on_paper(site, page, people, monkeypatch):
    monkeypatch.setattr("members.cards.views.pdf_is_there", lambda: False)
    issue_card(people[0], actor=None)
    site.sign_in(page)
    page.goto(f"{site.url}/members/{people[0].pk}/cards/")
    page.get_by_role("button", name="打印", exact=True).click()
    page.emulate_media(media="print")

    box = page.locator(".paper-card").bounding_box()
    # 171.2 × 54 mm at 96 points an inch, and the edge
    assert (round(box["width"]), round(box["height"])) == (647, 204)


# -- retention


def over(association, *members):
    return start_run(association, members, actor=None, on=timezone.localdate() - dt.timedelta(days=40))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_run_from_the_list_to_putting_back_and_the_purge(site, browser, browser_context_args, scripts):
    make_leaver(site.association, left_on=YEARS_AGO, name="欧阳一")
    make_leaver(site.association, left_on=YEARS_AGO, name="钱二")
    context = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = context.new_page()
    site.sign_in(page, "manager@example.org")
    page.get_by_role("link", name="资料保存期限").click()
    page.get_by_role("button", name="将勾选的人员列入批次").click()
    expect(page.locator(".messagelist")).to_contain_text("批次已启动")

    page.get_by_role("link", name="移出 钱二").click()
    page.locator("[name=reason]").fill("涉诉")
    page.get_by_role("button", name="移出").click()
    expect(page.locator("main, #content").first).to_contain_text("涉诉")

    RetentionRun.objects.update(grace_until=timezone.localdate() - dt.timedelta(days=1))
    page.reload()
    page.get_by_role("button", name="将名单上的资料匿名化").click()
    expect(page.locator(".messagelist")).to_contain_text("已匿名化 1 份资料")
    assert sorted(Member.objects.values_list("name", flat=True)) == ["钱二", "（已匿名）"]

    page.get_by_role("link", name=re.compile("恢复 欧阳一")).click()
    page.get_by_role("button", name="恢复").click()
    expect(page.locator(".messagelist")).to_contain_text("欧阳一的资料已恢复。")

    run = over(site.association, Member.objects.get(name="欧阳一"))
    anonymise_run(run, actor=None)
    RetentionRun.objects.filter(pk=run.pk).update(purge_after=timezone.localdate() - dt.timedelta(days=1))
    page.goto(f"{site.url}/members/retention/{run.pk}/")
    page.get_by_role("link", name="彻底清除……").click()
    page.get_by_role("button", name="彻底清除").click()
    expect(page.locator(".errorlist")).to_be_visible()
    page.get_by_label("请输入“清除”以确认").fill("清除")
    page.get_by_role("button", name="彻底清除").click()
    expect(page.locator(".messagelist")).to_contain_text("已彻底清除 1 份资料。")
    context.close()


def test_pages_of_retention_are_accessible_chinese_and_fit_the_screen(site, page, look):
    association = site.association
    make_leaver(association, left_on=YEARS_AGO, name="欧阳一")
    Member.objects.filter(pk=make_leaver(association, left_on="", name="李二").pk).update(status="退会")
    listed = start_run(association, [make_leaver(association, left_on=YEARS_AGO, name="王三")], actor=None)
    run = over(association, make_leaver(association, left_on=YEARS_AGO, name="赵四", number="JJ1"))
    anonymise_run(run, actor=None)
    make_member("孙五", number="JJ1", association=association)
    RetentionRun.objects.filter(pk=run.pk).update(purge_after=timezone.localdate() - dt.timedelta(days=1))
    item = run.items.get()
    site.sign_in(page, "manager@example.org")

    look.at_each(site.url, {
        "list": "/members/retention/",
        "run in grace": f"/members/retention/{listed.pk}/",
        "run anonymised": f"/members/retention/{run.pk}/",
        "leave out": f"/members/retention/items/{listed.items.get().pk}/leave-out/",
        "put back": f"/members/retention/items/{item.pk}/restore/",
        "purge": f"/members/retention/{run.pk}/purge/",
        "the record": item.member.get_absolute_url(),
    })  # fmt: skip
    page.goto(f"{site.url}/members/retention/{run.pk}/purge/")
    page.get_by_role("button", name="彻底清除").click()
    look.at("purge refused")

    look.passes()
