"""Who may do what to which rows and fields, without any screen."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from members.models import Employer, ImportBatch, Member, User
from members.resources import KEYS, exportable_keys
from members.rights import FIELD_CLASSES, HIDDEN, ROLES, Ability, FieldClass, Rights, Role, mask
from tests.make import grant, make_association, make_employer, make_member, make_user

pytestmark = pytest.mark.django_db


def test_every_field_of_the_contract_has_a_class():
    assert set(FIELD_CLASSES) == set(KEYS)


@pytest.mark.parametrize("role", Role)
def test_role_reaches_down_the_tree_and_not_up_or_aside(role):
    city = make_association()
    home = make_association(parent=city)
    park = make_association(parent=home)
    make_association(parent=city)
    user = make_user()
    grant(user, role, home)

    reads = user.rights.associations

    assert reads == ({home.pk, park.pk} if Ability.READ in ROLES[role].abilities else frozenset())


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"),
    [(None, None, True), (0, 0, True), (-1, 1, True), (1, None, False), (None, -1, False)],
)
def test_grant_counts_from_its_first_day_to_its_last(starts, ends, in_force):
    home, today = make_association(), timezone.localdate()
    user = make_user()
    starts_on, ends_on = (day if day is None else today + dt.timedelta(days=day) for day in (starts, ends))
    grant(user, Role.SECRETARY, home, starts_on=starts_on, ends_on=ends_on)

    assert user.rights.may(Ability.EDIT, home.pk) == in_force
    assert user.is_staff == in_force
    assert user.has_perm("members.change_member") == in_force


def test_inactive_account_and_stranger_have_no_rights():
    home = make_association()
    user = make_user(is_active=False)
    grant(user, Role.MANAGER, home)

    assert (user.rights.associations, user.rights.permissions) == (frozenset(), frozenset())
    assert Rights(AnonymousUser()).associations == frozenset()
    assert list(Member.objects.visible_to(AnonymousUser())) == []


def test_roles_in_two_associations_do_not_add_up():
    home, other = make_association(), make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)
    grant(user, Role.VIEWER, other)

    rights = user.rights

    assert [rights.may(Ability.EDIT, place.pk) for place in (home, other)] == [True, False]
    assert [rights.may_read("mobile", place.pk) for place in (home, other)] == [True, False]
    # one row whose numbers are masked is enough: a search would tell them digit by digit
    assert [rights.may_search(key) for key in ("mobile", "name")] == [False, True]


def test_rows_are_those_of_the_associations_in_sight():
    home, elsewhere = make_association(), make_association()
    members = [make_member("张一", association=home), make_member("张二", association=elsewhere)]
    make_employer("甲公司", association=home)
    make_employer("乙公司", association=elsewhere)
    for association in (home, elsewhere):
        ImportBatch.objects.create(association=association, file_name="x.xlsx")
    user = make_user()
    grant(user, Role.SECRETARY, home)

    seen = [
        list(Member.objects.visible_to(user)),
        list(Member.objects.staff_visible_to(user)),
        list(Member.objects.editable_by(user)),
        [str(employer) for employer in Employer.objects.visible_to(user)],
        [batch.association for batch in ImportBatch.objects.visible_to(user)],
    ]

    assert seen == [[members[0]]] * 3 + [["甲公司"], [home]]


def test_own_record_is_seen_by_oneself_and_not_on_staff_screens():
    user = make_user()
    own = make_member("张一", association=make_association(), user=user)
    make_member("张二")

    assert list(Member.objects.visible_to(user)) == [own]
    assert list(Member.objects.staff_visible_to(user)) == []


def test_viewer_sees_batches_and_accounts_of_nobody():
    home = make_association()
    ImportBatch.objects.create(association=home, file_name="x.xlsx")
    user = make_user()
    grant(user, Role.VIEWER, home)

    assert list(ImportBatch.objects.visible_to(user)) == []
    assert list(User.objects.visible_to(user)) == []


def test_superuser_has_every_right_everywhere():
    home = make_association()
    user = User.objects.create_superuser("root@example.org", "correct horse battery")

    assert user.rights.may(Ability.MANAGE, home.pk)
    assert user.is_staff


@pytest.mark.parametrize(
    ("role", "unread"),
    [
        (Role.SECRETARY, set()),
        (Role.VIEWER, {FieldClass.CONTACT, FieldClass.PERSONAL, FieldClass.IDENTITY}),
    ],
)
def test_role_reads_the_fields_of_its_classes(role, unread):
    home = make_association()
    user = make_user()
    grant(user, role, home)

    masked = {key for key in FIELD_CLASSES if not user.rights.may_read(key, home.pk)}

    assert masked == {key for key, field_class in FIELD_CLASSES.items() if field_class in unread}


def test_exportable_are_the_fields_read_in_every_row_that_may_be_exported():
    home = make_association()
    user = make_user()
    grant(user, Role.SECRETARY, home)

    assert exportable_keys(user) == KEYS


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("mobile", "13812345678", "138****5678"),
        ("second_mobile", "13800000001", "138****0001"),
        ("mobile", "+852 91234567", HIDDEN),
        ("birth", "1985", HIDDEN),
        ("birth", "1985-06-12", HIDDEN),
        ("remarks", "", ""),
        ("email", "a@example.org", HIDDEN),
    ],
)
def test_mask_is_one_of_equal_length_for_a_field(key, value, shown):
    assert mask(key, value) == shown
