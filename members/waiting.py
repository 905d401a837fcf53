"""What members' self-service leaves for the staff to do: each part of it says what waits, the workbench shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    text: str
    """A sentence with the count: "3 requests for changes are waiting"."""
    address: str
    is_late: bool = False


# functions of (user, ids of the associations the workbench is about) that give a Waiting or None
SOURCES = ()


def waiting(user, scope):
    """[Waiting] for `user` in the associations `scope` (ids)."""
    return [found for source in SOURCES if (found := source(user, scope))]
