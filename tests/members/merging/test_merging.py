"""Two records become one: whose values stay, what moves along, what the history and the counts say."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from activities.models import Door, Scan
from members.merging import HANGING, CannotMerge, better, differing, hanging_keys, merge_members, rather_kept
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
from members.photos import set_photo
from members.services import change_status
from organizations.models import Action, Change
from tests.activities.evidence.made import gave, honoured, served, took_part
from tests.make import make_association, make_id_number, make_member, make_mobile, make_user
from tests.members.imports.sheets import person
from tests.members.imports.test_undo import imported
from tests.members.merging.pairs import OTHER_CATEGORY, make_pair, merge
from tests.members.test_counts import grouped, kept

pytestmark = pytest.mark.django_db


def test_the_survivor_gets_the_values_taken_and_keeps_its_others(home):
    one, other = make_pair(home)

    merge(other, one, "birth", "id_number", "wechat", "number", "employer")

    now = Member.objects.get()
    assert (now.pk, now.name, now.position, now.email) == (one.pk, "张三", "经理", "zhang@example.org")
    assert (now.birth, now.wechat, now.number, now.employer.name) == (
        "1985-06-15",
        "zhang3",
        "JJ002",
        "乙公司",
    )
    assert (now.id_number, now.id_kind) == (make_id_number(1), "居民身份证")


def test_the_removed_record_is_kept_sealed(home):
    one, other = make_pair(home)

    made = merge(other, one, "number")

    assert (made.former_id, made.survivor, made.name) == (other.pk, one, "张叁")
    assert make_id_number(1).encode() not in bytes(made.removed)
    assert made.content()["record"]["wechat"] == "zhang3"
    assert made.content()["id_number"] == make_id_number(1)


def test_every_foreign_key_to_a_member_is_seen_to():
    # a new one: say in HANGING whether its rows move, and test it in `everything_hanging`
    assert set(hanging_keys()) == set(HANGING)


def everything_hanging(member, actor):
    """One row for every key in HANGING, less those of `MemberMerge`."""
    change_status(member, to="停权", on="2021-05", actor=actor)
    FurtherCategory.objects.create(member=member, category=OTHER_CATEGORY)
    picked = SavedList.objects.create(owner=actor, name="常来的", kind="picked")
    ListedMember.objects.create(saved_list=picked, member=member)
    for stranger in (make_member("李四"), make_member("王五")):
        DistinctPair.objects.create(one_id=min(member.pk, stranger.pk), other_id=max(member.pk, stranger.pk))
    row = took_part(member)
    door = Door.objects.create(activity=row.activity, secret="x")
    Scan.objects.create(
        door=door, member=member, key="k", way="screen", read_at=timezone.now(), outcome="counted"
    )
    served(member, activity=row.activity)
    gave(member)
    honoured(member)
    member.objections.create(source="participation", row=row.pk, about="国情考察", text="我到了")


def test_all_that_hangs_on_the_record_moves(home):
    actor = make_user()
    one, _ = make_pair(home)
    make_member("先来的", association=home)
    batch = imported(home, actor, person("张叁", mobile=make_mobile(1), position="总监"))
    row = batch.rows.get()
    other = Member.objects.get(pk=row.member_id) if row.member_id else Member.objects.get(imported_from=row)
    ImportRow.objects.filter(pk=row.pk).update(member=other)
    everything_hanging(other, actor)
    earlier = merge(make_member("张三三", association=home), other)

    merge(other, one, actor=actor)

    assert list(one.status_changes.values_list("status", "on")) == [("停权", "2021-05")]
    assert list(one.further_categories.values_list("category", flat=True)) == [OTHER_CATEGORY]
    assert list(SavedList.objects.get().members.all()) == [one]
    assert list(one.import_rows.all()) == [row]
    assert MemberMerge.objects.get(pk=earlier.pk).survivor == one
    others = Member.objects.filter(name__in=["李四", "王五"]).values_list("pk", flat=True)
    assert sorted(DistinctPair.objects.values_list("one", "other")) == sorted((one.pk, pk) for pk in others)
    of_activities = ("participations", "scans", "services", "donations", "honour_rows", "objections")
    assert [getattr(one, name).count() for name in of_activities] == [1] * 6


def test_what_is_entered_about_both_at_one_activity_must_agree(home):
    one, other = make_pair(home)
    row = took_part(one)
    mine = took_part(other, activity=row.activity, presence="absent")
    with pytest.raises(CannotMerge, match="国情考察"):
        merge(other, one)

    mine.presence, mine.state = "attended", "walk_in"
    mine.save()
    with pytest.raises(CannotMerge, match="国情考察"):
        merge(other, one)
    mine.state = "signed_up"
    mine.save()
    merge(other, one)

    assert list(one.participations.all()) == [row]


def test_hours_of_one_activity_are_not_doubled(home):
    one, other = make_pair(home)
    row = took_part(one)
    took_part(other, activity=row.activity)
    for member in (one, other):
        served(member, activity=row.activity)
    served(other)

    merge(other, one)

    assert one.services.count() == 2 and one.participations.count() == 1


def test_what_the_survivor_has_already_is_not_doubled(home):
    actor = make_user()
    one, other = make_pair(home)
    picked = SavedList.objects.create(owner=actor, name="常来的", kind="picked")
    for member in (one, other):
        change_status(member, to="在册", on="2019-12", actor=actor)
        FurtherCategory.objects.create(member=member, category=OTHER_CATEGORY)
        ListedMember.objects.create(saved_list=picked, member=member)
    DistinctPair.objects.create(one=one, other=other)

    merge(other, one)

    assert one.status_changes.count() == one.further_categories.count() == picked.entries.count() == 1
    assert DistinctPair.objects.count() == 0


def test_a_further_category_that_becomes_the_primary_one_goes(home):
    one, other = make_pair(home, category=OTHER_CATEGORY)
    FurtherCategory.objects.create(member=one, category=OTHER_CATEGORY)

    merge(other, one, "category")

    assert Member.objects.get().category == OTHER_CATEGORY
    assert FurtherCategory.objects.count() == 0


def test_the_account_moves_unless_the_survivor_has_one(home):
    first, second = make_user(), make_user()
    one, other = make_pair(home, user=first)

    merge(other, one)
    again = make_member("张三", association=home, user=second)
    merge(again, one)

    assert Member.objects.get().user == first


def test_the_photo_chosen_stays_and_the_other_is_put_aside(home):
    one, other = make_pair(home)
    set_photo(one, b"older")
    set_photo(other, b"newer")
    names = [Member.objects.get(pk=member.pk).photo for member in (one, other)]

    made = merge(other, one, "photo")

    assert (Member.objects.get().photo, made.photo) == (names[1], names[0])


def test_between_associations_the_employer_is_one_of_the_survivors(home):
    branch = make_association(parent=home)
    one = make_member("张三", association=home, number="JJ001")
    other = make_member("张三", association=branch, number="B1", employer="乙公司")

    assert "number" not in differing(one, other)
    merge(other, one, "employer", "number")

    now = Member.objects.get()
    assert (now.association, now.number) == (home, "JJ001")
    assert (now.employer.name, now.employer.association) == ("乙公司", home)
    assert Employer.objects.count() == 2


def test_it_is_one_action_in_the_histories_of_both(home):
    actor = make_user()
    one, other = make_pair(home)

    made = merge(other, one, "wechat", "id_number", actor=actor)

    kind = ContentType.objects.get_for_model(Member)
    changes = {
        change.object_id: (change.kind, change.diff)
        for change in Change.objects.filter(action=made.action, content_type=kind)
    }
    assert (made.action.kind, made.action.actor, made.action.association) == (Action.Kind.MERGE, actor, home)
    assert made.action.note == "“张叁”并入“张三”"
    assert changes[one.pk] == ("~", {"wechat": ["", "zhang3"], "id_sealed": None, "id_kind": None})
    assert changes[other.pk][0] == "-"
    assert changes[other.pk][1]["position"] == ["总经理", None]
    assert changes[other.pk][1]["id_sealed"] is None


def test_a_merge_that_takes_nothing_is_in_the_survivors_history_too(home):
    one, other = make_pair(home)

    made = merge(other, one)

    assert Change.objects.of(one).filter(action=made.action, diff={}).count() == 1


@pytest.mark.parametrize("changed", ["gone", "into"])
def test_a_record_changed_since_it_was_looked_at_is_not_merged(home, changed):
    one, other = make_pair(home)
    seen = {one.pk: one.version, other.pk: other.version}
    touched = Member.objects.get(pk=(other if changed == "gone" else one).pk)
    touched.remarks = "刚写的"
    touched.save()

    with pytest.raises(CannotMerge):
        merge_members(other, into=one, taken=[], seen=seen, actor=None)

    assert (Member.objects.count(), MemberMerge.objects.count()) == (2, 0)
    assert not Action.objects.filter(kind=Action.Kind.MERGE).exists()


def test_a_record_that_is_gone_is_not_merged(home):
    one, other = make_pair(home)
    merge(other, one)

    with pytest.raises(CannotMerge):
        merge_members(other, into=one, taken=[], seen={one.pk: 2, other.pk: 1}, actor=None)

    assert MemberMerge.objects.count() == 1


def test_the_removed_member_leaves_the_counts_and_the_search(home):
    user = make_user(is_superuser=True)
    one, other = make_pair(home, name="欧阳叁")

    merge(other, one)

    assert kept() == grouped()
    assert list(Member.objects.search("欧阳叁", user)) == []
    assert list(Member.objects.search("张三", user)) == [one]


def test_deleting_the_survivor_deletes_the_record_put_aside(home):
    one, other = make_pair(home)
    merge(other, one)

    Member.objects.get().delete()

    assert MemberMerge.objects.count() == 0


# -- what is proposed


@pytest.mark.parametrize(
    ("key", "older", "newer", "proposed"),
    [
        ("wechat", "", "zhang3", "newer"),
        ("wechat", "zhang3", "", "older"),
        ("birth", "1985-06-15", "1985-06", "older"),
        ("position", "总经理", "经理", "older"),
        ("position", "主任", "经理", "newer"),
        ("number", "JJ001", "JJ002", "older"),
        ("name", "张三", "张叁", "older"),
    ],
)
def test_the_fuller_value_is_proposed_else_the_newer(home, key, older, newer, proposed):
    one, other = (
        make_member(**{"name": "张三", "association": home, key: value}) for value in (older, newer)
    )

    assert better(one, other, key) == (one if proposed == "older" else other)


def test_who_has_an_account_stays_else_who_was_entered_first(home):
    one, other = make_pair(home)
    assert rather_kept(other, one) == one

    other.user = make_user()
    assert rather_kept(one, other) == other


def test_a_kind_of_document_is_no_choice_of_its_own_beside_the_number(home):
    one, other = make_pair(home)

    keys = differing(one, other)

    assert "id_number" in keys
    assert "id_kind" not in keys


def test_steps_in_the_life_of_both_make_one_life(home):
    one, other = make_pair(home)
    change_status(one, to="在册", on="2019-12", actor=None)
    change_status(other, to="退会", on="2021-05", actor=None)

    merge(other, one, "status")

    assert list(StatusChange.objects.values_list("member", "status")) == [(one.pk, "在册"), (one.pk, "退会")]
    assert Member.objects.get().status == "退会"
