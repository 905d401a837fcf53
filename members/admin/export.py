"""The export of members: choose columns, check what will be written and say why, download; the log of exports."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members import export
from members.admin.list_state import ticked_ids
from members.formats import FORMATS
from members.models import PersonRequest
from members.resources import HEADERS, MemberResource, exportable_keys
from members.rights import Ability
from organizations.keyset import capped_count, is_key

# The cookie by which the page learns that its download has begun
READY = "export_ready"
MOST_TICKED = 10_000
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Chosen:
    """The members to be written, in the order of the list, and in words how they were chosen."""

    rows: QuerySet
    words: str
    restricted: QuerySet
    """Those left out since they asked for no further use of their data."""


class ExportScreen:
    """The export page of django-import-export's admin, less its path through memory.

    It takes the rows of the list's search and filters, or those ticked in it (`?ids=`).
    """

    formats = FORMATS
    resource_classes = [MemberResource]
    export_template_name = "admin/members/member/export.html"
    export_review_template = "admin/members/member/export_review.html"

    def has_export_permission(self, request):
        return super().has_export_permission(request) and bool(
            request.user.rights.associations_for(Ability.EXPORT)
        )

    def export_rows(self, request):
        """The `Chosen` members that the address asks for, as far as the user may export.

        Raises IncorrectLookupParameters or DisallowedModelAdminLookup for what is no filter of the list: an address
        not understood must not take everybody.
        """
        members = self.list_without_page(request)
        state = members.state
        if state.problems or (request.GET.get("q", "").strip() and not members.query):
            raise IncorrectLookupParameters
        places = request.user.rights.associations_for(Ability.EXPORT)
        # of anonymised records nothing is left that would tell them apart, and none comes back by an import
        rows = members.queryset.named().filter(association__in=places)
        words = state.description
        ids = ticked_ids(request.GET)
        if ids is not None:
            ids = ids[:MOST_TICKED]
            rows = rows.filter(pk__in=ids)
            ticked = ngettext("{count} row ticked", "{count} rows ticked", len(ids)).format(count=len(ids))
            words = f"{ticked}（{words}）" if words else ticked
        # their data are kept and used no further
        restricting = Exists(PersonRequest.objects.restricting().filter(member=OuterRef("pk")))
        words = (words or gettext("all members"))[:LONGEST_WORDS]
        return Chosen(rows.filter(~restricting), words, rows.filter(restricting))

    def export_action(self, request):
        """First the columns, then what will be written and why, then the file: one address, by the button pressed."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            chosen = self.export_rows(request)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            messages.error(
                request,
                _("The address holds a filter that the list does not know. Choose the members again."),
            )
            return redirect("admin:members_member_changelist")
        if request.method != "POST":
            return self._ask_columns(request, chosen, self._first_columns(request))
        if "preset" in request.POST:
            _label, keys = export.PRESETS.get(request.POST["preset"], export.PRESETS[export.USUAL])
            return self._ask_columns(request, chosen, keys)
        return self._answer_choice(request, chosen)

    def _first_columns(self, request):
        return export.last_columns(request.user) or export.PRESETS[export.USUAL][1]

    def _answer_choice(self, request, chosen):
        """What follows on the columns chosen in `request`."""
        step, count = request.POST.get("step"), chosen.rows.order_by().count()
        form = export.ColumnsForm(request.POST, formats=self.formats, allowed=exportable_keys(request.user))
        if form.is_valid():
            form.check_count(count)
        if not count or not form.is_valid() or step == "choose":
            return self._page(request, self.export_template_name, chosen, count, form=form)
        keys = form.cleaned_data["keys"]
        if step == "export":
            release = export.ReleaseForm(request.POST, keys=keys)
            if release.is_valid():
                return self._download(request, chosen, form, release)
        else:
            typed = {name: request.POST.get(name, "") for name in ("reason", "recipient")}
            typed["identity"] = "identity" in request.POST
            release = export.ReleaseForm(initial=typed, keys=keys)
        key, _colon, way = request.POST.get("move", "").partition(":")
        keys = export.moved(keys, key, way)
        return self._page(
            request,
            self.export_review_template,
            chosen,
            count,
            form=release,
            file_format=form.file_format,
            columns=[(key, HEADERS[key]) for key in keys],
            order=",".join(keys),
            classes=export.by_class(keys),
            moved=key,
            way=way,
            is_found_again=not export.TELLING.isdisjoint(keys) and "name" in keys,
            cookie=READY,
        )

    def _ask_columns(self, request, chosen, keys):
        allowed = exportable_keys(request.user)
        ticked = [key for key in keys if key in allowed]
        form = export.ColumnsForm(initial={"keys": ticked}, formats=self.formats, allowed=allowed)
        count = capped_count(chosen.rows)
        return self._page(
            request, self.export_template_name, chosen, count, form=form, order=",".join(ticked)
        )

    def _page(self, request, template, chosen, count, *, form, **context):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export members"),
            "form": form,
            "chosen": chosen,
            "count": count,
            "restricted": chosen.restricted.order_by().count(),
            "presets": [(name, label) for name, (label, _keys) in export.PRESETS.items()],
            "order": request.POST.get("order", ""),
            "opts": self.opts,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)

    def _download(self, request, chosen, form, release):
        file = export.export_members(
            chosen.rows,
            keys=form.cleaned_data["keys"],
            file_format=form.file_format,
            actor=request.user,
            words=chosen.words,
            reason=release.cleaned_data["reason"],
            recipient=release.cleaned_data["recipient"],
        )
        response = FileResponse(
            file,
            as_attachment=True,
            filename=export.export_name(form.file_format),
            content_type=form.file_format.get_content_type(),
        )
        token = request.POST.get("token", "")
        if is_key(token):
            # read by the page's script, see once.js
            response.set_cookie(
                READY, token, max_age=60, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
            )
        return response

    @admin.action(description=_("Export selected members"), permissions=["export"])
    def export_selected(self, request, queryset):
        """To the export page, with the rows ticked, or with the whole list as filtered."""
        query = request.GET.copy()
        for name in ("after", "before", "ids"):
            query.pop(name, None)
        if request.POST.get("select_across") != "1":
            query["ids"] = ",".join(str(pk) for pk in request.POST.getlist("_selected_action"))
        return HttpResponseRedirect(f"{reverse('admin:members_member_export')}?{query.urlencode()}")
