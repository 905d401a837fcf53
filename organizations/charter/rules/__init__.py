"""The rules, one function each. Importing this package makes all kinds known (kinds.KINDS), in the order below."""

from organizations.charter.rules import (  # noqa: I001 - the order of the list of rules
    association,
    bodies,
    leaders,
    supervisors,
    terms,
    meetings,
    filings,
    party,
    records,
)

__all__ = [
    "association",
    "bodies",
    "filings",
    "leaders",
    "meetings",
    "party",
    "records",
    "supervisors",
    "terms",
]
