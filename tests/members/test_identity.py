import pytest

from members import identity
from members.areas import area_codes
from members.identity import IdNumber, InvalidNumber, read_id_number


def reason_of(text, kind=""):
    with pytest.raises(InvalidNumber) as caught:
        read_id_number(text, kind)
    return caught.value.reason


def number(body):
    return body + identity.check_character(body)


def test_citizen_number_tells_birth_sex_and_kind():
    found = read_id_number("500116198506150016")

    assert found == IdNumber("500116198506150016", "居民身份证", "1985.06.15", "男")


@pytest.mark.parametrize(
    "written",
    [
        "50011619860101109x",
        "50011619860101109ｘ",
        "50011619860101109×",
        "'50011619860101109X",
        "’50011619860101109X",
        "500116 19860101 109X",
        "\u200b50011619860101109X\n",
        "\u3000５００１１６１９８６０１０１１０９Ｘ\u00a0",
    ],
)
def test_disguised_number_is_recognised(written):
    assert read_id_number(written).number == "50011619860101109X"


def test_fifteen_digits_become_eighteen():
    found = read_id_number("500116850615001")

    assert found == IdNumber("500116198506150016", "居民身份证", "1985.06.15", "男", converted=True)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("500116198506150017", "check"),
        ("510225198804123000", "rounded"),
        ("510282199013252247", "date"),
        ("510282199002302247", "date"),
        ("50038119880825083", "pattern"),
        ("5001161979061751891", "pattern"),
        ("已收复印件", "pattern"),
        ("500116851315001", "date"),
        ("", "pattern"),
    ],
)
def test_wrong_number_is_refused_with_its_reason(written, reason):
    assert reason_of(written) == reason


def test_area_code_outside_the_table_is_only_noted():
    found = read_id_number(number("56010119780603239"))

    assert (found.kind, found.area_known) == ("居民身份证", False)


@pytest.mark.parametrize(
    "body", ["51022519700101002", "50011619850615001", "50038119900101001", "51212119600101001"]
)
def test_counties_given_up_or_founded_later_are_known(body):
    assert read_id_number(number(body)).area_known


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("810000199001010035", "港澳居民居住证"),
        ("830000199512310164", "台湾居民居住证"),
        ("931840198103210159", "外国人永久居留身份证"),
        ("ABC123456789012", "外国人永久居留身份证"),
        ("E12345678", "护照"),
        ("H12345678", "其他"),
    ],
)
def test_kind_follows_from_the_number(written, kind):
    found = read_id_number(written)

    assert (found.kind, found.area_known) == (kind, True)


def test_number_is_read_as_the_kind_that_is_stated():
    assert read_id_number("12345678", "其他") == IdNumber("12345678", "其他")
    assert read_id_number("k1234567", "护照") == IdNumber("K1234567", "护照")
    assert reason_of("E12345678", "居民身份证") == "pattern"
    assert reason_of("12345678") == "pattern"


def test_mask_hides_birth_date_and_keeps_the_length():
    assert identity.mask_id_number("500116198506150016") == "500116********0016"
    assert identity.mask_id_number("E12345678") == "E1*****78"
    assert identity.mask_id_number("") == ""


def test_every_area_code_has_six_digits_and_a_province():
    codes = area_codes()

    assert {len(code) for code in codes} == {6}
    assert len({code[:2] for code in codes}) == 31
    assert {"500116", "500381", "510282", "510225", "512121"} <= codes


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("51500116MJ00000182", "51500116MJ00000182"),
        ("31500000md00000168 ", "31500000MD00000168"),
        ("５１５００１１６ＭＪ０００００１８２", "51500116MJ00000182"),
    ],
)
def test_credit_code_is_cleaned(written, code):
    assert identity.read_credit_code(written) == code


@pytest.mark.parametrize("head", ["A1", "N2", "Y1"])
def test_credit_codes_of_every_department_pass(head):
    body = f"{head}500116MJ0000018"
    code = body + identity.credit_code_check(body)

    assert identity.read_credit_code(code) == code


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("51500116MJ00000183", "check"),
        ("915001161234560000", "rounded"),
        ("500116000012345", "pattern"),
        ("5150011OMJ00000182", "pattern"),
        ("Z1500116MJ00000182", "pattern"),
        ("94500116MJ00000182", "pattern"),
    ],
)
def test_wrong_credit_code_is_refused_with_its_reason(written, reason):
    with pytest.raises(InvalidNumber) as caught:
        identity.read_credit_code(written)

    assert caught.value.reason == reason
