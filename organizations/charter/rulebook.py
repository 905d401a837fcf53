"""Which rules are in force for an association on a day: its own, and the defaults where it has none."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from organizations.charter import rules  # noqa: F401 - fills KINDS
from organizations.charter.defaults import DEFAULTS
from organizations.charter.kinds import KINDS, Kind


@dataclass(frozen=True)
class Rule:
    """A rule with its numbers. `body_kind` is "" for one about the association as a whole."""

    kind: Kind
    body_kind: str
    parameters: dict
    severity: str
    article: str = ""
    source: str = ""
    is_active: bool = True
    valid_from: dt.date | None = None

    @cached_property
    def values(self):
        """{parameter: value that the rule works with}."""
        return self.kind.read(self.parameters)

    @property
    def sentence(self):
        return self.kind.sentence(self.parameters)


def default_rules():
    """The rules that hold where an association has not set its own, in the order of their groups: [Rule]."""
    return [
        Rule(
            KINDS[default.kind],
            default.body_kind,
            dict(default.parameters),
            default.severity,
            article=default.article,
            source=default.source,
            is_active=default.is_active,
        )
        for default in DEFAULTS
    ]


def rules_in_force(association, day):
    """The rules of `association` on the local date `day`: [Rule]."""
    return [rule for rule in default_rules() if rule.is_active]


def rule_in_force(association, key, day, *, body_kind=""):
    """The rule of the kind `key` (for bodies of `body_kind`) on the local date `day`; None where it is switched off.

    `rule_in_force(association, "quorum", day, body_kind="council").values["share"]` is a Fraction.
    """
    for rule in rules_in_force(association, day):
        if rule.kind.key == key and rule.body_kind == body_kind:
            return rule
    return None
