"""Which rules are in force for an association on a day: its own, and the defaults where it has none."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from organizations.charter import rules  # noqa: F401 - fills KINDS
from organizations.charter.defaults import DEFAULTS
from organizations.charter.findings import Severity
from organizations.charter.kinds import KINDS, Kind
from organizations.models import Body, CharterRule


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
    own: CharterRule | None = None
    """The association's version, None for a default."""

    @cached_property
    def values(self):
        """{parameter: value that the rule works with}."""
        return self.kind.read(self.parameters)

    @property
    def key(self):
        return self.kind.key, self.body_kind

    @property
    def title(self):
        return title_of(*self.key)

    @property
    def severity_label(self):
        return Severity(self.severity).label

    @property
    def sentence(self):
        return self.kind.sentence(self.parameters)


def title_of(key, body_kind):
    """The name of a rule; one of several bodies names the body: 年龄（监事会）."""
    kind = KINDS.get(key)
    if kind is None:
        return key
    title = str(kind.title)
    return f"{title}（{Body.Kind(body_kind).label}）" if len(kind.bodies) > 1 else title


def default_rules():
    """The rules that hold where an association has not set its own, switched off ones included: [Rule]."""
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


def default_rule(key, body_kind):
    """The default Rule of that kind; None where there is no such rule."""
    return next((rule for rule in default_rules() if rule.key == (key, body_kind)), None)


def rules_on(association, day):
    """All rules of `association` on the local date `day` in the order of DEFAULTS, switched off ones too: [Rule]."""
    own = {}
    for row in CharterRule.objects.filter(association=association, valid_from__lte=day).order_by(
        "valid_from"
    ):
        own[row.kind, row.body_kind] = row
    return [with_version(rule, own.get(rule.key)) for rule in default_rules()]


def rules_in_force(association, day):
    """The rules that `association` is checked by on the local date `day`: [Rule]."""
    return [rule for rule in rules_on(association, day) if rule.is_active]


def with_version(rule, version):
    """The default `rule` with what `version`, a CharterRule or None, says instead."""
    if version is None:
        return rule
    # a number that a later release of ours asks for is not in an old version
    known = {name: value for name, value in version.parameters.items() if name in rule.parameters}
    return replace(
        rule,
        parameters=rule.parameters | known,
        severity=version.severity,
        article=version.article,
        source=version.source,
        is_active=version.is_active,
        own=version,
    )


@dataclass(frozen=True)
class Version:
    """One version of a rule and the time of its validity; `until` is None for the last one."""

    rule: Rule
    since: dt.date | None
    until: dt.date | None


def versions(association, key, body_kind):
    """The versions of a rule of `association`, latest first; the last one is the default: [Version]."""
    default = default_rule(key, body_kind)
    rows = association.charter_rules.filter(kind=key, body_kind=body_kind).order_by("valid_from")
    found = [Version(default, None, None)]
    for row in rows:
        found[-1] = replace(found[-1], until=row.valid_from - dt.timedelta(days=1))
        found.append(Version(with_version(default, row), row.valid_from, None))
    return found[::-1]
