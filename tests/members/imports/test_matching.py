import pytest

from members.imports.matching import Register
from tests.make import make_association, make_id_number, make_member

pytestmark = pytest.mark.django_db


def match(association, *rows):
    """(outcome, id of the member) of each row of stored values."""
    register = Register(association, list(rows))
    matches = [register.match(row, position, lambda key: f"{key}2") for position, row in enumerate(rows)]
    return [(found.outcome, found.member) for found in matches]


def test_a_person_nobody_knows_is_new():
    association = make_association()

    assert match(association, {"name": "张三", "mobile": "13800000001"}) == [("new", None)]


def test_the_identity_number_finds_the_member_whatever_else_differs():
    member = make_member("张三", id_number=make_id_number(1), mobile="13800000001")
    row = {"name": "张三", "id_number": make_id_number(1), "mobile": "13900000009"}

    assert match(member.association, row) == [("update", member.pk)]


def test_an_identity_number_of_another_name_is_an_error_that_names_the_member():
    member = make_member("张三", id_number=make_id_number(1))
    row = {"name": "李四", "id_number": make_id_number(1)}

    register = Register(member.association, [row])
    found = register.match(row, 0, lambda key: "E2")

    assert (found.outcome, found.member) == ("error", None)
    assert [message.to_json()["code"] for message in found.messages] == ["identity_conflict"]
    assert "张三" in found.messages[0].text


def test_a_new_name_with_the_old_one_as_former_name_is_no_conflict():
    member = make_member("张三", id_number=make_id_number(1))
    row = {"name": "张山", "former_name": "张三", "id_number": make_id_number(1)}

    assert match(member.association, row) == [("update", member.pk)]


@pytest.mark.parametrize(
    "row",
    [
        {"number": "JJ001", "mobile": "13900000009"},
        {"mobile": "13800000001", "birth": "1990-01"},
        {"mobile": "13800000002"},
        {"birth": "1985-06", "mobile": "13900000009"},
        {"birth": "1985-06-12"},
    ],
)
def test_number_mobile_or_birth_with_the_same_name_find_the_member(row):
    member = make_member(
        "张三", number="JJ001", mobile="13800000001", second_mobile="13800000002", birth="1985-06-12"
    )

    [(_, found)] = match(member.association, {"name": "张三", **row})

    assert found == member.pk


@pytest.mark.parametrize(
    "row", [{"mobile": "13900000009"}, {"birth": "1985"}, {"birth": "1985-07"}, {"number": "JJ002"}]
)
def test_the_same_name_with_other_data_is_another_person(row):
    member = make_member("张三", number="JJ001", mobile="13800000001", birth="1985-06-12")

    assert match(member.association, {"name": "张三", **row}) == [("new", None)]


def test_name_and_employer_alone_are_a_question():
    member = make_member("张三", employer="重庆某某科技有限公司")
    row = {"name": "张三", "employer": "重庆某某科技有限公司", "position": "总经理"}

    assert match(member.association, row) == [("question", None)]


def test_a_bare_name_of_a_member_is_a_question():
    member = make_member("张三")

    assert match(member.association, {"name": "张三", "remarks": "新"}) == [("question", None)]


def test_a_row_that_says_nothing_new_of_the_only_namesake_is_unchanged():
    member = make_member("张三", employer="重庆某某科技有限公司", position="总经理", mobile="")

    assert match(
        member.association, {"name": "张三", "employer": "重庆某某科技有限公司", "position": "总经理"}
    ) == [("unchanged", member.pk)]


def test_two_members_with_the_same_name_and_birth_are_a_question():
    association = make_association()
    make_member("张三", association=association, birth="1985-06-12", mobile="13800000001")
    make_member("张三", association=association, birth="1985-06-20", mobile="13800000002")

    assert match(association, {"name": "张三", "birth": "1985-06"}) == [("question", None)]


def test_the_same_mobile_with_another_identity_number_is_a_question():
    member = make_member("张三", mobile="13800000001", id_number=make_id_number(1))
    row = {"name": "张三", "mobile": "13800000001", "id_number": make_id_number(3)}

    assert match(member.association, row) == [("question", None)]


def test_two_rows_never_get_the_same_member():
    member = make_member("张三", mobile="13800000001", birth="1985-06-12")
    by_mobile = {"name": "张三", "mobile": "13800000001"}
    by_birth = {"name": "张三", "birth": "1985-06-12"}

    assert match(member.association, by_mobile, by_birth) == [("unchanged", member.pk), ("question", None)]


def test_members_of_another_association_are_not_found():
    make_member("张三", association=make_association(), mobile="13800000001")
    other = make_association()

    assert match(other, {"name": "张三", "mobile": "13800000001"}) == [("new", None)]


def test_blank_cells_never_erase_and_a_less_precise_date_changes_nothing():
    member = make_member("张三", mobile="13800000001", birth="1985-06-12", native_place="重庆江津")
    row = {"name": "张三", "mobile": "13800000001", "birth": "1985-06"}

    assert match(member.association, row) == [("unchanged", member.pk)]


def test_a_difference_lists_before_and_after_but_no_identity_number():
    member = make_member("张三", mobile="13800000001", position="经理")
    row = {
        "name": "张三",
        "mobile": "13800000001",
        "position": "总经理",
        "employer": "重庆某某科技有限公司",
        "id_number": make_id_number(1),
    }

    found = Register(member.association, [row]).match(row, 0, lambda key: "A2")

    assert found.diff == {
        "position": ["经理", "总经理"],
        "employer": ["", "重庆某某科技有限公司"],
        "id_number": None,
    }


def test_a_number_that_another_member_has_is_refused_and_the_rest_imported():
    member = make_member("张三", number="JJ001")
    row = {"name": "李四", "number": "JJ001", "mobile": "13800000009"}

    found = Register(member.association, [row]).match(row, 0, lambda key: "H2")

    assert found.outcome == "new"
    assert [(m.cell, m.level, m.code) for m in found.messages] == [("H2", "refused", "number_taken")]
    assert row == {"name": "李四", "mobile": "13800000009"}


def test_a_number_twice_in_a_file_is_kept_for_the_first_row():
    rows = [{"name": "张三", "number": "JJ001"}, {"name": "李四", "number": "JJ001"}]

    match(make_association(), *rows)

    assert rows == [{"name": "张三", "number": "JJ001"}, {"name": "李四"}]
