import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from members.models import FurtherCategory, Member
from organizations.models import Action, Association, Change, acting
from tests.make import make_association, make_employer, make_id_number, make_member, make_user

pytestmark = pytest.mark.django_db


def changes_of(obj):
    """[(kind, diff)] of the record, oldest first."""
    kind = ContentType.objects.get_for_model(type(obj))
    found = Change.objects.filter(content_type=kind, object_id=obj.pk).order_by("pk")
    return [(change.kind, change.diff) for change in found]


def test_creating_records_every_value():
    association = make_association()

    member = make_member("张一", association=association, mobile="13800000001", birth="1985-06")

    assert changes_of(member) == [
        (
            "+",
            {
                "association": [None, association.pk],
                "name": [None, "张一"],
                "birth": [None, "1985-06"],
                "mobile": [None, "13800000001"],
                "status": [None, "在册"],
            },
        )
    ]


def test_changing_records_before_and_after_of_what_changed():
    member = make_member(mobile="13800000001")
    employer = make_employer(association=member.association)

    member.mobile, member.employer = "13900000001", employer
    member.save()

    assert changes_of(member)[1:] == [
        ("~", {"mobile": ["13800000001", "13900000001"], "employer": [None, employer.pk]})
    ]


def test_saving_without_a_change_records_nothing():
    member = Member.objects.get(pk=make_member().pk)

    member.save()

    assert len(changes_of(member)) == 1


def test_update_fields_records_only_what_is_written():
    member = make_member(mobile="13800000001", wechat="one")

    member.mobile, member.wechat = "13900000001", "two"
    member.save(update_fields=["mobile"])
    member = Member.objects.get(pk=member.pk)

    assert (member.mobile, member.wechat) == ("13900000001", "one")
    assert changes_of(member)[1:] == [("~", {"mobile": ["13800000001", "13900000001"]})]


def test_what_update_fields_left_out_is_recorded_when_it_is_saved():
    member = make_member(mobile="13800000001", wechat="one")

    member.mobile, member.wechat = "13900000001", "two"
    member.save(update_fields=["mobile"])
    member.save()

    assert changes_of(member)[1:] == [
        ("~", {"mobile": ["13800000001", "13900000001"]}),
        ("~", {"wechat": ["one", "two"]}),
    ]


def test_a_field_never_loaded_is_no_change():
    pk = make_member(remarks="说明").pk
    member = Member.objects.only("name").get(pk=pk)

    member.name = "李一"
    member.save(update_fields=["name"])

    assert changes_of(member)[1:] == [("~", {"name": ["张一", "李一"]})]


def test_deleting_records_what_was_lost():
    member = make_member("张一", mobile="13800000001")
    association, pk = member.association, member.pk

    member.delete()
    member.pk = pk

    assert changes_of(member)[1:] == [
        (
            "-",
            {
                "association": [association.pk, None],
                "name": ["张一", None],
                "mobile": ["13800000001", None],
                "status": ["在册", None],
            },
        )
    ]


def test_identity_number_is_never_in_the_history_only_the_fact():
    member = make_member(id_number=make_id_number(1))

    member.id_number = make_id_number(2)
    member.save()
    member.delete()

    diffs = Change.objects.values_list("diff", flat=True)
    assert [diff["id_sealed"] for diff in diffs if "id_sealed" in diff] == [None, None, None]
    assert not any(number in str(diff) for diff in diffs for number in (make_id_number(1), make_id_number(2)))


def test_writes_inside_one_scope_are_one_action():
    user = make_user()
    association = make_association()

    with acting(user, note="两处修改"):
        member = make_member(association=association)
        FurtherCategory.objects.create(member=member, category="自由职业人员")

    action = Action.objects.get(note="两处修改")
    assert (action.actor, action.kind, action.changes.count()) == (user, "edit", 2)


def test_scope_without_a_write_leaves_no_action():
    user = make_user()
    before = Action.objects.count()

    with acting(user):
        pass

    assert Action.objects.count() == before


def test_scope_survives_a_transaction_rolled_back_inside():
    user = make_user()
    association = make_association()

    with acting(user, note="重试"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_member("张一", association=association)
            make_member("张二", association=association, birth="85")
        make_member("张三", association=association)

    action = Action.objects.get(note="重试")
    assert [change.diff["name"] for change in action.changes.all()] == [[None, "张三"]]


def test_failed_save_leaves_no_history():
    member = make_member("张一")
    member.birth = "85"

    with pytest.raises(IntegrityError), transaction.atomic():
        member.save()

    assert len(changes_of(member)) == 1


def test_derived_columns_are_not_recorded():
    association = make_association()

    association.parent = make_association()
    association.save()

    assert changes_of(association)[1:] == [("~", {"parent": [None, association.parent_id]})]
    assert Association.objects.get(pk=association.pk).path.startswith(association.parent.path)
