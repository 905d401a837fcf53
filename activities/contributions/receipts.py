"""Numbers of receipts: each is given once in an association, voided donations keep theirs."""

import re

from activities.models import Donation
from organizations.models import Association
from organizations.number_patterns import NumberPattern

# what the first number of an association is made of; later ones go on from those in use
FIRST = NumberPattern.read("{year}-{serial:04}")
NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)
LONGEST = Donation._meta.get_field("receipt_number").max_length


def next_receipt(association, *, year):
    """The number that follows for a donation of `year`; nothing is written.

    It goes on from the number entered last: what stands before its serial stays, with the year in it, if there is one,
    changed to this. A new year so begins with 1, numbers without a year run on. `assign_receipt` gives it safely.
    """
    numbered = Donation.objects.filter(association=association).exclude(receipt_number="")
    last = numbered.order_by("-pk").first()
    found = NUMBERED.fullmatch(last.receipt_number) if last else None
    if found is None:
        first = FIRST.number(year=year, serial=1)
        beginning, width = NUMBERED.fullmatch(first)[1], 4
    else:
        beginning, digits, before = found[1], found[2], str(last.received_on.year)
        if digits.startswith(before) and len(digits) > len(before):
            # 20260012: the year stands right before the serial
            beginning, digits = beginning + before, digits.removeprefix(before)
        beginning, width = beginning.replace(before, str(year)), len(digits)
    numbers = numbered.filter(receipt_number__startswith=beginning).order_by()
    serials = [
        int(rest)
        for number in numbers.values_list("receipt_number", flat=True)
        if re.fullmatch(r"[0-9]{1,9}", rest := number[len(beginning) :])
    ]
    return f"{beginning}{max(serials, default=0) + 1:0{width}}"[:LONGEST]


def assign_receipt(donation):
    """Give `donation`, which is about to be saved in this transaction, the next number of its association."""
    # lock first: two receipts may be written at once
    association = Association.objects.select_for_update(no_key=True).get(pk=donation.association_id)
    donation.receipt_number = next_receipt(association, year=donation.received_on.year)
