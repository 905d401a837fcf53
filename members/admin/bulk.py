"""Changing many members of a list at once: a form, a summary of what would happen, then the change."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members import bulk_changes, codes
from members.admin.code_lists import SuggestingInput, suggestions
from members.admin.forms import StatusChangeForm
from members.admin.list_state import state_of, ticked_ids
from members.admin.saved_lists import SavedListForm
from members.models import Member, SavedList
from members.record_form import read_as_roster
from organizations.frame import posted
from organizations.keyset import capped_count

MOST_ROWS = 10_000
NAMES_SHOWN = 10


class StatusForm(StatusChangeForm):
    """A step for many members, by the rules of that for one."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)

    def plan(self, members, user):
        data = self.cleaned_data
        return bulk_changes.plan_status(members, to=data["status"], on=data["on"], actor=user)

    def apply(self, members, user):
        data = self.cleaned_data
        bulk_changes.change_status_of(
            members,
            to=data["status"],
            on=data["on"],
            decided_by=data["decided_by"],
            document=data["document"],
            actor=user,
        )


class AssignmentForm(forms.Form):
    """Sets one field, which is the form's own only one."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)

    def plan(self, members, user):
        ((name, value),) = self.cleaned_data.items()
        return bulk_changes.plan_assignment(members, name=name, value=value, actor=user)

    def apply(self, members, user):
        ((name, value),) = self.cleaned_data.items()
        bulk_changes.assign(members, name=name, value=value, actor=user)


class CategoryForm(AssignmentForm):
    category = forms.ChoiceField(label=_("category"), choices=codes.Category, widget=forms.RadioSelect)


class TownshipForm(AssignmentForm):
    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["township"] = forms.CharField(
            label=_("township"), max_length=100, widget=SuggestingInput(suggestions(user)["township"])
        )

    def clean_township(self):
        """As a roster's cell with the same words would be read: an import would change it back else."""
        value = read_as_roster("township", self.cleaned_data["township"])
        if not value:
            raise forms.ValidationError(gettext("This is not the name of a township."))
        return value


class ListingForm(SavedListForm):
    """Onto a list picked by hand: one there is, or a new one."""

    saved_list = forms.ModelChoiceField(
        label=_("list"), queryset=SavedList.objects.none(), required=False, empty_label=_("a new list")
    )
    field_order = ["saved_list", "name", "association"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, owner=user, **kwargs)
        self.instance.kind = SavedList.Kind.PICKED
        self.fields["saved_list"].queryset = user.saved_lists.filter(kind=SavedList.Kind.PICKED)
        self.fields["name"].required = False
        self.fields["name"].label = _("Name of the new list")

    def clean(self):
        data = super().clean()
        if data.get("saved_list"):
            if data.get("name"):
                self.add_error("name", _("Either choose a list or name a new one."))
        elif not data.get("name") and not self.errors.keys() & {"name", "saved_list"}:
            self.add_error("name", _("Choose a list or name a new one."))
        return data

    def _post_clean(self):
        # nothing new is made where a list there is takes the members
        if not self.cleaned_data.get("saved_list"):
            super()._post_clean()

    def plan(self, members, user):
        return bulk_changes.plan_listing(members, saved_list=self.cleaned_data["saved_list"])

    def apply(self, members, user):
        bulk_changes.add_to_list(members, saved_list=self.cleaned_data["saved_list"] or self.save())


@dataclass(frozen=True)
class Operation:
    title: str
    form: type
    permission: str


OPERATIONS = {
    "status": Operation(_("Set the status"), StatusForm, "members.change_member"),
    "township": Operation(_("Assign a township"), TownshipForm, "members.change_member"),
    "category": Operation(_("Assign a category"), CategoryForm, "members.change_member"),
    "list": Operation(_("Add to a list"), ListingForm, "members.add_savedlist"),
}


class BulkScreen:
    """The part of the member's admin that changes many rows."""

    actions = ["export_selected", "set_status", "assign_township", "assign_category", "add_to_list",
               "remove_from_list", "merge_selected", "invite_selected"]  # fmt: skip
    bulk_template = "admin/members/member/bulk.html"

    def get_actions(self, request):
        actions = super().get_actions(request)
        closed = set() if self.has_export_permission(request) else {"export_selected"}
        if not self._own_picked_list(request):
            closed.add("remove_from_list")
        if not request.user.has_perm("members.add_invitation"):
            closed.add("invite_selected")
        return {name: action for name, action in actions.items() if name not in closed}

    def get_urls(self):
        bulk = path(
            "bulk/<slug:name>/", self.admin_site.admin_view(self.bulk_view), name="members_member_bulk"
        )
        return [bulk, *super().get_urls()]

    # -- actions: to the page of each, with the rows ticked or all that the list shows

    @admin.action(description=OPERATIONS["status"].title, permissions=["change"])
    def set_status(self, request, queryset):
        return self._to_bulk(request, "status")

    @admin.action(description=OPERATIONS["township"].title, permissions=["change"])
    def assign_township(self, request, queryset):
        return self._to_bulk(request, "township")

    @admin.action(description=OPERATIONS["category"].title, permissions=["change"])
    def assign_category(self, request, queryset):
        return self._to_bulk(request, "category")

    @admin.action(description=OPERATIONS["list"].title)
    def add_to_list(self, request, queryset):
        return self._to_bulk(request, "list")

    @admin.action(description=_("Invite to open accounts"))
    def invite_selected(self, request, queryset):
        return HttpResponseRedirect(reverse("members:invite") + self._chosen_address(request))

    @admin.action(description=_("Take off this list"))
    def remove_from_list(self, request, queryset):
        saved = self._own_picked_list(request)
        count = bulk_changes.remove_from_list(queryset, saved_list=saved)
        messages.success(
            request,
            ngettext(
                "{count} member was taken off the list.", "{count} members were taken off the list.", count
            ).format(count=count),
        )

    def _own_picked_list(self, request):
        """The list open in the request, if it is picked by hand and its owner is asking; None else."""
        saved = state_of(request).saved if request.GET.get("list") else None
        return saved if saved and saved.is_picked and saved.owner_id == request.user.pk else None

    def _to_bulk(self, request, name):
        address = reverse("admin:members_member_bulk", args=[name])
        return HttpResponseRedirect(address + self._chosen_address(request))

    def _chosen_address(self, request):
        """The query string that says which rows an action was chosen for."""
        extra = []
        if request.POST.get("select_across") != "1":
            extra = [("ids", ",".join(request.POST.getlist("_selected_action")))]
        return state_of(request).address(extra)

    # -- the page

    def bulk_view(self, request, name):
        operation = OPERATIONS.get(name)
        if operation is None:
            raise Http404
        if not request.user.has_perm(operation.permission):
            raise PermissionDenied
        rows = self.chosen_rows(request)
        form = operation.form(posted(request), user=request.user)
        context = {"form": form, "operation": operation, "count": capped_count(rows, MOST_ROWS)}
        if form.is_valid() and not context["count"].is_capped:
            confirmed = request.POST.get("confirmed")
            with transaction.atomic():
                plan = form.plan(self._locked(rows), request.user)
                if confirmed == plan.digest and plan.to_change:
                    form.apply(plan.to_change, request.user)
                    self._say_what_was_done(request, operation, plan)
                    return HttpResponseRedirect(self._list_address(request))
            context |= {
                "plan": plan,
                "summary": summary(plan),
                "said": said(form),
                "has_moved_on": bool(confirmed),
            }
        return self._bulk_page(request, context)

    def chosen_rows(self, request):
        """The rows ticked (`?ids=`), or all that the list of the same address shows."""
        rows, ids = self.list_without_page(request).queryset, ticked_ids(request.GET)
        return rows if ids is None else rows.filter(pk__in=ids)

    def _locked(self, rows):
        # by the key alone: rows of a search are joined with others, which are not to be locked
        ids = list(rows.values_list("pk", flat=True))
        members = Member.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
        columns = ("name", "version", "association_id", "status", "category", "township", "anonymised_on")
        return list(members.only(*columns))

    def _say_what_was_done(self, request, operation, plan):
        count, left = len(plan.to_change), sum(map(len, plan.left_out.values()))
        text = ngettext("{title}: {count} member.", "{title}: {count} members.", count)
        text = text.format(title=operation.title, count=count)
        if left:
            rest = ngettext("{count} was left as it is.", "{count} were left as they are.", left)
            text = f"{text} {rest.format(count=left)}"
        messages.success(request, text)

    def _list_address(self, request):
        return reverse("admin:members_member_changelist") + state_of(request).address()

    def _bulk_page(self, request, context):
        state = state_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": context["operation"].title,
            "opts": self.opts,
            "media": self.media,
            "back": self._list_address(request),
            "description": state.description,
            "is_ticked": "ids" in request.GET,
            "most": MOST_ROWS,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.bulk_template, context)


def summary(plan):
    """[{"reason" ("" for those who change), "count", "names", "more"}] of a BulkPlan, the first names of each."""
    parts = [("", plan.to_change), *plan.left_out.items()]
    return [
        {
            "reason": reason,
            "count": len(members),
            "names": "、".join(member.name for member in members[:NAMES_SHOWN]),
            "more": max(0, len(members) - NAMES_SHOWN),
        }
        for reason, members in parts
    ]


def said(form):
    """[(label, text)] of what was filled in."""
    found = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value:
            text = dict(getattr(field.field, "choices", ())).get(value, value)
            found.append((field.label, text))
    return found
