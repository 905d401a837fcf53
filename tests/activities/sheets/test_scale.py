"""Sheets of any length cost the same number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.sheets.sheets import activity_on, apply, bring, sheet_of, undo
from tests.make import make_member, make_mobile, make_participation

pytestmark = pytest.mark.django_db


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    # how far the work has come is noted by the clock, more often on a busy machine
    by_clock = ("SAVEPOINT", "RELEASE", 'UPDATE "members_importbatch"')
    return len([query for query in captured.captured_queries if not query["sql"].startswith(by_clock)])


def cost(client, home, first, count):
    """(queries of reading, of the page, of applying, of undoing) for a sheet of `count` people, half of them listed."""
    people = [
        make_member(association=home, mobile=make_mobile(500 + first + number)) for number in range(count)
    ]
    activity = activity_on(association=home)
    for member in people[: count // 2]:
        make_participation(activity, member)
    rows = [(member.name, member.mobile, "√") for member in people]
    found = {}

    def read():
        found["batch"] = bring(client, activity, sheet_of(*rows))

    reading = queries(read)
    batch = found["batch"]
    batch.refresh_from_db()
    page = queries(lambda: client.get(batch.get_absolute_url()))
    applying = queries(lambda: apply(client, batch))
    assert activity.participations.came().count() == count
    undoing = queries(lambda: undo(client, batch))
    assert activity.participations.came().count() == 0
    return reading, page, applying, undoing


def test_the_same_number_of_queries_for_two_and_eight_people(client, home, secretary):
    cost(client, home, 0, 2)  # content types and the like are looked up once

    assert cost(client, home, 10, 2) == cost(client, home, 30, 8)
