"""Receipts written at the same moment: each has its own number."""

import pytest

from activities.contributions.donating import save_donation
from activities.models import Donation
from organizations.services import NotPossible
from tests.activities.contributions.given import DAY
from tests.make import make_association
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def donation(association, **fields):
    return Donation(
        association=association, kind="cash", amount=10, donor_name="甲", received_on=DAY, **fields
    )


def test_the_next_number_is_given_once():
    home = make_association()

    at_once(*[lambda: save_donation(donation(home), assign=True) for _ in range(4)])

    numbers = sorted(Donation.objects.values_list("receipt_number", flat=True))
    assert numbers == ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]


def test_a_number_typed_twice_is_refused_once():
    home = make_association()

    def book():
        try:
            save_donation(donation(home, receipt_number="A1"))
        except Exception as error:
            return type(error).__name__
        return ""

    results = at_once(book, book)

    assert sorted(results)[0] == ""
    assert sorted(results)[1] in (NotPossible.__name__, "ValidationError")
    assert Donation.objects.count() == 1
