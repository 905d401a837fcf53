import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.rights import Ability, Role
from organizations.models import Association
from tests.make import grant, make_association, make_user

pytestmark = pytest.mark.django_db


def tree():
    """city → district → park, and another city."""
    city = make_association(code="city")
    district = make_association(code="district", parent=city)
    park = make_association(code="park", parent=district)
    other = make_association(code="other")
    return city, district, park, other


def codes(queryset):
    return [association.code for association in queryset]


def test_path_names_every_association_from_the_root_down():
    city, district, park, _other = tree()

    assert city.path == f"{city.pk:05}/"
    assert park.path == f"{city.pk:05}/{district.pk:05}/{park.pk:05}/"


def test_moving_an_association_takes_along_what_is_below():
    _city, district, park, other = tree()

    district.parent = other
    district.save()

    assert codes(Association.objects.below(other)) == ["other", "district", "park"]
    park.refresh_from_db()
    assert park.path == f"{other.path}{district.pk:05}/{park.pk:05}/"


def test_moving_to_the_root_leaves_the_old_tree():
    city, district, _park, _other = tree()

    district.parent = None
    district.save()

    assert codes(Association.objects.below(city)) == ["city"]
    assert codes(Association.objects.below(district)) == ["district", "park"]


def test_rights_follow_a_move():
    _city, district, park, other = tree()
    user = make_user()
    grant(user, Role.VIEWER, other)
    before = user.rights.associations
    district.parent = other
    district.save()
    user.__dict__.pop("rights")

    after = user.rights.associations

    assert (before, after) == ({other.pk}, {other.pk, district.pk, park.pk})


def test_association_cannot_stand_below_itself():
    city, _district, park, _other = tree()
    city.parent = park

    with pytest.raises(ValidationError) as refused:
        city.full_clean()

    assert list(refused.value.message_dict) == ["parent"]


def test_below_does_not_take_an_association_whose_number_begins_alike():
    one = make_association(code="one")
    Association.objects.filter(pk=one.pk).update(path="00001/")
    eleven = make_association(code="eleven")
    Association.objects.filter(pk=eleven.pk).update(path="000011/")
    one.refresh_from_db()

    assert codes(Association.objects.below(one)) == ["one"]


def test_visible_are_the_association_of_the_role_and_all_below():
    _city, district, _park, _other = tree()
    user = make_user()
    grant(user, Role.SECRETARY, district)

    assert codes(Association.objects.visible_to(user)) == ["district", "park"]
    assert user.rights.associations_for(Ability.MANAGE) == frozenset()


@pytest.mark.parametrize("field", ["code", "name"])
def test_code_and_name_exist_once(field):
    first = make_association("第一联合会", code="first")
    values = {"name": "第二联合会", "code": "second", field: getattr(first, field)}

    with pytest.raises(IntegrityError), transaction.atomic():
        Association.objects.create(**values)

    assert Association.objects.count() == 1


def test_townships_are_the_lines_of_the_setting():
    association = make_association(townships="几江街道\n\n 鼎山街道 \n")

    assert association.township_list == ["几江街道", "鼎山街道"]
