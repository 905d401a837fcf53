from collections import defaultdict

import pytest

from members.formats import Csv, Xlsx
from members.models import Member
from members.resources import HEADERS, KEYS, MemberResource
from tests.make import make_association, make_id_number, make_member

pytestmark = pytest.mark.django_db


def two_members():
    home = make_association()
    make_member(
        "张一",
        association=home,
        employer="甲公司",
        id_number=make_id_number(1),
        birth="1985-06",
        remarks="=1",
    )
    make_member("李二", association=home)
    return Member.objects.order_by("pk")


def test_the_quick_way_gives_what_the_packages_own_way_gives():
    members = two_members()

    dataset = MemberResource().export(members)

    assert dataset.headers == [HEADERS[key] for key in KEYS]
    assert [list(row) for row in dataset] == list(MemberResource().rows(members))


def test_columns_are_those_asked_for_in_their_order():
    members = two_members()

    resource = MemberResource(keys=["birth", "name", "id_number", "employer"])

    assert resource.get_export_headers() == ["出生年月", "姓名", "证件号码", "工作单位"]
    assert list(resource.rows(members)) == [
        ["1985.06", "张一", make_id_number(1), "甲公司"],
        ["", "李二", "", ""],
    ]


def test_rows_are_gathered_by_the_association_they_belong_to():
    members = two_members()
    park = make_association()
    make_member("王三", association=park)
    seen = defaultdict(list)

    list(MemberResource(keys=["name"]).rows(members.all(), seen))

    assert {pk: len(ids) for pk, ids in seen.items()} == {members[0].association_id: 2, park.pk: 1}


@pytest.mark.parametrize("form", [Xlsx, Csv])
def test_formats_take_the_packages_dataset_too(form):
    dataset = MemberResource(keys=["name"]).export(two_members())

    data = form().export_data(dataset)

    assert data[:2] == (b"PK" if form is Xlsx else b"\xef\xbb")


def test_rows_are_read_in_one_statement(django_assert_num_queries):
    members = two_members()

    with django_assert_num_queries(1):
        rows = list(MemberResource().rows(members))

    assert len(rows) == 2
