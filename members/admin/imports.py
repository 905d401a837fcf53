from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members.models import ImportBatch, ImportStep
from organizations.admin import AssociationFilter, ReadOnlyAdmin


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """The list of imports; each opens on its own page."""

    list_display = ["link", "association", "state", "rows", "created_by", "created_at", "written"]
    list_display_links = None
    list_select_related = ["association", "created_by"]
    list_filter = [AssociationFilter, "state"]
    sortable_by = []

    def get_queryset(self, request):
        last = ImportStep.objects.filter(batch=OuterRef("pk")).order_by("-at").values("at")[:1]
        batches = super().get_queryset(request).visible_to(request.user)
        return batches.annotate(written_at=Subquery(last))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, object_id)
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(batch)

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)

    @admin.display(description=_("file"))
    def link(self, batch):
        return format_html(
            '<a href="{}">{}</a>', reverse("members:import_batch", args=[batch.pk]), batch.file_name
        )

    @admin.display(description=_("last written"))
    def written(self, batch):
        return batch.written_at

    @admin.display(description=_("rows"))
    def rows(self, batch):
        return batch.counts.get("rows", "")
