"""Two at once: merges beside merges, merges beside imports. On both databases, with real threads."""

import pytest
from django.db import transaction

from members.imports.applying import apply_batch
from members.merging import CannotMerge, merge_members
from members.models import ImportBatch, Member, MemberMerge
from members.parting import part_members
from organizations.models import Action
from tests.make import make_association, make_id_number, make_member, make_mobile
from tests.members.imports.sheets import person
from tests.members.imports.test_concurrency import (  # noqa: F401 - the fixture works by being there
    Doing,
    at_once,
    messages_of,
    outcomes,
    preview,
    shared_database,
)
from tests.members.merging.pairs import merge

pytestmark = pytest.mark.django_db(transaction=True)


def trying(gone, into):
    """A call that merges the two as they are now, and gives False where that is refused."""
    seen = {gone.pk: gone.version, into.pk: into.version}

    def call():
        try:
            return merge_members(gone, into=into, taken=[], seen=seen, actor=None)
        except CannotMerge:
            return False

    return call


@pytest.mark.parametrize("attempt", range(3))
def test_a_pair_merged_by_two_at_once_is_merged_once(attempt):
    home = make_association()
    one, other = (make_member("张三", association=home) for _ in range(2))

    results = at_once(trying(other, one), trying(one, other))

    assert sorted(map(bool, results)) == [False, True]
    assert (Member.objects.count(), MemberMerge.objects.count()) == (1, 1)
    assert Action.objects.filter(kind=Action.Kind.MERGE).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_merges_with_one_record_in_both_the_second_looks_again(attempt):
    home = make_association()
    first, second, third = (make_member("张三", association=home) for _ in range(3))

    results = at_once(trying(second, first), trying(third, second))

    assert sorted(map(bool, results)) == [False, True]
    assert (Member.objects.count(), MemberMerge.objects.count()) == (2, 1)


def test_a_merge_taken_back_by_two_at_once_is_taken_back_once():
    home = make_association()
    one, other = (make_member("张三", association=home) for _ in range(2))
    made = merge(other, one)
    copies = [MemberMerge.objects.get(pk=made.pk) for _ in range(2)]

    results = at_once(*[lambda copy=copy: part_members(copy, actor=None) for copy in copies])

    assert sorted(member is None for member in results) == [False, True]
    assert Member.objects.count() == 2
    assert Action.objects.filter(kind=Action.Kind.UNDO).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_member_merged_while_an_import_writes_it_is_not_entered_again(attempt):
    home = make_association()
    one = make_member("张三", association=home, mobile=make_mobile(1))
    other = make_member("张叁", association=home, mobile=make_mobile(2), id_number=make_id_number(1))
    batch = preview(home, person("张叁", id_number=make_id_number(1), mobile=make_mobile(2), position="总监"))

    at_once(lambda: apply_batch(batch, actor=None), trying(other, one))

    batch = ImportBatch.objects.get()
    if MemberMerge.objects.exists():
        # the merge came first: the row fits another member than it was previewed for
        assert (outcomes(batch), messages_of(batch)) == ({"question": 1}, ["changed_since_preview"])
        assert Member.objects.get() == one
    else:
        assert outcomes(batch) == {"update": 1}
        assert Member.objects.get(pk=other.pk).position == "总监"


def test_a_record_edited_while_it_is_merged_is_not_lost():
    home = make_association()
    one, other = (make_member("张三", association=home) for _ in range(2))

    with transaction.atomic():
        edited = Member.objects.select_for_update(no_key=True).get(pk=other.pk)
        edited.remarks = "刚写的"
        edited.save()
        merging = Doing(trying(other, one))
        assert merging.waits()

    assert merging.result() is False
    assert Member.objects.get(pk=other.pk).remarks == "刚写的"
