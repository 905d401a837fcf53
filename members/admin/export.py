from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.export import ExportForm, export_members, export_name
from members.formats import FORMATS
from members.resources import MemberResource, exportable_keys
from members.rights import Ability
from organizations.keyset import capped_count

# Ticked at first in the list of columns: what an office hands around
USUAL = ["number", "name", "sex", "category", "employer", "position", "mobile", "township", "status"]


class ExportScreen:
    """The export page of django-import-export's admin, less its path through memory.

    It takes the rows of the list's search and filters, or those ticked in it (`?ids=`).
    """

    formats = FORMATS
    resource_classes = [MemberResource]
    export_template_name = "admin/members/member/export.html"

    def has_export_permission(self, request):
        return super().has_export_permission(request) and bool(
            request.user.rights.associations_for(Ability.EXPORT)
        )

    def get_export_queryset(self, request):
        rows = super().get_export_queryset(request)
        rows = rows.filter(association__in=request.user.rights.associations_for(Ability.EXPORT))
        ids = request.GET.get("ids")
        if ids is not None:
            rows = rows.filter(
                pk__in=[int(pk) for pk in ids.split(",") if pk.isascii() and pk.isdigit()][:10_000]
            )
        return rows

    def export_action(self, request):
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows = self.get_export_queryset(request)
        keys = exportable_keys(request.user)
        form = ExportForm(request.POST or None, formats=self.formats, keys=keys, usual=USUAL)
        if form.is_valid():
            asked = {name: text for name, text in request.GET.items() if text}
            if "ids" in asked:
                asked["ids"] = gettext("rows ticked")
            file = export_members(
                rows, keys=form.selected, file_format=form.file_format, actor=request.user, asked=asked
            )
            return FileResponse(
                file,
                as_attachment=True,
                filename=export_name(form.file_format),
                content_type=form.file_format.get_content_type(),
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export members"),
            "form": form,
            "count": capped_count(rows),
            "opts": self.opts,
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.export_template_name, context)

    @admin.action(description=_("Export selected members"), permissions=["export"])
    def export_selected(self, request, queryset):
        """To the export page, with the rows ticked, or with the whole list as filtered."""
        query = request.GET.copy()
        for name in ("after", "before", "ids"):
            query.pop(name, None)
        if request.POST.get("select_across") != "1":
            query["ids"] = ",".join(str(pk) for pk in request.POST.getlist("_selected_action"))
        return HttpResponseRedirect(f"{reverse('admin:members_member_export')}?{query.urlencode()}")
