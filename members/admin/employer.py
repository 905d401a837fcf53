"""The staff screens of employers: the list, probable duplicates, and merging two into one."""

from collections import defaultdict

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from members.filters import Condition, Operator, list_address
from members.models import Employer, EmployerAlias, Member
from members.models.employer import normal_name
from members.services import CannotMerge, merge_employers
from organizations.admin import AssociationFilter, ScopedAdmin, ScopedInline
from organizations.keyset import KeysetChangeList

# Groups on the page of probable duplicates, members named on the page of a merge, kinds in the filter
MOST_GROUPS, MOST_NAMED, MOST_KINDS = 100, 200, 50


def with_totals(employers):
    """`employers` with the number of their members as ``total``, counted row by row."""
    members = Member.objects.filter(employer=OuterRef("pk")).order_by().values("employer")
    counted = members.annotate(total=Count("pk")).values("total")
    return employers.annotate(total=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


class EmployerChangeList(KeysetChangeList):
    def get_queryset(self, request, exclude_parameters=None):
        return with_totals(super().get_queryset(request, exclude_parameters))


class KindFilter(admin.SimpleListFilter):
    """The kinds that employers in sight have."""

    title = _("kind of employer")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        kinds = (
            model_admin.get_queryset(request).exclude(kind="").order_by("kind").values_list("kind", "kind")
        )
        return kinds.distinct()[:MOST_KINDS]

    def queryset(self, request, queryset):
        return queryset if self.value() is None else queryset.filter(kind=self.value())


class MergeForm(forms.Form):
    """Which of two employers stays, and with which kind and code."""

    keep = forms.ModelChoiceField(
        queryset=None, label=_("Name that stays"), widget=forms.RadioSelect, empty_label=None
    )
    kind = forms.ChoiceField(label=_("Kind of employer"), required=False, widget=forms.RadioSelect)
    uscc = forms.ChoiceField(label=_("Unified social credit code"), required=False, widget=forms.RadioSelect)

    def __init__(self, data, *, pair):
        super().__init__(data, label_suffix="")
        self.pair = pair
        self.fields["keep"].queryset = Employer.objects.filter(pk__in=[employer.pk for employer in pair])
        self.fields["keep"].initial = max(pair, key=lambda employer: (employer.total, -employer.pk)).pk
        for name in ("kind", "uscc"):
            values = list(dict.fromkeys(getattr(employer, name) for employer in pair))
            self.fields[name].choices = [(value, value or _("(blank)")) for value in values]
            self.fields[name].initial = next(filter(None, values), "")
            if len(values) == 1:
                self.fields[name].widget = forms.HiddenInput()

    @property
    def kept_and_gone(self):
        kept = self.cleaned_data["keep"]
        return kept, next(employer for employer in self.pair if employer.pk != kept.pk)


class EmployerAliasInline(ScopedInline, admin.TabularInline):
    """The spellings merged into an employer; forgetting one, the next roster that has it makes an employer anew."""

    model = EmployerAlias
    fields = readonly_fields = ["name"]

    def has_add_permission(self, request, obj):
        return False


@admin.register(Employer)
class EmployerAdmin(ScopedAdmin):
    changelist_class = EmployerChangeList
    change_list_template = "admin/members/employer/change_list.html"
    restorable = True
    list_display = ["name", "kind", "uscc", "association", "total"]
    list_select_related = ["association"]
    list_filter = [AssociationFilter, KindFilter]
    sortable_by = ["name"]
    ordering = ["name", "pk"]
    search_fields = ["name"]
    fields = ["association", "name", "kind", "uscc"]
    actions = ["merge_selected"]
    inlines = [EmployerAliasInline]

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("duplicates/", view(self.duplicates_view), name="members_employer_duplicates"),
            path("merge/<int:one>/<int:other>/", view(self.merge_view), name="members_employer_merge"),
            *super().get_urls(),
        ]

    def get_search_results(self, request, queryset, search_term):
        text = search_term.strip()[:20]
        return (queryset.filter(name__icontains=text) if text else queryset), False

    @admin.display(description=_("members"))
    def total(self, employer):
        if not employer.total:
            return 0
        address = list_address(
            Condition("employer", Operator.IS, [employer.name]),
            Condition("association", Operator.IS, [employer.association_id]),
        )
        return format_html('<a href="{}">{}</a>', address, employer.total)

    def has_merge_permission(self, request, obj=None):
        """Merging changes one employer and takes the other away: who may do both, managers by the roles' table."""
        return self.has_change_permission(request, obj) and self.has_delete_permission(request, obj)

    @admin.action(description=_("Merge two employers"), permissions=["merge"])
    def merge_selected(self, request, queryset):
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            messages.warning(request, gettext("Tick exactly two employers to merge them."))
            return None
        return redirect("admin:members_employer_merge", *chosen)

    def get_inlines(self, request, obj):
        return self.inlines if obj else []  # a new employer has no other spellings yet

    # -- duplicates

    def duplicates_view(self, request):
        """Employers whose names differ in nothing that tells firms apart, or that have one credit code."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = likely_duplicates(self.get_queryset(request))
        wanted = [pk for group in groups[:MOST_GROUPS] for pk in group]
        rows = (
            with_totals(self.get_queryset(request).filter(pk__in=wanted))
            .select_related("association")
            .in_bulk()
        )
        context = {
            "title": _("Probable duplicates"),
            "groups": [
                self._group(request, [rows[pk] for pk in group if pk in rows])
                for group in groups[:MOST_GROUPS]
            ],
            "more": max(len(groups) - MOST_GROUPS, 0),
        }
        return self._page(request, "admin/members/employer/duplicates.html", context)

    def _group(self, request, employers):
        """The employers of a group, each with the address of its merge with the one that has most members."""
        first, *others = sorted(employers, key=lambda employer: (-employer.total, employer.pk))
        may = self.has_merge_permission(request, first)
        address = [reverse("admin:members_employer_merge", args=[first.pk, other.pk]) for other in others]
        return {
            "first": first,
            "others": list(zip(others, address if may else [""] * len(others), strict=True)),
        }

    # -- merging

    def merge_view(self, request, one, other):
        pair = list(with_totals(self.get_queryset(request).filter(pk__in=[one, other])).order_by("pk"))
        if len(pair) != 2:
            raise Http404
        if not all(self.has_merge_permission(request, employer) for employer in pair):
            raise PermissionDenied
        form = MergeForm(request.POST or None, pair=pair)
        if pair[0].association_id != pair[1].association_id:
            return self._merge_page(
                request, form, pair, gettext("These employers belong to different associations.")
            )
        if not form.is_valid():
            return self._merge_page(request, form, pair)
        kept, gone = form.kept_and_gone
        data = form.cleaned_data
        try:
            count = merge_employers(gone, into=kept, kind=data["kind"], uscc=data["uscc"], actor=request.user)
        except CannotMerge as refusal:
            return self._merge_page(request, form, pair, str(refusal))
        except IntegrityError:
            sentence = gettext("Somebody changed this at the same moment. Please try again.")
            return self._merge_page(request, form, pair, sentence)
        sentence = ngettext(
            "“{gone}” is now “{kept}”; {count} member moved.",
            "“{gone}” is now “{kept}”; {count} members moved.",
            count,
        )
        messages.success(request, sentence.format(gone=gone.name, kept=kept.name, count=count))
        return redirect("admin:members_employer_change", kept.pk)

    def _merge_page(self, request, form, pair, refusal=""):
        named = Member.objects.staff_visible_to(request.user).filter(employer__in=pair)
        named = named.order_by("employer", "pk").select_related("employer")
        named = named.only("name", "employer__name")[: MOST_NAMED + 1]
        members = defaultdict(list)
        for member in named:
            members[member.employer_id].append(member)
        context = {
            "title": _("Merge employers"),
            "form": form,
            "pair": [(employer, members[employer.pk][:MOST_NAMED]) for employer in pair],
            "refusal": refusal,
        }
        status = 422 if refusal or form.is_bound else 200
        return self._page(request, "admin/members/employer/merge.html", context, status)

    def _page(self, request, template, context, status=200):
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)


def likely_duplicates(employers):
    """[[keys]] of `employers` that are probably one firm within their association, groups of two and more."""
    alike = defaultdict(list)
    for pk, association, name, uscc in employers.order_by("pk").values_list(
        "pk", "association", "name", "uscc"
    ):
        alike[association, "name", normal_name(name)].append(pk)
        if uscc:
            alike[association, "uscc", uscc].append(pk)
    found = (tuple(group) for group in alike.values() if len(group) > 1)
    return [list(group) for group in dict.fromkeys(found)]
