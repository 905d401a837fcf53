"""What the database itself holds a member's record to, and what the record does by itself."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Employer, FurtherCategory, Member, RoleGrant, StatusChange, User
from members.services import change_status, first_status
from tests.make import grant, make_association, make_employer, make_id_number, make_member, make_user

pytestmark = pytest.mark.django_db


def refused(write):
    """Whether the database refuses `write`."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError:
        return True
    return False


def test_member_number_exists_once_in_an_association():
    home, other = make_association(), make_association()
    make_member(association=home, number="JJ1")

    assert refused(lambda: make_member(association=home, number="JJ1"))
    assert not refused(lambda: make_member(association=other, number="JJ1"))


def test_members_without_a_number_may_be_many():
    home = make_association()

    assert not refused(lambda: [make_member(association=home, number="") for _ in range(2)])


def test_identity_number_exists_once_in_an_association():
    home, other = make_association(), make_association()
    make_member(association=home, id_number=make_id_number(1))

    assert refused(lambda: make_member(association=home, id_number=make_id_number(1)))
    assert not refused(lambda: make_member(association=other, id_number=make_id_number(1)))
    assert not refused(lambda: [make_member(association=home) for _ in range(2)])


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"sex": "X"},
        {"ethnicity": "汉"},
        {"political_status": "党员"},
        {"second_party": "党员"},
        {"education": "本科"},
        {"full_time_education": "本科"},
        {"in_service_education": "本科"},
        {"title_level": "高级"},
        {"category": "其他"},
        {"id_kind": "身份证"},
        {"status": ""},
        {"status": "正常"},
        {"birth": "19850612"},
        {"party_joined": "1985-6"},
        {"work_started": "85"},
        {"joined": "2200"},
        {"id_sealed": b"sealed"},
        {"id_digest": "0" * 32},
    ],
)
def test_database_refuses_values_outside_the_lists(values):
    pk = make_member().pk

    assert refused(lambda: Member.objects.filter(pk=pk).update(**values))


@pytest.mark.parametrize(
    "write",
    [
        lambda member: Employer.objects.create(association=member.association, name=""),
        lambda member: [Employer.objects.create(association=member.association, name="甲") for _ in range(2)],
        lambda member: FurtherCategory.objects.create(member=member, category="其他"),
        lambda member: [
            FurtherCategory.objects.create(member=member, category="自由职业人员") for _ in range(2)
        ],
        lambda member: StatusChange.objects.create(member=member, status="正常"),
        lambda member: StatusChange.objects.create(member=member, status="在册", on="2019-1"),
        lambda member: User.objects.create(email=None, phone=None),
        lambda member: User.objects.bulk_create([User(email="A@example.org")]),
        lambda member: [grant(make_user("a@example.org"), "viewer", member.association) for _ in range(2)],
        lambda member: grant(make_user(), "king", member.association),
        lambda member: grant(
            make_user(),
            "viewer",
            member.association,
            starts_on=dt.date(2024, 2, 2),
            ends_on=dt.date(2024, 2, 1),
        ),
    ],
)
def test_database_refuses_what_must_never_be(write):
    member = make_member()

    assert refused(lambda: write(member))


def test_role_is_granted_once():
    home = make_association()
    user = make_user()
    grant(user, "viewer", home)

    assert refused(lambda: RoleGrant.objects.create(user=user, role="viewer", association=home))


def test_employer_of_another_association_is_an_error_of_the_field():
    member = make_member()
    member.employer = make_employer(association=make_association())

    with pytest.raises(ValidationError) as error:
        member.full_clean()

    assert list(error.value.message_dict) == ["employer"]


def test_identity_number_is_sealed_and_comes_back():
    member = make_member(id_number=make_id_number(1))

    stored = Member.objects.get(pk=member.pk)

    assert stored.id_number == make_id_number(1)
    assert make_id_number(1).encode() not in bytes(stored.id_sealed)
    assert stored.masked_id == f"500116********{make_id_number(1)[14:]}"


def test_each_save_counts_the_version_and_renews_the_pinyin():
    member = make_member("张一")

    member.name = "李四"
    member.save(update_fields=["name"])

    member.refresh_from_db()
    assert (member.version, member.pinyin, member.initials) == (2, "lisi", "ls")


def test_members_in_force_on_a_day():
    home = make_association()
    left, undated, applied = (make_member(name, association=home) for name in ("张一", "张二", "张三"))
    first_status(undated, actor=None)
    change_status(left, to="在册", on="2019-12", actor=None)
    change_status(left, to="退会", on="2023-05-10", actor=None)
    change_status(applied, to="申请", on="2018", actor=None)
    days = [dt.date(2019, 11, 30), dt.date(2019, 12, 1), dt.date(2023, 5, 9), dt.date(2023, 5, 10)]

    found = [[str(member) for member in Member.objects.in_force_on(day)] for day in days]

    assert found == [["张二"], ["张一", "张二"], ["张一", "张二"], ["张二"]]
