"""Amounts in Chinese capital numerals."""

from decimal import Decimal

import pytest

from activities.contributions.capitals import in_capitals


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.56", "伍角陆分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("101", "壹佰零壹元整"),
        ("1001.50", "壹仟零壹元伍角整"),
        ("1010", "壹仟零壹拾元整"),
        # the examples of the rule itself
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("1000001", "壹佰万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("12.345", "壹拾贰元叁角伍分"),
    ],
)
def test_amounts_are_written_in_capitals(amount, written):
    assert in_capitals(Decimal(amount)) == written


@pytest.mark.parametrize("amount", ["-1", "1000000000000", "1e400", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError):
        in_capitals(Decimal(amount))
