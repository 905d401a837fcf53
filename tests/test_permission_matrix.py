"""Every address × every kind of account × method: who is served, who is refused, and that nobody is told too much.

The addresses come from the resolver, what is expected from tests/permissions/table.py: a new address needs an entry
there, or this fails and says so. All is asked in one world (tests/permissions/world.py), the same for every request.
"""

import logging
import re

import pytest
from django.conf import settings as site_settings
from django.contrib import admin
from django.test import override_settings
from django.urls import reverse

from tests.permissions.access import OK
from tests.permissions.addresses import addresses
from tests.permissions.asking import Asker, undone
from tests.permissions.table import TABLE
from tests.permissions.world import ACTORS, READS, World

pytestmark = pytest.mark.django_db

PATTERNS = dict(addresses())
# the first words of their patterns part the addresses into tests of about the same length
PARTS = (
    "accounts/",
    "organizations/elections/",
    "organizations/m",
    "organizations/",
    "members/import/",
    "members/",
    "activities/",
    "my/activities/",
    "my/",
    "admin/organizations/",
    "admin/members/member/",
    "admin/members/",
    "admin/",
    "",
)
# what reading leaves behind: sessions, who opened a record on which day, that a message was read
NOTED = {"django_session", "usersessions_usersession", "members_viewing", "members_message"}


def part_of(pattern):
    return next(part for part in PARTS if pattern.startswith(part))


@pytest.fixture(scope="module")
def asker(django_db_setup, django_db_blocker, tmp_path_factory):
    """The Asker, with the World as `world`; files go to a folder of the tests' own."""
    storages = site_settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path_factory.mktemp("private")},
        }
    }
    logging.disable(logging.ERROR)  # of each refusal there would be a line
    with override_settings(STORAGES=storages), django_db_blocker.unblock(), undone():
        world = World()
        asker = Asker(world.users)
        asker.world = world
        yield asker
    logging.disable(logging.NOTSET)


def address_of(name, world):
    entry = TABLE[name]
    arguments = {key: world.value(word) for key, word in entry.arguments.items()}
    found = entry.path.format(**arguments) if entry.path else reverse(name, kwargs=arguments)
    return found + entry.query


def test_every_address_has_an_entry_and_every_entry_an_address():
    new = sorted(PATTERNS.keys() - TABLE.keys())
    gone = sorted(TABLE.keys() - PATTERNS.keys())

    assert not new, (
        "Addresses without an entry in tests/permissions/table.py – say there who may open each, for GET and for POST, "
        f"with the records of tests/permissions/world.py that it is about: {new}"
    )
    assert not gone, f"Entries in tests/permissions/table.py whose address is gone – take them out: {gone}"


@pytest.mark.parametrize("part", PARTS)
def test_everybody_meets_what_the_table_says_and_reads_no_more(asker, part):
    wrong = []
    for name, pattern in PATTERNS.items():
        if part_of(pattern) != part or name not in TABLE:
            continue
        entry, address = TABLE[name], address_of(name, asker.world)
        data = {key: asker.world.value(word) for key, word in entry.data.items()}
        for method, access in (("GET", entry.get), ("POST", entry.post)):
            for actor in ACTORS:
                answer = asker.ask(actor, method, address, data if method == "POST" else None)
                asked = f"{method} {address} ({name}) as {actor}"
                if not answer.meets(access[actor]):
                    wrong.append(f"{asked}: expected {access[actor]}, but {answer.outcome} {answer.location}")
                if too_much := answer.told - READS[actor] - entry.tells:
                    wrong.append(f"{asked}: tells of {sorted(too_much)}")
                if (method == "GET" or access[actor] != OK) and (
                    left := answer.written - NOTED - entry.writes
                ):
                    wrong.append(f"{asked}: writes to {sorted(left)}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_no_other_method_opens_more_than_get_does(asker, method):
    wrong = []
    for name in PATTERNS.keys() & TABLE.keys():
        entry, address = TABLE[name], address_of(name, asker.world)
        for actor in ("stranger", "viewer"):
            answer = asker.ask(actor, method, address)
            asked = f"{method} {address} ({name}) as {actor}"
            # a view of Django's own answers OPTIONS with the methods it knows, whoever asks
            if answer.outcome == OK and entry.get[actor] != OK and method != "OPTIONS":
                wrong.append(f"{asked}: {answer.status} {answer.location}")
            if (
                answer.status >= 500
                or answer.told - READS[actor] - entry.tells
                or answer.written - NOTED - entry.writes
            ):
                wrong.append(f"{asked}: {answer.status} {answer.told} {answer.written}")

    assert not wrong, "\n".join(wrong)


def test_the_world_holds_what_could_leak(asker):
    told = {actor: set() for actor in ACTORS}
    for name in ("admin:members_member_detail", "organizations:bodies", "portal:profile"):
        for actor in ACTORS:
            told[actor] |= asker.ask(actor, "GET", address_of(name, asker.world)).told

    assert told["manager"] >= {
        ("own", "public"),
        ("own", "contact"),
        ("own", "personal"),
        ("hidden body", "public"),
    }
    assert told["viewer"] == {("own", "name"), ("own", "public")}
    assert told["stranger"] == set()


def test_no_screen_leads_from_a_key_to_an_address():
    open_screens = [
        model.__name__ for model, screen in admin.site._registry.items()
        if screen.view_on_site and hasattr(model, "get_absolute_url")
    ]  # fmt: skip

    assert open_screens == []
    assert not re.search(r"view_on_site", " ".join(PATTERNS))
