"""The codes of check-in: those on the screen of the room, which change all the time, and those that members show.

Only the server's clock counts. A code is made of a secret and of the number of the stretch of time in which it stands
on the screen, so nothing has to be stored for it; one that was photographed and sent on is soon worth nothing.
"""

import datetime as dt
import hmac
import time
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from members.models.links import CHARACTERS

SECONDS = 20
"""A code stands on the screen for so long, and is taken for as long again."""
LENGTH = 9  # of 31 characters: 44 bits
OLDEST = dt.timedelta(hours=12)
"""A code older than that is not known any more."""
TICKET_SECONDS = 10 * 60
"""Whose telephone read a code in time has so long to sign in and to press the button."""
OWN_SECONDS = 60
_OWN_LENGTH = 10
_OWN = "m"


@dataclass(frozen=True)
class Reading:
    """That a code of the screen was read: since when it stood there, when it was read, and whether that is certain."""

    shown_at: dt.datetime
    read_at: dt.datetime
    is_fresh: bool


# -- on the screen


def code_now(door):
    """The code that stands on the screen of `door` now."""
    return _spell(_number(door, int(time.time()) // SECONDS), LENGTH)


def in_groups(code):
    """`code` as people read it: ``k7m q2x dh9``."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def plain_code(text):
    """What somebody typed as a code of the screen, in its own form; "" if it is none."""
    typed = unicodedata.normalize("NFKC", text[:60]).casefold()
    code = "".join(character for character in typed if not character.isspace() and character != "-")
    return code if len(code) == LENGTH and set(code) <= set(CHARACTERS) else ""


def read_code(door, code, *, now, age=0):
    """The Reading of the plain `code` at `door`, None if it never stood on its screen.

    `age`: how many seconds ago the telephone says it was read. It decides nothing, staff are told of it.
    """
    window = _window_of(door, code, now)
    if window is None:
        return None
    shown_at = dt.datetime.fromtimestamp(window * SECONDS, dt.UTC)
    read_at = max(shown_at, now - dt.timedelta(seconds=age))
    return Reading(shown_at, read_at, is_fresh=int(now.timestamp()) // SECONDS - window <= 1)


def _window_of(door, code, now):
    """Number of the stretch of time in which the plain `code` stood on the screen, None if it never did."""
    if not code:
        return None
    wanted = _read(code)
    newest = int(now.timestamp()) // SECONDS
    oldest = int(max(door.opened_at, now - OLDEST).timestamp()) // SECONDS
    return next((window for window in range(newest, oldest - 1, -1) if _number(door, window) == wanted), None)


def _number(door, window):
    digest = hmac.digest(door.secret.encode(), b"%d %d" % (door.pk, window), "sha256")
    return int.from_bytes(digest[:8], "big") % len(CHARACTERS) ** LENGTH


def _spell(number, length):
    text = ""
    for _place in range(length):
        number, place = divmod(number, len(CHARACTERS))
        text += CHARACTERS[place]
    return text


def _read(code):
    return sum(CHARACTERS.index(character) * len(CHARACTERS) ** place for place, character in enumerate(code))


# -- tickets: what a telephone gets that has read a code in time


def new_ticket(door, reading, *, user=None):
    """A signed text: a code of `door` was read as the Reading says, by `user` (None: by somebody not signed in)."""
    values = [int(reading.shown_at.timestamp()), int(reading.read_at.timestamp()), user and user.pk]
    return signing.dumps(values, salt=_salt(door))


def read_ticket(door, text, *, now, user=None):
    """The Reading that the ticket `text` tells of; None if it is of another door or user, or of nobody."""
    try:
        shown, read, owner = signing.loads(text, salt=_salt(door))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if owner != (user and user.pk):
        return None
    shown_at, read_at = (dt.datetime.fromtimestamp(moment, dt.UTC) for moment in (shown, read))
    if now - read_at > OLDEST:
        return None
    in_time = (read_at - shown_at).total_seconds() <= 2 * SECONDS
    return Reading(shown_at, read_at, is_fresh=in_time and (now - read_at).total_seconds() <= TICKET_SECONDS)


def _salt(door):
    # a door opened again has another secret: tickets of before are of another door
    return f"check-in {door.pk} {door.secret}"


def cookie_of(door):
    """Name of the cookie in which a telephone keeps its ticket while its owner signs in."""
    return f"check_in_{door.pk}"


def keep_ticket(response, door, reading):
    response.set_cookie(
        cookie_of(door),
        new_ticket(door, reading),
        max_age=TICKET_SECONDS,
        path="/my/activities/check-in/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# -- of members, scanned by staff


@dataclass(frozen=True)
class OwnCode:
    member_id: int
    is_fresh: bool


def own_code(member, *, now=None):
    """The code by which staff check `member` in, for the minute of `now` and the next one."""
    minute = int((now or timezone.now()).timestamp()) // OWN_SECONDS
    return f"{_OWN}-{member.pk}-{minute}-{_own_mac(member.pk, minute)}"


def read_own_code(text, *, at):
    """The OwnCode that `text` is, fresh or not at the moment `at`; None if it is none of ours."""
    parts = unicodedata.normalize("NFKC", text.strip()[:80]).casefold().split("-")
    if (
        len(parts) != 4
        or parts[0] != _OWN
        or not all(part.isascii() and part.isdigit() for part in parts[1:3])
    ):
        return None
    member_id, minute = int(parts[1]), int(parts[2])
    if member_id >= 2**63 or not constant_time_compare(parts[3], _own_mac(member_id, minute)):
        return None
    late = int(at.timestamp()) // OWN_SECONDS - minute
    # made a little ahead of the moment that a telephone named
    return OwnCode(member_id, is_fresh=-1 <= late <= 1)


def _own_mac(member_id, minute):
    digest = salted_hmac("check-in: own code", f"{member_id} {minute}", algorithm="sha256").digest()
    return _spell(int.from_bytes(digest[:8], "big"), _OWN_LENGTH)
