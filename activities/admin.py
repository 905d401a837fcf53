"""Settings of activities: the fields in which an association serves."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from activities.models import ServiceField
from organizations.admin.scoped import MANAGE, AssociationFilter, ScopedAdmin


@admin.register(ServiceField)
class ServiceFieldAdmin(ScopedAdmin):
    """Managers keep their association's own fields; one that is used is not deleted but no longer offered."""

    change_ability = MANAGE
    list_display = ["name", "association", "place", "offered"]
    list_select_related = ["association"]
    list_filter = ["is_offered", AssociationFilter]
    sortable_by = []
    ordering = ["association", "place", "pk"]
    fields = ["association", "name", "place", "is_offered"]

    @admin.display(description=pgettext_lazy("field of service", "offered"))
    def offered(self, field):
        # a picture of a tick would be read aloud in English
        return _("yes") if field.is_offered else _("no")

    def get_readonly_fields(self, request, obj=None):
        return ["association"] if obj is not None else []
