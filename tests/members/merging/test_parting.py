"""Taking a merge back: what comes back, what returns, what somebody touched since and stays."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage

from activities.models import Donation, Honour, Objection, Participation, Scan, Service
from members.imports.undoing import plan_undo, undo_batch
from members.models import (
    DistinctPair,
    Employer,
    FurtherCategory,
    ImportRow,
    ListedMember,
    Member,
    MemberMerge,
    SavedList,
    StatusChange,
)
from members.parting import CannotPart, part_members, plan_parting
from members.photos import set_photo
from members.services import change_status
from organizations.models import Action, Change
from tests.activities.evidence.made import took_part
from tests.make import make_association, make_id_number, make_member, make_mobile, make_user
from tests.members.imports.sheets import person
from tests.members.imports.test_undo import imported
from tests.members.merging.pairs import OTHER_CATEGORY, make_pair, merge, state
from tests.members.merging.test_merging import everything_hanging
from tests.members.test_counts import grouped, kept

pytestmark = pytest.mark.django_db

TABLES = (
    Member, StatusChange, FurtherCategory, ListedMember, DistinctPair, ImportRow, Employer,
    Participation, Scan, Service, Donation, Honour, Objection,
)  # fmt: skip
ALL_KEYS = ("name", "position", "employer", "number", "birth", "wechat", "email", "id_number", "status")


def photo_of(member):
    with default_storage.open(member.photo) as file:
        return file.read()


def part(made, actor=None):
    return part_members(MemberMerge.objects.get(pk=made.pk), actor=actor)


@pytest.mark.parametrize("taken", [(), ALL_KEYS, ("number", "wechat", "employer")])
def test_taking_a_merge_back_leaves_everything_as_it_was(home, taken):
    actor = make_user()
    one, other = make_pair(home, user=make_user())
    everything_hanging(other, actor)
    change_status(one, to="在册", on="2019-12", actor=actor)
    change_status(other, to="在册", on="2019-12", actor=actor)
    FurtherCategory.objects.create(member=one, category=OTHER_CATEGORY)
    ListedMember.objects.create(saved_list=SavedList.objects.get(), member=one)
    DistinctPair.objects.create(one=one, other=other)
    took_part(one, activity=other.participations.get().activity)
    before = state(*TABLES)
    made = merge(other, one, *taken)
    assert state(*TABLES) != before

    part(made)

    assert state(*TABLES) == before
    assert Member.objects.get(pk=other.pk).id_number == make_id_number(1)
    assert kept() == grouped()


def test_a_merge_between_associations_is_taken_back(home):
    branch = make_association(parent=home)
    one = make_member("张三", association=home)
    other = make_member("张三", association=branch, number="B1", employer="乙公司")
    made = merge(other, one, "employer")

    part(made)

    assert Member.objects.get(pk=other.pk).association == branch
    assert Member.objects.get(pk=other.pk).employer.association == branch
    assert Member.objects.get(pk=one.pk).employer is None


def test_what_was_changed_since_stays(home):
    one, other = make_pair(home)
    change_status(other, to="停权", on="2021-05", actor=None)
    made = merge(other, one, "position", "wechat", "status")
    now = Member.objects.get()
    now.position = "顾问"
    now.save()
    step = StatusChange.objects.get(status="停权")
    step.document = "某字1号"
    step.save()
    change_status(now, to="退会", on="2022-01", actor=None)

    plan = plan_parting(MemberMerge.objects.get())
    part(made)

    assert (plan.back, plan.kept) == ({"wechat": ["zhang3", ""]}, ["position", "status"])
    assert plan.rows_kept == [step]
    survivor, removed = Member.objects.order_by("pk")
    assert (survivor.position, survivor.wechat, survivor.status) == ("顾问", "", "退会")
    assert (removed.position, removed.wechat, removed.status) == ("总经理", "zhang3", "停权")
    assert list(survivor.status_changes.values_list("status", flat=True)) == ["停权", "退会"]


def test_a_number_given_to_somebody_else_since_is_not_taken_from_them(home):
    one, other = make_pair(home)
    made = merge(other, one)
    make_member("王五", association=home, number="JJ002", id_number=make_id_number(1))

    plan = plan_parting(MemberMerge.objects.get())
    removed = part(made)

    assert plan.missing == ["number", "id_number"]
    assert (removed.number, removed.id_number) == ("", "")
    assert Member.objects.get(name="王五").number == "JJ002"


def test_an_own_number_given_away_since_does_not_return(home):
    one, other = make_pair(home)
    made = merge(other, one, "number", "wechat")
    make_member("王五", association=home, number="JJ001")

    plan = plan_parting(MemberMerge.objects.get())
    part(made)

    assert (plan.kept, plan.missing) == (["number"], ["number"])
    assert sorted(Member.objects.values_list("name", "number")) == [
        ("张三", "JJ002"), ("张叁", ""), ("王五", "JJ001"),
    ]  # fmt: skip


def test_an_employer_gone_since_is_entered_again(home):
    one, other = make_pair(home)
    made = merge(other, one)
    Employer.objects.get(name="乙公司").delete()

    removed = part(made)

    assert Member.objects.get(pk=removed.pk).employer.name == "乙公司"


def test_photos_go_back_to_whom_they_were_of(home):
    one, other = make_pair(home)
    set_photo(one, b"older")
    set_photo(other, b"newer")
    made = merge(other, one, "photo")

    part(made)

    assert [photo_of(member) for member in Member.objects.order_by("pk")] == [b"older", b"newer"]


def test_a_photo_replaced_since_stays(home, django_capture_on_commit_callbacks):
    one, other = make_pair(home)
    set_photo(one, b"older")
    set_photo(other, b"newer")
    put_aside = Member.objects.get(pk=one.pk).photo
    made = merge(other, one, "photo")
    set_photo(Member.objects.get(), b"newest")

    with django_capture_on_commit_callbacks(execute=True):
        removed = part(made)

    assert photo_of(Member.objects.get(pk=one.pk)) == b"newest"
    assert removed.photo == ""
    assert not default_storage.exists(put_aside)


def test_it_is_one_action_in_the_histories_of_both(home):
    actor = make_user()
    one, other = make_pair(home)
    made = merge(other, one, "wechat")

    part(made, actor)

    action = Action.objects.get(kind=Action.Kind.UNDO)
    kind = ContentType.objects.get_for_model(Member)
    changes = {
        change.object_id: (change.kind, change.diff)
        for change in Change.objects.filter(action=action, content_type=kind)
    }
    assert (action.actor, action.note) == (actor, "撤销合并：“张叁”与“张三”重新分为两份资料")
    assert changes[one.pk] == ("~", {"wechat": ["zhang3", ""]})
    assert changes[other.pk][0] == "+"


def test_taking_it_back_twice_does_it_once(home):
    one, other = make_pair(home)
    made = merge(other, one)

    first, second = part(made), part(made)

    assert (first.pk, second) == (other.pk, None)
    merged = MemberMerge.objects.get()
    assert (merged.removed, merged.id_digest, merged.content()) == (b"", None, {})


def test_of_a_chain_the_later_merge_is_taken_back_first(home):
    one, other = make_pair(home)
    third = make_member("张三三", association=home)
    first = merge(third, other)
    second = merge(other, one)

    with pytest.raises(CannotPart, match="张三"):
        part(first)
    part(second)
    part(first)

    assert sorted(Member.objects.values_list("pk", flat=True)) == sorted([one.pk, other.pk, third.pk])


def test_a_pair_can_be_merged_again_the_other_way(home):
    one, other = make_pair(home)
    part(merge(other, one))

    made = merge(one, other)
    part(made)

    assert Member.objects.count() == 2


# -- imports


def test_an_import_undone_after_its_new_member_was_merged_leaves_the_survivor(home):
    one = make_member("张三", association=home)
    batch = imported(home, make_user(), person("张叁", mobile=make_mobile(5)), person("李四"))
    merge(Member.objects.get(name="张叁"), one, "mobile")

    plan = plan_undo(batch)
    undo_batch(batch, actor=None)

    assert [row.name for row in plan.kept] == ["张叁"]
    assert [row.name for row in plan.removed] == ["李四"]
    assert Member.objects.get() == one
    assert Member.objects.get().mobile == make_mobile(5)


def test_an_import_undone_after_the_member_it_changed_was_merged_leaves_the_survivor(home):
    one = make_member("张三", association=home, position="总监")
    other = make_member("张叁", association=home, mobile=make_mobile(5), position="经理", sex="男")
    batch = imported(home, make_user(), person("张叁", mobile=make_mobile(5), position="总监"))
    made = merge(other, one)

    plan = plan_undo(batch)
    undo_batch(batch, actor=None)
    part(made)

    assert ([row.name for row in plan.kept], plan.restored) == (["张叁"], [])
    assert sorted(Member.objects.values_list("name", "position")) == [("张三", "总监"), ("张叁", "总监")]


def test_an_import_undone_leaves_its_new_member_into_whom_another_was_merged(home):
    other = make_member("张三", association=home)
    batch = imported(home, make_user(), person("张叁", mobile=make_mobile(5)))
    merge(other, Member.objects.get(name="张叁"))

    plan = plan_undo(batch)
    undo_batch(batch, actor=None)

    assert [row.name for row in plan.kept] == ["张叁"]
    assert Member.objects.get().name == "张叁"


def test_the_rows_of_an_import_go_back_with_their_member(home):
    other = make_member("张叁", association=home, mobile=make_mobile(5), position="经理", sex="男")
    batch = imported(home, make_user(), person("张叁", mobile=make_mobile(5), position="总监"))
    made = merge(other, make_member("张三", association=home))

    part(made)

    assert batch.rows.get().member == other
    undo_batch(batch, actor=None)
    assert Member.objects.get(pk=other.pk).position == "经理"
