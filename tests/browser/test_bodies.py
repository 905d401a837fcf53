"""From a body without people to its roster of today: with and without scripts, on a wide screen and a phone."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from members.sample import make_sample_bodies
from organizations.models import Appointment, Body
from tests.browser.test_pages import SCREENS, WCAG, registry  # noqa: F401 (a fixture)
from tests.make import make_member


@pytest.fixture
def register(site):
    for name in ("张一", "李二", "王三"):
        make_member(name, association=site.association, position="经理")
    return site


def save(page):
    page.get_by_role("button", name="保存").click()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_council_from_its_establishment_to_a_resignation(
    register, browser, browser_context_args, width, scripts
):
    context = browser.new_context(**browser_context_args | {"java_script_enabled": scripts})
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    register.sign_in(page)
    page.goto(f"{register.url}/organizations/bodies/")
    page.get_by_role("link", name="设立机构").first.click()

    page.get_by_label("类别").select_option("理事会")
    page.get_by_label("名称").fill("理事会")
    page.get_by_label("成立日期").fill("2019.12")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("理事会")

    page.get_by_role("link", name="录入届次").click()
    page.get_by_label("开始日期").fill("2024-12-24")
    page.get_by_label("计划届满").fill("2029-12-23")
    save(page)

    page.get_by_role("link", name="任职登记", exact=True).click()
    page.get_by_label("职务", exact=True).select_option("会长")
    if scripts:
        page.get_by_role("searchbox", name="会员", exact=True).fill("张一")
        page.get_by_role("option", name="张一").click()
    else:
        page.get_by_label("或者粘贴名单").fill("张一")
    page.get_by_label("任职起始日期").fill("2024-12-24")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("自2024-12-24起任会长：张一")

    page.get_by_role("link", name="任职登记", exact=True).click()
    page.get_by_label("职务", exact=True).select_option("理事")
    page.get_by_label("或者粘贴名单").fill("李二、没有这人")
    page.get_by_label("任职起始日期").fill("2024-12-24")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("没有这人")
    page.get_by_label("或者粘贴名单").fill("李二\n王三")
    save(page)
    roster = page.get_by_role("region", name="在任人员").get_by_role("rowheader")
    expect(roster).to_have_text(["张一", "王三", "李二"])

    page.get_by_role("link", name="离任 王三 理事").click()
    page.get_by_label("任职最后一天").fill("2025-06-30")
    page.get_by_label("离任原因").select_option("辞职")
    save(page)
    expect(roster).to_have_text(["张一", "李二"])
    page.get_by_label("查看日期").fill("2025-06-30")
    page.get_by_role("button", name="查看").click()
    expect(roster).to_have_text(["张一", "王三", "李二"])

    ended = Appointment.objects.get(member__name="王三")
    assert (ended.ends_on, ended.end_reason) == (dt.date(2025, 6, 30), "resigned")
    context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_bodies_are_accessible_and_fit(registry, page, screen):  # noqa: F811 (the fixture)
    axe_width, width = SCREENS[screen]
    make_sample_bodies(registry.association)
    council = Body.objects.get(name="理事会")
    seat, term = council.appointments.first(), council.terms.first()
    registry.sign_in(page, "manager@example.org")
    for path in (
        "bodies/", "bodies/new/", f"bodies/{council.pk}/", f"bodies/{council.pk}/edit/",
        f"bodies/{council.pk}/appoint/", f"bodies/{council.pk}/dissolve/", f"terms/{term.pk}/edit/",
        f"appointments/{seat.pk}/edit/", f"appointments/{seat.pk}/void/", f"file/{registry.association.pk}/",
    ):  # fmt: skip
        page.set_viewport_size({"width": axe_width, "height": 900})
        page.goto(f"{registry.url}/organizations/{path}")
        violations = Axe().run(page, options=WCAG).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == [], path
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path
