import pytest

from members.phones import normal_phone


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+8613800000001",
        "+86 138 0000 0001",
        "(+86)13800000001",
        "86-13800000001",
        "0086 13800000001",
        "013800000001",
        "１３８０００００００１",
        "（＋８６）138－0000－0001",
        "\u202d138\u00a00000\u20110001\u202c\ufeff",
    ],
)
def test_mainland_mobile_is_understood_in_any_spelling(text):
    assert normal_phone(text) == "13800000001"


@pytest.mark.parametrize("text", ["+852 9000 0001", "00852-90000001", "+85290000001"])
def test_number_from_abroad_keeps_its_country_code(text):
    assert normal_phone(text) == "+85290000001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380000001",
        "138000000011",
        "12800000001",
        "+86 10 6234 5678",
        "+861380000001",
        "a13800000001",
        "+123",
    ],
)
def test_what_is_no_mobile_number_gives_nothing(text):
    assert normal_phone(text) == ""
