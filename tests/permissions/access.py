"""What each account meets at an address: a small vocabulary, and the classes of access made of it."""

from dataclasses import dataclass

from tests.permissions.world import ACTORS

SIGN_IN = "is sent to sign in"
OK = "is served"
NO = "is refused"
HIDDEN = "finds nothing"
CLOSED = "is not served"
"""Refused, hidden or answered that the method does not fit: which of them does not matter."""

STRANGERS = "stranger member other_member expired"
READERS = "viewer supervisor department_persons"
BODY = "body_secretary body_viewer"
WORKERS = "secretary manager superuser"
FAR = "other_manager"


class Access(dict):
    """{account: what it meets}."""

    def but(self, *, ok="", no="", hidden="", closed="", sign_in=""):
        """The same access except for the accounts named."""
        changed = Access(self)
        for names, outcome in ((ok, OK), (no, NO), (hidden, HIDDEN), (closed, CLOSED), (sign_in, SIGN_IN)):
            changed |= dict.fromkeys(names.split(), outcome)
        assert set(changed) == set(ACTORS), set(changed) - set(ACTORS)
        return changed


def access(ok="", hidden="", *, default=NO):
    """Who is served and who finds nothing; the others are refused, and nobody gets in without signing in."""
    return Access(dict.fromkeys(ACTORS, default)).but(ok=ok, hidden=hidden, sign_in="anonymous")


PUBLIC = Access(dict.fromkeys(ACTORS, OK))
SIGNED_IN = access(default=OK)
STAFF = SIGNED_IN.but(no=STRANGERS)
NOBODY = access()
NOTHING_THERE = access(default=HIDDEN)
"""For everybody signed in: an address that leads nowhere here."""
NOT_EVEN_SIGNED_OUT = Access(dict.fromkeys(ACTORS, HIDDEN))
SIGNED_OUT = Access(dict.fromkeys(ACTORS, SIGN_IN))
CLOSED_TO_ALL = access(default=CLOSED)
"""The other method is meant."""
CLOSED_EVEN_SIGNED_OUT = Access(dict.fromkeys(ACTORS, CLOSED))

# lists and pages that are about no record begin with _LIST: another association's manager has their own there
READ_LIST = access(f"{READERS} {BODY} {WORKERS} {FAR}")
READ = READ_LIST.but(hidden=FAR)
"""A record of a visible body, or one that those who hold a role in one body alone see too."""
READ_WHOLE_LIST = access(f"{READERS} {WORKERS} {FAR}")
READ_WHOLE = READ_WHOLE_LIST.but(hidden=FAR)
"""What a role in one body does not show."""
FIGURES = READ_WHOLE_LIST.but(ok="department")
LOGS = access(f"supervisor {WORKERS} {FAR}")
EDIT_LIST = access(f"{WORKERS} {FAR}")
EDIT = EDIT_LIST.but(hidden=FAR)
EDIT_BODY_LIST = EDIT_LIST.but(ok="body_secretary")
EDIT_BODY = EDIT.but(ok="body_secretary")
EDIT_FOUND_BODY = EDIT_BODY.but(hidden=f"{STRANGERS} department")
"""Where one looks for the record first and asks for rights then."""
MANAGE_LIST = access("manager superuser other_manager")
MANAGE = MANAGE_LIST.but(hidden=FAR)
SUPERUSER = access("superuser")
OWN = access("member", default=HIDDEN)
MEMBERS = access("member other_member", default=HIDDEN)
"""Pages about the reader's own record, whatever it is."""

# pages of one record in the admin: out of sight is 404 before rights are asked for
RECORD = READ.but(hidden="department")
RECORD_WHOLE = READ_WHOLE.but(hidden=f"department {BODY}")
RECORD_EDIT = EDIT.but(hidden="department")
RECORD_EDIT_WHOLE = EDIT.but(hidden=f"department {BODY}")
RECORD_MANAGE = MANAGE.but(hidden=f"viewer supervisor department department_persons secretary {BODY}")


@dataclass(frozen=True)
class Entry:
    get: Access
    post: Access
    arguments: dict
    """Values of the address: words of the world stand for the keys of its records, the rest for themselves."""
    data: dict
    """What a POST sends, in the same words."""
    query: str = ""
    path: str = ""
    """The address where it has no name."""
    tells: frozenset = frozenset()
    """(person, kind of field) that this address tells whom it would not otherwise: the link is the permission."""
    writes: frozenset = frozenset()
    """Tables that it may write when read, or when refused."""


def url(get, post=None, *, query="", data=None, path="", tells=(), writes=(), **arguments):
    """An address open as `get` says, to POST as well unless `post` says otherwise."""
    return Entry(get, post or get, arguments, data or {}, query, path, frozenset(tells), frozenset(writes))
