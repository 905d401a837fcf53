"""What the page of a batch says about the roster as a whole."""

from members.body_rosters.leaving import leaving
from members.body_rosters.target import Target
from members.models.imports import DISCARDABLE_STATES

LISTED = 100


def panel(batch):
    """The template of the part of the page, and what it shows."""
    target = Target(batch)
    is_open = batch.state in DISCARDABLE_STATES
    left = leaving(target) if is_open and target.is_complete else []
    return {
        "template": "members/_body_roster.html",
        "target": target,
        "body": target.body,
        "term": target.term,
        "may_choose": is_open and not batch.work,
        "leaving": left[:LISTED],
        "leaving_count": len(left),
    }
