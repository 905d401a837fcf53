"""Two at once, with real threads: of admissions each gets a number of its own."""

import datetime as dt

import pytest

from members.numbers import assign_number
from tests.make import make_association, make_member
from tests.members.imports.test_concurrency import at_once, shared_database  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_admissions_at_once_each_gets_its_own_number():
    make_association(number_pattern="{year}{serial:04}")
    members = [make_member() for _ in range(4)]
    day = dt.date(2026, 3, 20)

    numbers = at_once(*[lambda one=one: assign_number(one, on=day) for one in members])

    assert sorted(numbers) == ["20260001", "20260002", "20260003", "20260004"]
