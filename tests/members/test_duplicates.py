"""Who is listed as probably one person, why, and at what price."""

import pytest

from members.duplicates import Reason, find_pairs, pairs_with
from members.models import DistinctPair, Member
from members.variants import standard
from tests.make import make_association, make_id_number, make_member, make_mobile

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_association()


def found(*associations, reason=None):
    """[(names, reasons)] of the pairs listed."""
    names = dict(Member.objects.values_list("pk", "name"))
    pairs = find_pairs({association.pk for association in associations}, reason).pairs
    return [(f"{names[pair.one]} {names[pair.other]}", pair.reasons) for pair in pairs]


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        # the same name
        ({"mobile": "13800000001"}, {"mobile": "13800000001"}, ("mobile",)),
        ({"mobile": "13800000001"}, {"second_mobile": "13800000001"}, ("mobile",)),
        ({"second_mobile": "13800000001"}, {"second_mobile": "13800000001"}, ("mobile",)),
        ({"birth": "1985-06"}, {"birth": "1985-06-15"}, ("birth",)),
        ({"birth": "1985-06-15"}, {"birth": "1985-06-15", "employer": "甲"}, ("birth",)),
        ({"employer": "甲"}, {"employer": "甲"}, ("employer",)),
        # other names
        ({"name": "陈伟", "employer": "甲"}, {"name": "陳偉", "employer": "甲"}, ("variant",)),
        ({"name": "李峰", "birth": "1985-06"}, {"name": "李峯", "birth": "1985-06"}, ("variant_birth",)),
        (
            {"name": "劉喆", "mobile": "13800000001"},
            {"name": "刘哲", "mobile": "13800000001"},
            ("alike_mobile",),
        ),
        ({"name": "王晓明", "employer": "甲"}, {"name": "王小明", "employer": "甲"}, ("sound",)),
        ({"name": "王小明", "employer": "甲"}, {"name": "王小朋", "employer": "甲"}, ("character",)),
        ({"name": "王大明", "employer": "甲"}, {"name": "黄大明", "employer": "甲"}, ("character",)),
        ({"name": "欧阳大明", "employer": "甲"}, {"name": "欧阳大朋", "employer": "甲"}, ("character",)),
        (
            {"name": "王丽", "former_name": "王红", "employer": "甲"},
            {"name": "王红", "employer": "甲"},
            ("former",),
        ),
        (
            {"name": "王丽", "former_name": "赵红", "birth": "1985-06"},
            {"name": "赵红", "birth": "1985-06"},
            ("variant_birth",),
        ),
        (
            {"name": "王丽", "former_name": "赵红", "mobile": "13800000001"},
            {"name": "赵红", "mobile": "13800000001"},
            ("alike_mobile",),
        ),
    ],
)
def test_two_records_are_listed_with_the_reason(home, one, other, reasons):
    blank = {"name": "张三", "association": home, "mobile": ""}
    members = make_member(**blank | one), make_member(**blank | other)
    make_member("李四", association=home)

    assert [reason for _names, reason in found(home)] == [reasons]
    assert [reason for _names, reason in found(home, reason=Reason(reasons[0]))] == [reasons]
    assert [pair.reasons for pair in pairs_with(members[0], {home.pk})] == [reasons]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"birth": "1985"}, {"birth": "1985"}),
        ({"birth": "1985-06-15"}, {"birth": "1985-06-16"}),
        ({"mobile": "13800000001"}, {"name": "李四", "mobile": "13800000001"}),
        ({"name": "王明", "employer": "甲"}, {"name": "王朋", "employer": "甲"}),
        ({"name": "王小明", "employer": "甲"}, {"name": "李大明", "employer": "甲"}),
        ({"name": "王小明", "employer": "甲"}, {"name": "王小朋", "employer": "乙"}),
        ({"birth": "1985-06", "name": "李伟"}, {"birth": "1985-06", "name": "李薇"}),
        ({"former_name": "赵红"}, {"name": "赵红"}),
        # two identity cards are two persons
        (
            {"birth": "1985-06-15", "id_number": make_id_number(1), "employer": "甲"},
            {"birth": "1985-06-15", "id_number": make_id_number(3), "employer": "甲"},
        ),
    ],
)
def test_others_are_not_listed(home, one, other):
    blank = {"name": "张三", "association": home, "mobile": ""}
    members = make_member(**blank | one), make_member(**blank | other)

    assert found(home) == []
    assert pairs_with(members[0], {home.pk}) == pairs_with(members[1], {home.pk}) == []


def test_one_identity_number_in_two_associations_comes_first(home):
    branch = make_association(parent=home)
    make_member("张三", association=home, id_number=make_id_number(1))
    make_member("张山", association=branch, id_number=make_id_number(1))
    for _ in range(2):
        make_member("王五", association=home, mobile=make_mobile(5), employer="甲")

    assert found(home, branch) == [("张三 张山", ("identity",)), ("王五 王五", ("mobile", "employer"))]
    assert found(home) == [("王五 王五", ("mobile", "employer"))]
    assert found(home, branch, reason=Reason.EMPLOYER) == [("王五 王五", ("mobile", "employer"))]


def test_two_identity_cards_with_one_name_and_mobile_number_are_looked_at(home):
    for serial in (1, 3):
        make_member("张三", association=home, mobile=make_mobile(1), id_number=make_id_number(serial))

    assert found(home) == [("张三 张三", ("mobile",))]


def test_a_card_and_a_passport_may_be_one_persons(home):
    make_member("张三", association=home, birth="1985-06", id_number=make_id_number(1), id_kind="居民身份证")
    make_member("张三", association=home, birth="1985-06", id_number="E12345678", id_kind="护照")

    assert found(home) == [("张三 张三", ("birth",))]


def test_who_is_known_to_be_two_persons_is_not_listed(home):
    one, other = (make_member("张三", association=home, mobile=make_mobile(1)) for _ in range(2))
    DistinctPair.objects.create(one=one, other=other)

    assert found(home) == []
    assert pairs_with(one, {home.pk}) == pairs_with(other, {home.pk}) == []


def test_a_number_that_many_share_does_not_list_them_all(home):
    for character in "甲乙丙丁戊己庚辛壬癸甲":
        make_member(f"王{character}", association=home, mobile=make_mobile(1))

    assert found(home) == [("王甲 王甲", ("mobile",))]


def test_the_number_of_statements_does_not_grow(home, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            make_member("张三", association=home, mobile=make_mobile(1), employer="甲")
            make_member("王丽", former_name="张三", association=home, mobile=make_mobile(1), employer="甲")
        with django_assert_max_num_queries(14) as captured:
            find_pairs({home.pk})
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_names_are_brought_to_one_spelling():
    assert [standard(name) for name in ("陳偉峯", "劉喆", "歐陽麗娟", "阿依·古丽")] == [
        "陈伟峰", "刘哲", "欧阳丽娟", "阿依古丽",
    ]  # fmt: skip
