"""The check against the charter in a browser: readable for everybody, and a rule set from the finding on."""

import datetime as dt

from playwright.sync_api import expect

from organizations.models import Body
from tests.browser.test_pages import look  # noqa: F401 - a fixture
from tests.make import make_appointment, make_body, make_member, make_term


def bodies(association):
    """A council whose term runs out, a board with one of its people, a branch without a secretary."""
    council = make_body(association=association, name="理事会")
    term = make_term(council, starts_on=dt.date(2022, 2, 1))
    old = make_member("张三", association=association, birth="1951-06")
    make_appointment(old, "会长", term=term)
    board = make_body(Body.Kind.SUPERVISORS, association=association, name="监事会")
    make_appointment(old, "监事", term=make_term(board, starts_on=dt.date(2022, 2, 1)))
    branch = make_body(Body.Kind.PARTY_BRANCH, association=association, name="党支部", hides_people=True)
    make_appointment(make_member("李四", association=association), "党员", term=make_term(branch, years=3))
    return council


def test_pages_of_the_charter_are_accessible_chinese_and_fit_the_screen(site, page, look):  # noqa: F811
    council = bodies(site.association)
    site.sign_in(page, "manager@example.org")

    look.at_each(
        site.url,
        {
            "workbench": "/admin/",
            "findings": "/organizations/charter/",
            "findings of a day": "/organizations/charter/?on=2023-01-01",
            "rules": "/organizations/charter/rules/",
            "rule": f"/organizations/charter/rules/{site.association.pk}/re_election_start/council/",
            "versions": "/admin/organizations/charterrule/",
            "body": council.get_absolute_url(),
        },
    )
    page.goto(f"{site.url}/organizations/charter/rules/{site.association.pk}/council_share/council/")
    page.get_by_label("不超过（比例）").fill("3")
    page.get_by_role("button", name="保存").click()
    look.at("refused version")

    look.passes()


def test_a_manager_sets_the_charters_number_and_the_finding_follows(site, page):
    bodies(site.association)
    site.sign_in(page, "manager@example.org")
    page.goto(f"{site.url}/organizations/charter/?on=2024-03-01")
    expect(page.get_by_text("有1人超过70周岁。").first).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="章程规则").click()
    page.get_by_role("link", name="年龄（理事会）", exact=True).click()
    page.get_by_label("不超过（年）").fill("75")
    page.get_by_label("生效日期").fill("2024-01-01")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("选举当日及任职期间不超过75周岁。")).to_be_visible()
    page.goto(f"{site.url}/organizations/charter/?on=2024-03-01")
    expect(page.get_by_text("不超过75周岁").or_(page.get_by_text("超过70周岁"))).to_have_count(0)
    page.goto(f"{site.url}/organizations/charter/?on=2023-12-31")
    expect(page.get_by_text("有1人超过70周岁。").first).to_be_visible()
