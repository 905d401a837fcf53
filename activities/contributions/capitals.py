"""Amounts of money in Chinese capital numerals (人民币大写), as receipts write them.

Source: 支付结算办法 (PBC 1997), appendix on filling in bills: 元 or 角 is followed by 整 where nothing smaller comes,
after 分 there is none; noughts between figures are written as one 零.
"""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
MOST = Decimal(10) ** 12


def in_capitals(amount):
    """叁佰贰拾元伍角整 for 320.5; raises ValueError below 0 and from 10^12 on. Rounded to the fen."""
    amount = Decimal(amount)
    if not amount.is_finite() or not 0 <= amount < MOST - Decimal("0.005"):
        raise ValueError(amount)
    fen = int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    yuan, fen = divmod(fen, 100)
    tenths, hundredths = divmod(fen, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not fen:
        return f"{whole or '零元'}整"
    text = whole
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif whole:
        text += "零"
    return f"{text}{DIGITS[hundredths]}分" if hundredths else f"{text}整"


def _whole(number):
    """A whole number above 0, without its unit."""
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, nought = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            nought = bool(text)
            continue
        if text and (nought or group < 1000):
            text += "零"
        text += _group(group) + GROUPS[place]
        nought = False
    return text


def _group(group):
    """1 to 9999."""
    text, nought = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            nought = bool(text)
            continue
        text += ("零" if nought else "") + DIGITS[digit] + PLACES[place]
        nought = False
    return text
