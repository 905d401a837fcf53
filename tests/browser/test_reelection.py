"""A council's roster goes in, is corrected, and its 21 are re-elected; then the body's page says so."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from members.models import Member
from organizations.elections.drafting import start_election, take_over_incumbents
from organizations.models import Appointment, Body, Election, Scrutineer
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_appointment, make_body, make_member, make_term
from tests.members.imports.sheets import workbook
from tests.organizations.elections.make import contest_of, count, count_all, loaded

D = dt.date
DAY, END = D(2026, 11, 20), D(2031, 11, 19)
OFFICERS = ("会长", "副会长", "副会长", "副会长", "秘书长")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑"


@pytest.fixture
def people(site):
    """{name: posts} of the 21 who are registered, one of them too old for another term; beside them somebody new."""
    posts = {}
    for place, surname in enumerate(SURNAMES):
        birth = "1950-03-01" if place == 1 else "1980-05-12"
        name = f"{surname}一"
        make_member(name, association=site.association, birth=birth, employer=f"重庆{surname}氏某某有限公司")
        posts[name] = [*OFFICERS[place : place + 1], "理事"]
    make_member("欧阳新", association=site.association, birth="1985-01-01", employer="重庆新氏某某有限公司")
    return posts


@pytest.fixture
def council(site, people):
    """A council of 21 whose term ends."""
    council = make_body(association=site.association, name="理事会")
    term = make_term(council, starts_on=D(2021, 11, 20))
    for name, titles in people.items():
        for title in reversed(titles):
            make_appointment(Member.objects.get(name=name), title, term=term)
    return council


@pytest.fixture
def roster(people, tmp_path):
    """The sheet of the council: the 21, and by mistake one more who was never elected."""
    rows = [[name, "、".join(titles), "2021.11.20"] for name, titles in people.items()]
    path = tmp_path / "council.xlsx"
    rows.append(["欧阳新", "理事", "2021.11.20"])
    path.write_bytes(
        workbook(*rows, header=["姓名", "会内职务", "任职时间"], title="第一届理事会名册").read()
    )
    return path


def import_council(site, page, roster):
    """The roster goes in with one confirmation, the check of the charter names the fault, and it is put right."""
    page.goto(f"{site.url}/members/import/")
    page.get_by_label("文件内容").select_option(label="机构名册")
    page.get_by_label("名册文件").set_input_files(roster)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="导入 22 行").click()
    expect(page.locator(".messagelist")).to_contain_text("已导入 22 行")
    council = Body.objects.get(kind=Body.Kind.COUNCIL)
    page.goto(f"{site.url}{council.get_absolute_url()}")
    for surname in SURNAMES:
        expect(page.locator("table.roster")).to_contain_text(f"{surname}一")

    findings = f"{site.url}/organizations/charter/"
    page.goto(findings)
    even = page.locator("li.finding", has_text="人数为单数")
    expect(even).to_contain_text("理事会")
    expect(even).to_contain_text("22人")
    page.goto(f"{site.url}{council.get_absolute_url()}")
    wrong = page.locator("table.roster tr", has_text="欧阳新")
    wrong.get_by_role("link", name=re.compile("^更正")).click()
    page.get_by_role("link", name=re.compile("作废")).click()
    page.get_by_label("作废原因").fill("名册误列，未当选")
    page.get_by_role("button", name=re.compile("作废|保存")).click()
    expect(page.locator("table.roster")).not_to_contain_text("欧阳新")
    page.goto(findings)
    expect(page.locator("#content-main")).to_contain_text("周岁")
    expect(even).to_have_count(0)
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
def test_a_council_of_21_goes_in_and_is_re_elected_from_findings_to_the_new_term(site, page, roster, width):
    page.set_viewport_size({"width": width, "height": 900})
    site.sign_in(page)
    council = import_council(site, page, roster)
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
