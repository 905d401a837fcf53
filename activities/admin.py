"""Settings of activities: the fields in which an association serves."""

from django.contrib import admin

from activities.models import ServiceField
from organizations.admin.scoped import MANAGE, AssociationFilter, ScopedAdmin


@admin.register(ServiceField)
class ServiceFieldAdmin(ScopedAdmin):
    """Managers keep their association's own fields; one that is used is not deleted but no longer offered."""

    change_ability = MANAGE
    list_display = ["name", "association", "place", "is_offered"]
    list_select_related = ["association"]
    list_filter = ["is_offered", AssociationFilter]
    sortable_by = []
    ordering = ["association", "place", "pk"]
    fields = ["association", "name", "place", "is_offered"]

    def get_readonly_fields(self, request, obj=None):
        return ["association"] if obj is not None else []
