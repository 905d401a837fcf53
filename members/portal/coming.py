"""What comes next for a member: each part of the work that knows of it adds a source, the home page shows the first."""

import datetime as dt
from dataclasses import dataclass

from organizations.meetings.entitled import coming_meetings

SHOWN = 5


@dataclass(frozen=True)
class Coming:
    on: dt.date
    at: dt.time | None
    title: str
    place: str = ""
    state: str = ""
    """How things stand with the member, in a word or two: "signed up"."""
    address: str = ""
    """Of its page, where members have one."""


def meetings(member, day):
    """The planned meetings in which the member is entitled."""
    rows = coming_meetings(member, day)[:SHOWN]
    return [Coming(row.on, row.starts_at, str(row), row.place) for row in rows]


# functions of (member in force, local date) that give [Coming], each at most SHOWN; a later app adds its own
SOURCES = [meetings]


def coming(member, day):
    """[Coming] for `member` from the local date `day` on, the next first, at most SHOWN."""
    if not member.is_in_force:
        return []
    rows = [row for source in SOURCES for row in source(member, day)]
    return sorted(rows, key=lambda row: (row.on, row.at or dt.time.min))[:SHOWN]
