"""What a member took part in: each part of the work that knows of it adds a source, the page shows all by year."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from organizations.models import Attendance


@dataclass(frozen=True)
class TakenPart:
    on: dt.date
    title: str
    kind: str
    """Of what sort it was, in one word or two: "meeting"."""
    how: str
    """How the member took part, in words: "present"."""
    address: str = ""
    """Of its page, where members have one."""


def meetings(member):
    """The meetings held in whose list the member stands, those of hidden bodies too: it is the own row."""
    rows = Attendance.objects.filter(member=member, meeting__state__in=["held", "signed"])
    rows = rows.exclude(presence="").select_related("meeting")
    return [
        TakenPart(row.meeting.on, str(row.meeting), _("Meeting"), row.get_presence_display()) for row in rows
    ]


# functions of a member that give [TakenPart]; a later app adds its own when it starts
SOURCES = [meetings]


def taken_part(member):
    """[(year, [TakenPart])], latest first."""
    rows = sorted((row for source in SOURCES for row in source(member)), key=lambda row: row.on, reverse=True)
    found = {}
    for row in rows:
        found.setdefault(row.on.year, []).append(row)
    return list(found.items())
