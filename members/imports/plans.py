"""What undoing a batch would do: what goes, what returns, what stays because somebody touched it since."""

from dataclasses import dataclass, field

CHUNK = 5_000
"""Rows of a plan; a large import is undone plan by plan."""
LISTED = 200
"""Rows that each list of a whole plan keeps, for people to look at."""


@dataclass(slots=True)
class Written:
    """A row that the batch wrote, with the member as it is now."""

    row: int | None
    """Row of the sheet; None if no row of the file speaks of it."""
    sheet: int
    member: int | None
    """Its id, None if it is gone."""
    name: str
    is_new: bool
    back: dict = field(default_factory=dict)
    """{key: [present value, value to return]} of fields that say what the batch wrote."""
    kept: tuple = ()
    """Keys of fields that say something else by now."""


@dataclass(slots=True)
class Plan:
    """What undoing a batch would do."""

    removed: list
    """New members that nobody touched since."""
    restored: list
    """Members of whom some field returns to what it was."""
    kept: list
    """Members touched since: new ones stay as they are, of others the fields in `kept` stay."""
    employers: dict
    """{name that returns as an employer: id of the one that it means now}"""

    @property
    def counts(self):
        return {name: len(getattr(self, name)) for name in LISTS}


LISTS = ("removed", "restored", "kept")


class WholePlan:
    """What undoing a batch would do to all of its rows: their numbers, and the first of each list."""

    def __init__(self):
        self.removed, self.restored, self.kept = [], [], []
        self.counts = dict.fromkeys(LISTS, 0)

    def add(self, plan):
        for name, count in plan.counts.items():
            self.counts[name] += count
            listed = getattr(self, name)
            listed += getattr(plan, name)[: LISTED - len(listed)]
