"""Seeing to rows of a preview: typed anew, chosen, left out, and what that does to the other rows."""

import pytest

from members.imports.applying import apply_batch
from members.imports.pipeline import discard_batch, preview_file
from members.imports.repair import Answer, NotOpen, rows_alike, see_to
from members.imports.undoing import undo_batch
from members.models import ImportRow, Member
from members.models.imports import NEW
from tests.make import make_association, make_id_number, make_member, make_user
from tests.members.imports.sheets import HEADER, person, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association()


@pytest.fixture
def actor():
    return make_user()


def preview(home, *rows, **kwargs):
    return preview_file(workbook(*rows, **kwargs), file_name="roster.xlsx", association=home, actor=None)


def answer(batch, row, actor, **kwargs):
    """Answer the row with this number of the sheet; the batch and the row afterwards."""
    batch = see_to(batch, [batch.rows.get(row=row).pk], Answer(**kwargs), actor=actor)
    return batch, batch.rows.get(row=row)


def said(row):
    return [(message["code"], message["cell"]) for message in row.content()["messages"]]


def adds_up(batch):
    """Whether the kept counts are those of the rows."""
    counted = {
        outcome: batch.rows.filter(outcome=outcome).count()
        for outcome in ImportRow.Outcome.values
        if batch.counts.get(outcome) or batch.rows.filter(outcome=outcome).exists()
    }
    doubtful = batch.rows.filter(is_doubtful=True).count()
    return batch.counts["doubtful"] == doubtful and counted == {
        outcome: batch.counts.get(outcome, 0) for outcome in counted
    }


def test_a_cell_typed_anew_is_read_like_one_of_the_file(home, actor):
    batch = preview(home, person("张三", mobile="12345"))

    batch, row = answer(batch, 3, actor, entered={"mobile": "138 0000 0001"})

    assert row.content()["values"]["mobile"] == "13800000001"
    assert (said(row), row.outcome, row.is_doubtful, row.seen_by) == ([], "new", False, actor)
    assert adds_up(batch)


def test_what_is_typed_may_be_doubtful_as_well(home, actor):
    batch = preview(home, person("张三", mobile="12345"))

    batch, row = answer(batch, 3, actor, entered={"mobile": "123456"})

    assert said(row) == [("phone_invalid", "D3")]
    assert row.content()["messages"][0]["params"]["value"] == "123456"


def test_an_answered_question_makes_the_row_ready_and_apply_takes_it(home, actor):
    batch = preview(home, person("张三", birth="1985.1"), person("李四", mobile="13800000002"))
    assert batch.counts["question"] == 1
    batch = apply_batch(batch, actor=actor)
    assert Member.objects.count() == 1

    batch, row = answer(batch, 3, actor, entered={"birth": "1985.10"})
    assert (row.outcome, row.step, batch.ready) == ("new", 2, 1)
    batch = apply_batch(batch, actor=actor)

    assert Member.objects.get(name="张三").birth == "1985-10"
    assert [step.counts["applied"] for step in batch.steps.all()] == [1, 1]
    undo_batch(batch, actor=actor)
    assert Member.objects.count() == 0


def test_a_row_without_name_gets_one(home, actor):
    batch = preview(
        home, person("张三", mobile="13800000001"), person(None, mobile="13800000002", birth="1985.06")
    )
    row = batch.rows.get(outcome="error")

    batch, row = answer(batch, row.row, actor, entered={"name": "李四"})

    assert (row.outcome, row.name, said(row)) == ("new", "李四", [])
    assert adds_up(batch)


def test_values_that_follow_are_derived_anew_from_a_number_typed(home, actor):
    batch = preview(home, person("张三", sex=None, id_number="500116198506150000"))
    row = batch.rows.get()
    assert "birth" not in row.content()["values"]

    batch, row = answer(batch, 3, actor, entered={"id_number": make_id_number(2)})

    content = row.content()
    assert (content["values"]["birth"], content["values"]["sex"]) == ("1985-06-15", "女")
    assert {"birth", "sex", "id_kind"} <= set(content["derived"])


def test_a_contradiction_disappears_with_the_correction(home, actor):
    batch = preview(home, person("张三", birth="1985.07", id_number=make_id_number(1)))
    assert said(batch.rows.get()) == [("birth_differs_from_id", "C3")]

    batch, row = answer(batch, 3, actor, entered={"birth": "1985.06"})

    assert (said(row), row.is_doubtful) == ([], False)
    assert batch.counts["doubtful"] == 0


def test_parts_of_a_fused_cell_are_typed_apart(home, actor):
    header = [*HEADER[:5], "工作单位及职务"]
    batch = preview(home, [*person("张三")[:5], "某某中心总会计师兼顾问"], header=header)
    assert said(batch.rows.get()) == [("not_split", "F3")]

    batch, row = answer(batch, 3, actor, entered={"employer": "某某中心", "position": "总会计师兼顾问"})

    values = row.content()["values"]
    assert (values["employer"], values["position"], said(row)) == ("某某中心", "总会计师兼顾问", [])


def test_a_candidate_is_chosen_and_changed(home, actor):
    one = make_member("张三", association=home, employer="某某公司", mobile="13800000011")
    other = make_member("张三", association=home, employer="某某公司", mobile="13800000012")
    batch = preview(home, person("张三", employer="某某公司", position="经理"))
    [message] = batch.rows.get().content()["messages"]
    assert (message["code"], message["params"]["members"]) == ("ambiguous_match", [one.pk, other.pk])

    batch, row = answer(batch, 3, actor, choice=other.pk)
    assert (row.outcome, row.member, row.content()["diff"]["position"]) == ("update", other, ["", "经理"])
    apply_batch(batch, actor=actor)

    other.refresh_from_db()
    assert (other.position, Member.objects.count()) == ("经理", 2)


def test_a_row_may_be_somebody_new_of_the_same_name(home, actor):
    make_member("张三", association=home, employer="某某公司", mobile="13800000011")
    batch = preview(home, person("张三", employer="某某公司", position="经理"))

    batch, row = answer(batch, 3, actor, choice=NEW)
    assert row.outcome == "new"
    apply_batch(batch, actor=actor)

    assert Member.objects.filter(name="张三").count() == 2


def test_a_chosen_member_may_have_changed_the_name(home, actor):
    number = make_id_number(1)
    member = make_member("张三", association=home, id_number=number)
    batch = preview(home, person("张珊", id_number=number))
    assert said(batch.rows.get()) == [("identity_conflict", "E3")]

    batch, row = answer(batch, 3, actor, choice=member.pk)
    assert (row.outcome, row.content()["diff"]["name"]) == ("update", ["张三", "张珊"])
    apply_batch(batch, actor=actor)

    member.refresh_from_db()
    assert member.name == "张珊"


def test_a_number_of_somebody_else_is_no_choice(home, actor):
    number = make_id_number(1)
    make_member("张三", association=home, id_number=number)
    other = make_member("张珊", association=home)
    batch = preview(home, person("张珊", id_number=number))

    for choice in (other.pk, NEW):
        batch, row = answer(batch, 3, actor, choice=choice)
        assert (row.outcome, said(row)) == ("error", [("identity_conflict", "E3")])


def test_one_of_two_rows_that_disagree_is_left_out(home, actor):
    batch = preview(
        home,
        person("张三", mobile="13800000001", position="经理"),
        person("张三", mobile="13800000001", position="总经理"),
    )
    assert batch.counts["error"] == 2

    batch, row = answer(batch, 3, actor, left_out=True)

    assert (row.outcome, row.is_doubtful) == ("left_out", False)
    other = batch.rows.get(row=4)
    assert (other.outcome, said(other)) == ("new", [])
    assert adds_up(batch)
    batch, row = answer(batch, 3, actor, left_out=False)
    assert [row.outcome for row in batch.rows.all()] == ["error", "error"]
    assert adds_up(batch)


def test_two_rows_made_equal_by_typing_are_one(home, actor):
    batch = preview(
        home,
        person("张三", mobile="13800000001", position="经理"),
        person("张三", mobile="13800000001", position="总经理"),
    )

    batch, row = answer(batch, 4, actor, entered={"position": "经理"})

    assert [each.outcome for each in batch.rows.all()] == ["new", "unchanged"]
    assert said(row) == [("duplicate_in_file", "A4")]


def test_typing_somebody_elses_number_is_seen_at_the_latest_when_applying(home, actor):
    number = make_id_number(1)
    batch = preview(home, person("张三", id_number=number), person("李四", id_number="500116198506150000"))
    batch, _row = answer(batch, 4, actor, entered={"id_number": number})

    batch = apply_batch(batch, actor=actor)

    assert list(Member.objects.values_list("name", flat=True)) == ["张三"]
    assert batch.rows.get(row=4).outcome == "question"
    assert adds_up(batch)


def test_a_member_number_that_was_taken_comes_back_with_the_name(home, actor):
    make_member("李四", association=home, number="JJ001")
    batch = preview(home, person("张三", mobile="12345", number="JJ001"))
    assert "number" not in batch.rows.get().content()["values"]

    batch, row = answer(batch, 3, actor, entered={"mobile": "13800000001"})
    assert said(row) == [("number_taken", "H3")]
    batch, row = answer(batch, 3, actor, entered={"number": "JJ002"})

    assert (said(row), row.content()["values"]["number"]) == ([], "JJ002")


def test_a_row_returns_to_what_the_file_says(home, actor):
    batch = preview(home, person("张三", mobile="12345"))
    before = batch.rows.get().content()

    batch, _row = answer(batch, 3, actor, entered={"mobile": "13800000001", "name": "李四"})
    batch, row = answer(batch, 3, actor, from_file=True)

    assert row.content() == before
    assert (row.name, row.outcome) == ("张三", "new")
    assert adds_up(batch)


def test_a_row_whose_member_somebody_changed_is_looked_at_again(home, actor):
    member = make_member("李四", association=home, mobile="13800000002", position="经理")
    batch = preview(home, person("李四", mobile="13800000002", position="总经理"))
    member.position = "顾问"
    member.save()
    batch = apply_batch(batch, actor=actor)
    assert said(batch.rows.get()) == [("changed_since_preview", "A3")]

    batch, row = answer(batch, 3, actor)
    assert (row.outcome, row.content()["diff"]["position"]) == ("update", ["顾问", "总经理"])
    apply_batch(batch, actor=actor)

    member.refresh_from_db()
    assert member.position == "总经理"


def test_equal_doubts_are_answered_together(home, actor):
    header = [*HEADER[:4], "政治面貌"]
    rows = [[*person(f"张{name}", mobile=f"1380000000{n}")[:4], "无"] for n, name in enumerate("一二三")]
    batch = preview(home, *rows, [*person("李四")[:4], "海盗党"], header=header)
    assert batch.counts["question"] == 3
    alike = rows_alike(batch, batch.rows.get(row=3), "political_status")
    assert len(alike) == 3

    batch = see_to(batch, alike, Answer(entered={"political_status": "群众"}), actor=actor)

    assert (batch.counts["new"], batch.counts["question"]) == (4, 0)
    assert adds_up(batch)


def test_rows_of_a_closed_import_or_written_ones_stay_as_they_are(home, actor):
    batch = preview(home, person("张三", mobile="13800000001"))
    row = batch.rows.get()
    apply_batch(batch, actor=actor)
    with pytest.raises(NotOpen):
        see_to(batch, [row.pk], Answer(left_out=True), actor=actor)

    other = preview(home, person("李四", mobile="12345"))
    row = other.rows.get()
    discard_batch(other)
    with pytest.raises(NotOpen):
        see_to(other, [row.pk], Answer(left_out=True), actor=actor)


def test_a_conflict_over_a_number_between_two_names_ends_when_one_is_corrected(home, actor):
    number = make_id_number(1)
    batch = preview(home, person("张三", id_number=number), person("李四", id_number=number))
    assert batch.counts["error"] == 2

    batch, _row = answer(batch, 4, actor, entered={"id_number": make_id_number(3)})

    assert [each.outcome for each in batch.rows.all()] == ["new", "new"]
    assert adds_up(batch)
