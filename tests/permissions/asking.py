"""Asking an address as one of the accounts, without a trace left behind."""

import io
import re
import zipfile
from contextlib import contextmanager

from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.permissions.access import CLOSED, HIDDEN, NO, OK, SIGN_IN
from tests.permissions.world import HIDDEN_BASIS, HIDDEN_BODY, KINDS, MARKED

WRITING = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


class Answer:
    """What came back: `status`, the address it leads on to, `text` with that of all parts of a packed file."""

    def __init__(self, response, written):
        self.status, self.location, self.written = response.status_code, response.get("Location", ""), written
        content = b"".join(response.streaming_content) if response.streaming else response.content
        # as Django's own client: the connection, in which the world is not committed, outlives the request
        request_finished.disconnect(close_old_connections)
        response.close()
        request_finished.connect(close_old_connections)
        if content[:4] == b"PK\x03\x04":
            packed = zipfile.ZipFile(io.BytesIO(content))
            content = b"\n".join(packed.read(name) for name in packed.namelist())
        self.text = content.decode(errors="replace")
        if "\\u" in self.text:
            self.text += re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), self.text)

    def meets(self, outcome):
        """Whether this is what `outcome` says."""
        if outcome == CLOSED:
            return self.status in (403, 404, 405) or self.outcome == NO
        return self.outcome == outcome

    @property
    def outcome(self):
        """A word of tests/permissions/access.py, else the number of the status."""
        if self.location.startswith(reverse("account_login")):
            return SIGN_IN
        # who has no role meets a refusal behind the admin's own address for signing in
        if self.location.startswith(reverse("admin:login")):
            return NO
        if self.status in (200, 204, 301, 302, 303, 409, 422):
            return OK
        return {403: NO, 404: HIDDEN, 405: CLOSED}.get(self.status, str(self.status))

    @property
    def told(self):
        """{(person, kind of field)} found in the text, ("hidden body", "public") for what hints at that."""
        found = {
            (person, kind)
            for person, fields in MARKED.items()
            for kind, keys in KINDS.items()
            if any(key in fields and fields[key] in self.text for key in keys)
        }
        if HIDDEN_BODY in self.text or HIDDEN_BASIS in self.text:
            found.add(("hidden body", "public"))
        return found


class Asker:
    """Sends requests through the whole site; every one begins in the same world and the same sessions."""

    def __init__(self, users):
        # the test client would copy the contexts of all templates
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.cookies = {"anonymous": {}}
        for name, user in users.items():
            client = Client()
            client.force_login(user)
            self.cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}

    def ask(self, actor, method, address, data=None):
        cache.clear()  # limits of tries
        factory = RequestFactory()
        factory.cookies.load(self.cookies[actor])
        request = (
            getattr(factory, method.lower())(address, data)
            if data
            else getattr(factory, method.lower())(address)
        )
        request._dont_enforce_csrf_checks = True
        with undone(), writes() as written:
            response = self.handler.get_response(request)
            return Answer(response, written)


@contextmanager
def undone():
    """Nothing of what happens inside stays in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writes():
    """The set of tables written inside, filled as they are."""
    tables = set()

    def watch(execute, sql, params, many, context):
        if found := WRITING.match(sql):
            tables.add(found[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
