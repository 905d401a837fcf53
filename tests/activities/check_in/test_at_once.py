"""Two devices of one member, and staff beside them, at the same moment: nobody counts twice, nobody is lost."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from activities.check_in import codes
from activities.check_in.services import check_in_by_staff, check_in_oneself
from activities.models import Participation, Presence, Scan
from organizations.models import Change
from tests.activities.check_in.make import code_of, make_door, make_person
from tests.make import make_association, make_participation
from tests.members.imports.test_concurrency import shared_database  # noqa: F401 (a fixture for every test here)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    start, failures = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.fixture
def door():
    make_association()
    return make_door()


def by_phone(door, member, key):
    reading = codes.read_code(door, code_of(door), now=timezone.now())
    return lambda: check_in_oneself(door, member, reading=reading, key=key)


@pytest.mark.parametrize("keys", [["samekey1"] * 4, ["key00001", "key00002", "key00003", "key00004"]])
@pytest.mark.parametrize("is_listed", [True, False])
def test_one_member_on_several_devices_is_there_once(door, keys, is_listed):
    member = make_person()
    if is_listed:
        make_participation(door.activity, member)

    at_once(*(by_phone(door, member, key) for key in keys))

    row = Participation.objects.get(member=member)
    assert row.presence == Presence.ATTENDED
    assert Scan.objects.filter(outcome="counted").count() == 1
    assert Scan.objects.count() == len(set(keys))
    assert Change.objects.filter(object_id=row.pk, diff__has_key="presence").count() == 1


def test_the_member_and_staff_at_once(door):
    member = make_person()
    make_participation(door.activity, member)

    at_once(
        by_phone(door, member, "phone001"),
        lambda: check_in_by_staff(door, member, key="staff001", actor=None),
    )

    assert sorted(Scan.objects.values_list("outcome", flat=True)) == ["again", "counted"]


def test_many_members_at_once_are_all_there(door):
    members = [make_person() for _ in range(8)]
    for member in members:
        make_participation(door.activity, member)

    at_once(*(by_phone(door, member, f"many{n:04}") for n, member in enumerate(members)))

    assert Participation.objects.filter(presence=Presence.ATTENDED).count() == 8
