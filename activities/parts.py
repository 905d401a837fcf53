"""What the pages of an activity are made of: each part of the work brings its own piece, the page shows all."""

from dataclasses import dataclass, field

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Tool:
    """A button at the top of the page."""

    label: str
    address: str
    is_primary: bool = False
    is_rare: bool = False
    """Whether it stands behind "More", with the others that are seldom needed."""


@dataclass(frozen=True)
class Part:
    """One piece of a page: `template` gets `context` as the variable ``part``, beside ``activity``."""

    template: str = ""
    """"": it brings tools alone."""
    context: dict = field(default_factory=dict)
    is_aside: bool = False
    """Whether it stands in the narrow column."""
    tools: tuple[Tool, ...] = ()


# names of functions of (activity, user) that give a Part or None, in the order of the page; by name, since they import
# this module
STAFF = (
    "activities.planning.part.part",
    "activities.signing_up.part.part",
    "activities.check_in.part.part",
    "activities.attendance.part.part",
    "activities.sheets.part.part",
    "activities.files.part.part",
    "activities.contributions.part.part",
    "activities.figures.part.part",
)
# names of functions of (activity, member, participation or None) for the member's page of an activity, below what the
# page itself says of signing up
PORTAL = (
    "activities.check_in.part.own_part",
    "activities.files.part.own_part",
    "activities.contributions.part.own_part",
    "activities.calendar.part.own_part",
)


def staff_parts(activity, user):
    """[Part] of the staff's page of `activity` for `user`."""
    return [part for name in STAFF if (part := import_string(name)(activity, user))]


def portal_parts(activity, member, participation):
    """[Part] of the page of `activity` for `member`, whose row in its list is `participation`, if there is one."""
    return [part for name in PORTAL if (part := import_string(name)(activity, member, participation))]
