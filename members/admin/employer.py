from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from members.models import Employer, Member
from organizations.admin import AssociationFilter, ScopedAdmin
from organizations.keyset import KeysetChangeList


class EmployerChangeList(KeysetChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        """With the number of members, counted for the rows of the page only."""
        members = Member.objects.filter(employer=OuterRef("pk")).order_by().values("employer")
        counted = members.annotate(total=Count("pk")).values("total")
        found = super().get_queryset(request, exclude_parameters)
        return found.annotate(total=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


@admin.register(Employer)
class EmployerAdmin(ScopedAdmin):
    changelist_class = EmployerChangeList
    restorable = True
    list_display = ["name", "kind", "uscc", "association", "total"]
    list_select_related = ["association"]
    list_filter = [AssociationFilter]
    sortable_by = ["name"]
    ordering = ["name", "pk"]
    search_fields = ["name"]
    fields = ["association", "name", "kind", "uscc"]

    def get_search_results(self, request, queryset, search_term):
        text = search_term.strip()[:20]
        return (queryset.filter(name__icontains=text) if text else queryset), False

    @admin.display(description=_("members"))
    def total(self, employer):
        return employer.total
