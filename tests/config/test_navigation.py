"""The staff's navigation and frame: what one may open, where one is, whose register it is."""

import re

import pytest

from members.rights import Role
from tests.make import make_association, make_member
from tests.members.screens import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def association():
    return make_association("重庆市某某区新的社会阶层专业人士联合会", short_name="某某区新专联")


def entries(response):
    return [str(page["label"]) for task in response.context["navigation"] for page in task["pages"]]


def current(response):
    return [
        page["address"]
        for task in response.context["navigation"]
        for page in task["pages"]
        if page["current"]
    ]


def test_a_viewer_is_led_only_to_what_a_viewer_may_open(client, association):
    sign_in(client, Role.VIEWER, association)

    page = client.get("/admin/")

    addresses = [entry["address"] for task in page.context["navigation"] for entry in task["pages"]]
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    assert not {"导入名册", "变更记录", "账号"} & set(entries(page))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/admin/", "/admin/"),
        ("/admin/members/member/?q=1", "/admin/members/member/"),
        ("/admin/members/member/{member}/history/", "/admin/members/member/"),
        ("/admin/members/employer/add/", "/admin/members/employer/"),
        ("/members/import/", "/members/import/"),
        ("/admin/members/member/duplicates/merge/{member}/{other}/", "/admin/members/member/duplicates/"),
    ],
)
def test_the_navigation_shows_where_one_is(client, association, address, place):
    sign_in(client, Role.MANAGER, association)
    member, other = make_member(association=association), make_member(association=association)

    assert current(client.get(address.format(member=member.pk, other=other.pk))) == [place]


def test_the_search_box_leads_to_the_list_of_members(client, association):
    sign_in(client, Role.SECRETARY, association)

    html = client.get("/admin/members/employer/").content.decode()

    form = re.search(r'<form id="quick-search" method="get" action="([^"]+)".*?</form>', html, re.DOTALL)
    assert form[1] == "/admin/members/member/"
    assert re.findall(r'name="([^"]+)"', form[0]) == ["q"]


@pytest.mark.parametrize(("count", "name"), [(1, "某某区新专联"), (2, "")])
def test_the_header_names_the_association_if_it_is_one(client, association, count, name):
    associations = [association, make_association("另一个联合会")][:count]
    sign_in(client, Role.SECRETARY, *associations)

    page = client.get("/admin/")

    assert page.context["association_name"] == name
    assert ('class="of"' in page.content.decode()) is bool(name)


def test_staff_pages_answer_htmx_with_the_token_and_without_eval(client, association):
    sign_in(client, Role.SECRETARY, association)

    html = client.get("/admin/").content.decode()

    assert re.search(r"""<body [^>]*hx-headers='{"X-CSRFToken": "\w{64}"}'""", html)
    assert '"allowEval": false' in html
    assert len(re.findall(r'<script src="[^"]*htmx[^"]*"', html)) == 1


@pytest.mark.parametrize(
    ("query", "sentence"), [("", "这里还没有记录。"), ("?q=无", "没有符合搜索和筛选条件的记录。")]
)
def test_an_empty_list_says_so(client, association, query, sentence):
    sign_in(client, Role.SECRETARY, association)

    assert sentence in client.get(f"/admin/members/employer/{query}").content.decode()
