"""A council of 21 is re-elected: findings, a corrected list, ballots, votes, office; then the body's page says so."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from organizations.elections.drafting import start_election, take_over_incumbents
from organizations.models import Appointment, Election, Scrutineer
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_appointment, make_body, make_member, make_term
from tests.organizations.elections.make import contest_of, count, count_all, loaded

D = dt.date
DAY, END = D(2026, 11, 20), D(2031, 11, 19)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑"


@pytest.fixture
def council(site):
    """A council of 21 whose term ends, one of them too old for another one."""
    council = make_body(association=site.association, name="理事会")
    term = make_term(council, starts_on=D(2021, 11, 20))
    for place, surname in enumerate(SURNAMES):
        birth = "1950-03-01" if place == 1 else "1980-05-12"
        member = make_member(
            f"{surname}一", association=site.association, birth=birth, employer=f"重庆{surname}氏某某有限公司"
        )
        make_appointment(member, term=term)
        if place < 5:
            make_appointment(member, ("会长", "副会长", "副会长", "副会长", "秘书长")[place], term=term)
    make_member("欧阳新", association=site.association, birth="1985-01-01", employer="重庆新氏某某有限公司")
    return council


def steps(page):
    return page.get_by_role("navigation", name="换届步骤")


def open_post(page, title):
    page.get_by_role("navigation", name="职务", exact=True).get_by_role(
        "link", name=re.compile(f"^{title} ")
    ).click()


def count_votes(page, title):
    """Enter 120 votes for everybody on the list of one post, of 139 entitled."""
    open_post(page, title)
    numbers = {"应到人数": 139, "实到人数": 125, "发出选票": 125, "收回选票": 124, "有效票": 123, "无效票": 1}
    for label, number in numbers.items():
        page.get_by_role("spinbutton", name=label).fill(str(number))
    rows = page.locator("table.votes tbody tr")
    for place in range(rows.count()):
        rows.nth(place).get_by_role("spinbutton").first.fill("120")
    page.get_by_role("button", name="保存并计票").click()
    expect(page.locator(".messagelist")).to_contain_text("已保存并计票")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_council_of_21_is_re_elected_from_findings_to_the_new_term(site, page, council, width):
    page.set_viewport_size({"width": width, "height": 900})
    site.sign_in(page)
    page.goto(f"{site.url}/organizations/elections/")
    page.get_by_role("link", name="启动换届").click()
    page.get_by_label("选举日期").fill(DAY.isoformat())
    page.get_by_label("就任日期").fill(DAY.isoformat())
    page.get_by_label("计划届满日期").fill(END.isoformat())
    page.get_by_role("button", name="开始").click()
    expect(page.locator(".panel").first).to_contain_text("第2届")

    # the incumbents, and what the charter says of them on the day
    steps(page).get_by_role("link", name="候选人").click()
    for title in ("会长", "副会长", "秘书长", "理事"):
        open_post(page, title)
        page.get_by_role("button", name="列入现任人员").click()
        expect(page.locator("ol.people li").first).to_be_visible()
    old = page.locator("ol.people li", has_text="李一")
    expect(old.locator(".beside").first).to_contain_text("周岁")

    # she does not stand again, somebody else does
    for title in ("理事", "副会长"):
        open_post(page, title)
        page.locator("ol.people li", has_text="李一").get_by_role("button", name="移除").click()
        expect(page.locator("ol.people li", has_text="李一")).to_have_count(0)
        page.get_by_label("姓名、拼音、单位或会员编号").fill("欧阳新")
        page.get_by_role("button", name="搜索", exact=True).last.click()
        page.get_by_role("button", name="添加 欧阳新").click()
        expect(page.locator("ol.people li", has_text="欧阳新")).to_have_count(1)
    expect(page.locator("#candidates")).not_to_contain_text("周岁）")

    # who watches, what is printed
    steps(page).get_by_role("link", name="选票").click()
    for role in Scrutineer.Role:
        page.get_by_label("职责").select_option(role.value)
        page.get_by_label("姓名").fill("监督员")
        page.get_by_role("button", name="添加").click()
        expect(page.locator("ul.people")).to_contain_text(str(role.label))
    expect(page.locator("#content-main")).to_contain_text("同意 √ · 不同意 × · 弃权 ○")
    expect(page.locator(".paper-links a", has_text="选票")).to_be_visible()

    # the votes
    steps(page).get_by_role("link", name="选举结果").click()
    page.locator("#content-main tbody a").first.click()
    for title in ("会长", "副会长", "秘书长", "理事"):
        count_votes(page, title)

    # office
    steps(page).get_by_role("link", name="就任").click()
    page.get_by_label("依据").fill("第二届第一次会员大会")
    page.get_by_role("button", name="就任", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("当选人员已就任")
    page.locator("#content-main").get_by_role("link", name="理事会", exact=True).click()
    expect(page).to_have_url(f"{site.url}{council.get_absolute_url()}")
    expect(page.locator("#content")).to_contain_text("第2届")

    assert [str(term.number) for term in council.terms.order_by("number")] == ["1", "2"]
    names = set(
        Appointment.objects.in_force_on(DAY).filter(post__title="理事").values_list("member__name", flat=True)
    )
    assert names == {f"{surname}一" for surname in SURNAMES} - {"李一"} | {"欧阳新"}

    # and the papers
    election = Election.objects.get()
    page.goto(f"{site.url}/organizations/elections/{election.pk}/filing/")
    page.get_by_role("button", name="列入备案事项").click()
    with page.expect_download() as download:
        page.locator(".paper-links").get_by_role("button", name="聘书", exact=True).click()
    assert download.value.suggested_filename.endswith(".docx")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture
def election(council):
    """A draft with candidates, three posts of four counted, one with a tie."""
    election = start_election(
        council.association, kind="term", bodies=[council], day=DAY, starts_on=DAY, planned_end_on=END
    )
    for contest in loaded(election).contests:
        take_over_incumbents(contest)
    for title in ("会长", "秘书长"):
        (candidate,) = contest_of(election, title).candidates.all()
        count(election, title, {str(candidate): 24})
    vice = contest_of(election, "副会长")
    vice.seats, vice.majority, vice.mode = 2, "half_present", "more"
    vice.save()
    names = [str(candidate) for candidate in vice.candidates.all()]
    count(election, "副会长", dict(zip(names, (19, 14, 14), strict=True)))
    Scrutineer.objects.create(election=election, role="chief", name=names[0])
    return election


@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_are_readable_for_everybody(site, page, election, screen):
    site.sign_in(page)
    look = Look(page, *SCREENS[screen])
    base = f"/organizations/elections/{election.pk}"
    contest = {each.post.title: each.pk for each in loaded(election).contests}

    look.at_each(
        site.url,
        {
            "elections": "/organizations/elections/",
            "new": "/organizations/elections/new/",
            **{
                step: f"{base}/{step}/"
                for step in ("setup", "preparations", "contests", "ballots", "results", "office")
            },
            "list": f"{base}/candidates/{contest['理事']}/?q=王",
            "tie": f"{base}/results/{contest['副会长']}/",
        },
    )
    assert look.faults == []


def test_the_screens_after_taking_office_are_readable_too(site, page, council):
    election = start_election(
        council.association, kind="term", bodies=[council], day=DAY, starts_on=DAY, planned_end_on=END
    )
    for contest in loaded(election).contests:
        take_over_incumbents(contest)
    count_all(election)
    site.sign_in(page)
    page.goto(f"{site.url}/organizations/elections/{election.pk}/office/")
    page.get_by_role("button", name="就任", exact=True).click()
    look = Look(page, *SCREENS["phone"])

    base = f"/organizations/elections/{election.pk}"
    look.at_each(site.url, {each: f"{base}/{each}/" for each in ("office", "office/undo", "filing", "setup")})

    assert look.faults == []
