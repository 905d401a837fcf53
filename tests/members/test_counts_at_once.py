"""The counts while several write at once: nobody waits for another, nothing is lost."""

import pytest
from django.db import connection, transaction

from members.codes import Category
from members.models import Member
from tests.make import make_association, make_member
from tests.members.imports.test_concurrency import Doing, at_once, shared_database  # noqa: F401 - a fixture
from tests.members.test_counts import grouped, kept

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_saves_in_one_order_does_not_wait_for_who_saves_in_the_other():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, whatever is written")
    here, there = make_association(), make_association()

    def in_order(*associations):
        with transaction.atomic():
            for association in associations:
                make_member(association=association, mobile="")

    with transaction.atomic():
        make_member(association=here, mobile="")
        other = Doing(in_order, there, here)
        assert not other.waits()
        make_member(association=there, mobile="")

    assert other.result() is None
    assert kept() == grouped()
    assert sorted(kept().values()) == [2, 2]


def test_many_who_write_at_once_are_all_counted():
    keys = [make_member().pk for _ in range(4)]

    def turn_over(key):
        for number in range(60):
            Member.objects.filter(pk=key).update(category=Category.values[(key + number) % 4])

    at_once(*[lambda key=key: turn_over(key) for key in keys])

    assert kept() == grouped()
    assert sum(kept().values()) == 4
