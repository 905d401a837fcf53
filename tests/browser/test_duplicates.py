"""Two records of one person: found, merged with a field of the other, seen as one, and taken apart again."""

import pytest
from playwright.sync_api import expect

from members.models import DistinctPair, Member
from tests.browser.test_pages import SCREENS, Look
from tests.make import make_id_number, make_member, make_mobile
from tests.members.merging.pairs import merge


@pytest.fixture
def pair(site):
    """(the older record, the newer one) of one person."""
    older = make_member(
        "欧阳慧",
        association=site.association,
        number="JJ2019001",
        mobile=make_mobile(7),
        birth="1985-06",
        employer="重庆百合律师事务所",
        position="律师",
        email="ouyang@example.org",
        social_posts="区政协委员、区青年联合会常委、区妇女联合会执委",
    )
    newer = make_member(
        "歐陽慧",
        association=site.association,
        number="JJ2024133",
        mobile=make_mobile(7),
        birth="1985-06-15",
        employer="重庆百合律师事务所",
        position="高级合伙人",
        wechat="慧律师",
        id_number=make_id_number(8),
        id_kind="居民身份证",
    )
    return older, newer


def test_found_merged_with_a_field_of_the_other_and_taken_apart_again(site, page, pair):
    older, newer = pair
    site.sign_in(page)

    page.get_by_role("link", name="疑似重复").click()
    expect(page.locator(".pairs > li")).to_have_count(1)
    expect(page.locator(".pairs")).to_contain_text("姓名相近，手机号码相同。")
    page.get_by_role("link", name="合并… 欧阳慧、歐陽慧").click()

    expect(page.get_by_role("radiogroup", name="保留的资料").get_by_role("radio").first).to_be_checked()
    page.get_by_role("radiogroup", name="职务", exact=True).get_by_role("radio", name="高级合伙人").check()
    page.get_by_role("button", name="合并", exact=True).click()

    expect(page).to_have_url(site.url + older.get_absolute_url())
    expect(page.locator(".messagelist")).to_contain_text("“歐陽慧”已并入本会员资料")
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧阳慧")
    expect(page.locator("#work")).to_contain_text("高级合伙人")
    expect(page.locator("#contact")).to_contain_text("ouyang@example.org")
    page.goto(site.url + newer.get_absolute_url())
    expect(page).to_have_url(site.url + older.get_absolute_url())

    page.get_by_role("link", name="撤销合并…").click()
    expect(page.locator("#content")).to_contain_text("恢复的资料")
    expect(page.locator(".diff")).to_contain_text("高级合伙人 → 律师")
    page.get_by_role("button", name="撤销合并").click()

    expect(page).to_have_url(site.url + newer.get_absolute_url())
    expect(page.locator("#work")).to_contain_text("高级合伙人")
    found = {member.pk: (member.name, member.position) for member in Member.objects.all()}
    assert (found[older.pk], found[newer.pk]) == (("欧阳慧", "律师"), ("歐陽慧", "高级合伙人"))


def test_two_persons_are_noted_and_listed_again(site, page, pair):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/duplicates/")

    page.get_by_role("button", name="不是同一人").click()
    expect(page.locator(".empty")).to_contain_text("没有疑似重复的会员")
    page.get_by_role("link", name="已确认不是同一人").click()
    page.get_by_role("button", name="重新列出").click()
    page.goto(f"{site.url}/admin/members/member/duplicates/")

    expect(page.locator(".pairs > li")).to_have_count(1)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_are_readable_for_everybody(site, page, pair, screen):
    older, newer = pair
    two = [make_member("王五", association=site.association, mobile=make_mobile(9)) for _ in range(2)]
    DistinctPair.objects.create(one=two[0], other=two[1])
    gone = make_member("司马明", association=site.association, mobile=make_mobile(8), position="经理")
    kept = make_member("司马明", association=site.association, mobile=make_mobile(8), position="主任")
    merged = merge(gone, kept, "position")
    base = "/admin/members/member"
    site.sign_in(page)
    look = Look(page, *SCREENS[screen])

    look.at_each(
        site.url,
        {
            "pairs": f"{base}/duplicates/",
            "no pairs": f"{base}/duplicates/?reason=identity",
            "two persons": f"{base}/duplicates/distinct/",
            "merging": f"{base}/duplicates/merge/{older.pk}/{newer.pk}/",
            "merges": f"{base}/merges/",
            "taking back": merged.get_absolute_url(),
            "possibly the same": newer.get_absolute_url(),
            "merged": kept.get_absolute_url(),
        },
    )

    assert look.faults == []
