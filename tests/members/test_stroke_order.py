"""The order of strokes on the staff screens."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from members.models import Member
from members.rights import Role
from members.stroke_order import keep, missing_characters
from organizations.models import Change, StrokeOverride
from tests.make import make_association, make_member
from tests.members.screens import form_data, opened_with, section_of, sign_in

pytestmark = pytest.mark.django_db

LIST = reverse("admin:members_member_changelist")
STROKES = reverse("admin:organizations_strokeoverride_changelist")
ADD = reverse("admin:organizations_strokeoverride_add")


@pytest.fixture
def manager(client):
    return sign_in(client, Role.MANAGER, make_association())


def names_listed(client, **query):
    page = client.get(LIST, query)
    return [member.name for member in page.context["cl"].result_list]


def test_member_list_in_the_order_of_strokes_both_ways_and_page_by_page(client, manager):
    for name in ("魏一", "李干杰", "王一", "李强", "丁一"):
        make_member(name)
    expected = ["丁一", "王一", "李强", "李干杰", "魏一"]

    assert names_listed(client, order="strokes") == expected
    assert names_listed(client, order="-strokes") == expected[::-1]
    after = Member.objects.get(name="李强").pk
    assert names_listed(client, order="strokes", after=after) == expected[3:]


def test_export_keeps_the_order_of_strokes(client, manager):
    for name in ("魏一", "王一", "丁一"):
        make_member(name)

    address = f"{reverse('admin:members_member_export')}?order=strokes"
    answer = client.post(
        address, {"step": "export", "keys": ["name", "sex"], "format": "xlsx", "reason": "核对"}
    )

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0]]
    assert [cell for cell in cells if cell in ("丁一", "王一", "魏一")] == ["丁一", "王一", "魏一"]


def test_list_says_whose_place_is_not_known(client, manager):
    make_member("王一")
    assert "尚无笔形" not in client.get(LIST, {"order": "strokes"}).text

    make_member("王𠮷")

    assert "以下汉字尚无笔形：𠮷" in client.get(LIST, {"order": "strokes"}).text
    assert "尚无笔形" not in client.get(LIST).text


def test_missing_characters_are_those_of_members_in_sight(manager):
    make_member("王𠮷")
    elsewhere = make_association()
    make_member("李𠀋", association=elsewhere)

    assert list(missing_characters(manager)) == ["𠮷"]


def test_a_name_for_the_order_takes_a_member_off_the_list_of_the_missing(manager):
    make_member("王𠮷", sort_name="王吉")

    assert missing_characters(manager) == {}


def test_screen_lists_what_is_missing_and_leads_to_entering_it(client, manager):
    members = [make_member(f"王𠮷{each}") for each in "一二三四五六七"]

    page = client.get(STROKES)

    found = page.context["cl"].missing
    assert [(each["character"], len(each["members"]), each["more"]) for each in found] == [("𠮷", 5, 2)]
    assert f'<a href="{members[0].get_absolute_url()}">' in page.text
    assert f"{ADD}?character=%F0%A0%AE%B7" in page.text
    assert "尚无笔形的汉字" in page.text


def test_screen_takes_as_many_queries_for_three_rows_as_for_one(client, manager):
    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(STROKES)
        return len(queries)

    make_member("王𠮷")
    StrokeOverride.objects.create(character="𠀋", forms="12")
    client.get(STROKES)
    before = count()
    for name, character in (("李𠀀", "𠀍"), ("丁𠀂", "𠀎")):
        make_member(name)
        StrokeOverride.objects.create(character=character, forms="12")

    assert count() == before


def test_strokes_are_entered_on_the_screen_and_place_the_member(client, manager):
    rare, other = make_member("𠮷一"), make_member("魏一")

    client.post(ADD, {"character": " 𠮷 ", "forms": "121 251", "place": "9", "note": "土口"})

    override = StrokeOverride.objects.get()
    assert (override.character, override.forms) == ("𠮷", "121251")
    assert list(Member.objects.in_stroke_order()) == [rare, other]
    change = Change.objects.latest("pk")
    assert (change.action.actor, change.diff["forms"]) == (manager, [None, "121251"])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("character", "王李", "请填写一个汉字。"),
        ("character", "A", "请填写一个汉字。"),
        ("character", "\x00", ""),
        ("forms", "126", "笔形只能用数字1至5填写，例如1121。"),
        ("forms", "１２", "笔形只能用数字1至5填写，例如1121。"),
        ("forms", "1" * 65, ""),
        ("place", "0", ""),
        ("place", "10", ""),
    ],
)
def test_what_is_no_stroke_is_refused_and_kept_on_the_page(client, manager, field, value, sentence):
    data = {"character": "𠮷", "forms": "121251", "place": "9", "note": "记下"} | {field: value}

    page = client.post(ADD, data)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors.keys() == {field}
    assert sentence in page.text
    assert "记下" in page.text
    assert not StrokeOverride.objects.exists()


def test_a_character_is_entered_once(client, manager):
    StrokeOverride.objects.create(character="𠮷", forms="121251")

    page = client.post(ADD, {"character": "𠮷", "forms": "11", "place": "9"})

    assert "名单里已有这个字，请在原处修改。" in page.text


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.MANAGER, 200, 302),
        (Role.SECRETARY, 200, 403),
        (Role.VIEWER, 200, 403),
        (Role.DEPARTMENT, 403, 403),
    ],
)
def test_managers_alone_enter_strokes(client, role, reads, writes):
    override = StrokeOverride.objects.create(character="𠮷", forms="121251")
    sign_in(client, role, make_association())
    change = reverse("admin:organizations_strokeoverride_change", args=[override.pk])

    answers = (
        client.get(STROKES).status_code,
        client.post(
            change, {"character": "𠮷", "forms": "11", "place": "9"} | opened_with(client, change)
        ).status_code,
    )

    assert answers == (reads, writes)


def test_a_stranger_signs_in_first(client):
    assert client.get(STROKES).status_code == 302


def test_member_form_writes_the_name_for_the_order(client, manager):
    member, other = make_member("𠮷一"), make_member("王一")
    address = section_of(member, "association")

    client.post(address, form_data(client.get(address), sort_name="丁一"))

    member.refresh_from_db()
    assert member.sort_name == "丁一"
    assert list(Member.objects.in_stroke_order()) == [member, other]


def test_after_an_upgrade_every_member_gets_the_key_of_the_present_table():
    member = make_member("王一")
    key = member.stroke_key
    Member.objects.update(stroke_key="")

    keep(using="default")

    member.refresh_from_db()
    assert member.stroke_key == key
