"""Staff screens of the organization: associations, bodies, the history; and the base all scoped screens stand on."""

from organizations.admin.associations import AssociationAdmin
from organizations.admin.bodies import BodyAdmin, PostAdmin
from organizations.admin.charter import CharterRuleAdmin
from organizations.admin.filings import FilingAdmin
from organizations.admin.history import ActionAdmin, ChangeAdmin
from organizations.admin.scoped import (
    AssociationFilter,
    LabelledInline,
    ReadOnlyAdmin,
    ScopedAdmin,
    ScopedInline,
    SeenInline,
    only_to_choose,
)

__all__ = [
    "ActionAdmin",
    "AssociationAdmin",
    "AssociationFilter",
    "BodyAdmin",
    "ChangeAdmin",
    "CharterRuleAdmin",
    "FilingAdmin",
    "LabelledInline",
    "PostAdmin",
    "ReadOnlyAdmin",
    "ScopedAdmin",
    "ScopedInline",
    "SeenInline",
    "only_to_choose",
]
