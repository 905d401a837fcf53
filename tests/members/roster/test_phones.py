import pytest

from members.roster.messages import Doubt
from members.roster.phones import read_phones


def numbers(value, **kwargs):
    phones = read_phones(value, **kwargs)
    return phones.mobiles, phones.landlines


@pytest.mark.parametrize(
    "written",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "138.0000.0001",
        "138\u20110000\u20110001",
        "１３８" + 7 * "０" + "１",
        "+8613800000001",
        "+86 138 0000 0001",
        "(+86)13800000001",
        "（86）138 0000 0001",
        "0086-13800000001",
        "86-13800000001",
        "013800000001",
        "13800000001.0",
        "'13800000001",
        "手机：13800000001",
        "13800000001（本人）",
        "13800000001（手机）",
        13800000001,
        13800000001.0,
    ],
)
def test_mobile_number_in_its_disguises(written):
    assert numbers(written) == (["13800000001"], [])


@pytest.mark.parametrize(
    "written",
    [
        "13800000001/13900000002",
        "13800000001、13900000002",
        "13800000001;13900000002",
        "13800000001，13900000002",
        "13800000001\n13900000002",
        "13800000001 13900000002",
        "138 0000 0001 139 0000 0002",
        "13800000001或13900000002",
        "13800000001（常用）、13900000002（备用）",
    ],
)
def test_two_mobile_numbers_in_a_cell(written):
    assert numbers(written) == (["13800000001", "13900000002"], [])


@pytest.mark.parametrize(
    "written",
    ["023-47000001", "02347000001", "(023)47000001", "（023）47000001", "023 47000001", "023—47000001",
     "+86 23 47000001", "86-23-47000001", "0086-23-47000001", "办：023-47000001", "tel:023-47000001"],
)  # fmt: skip
def test_landline_in_its_disguises(written):
    assert numbers(written) == ([], ["023-47000001"])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("010-65000000", "010-65000000"),
        ("07558300000", "0755-8300000"),
        ("0755-83000000", "0755-83000000"),
        ("023-47000001-801", "023-47000001-801"),
        ("023-47000001转801", "023-47000001-801"),
        ("400-000-0000", "400-0000000"),
    ],
)
def test_other_landlines(written, number):
    assert numbers(written) == ([], [number])


def test_mobile_and_landline_in_a_cell():
    assert numbers("13800000001/023-47000002") == (["13800000001"], ["023-47000002"])
    assert numbers("M:13800000001 O:023-47000002") == (["13800000001"], ["023-47000002"])


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+852 9000 1923", "+852 90001923"),
        ("00852-90001923", "+852 90001923"),
        ("(852)90001923", "+852 90001923"),
        ("香港90001923", "+852 90001923"),
        ("+853 60000152", "+853 60000152"),
        ("+886-912-000-123", "+886 912000123"),
        ("+886 0912000123", "+886 912000123"),
        ("+1 415 000 0000", "+1 4150000000"),
    ],
)
def test_numbers_from_outside_the_mainland_keep_their_country(written, number):
    assert numbers(written) == ([number], [])


def test_note_about_wechat_is_understood():
    phones = read_phones("17700001972（微信同号）")

    assert (phones.mobiles, phones.wechat) == (["17700001972"], True)


@pytest.mark.parametrize(
    "written",
    ["198000005019", "1830000710", "1.35000E+10", "138****0000", "13800000001（妻子）", "张三13800000001", "0912000123",
     "90001923", "1380000000O",
     "13800000001/12345", "微信同号", "47000001", 1.35e10 + 0.5, True],
)  # fmt: skip
def test_what_is_no_number_is_refused(written):
    with pytest.raises(Doubt) as caught:
        read_phones(written)

    assert (caught.value.level, caught.value.code) == ("refused", "phone_invalid")


def test_office_column_takes_numbers_without_area_code():
    assert numbers("47000001", office=True) == ([], ["47000001"])
    assert numbers(2347000001, office=True) == ([], ["023-47000001"])
