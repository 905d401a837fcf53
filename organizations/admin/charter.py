from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organizations.admin.scoped import AssociationFilter, OnlyRead, ScopedAdmin
from organizations.charter.rulebook import KINDS
from organizations.models import CharterRule


@admin.register(CharterRule)
class CharterRuleAdmin(OnlyRead, ScopedAdmin):
    """All versions of the associations' own rules, to read, with their history; written on the pages of the charter."""

    list_display = [
        "__str__",
        "association",
        "says",
        "severity",
        "valid_from",
        "is_active",
        "source",
        "article",
    ]
    list_select_related = ["association"]
    list_filter = [AssociationFilter]
    sortable_by = []
    ordering = ["-pk"]

    @admin.display(description=_("rule"))
    def says(self, rule):
        kind = KINDS.get(rule.kind)
        return kind.sentence(rule.parameters) if kind else ""
