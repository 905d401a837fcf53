from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, Subquery
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tasks_db.models import DBTaskResult

from members.models import ImportBatch, ImportStep, User
from members.rights import Ability
from organizations.admin import AssociationFilter, ReadOnlyAdmin
from organizations.change_list import PeriodFilter, SelectFilter
from organizations.keyset import KeysetChangeList

STATE, PERSON = "state", "person"
UNFINISHED, ROWS_LEFT = "unfinished", "left"


class StateFilter(SelectFilter):
    title = pgettext_lazy("import", "state")
    parameter_name = STATE

    def lookups(self, request, model_admin):
        return [
            (UNFINISHED, _("still open")),
            (ROWS_LEFT, _("with rows that need you or have errors")),
            *ImportBatch.State.choices,
        ]

    def condition(self, value):
        if value == UNFINISHED:
            return Q(pk__in=ImportBatch.objects.unfinished().order_by().values("pk"))
        if value == ROWS_LEFT:
            return Q(pk__in=ImportBatch.objects.with_rows_left().order_by().values("pk"))
        return Q(state=value)


class PlaceFilter(SelectFilter, AssociationFilter):
    queryset = AssociationFilter.queryset


class PersonFilter(SelectFilter):
    """Who uploaded the file, out of those who uploaded one that is in sight."""

    title = _("uploaded by")
    parameter_name = PERSON

    def lookups(self, request, model_admin):
        batches = ImportBatch.objects.visible_to(request.user).order_by()
        users = User.objects.filter(Exists(batches.filter(created_by=OuterRef("pk"))))
        return [(str(user.pk), str(user)) for user in users.order_by("name", "email", "pk")]

    def condition(self, value):
        return Q(created_by=value)


class UploadPeriodFilter(PeriodFilter):
    at = "created_at"


class ImportList(KeysetChangeList):
    def tabs(self):
        """[{"label", "address", "current"}]: the views asked for most."""
        mine = str(self.request.user.pk)
        views = (
            (_("All"), {}),
            (_("My imports"), {PERSON: mine}),
            (_("Still open"), {STATE: UNFINISHED}),
            (_("Mine, still open"), {PERSON: mine, STATE: UNFINISHED}),
        )
        asked = {name: value for name, value in self.params.items() if value}
        return [
            {
                "label": label,
                "address": "?" + "&".join(f"{name}={value}" for name, value in wanted.items()),
                "current": asked == wanted,
            }
            for label, wanted in views
        ]

    def get_results(self, request):
        self.request = request
        super().get_results(request)


# the queue says nothing to staff; a batch's own page does
admin.site.unregister(DBTaskResult)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """The list of imports; each opens on its own page."""

    changelist_class = ImportList
    change_list_template = "admin/members/importbatch/change_list.html"
    list_display = [
        "link",
        "association",
        "state",
        "rows",
        "ready",
        "rows_left",
        "created_by",
        "uploaded",
        "written",
    ]
    list_display_links = None
    list_select_related = ["association", "created_by"]
    list_filter = [StateFilter, PlaceFilter, PersonFilter, UploadPeriodFilter]
    search_fields = ["file_name"]
    sortable_by = []

    class Media:
        css = {"all": ["css/history.css", "css/imports.css"]}

    def get_list_display(self, request):
        one = len(request.user.rights.associations_for(Ability.IMPORT)) == 1
        return [name for name in self.list_display if not (one and name == "association")]

    def get_queryset(self, request):
        last = ImportStep.objects.filter(batch=OuterRef("pk")).order_by("-at").values("at")[:1]
        batches = super().get_queryset(request).visible_to(request.user)
        return batches.annotate(written_at=Subquery(last)).defer("sheets", "look")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, object_id)
        if batch is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect(batch)

    def history_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)

    @admin.display(description=_("file"))
    def link(self, batch):
        return format_html('<a href="{}">{}</a>', batch.get_absolute_url(), batch.file_name)

    @admin.display(description=_("uploaded"))
    def uploaded(self, batch):
        return _minute(batch.created_at)

    @admin.display(description=_("last written"))
    def written(self, batch):
        return _minute(batch.written_at) if batch.written_at else None

    @admin.display(description=_("rows"))
    def rows(self, batch):
        return batch.counts.get("rows")

    @admin.display(description=pgettext_lazy("import", "can be imported"))
    def ready(self, batch):
        return batch.ready if batch.is_open else None

    @admin.display(description=pgettext_lazy("import", "left"))
    def rows_left(self, batch):
        return batch.rows_left if batch.is_open else None


def _minute(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
