"""Keeping member lists: saving what is shown, renaming, sharing, deleting; and the reader's own columns."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from members.admin.list_state import COLUMNS, state_of
from members.filters import Selection
from members.models import ColumnChoice, SavedList
from members.rights import Ability
from organizations.frame import posted
from organizations.models import Association
from organizations.seen import SeenModelForm


class SavedListForm(SeenModelForm):
    """Name and sharing of a list of `owner`."""

    class Meta:
        model = SavedList
        fields = ["name", "association"]

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.owner = owner
        shareable = owner.rights.associations_for(Ability.EDIT)
        field = self.fields["association"]
        field.queryset = Association.objects.filter(
            Q(pk__in=shareable) | Q(pk=self.instance.association_id or 0)
        )
        field.empty_label = _("nobody, my own list")
        field.help_text = _("A shared list is seen by all who read the members of this association.")
        if not shareable and not self.instance.association_id:
            del self.fields["association"]

    def _get_validation_exclusions(self):
        # the owner is on no form, and yet part of what must be unique
        return super()._get_validation_exclusions() - {"owner"}


class SavedListScreen:
    """The part of the member's admin that keeps lists."""

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"members_member_{name}")

        return [
            page("lists/", self.lists_view, "lists"),
            page("lists/add/", self.list_add_view, "list_add"),
            page("lists/<int:pk>/", self.list_change_view, "list_change"),
            page("lists/<int:pk>/save/", self.list_save_view, "list_save"),
            page("lists/<int:pk>/delete/", self.list_delete_view, "list_delete"),
            page("columns/", self.columns_view, "columns"),
            *super().get_urls(),
        ]

    def lists_view(self, request):
        rights = request.user.rights
        in_sight = Count("entries", filter=Q(entries__member__association__in=rights.associations))
        rows = SavedList.objects.visible_to(request.user).select_related("owner", "association")
        lists = list(rows.annotate(in_sight=in_sight))
        for each in lists:
            selection = Selection.read(each.groups, each.search)
            each.problems = selection.problems(request.user)
            each.description = selection.description(request.user)
            each.is_own = each.owner_id == request.user.pk
            each.is_deletable = each.is_deletable_by(request.user)
        context = {
            "title": gettext("Saved lists"),
            "own": [each for each in lists if each.is_own],
            "shared": [each for each in lists if not each.is_own],
        }
        return self._list_page(request, "lists.html", context)

    def list_add_view(self, request):
        """A new list of what the address shows."""
        state = state_of(request)
        if state.problems or (state.saved and state.saved.is_picked):
            messages.error(request, gettext("This list cannot be saved under its conditions."))
            return HttpResponseRedirect(_list_address(state))
        form = SavedListForm(posted(request), owner=request.user)
        if form.is_valid():
            _take_over(form.instance, state)
            form.instance.kind = SavedList.Kind.CONDITIONS
            saved = form.save()
            messages.success(request, gettext("The list “{name}” was saved.").format(name=saved))
            return HttpResponseRedirect(saved.get_absolute_url())
        context = {
            "title": gettext("Save as a list"),
            "form": form,
            "description": state.selection.description(request.user),
            "back": _list_address(state),
        }
        return self._list_page(request, "list_form.html", context)

    def list_change_view(self, request, pk):
        """Name and sharing."""
        saved = self._own_list(request, pk)
        form = SavedListForm(posted(request), instance=saved, owner=request.user)
        if form.is_valid():
            form.save()
            messages.success(request, gettext("The list “{name}” was saved.").format(name=saved))
            return HttpResponseRedirect(reverse("admin:members_member_lists"))
        context = {
            "title": gettext("Rename or share"),
            "form": form,
            "description": Selection.read(saved.groups, saved.search).description(request.user),
            "back": reverse("admin:members_member_lists"),
        }
        return self._list_page(request, "list_form.html", context)

    @method_decorator(require_POST)
    def list_save_view(self, request, pk):
        """The list becomes what the address shows of it."""
        saved, state = self._own_list(request, pk), state_of(request)
        if state.problems or state.saved != saved:
            messages.error(request, gettext("This list cannot be saved under its conditions."))
            return HttpResponseRedirect(_list_address(state))
        _take_over(saved, state)
        saved.save()
        messages.success(request, gettext("The list “{name}” was saved.").format(name=saved))
        return HttpResponseRedirect(saved.get_absolute_url())

    def list_delete_view(self, request, pk):
        saved = self._visible_list(request, pk)
        if not saved.is_deletable_by(request.user):
            raise PermissionDenied
        if request.method == "POST":
            name = str(saved)
            saved.delete()
            messages.success(request, gettext("The list “{name}” was deleted.").format(name=name))
            return HttpResponseRedirect(reverse("admin:members_member_lists"))
        context = {"title": gettext("Delete the list"), "saved": saved}
        return self._list_page(request, "list_delete.html", context)

    @method_decorator(require_POST)
    def columns_view(self, request):
        """The columns and the order chosen above the list: the reader's own, or of the list that is open."""
        state = state_of(request)
        # those shown keep their places, new ones follow
        known = dict.fromkeys([*state.columns, *state.open_columns])
        chosen = [key for key in known if key in request.POST.getlist("columns")]
        order = request.POST.get("order", "")
        order = order if order in {name for name, _label, _chosen in state.orders()} else None
        if state.saved is not None:
            return HttpResponseRedirect(_list_address(state, columns=chosen, order=order))
        ColumnChoice.objects.update_or_create(user=request.user, defaults={"columns": chosen})
        return HttpResponseRedirect(_list_address(state, order=order, less=COLUMNS))

    def _visible_list(self, request, pk):
        return get_object_or_404(SavedList.objects.visible_to(request.user), pk=pk)

    def _own_list(self, request, pk):
        saved = self._visible_list(request, pk)
        if saved.owner_id != request.user.pk:
            raise PermissionDenied
        return saved

    def _list_page(self, request, template, context):
        if not request.user.has_perm("members.view_savedlist"):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/members/member/{template}", context)


def _take_over(saved, state):
    """Give the list what is shown."""
    saved.groups, saved.search = state.selection.written(), state.selection.search
    saved.order, saved.columns = state.order, state.columns


def _list_address(state, **changes):
    return reverse("admin:members_member_changelist") + state.address(**changes)
