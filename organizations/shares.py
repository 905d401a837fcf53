"""Shares of a number of people, exactly: no floating point, so that a third of 30 is 10 and of 28 is 9⅓."""

from fractions import Fraction


def share(text):
    """The Fraction written `1/3`; ValueError unless it is more than none and at most the whole."""
    above, _bar, below = text.partition("/")
    if not (above.strip().isdecimal() and below.strip().isdecimal() and int(below)):
        raise ValueError(text)
    value = Fraction(int(above), int(below))
    if not 0 < value <= 1:
        raise ValueError(text)
    return value


def at_most(part, whole, wanted):
    """Whether `part` of `whole` people is no more than `wanted` of them: a council of a third of the members."""
    return part * wanted.denominator <= whole * wanted.numerator


def fewest(whole, wanted):
    """The least number of people that is `wanted` of `whole` or more: 19 of 28 for 2/3."""
    return -(-whole * wanted.numerator // wanted.denominator)


def most(whole, wanted):
    """The greatest number of people that is no more than `wanted` of `whole`: 9 of 28 for 1/3."""
    return whole * wanted.numerator // wanted.denominator
