"""Rosters that go on naming a record that became part of another."""

import pytest

from members.imports.applying import apply_batch
from members.imports.matching import Register
from members.imports.pipeline import preview_file
from members.imports.repair import Answer, see_to
from members.models import Member
from members.models.imports import NEW
from members.parting import part_members
from members.rights import Role
from tests.make import make_association, make_id_number, make_member, make_mobile
from tests.members.imports.sheets import person, workbook
from tests.members.merging.pairs import make_pair, merge
from tests.members.screens import body_of, sign_in

pytestmark = pytest.mark.django_db


def matches(association, *rows):
    register = Register(association, list(rows))
    return [register.match(row, position, lambda key: f"{key}2") for position, row in enumerate(rows)]


@pytest.mark.parametrize(
    "row",
    [
        {"name": "张叁", "id_number": make_id_number(1)},
        {"name": "张三", "id_number": make_id_number(1)},
        {"name": "张山", "former_name": "张叁", "id_number": make_id_number(1)},
        {"name": "张叁", "mobile": make_mobile(7)},
        {"name": "张叁", "number": "JJ002"},
        {"name": "张叁", "birth": "1985-06-15"},
    ],
)
def test_what_named_the_removed_record_finds_the_survivor(home, row):
    one, other = make_pair(home, mobile=make_mobile(7))
    merge(other, one)

    [found] = matches(home, row)

    assert found.member == one.pk


def test_the_old_row_changes_nothing_that_the_merge_decided(home):
    one, other = make_pair(home)
    merge(other, one, "id_number")
    row = {
        "name": "张叁",
        "mobile": make_mobile(1),
        "position": "总经理",
        "employer": "乙公司",
        "number": "JJ002",
        "id_number": make_id_number(1),
    }

    [found] = matches(home, row)

    assert (found.outcome, found.member, found.diff) == ("unchanged", one.pk, {})


def test_what_the_row_says_anew_is_a_change(home):
    one, other = make_pair(home)
    merge(other, one, "id_number")

    [found] = matches(home, {"name": "张叁", "id_number": make_id_number(1), "position": "董事长"})

    assert (found.outcome, found.diff) == ("update", {"position": ["经理", "董事长"]})


def test_the_survivor_and_the_removed_record_in_one_file_are_one_member(home):
    one, other = make_pair(home, mobile=make_mobile(7))
    merge(other, one)

    found = matches(
        home, {"name": "张三", "mobile": make_mobile(1)}, {"name": "张叁", "mobile": make_mobile(7)}
    )

    assert [(each.outcome, each.member) for each in found] == [("unchanged", one.pk), ("question", None)]
    assert found[1].messages[0].params["members"] == [one.pk]


def test_another_identity_number_with_the_removed_name_is_a_question(home):
    one, other = make_pair(home)
    merge(other, one)

    [found] = matches(home, {"name": "张叁", "mobile": make_mobile(1), "id_number": make_id_number(3)})

    assert (found.outcome, found.messages[0].params["members"]) == ("question", [one.pk])


def test_one_merged_into_a_member_of_another_association_is_a_question(home):
    branch = make_association(parent=home)
    other = make_member("张叁", association=branch, mobile=make_mobile(7))
    merge(other, make_member("张三", association=home))

    [found] = matches(branch, {"name": "张叁", "mobile": make_mobile(7)})

    assert (found.outcome, [message.code for message in found.messages]) == ("question", ["merged_elsewhere"])
    assert "张叁" in found.messages[0].text


@pytest.mark.parametrize("row", [{"mobile": make_mobile(7)}, {"id_number": make_id_number(1)}])
def test_one_merged_elsewhere_may_come_in_as_a_new_member(home, client, row):
    branch = make_association(parent=home)
    other = make_member("张叁", association=branch, mobile=make_mobile(7), id_number=make_id_number(1))
    merge(other, make_member("张三", association=home), "id_number")
    secretary = sign_in(client, Role.SECRETARY, branch)
    file = workbook(person("张叁", **row))
    batch = preview_file(file, file_name=file.name, association=branch, actor=secretary)
    [question] = batch.rows.all()

    page = body_of(client.get(batch.get_absolute_url()))
    batch = see_to(batch, [question.pk], Answer(choice=NEW), actor=secretary)
    apply_batch(batch, actor=secretary)

    assert (question.outcome, "请确认是否作为新会员" in page) == ("question", True)
    assert 'value="new"' in page
    assert sorted(Member.objects.values_list("name", "association")) == [
        ("张三", home.pk),
        ("张叁", branch.pk),
    ]


def test_after_the_merge_was_taken_back_each_is_found_for_itself(home):
    one, other = make_pair(home)
    part_members(merge(other, one), actor=None)

    [found] = matches(home, {"name": "张叁", "id_number": make_id_number(1)})

    assert found.member == other.pk
