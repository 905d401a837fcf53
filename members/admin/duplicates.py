"""Probable duplicates, pairs noted as two persons, merging two members, and taking a merge back."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.admin.sections import SECTION_OF, fact, label_of, text_of
from members.duplicates import Reason, find_pairs, pairs_with
from members.merging import MERGED, CannotMerge, better, comparable, differing, merge_members, rather_kept
from members.models import DistinctPair, Member, MemberMerge
from members.parting import CannotPart, part_members, plan_parting
from members.rights import Ability
from organizations.keyset import is_key
from organizations.models import indented

PAIRS_A_PAGE, ROWS_A_PAGE = 30, 50
# members named on the page of one who are probably the same
MOST_ALIKE = 3
# fields of each record on the list of pairs
SHOWN = ("association", "number", "status", "sex", "birth", "employer", "position", "mobile", "second_mobile",
         "id_number")  # fmt: skip
# in the order of the member's page
CHOSEN = tuple(sorted(MERGED, key=[*SECTION_OF, "photo"].index))


class DuplicateFilter(forms.Form):
    association = forms.ChoiceField(label=_("association"), required=False)
    reason = forms.ChoiceField(label=pgettext_lazy("duplicates", "Reason"), required=False)

    def __init__(self, data, *, associations):
        """`associations`: rows in the order of the tree."""
        super().__init__(data, label_suffix="")
        self.rows = associations
        named = [(str(row.pk), name) for row, name in indented(associations)]
        self.fields["association"].choices = [("", _("All associations")), *named]
        self.fields["reason"].choices = [("", _("All reasons")), *Reason.choices]
        if len(associations) < 2:
            del self.fields["association"]

    @property
    def associations(self):
        """Ids of the associations asked for: the one chosen and those below it."""
        chosen = self.cleaned_data.get("association")
        root = next((row.path for row in self.rows if str(row.pk) == chosen), "")
        return frozenset(row.pk for row in self.rows if row.path.startswith(root))


class MergeForm(forms.Form):
    """Which of two records stays, and whose value in each field in which they differ."""

    def __init__(self, data, *, pair):
        self.pair = pair
        self.keys = [key for key in CHOSEN if key in differing(*pair)]
        if data is not None:
            data = data.copy()
            for key in self.keys:
                data.setdefault(key, str(better(*pair, key).pk))
        super().__init__(data, label_suffix="")
        sides = [(str(member.pk), member.name) for member in pair]
        for name in ("keep", *self.keys):
            self.fields[name] = forms.ChoiceField(choices=sides)
        for member in pair:
            self.fields[f"seen-{member.pk}"] = forms.IntegerField(min_value=0)

    def chosen(self, name):
        """The record whose side is ticked at `name`: as sent, else as proposed."""
        proposed = rather_kept(*self.pair) if name == "keep" else better(*self.pair, name)
        sent = self.data.get(name) if self.is_bound else None
        return next((member for member in self.pair if str(member.pk) == sent), proposed)

    @cached_property
    def kept_and_gone(self):
        kept = self.chosen("keep")
        return kept, next(member for member in self.pair if member.pk != kept.pk)

    def merge(self, actor):
        kept, gone = self.kept_and_gone
        taken = [key for key in self.keys if self.chosen(key).pk == gone.pk]
        seen = {member.pk: self.cleaned_data[f"seen-{member.pk}"] for member in self.pair}
        return merge_members(gone, into=kept, taken=taken, seen=seen, actor=actor)


class DuplicateScreen:
    """The part of the member's admin that finds duplicates and makes two records one."""

    def get_urls(self):
        def wrap(view):
            return self.admin_site.admin_view(view)

        return [
            path("duplicates/", wrap(self.duplicates_view), name="members_member_duplicates"),
            path("duplicates/distinct/", wrap(self.distinct_view), name="members_member_distinct"),
            path(
                "duplicates/merge/<int:one>/<int:other>/", wrap(self.merge_view), name="members_member_merge"
            ),
            path("merges/", wrap(self.merges_view), name="members_member_merges"),
            path("merges/<int:pk>/", wrap(self.unmerge_view), name="members_member_unmerge"),
            *super().get_urls(),
        ]

    @admin.action(description=_("Merge two members"), permissions=["change"])
    def merge_selected(self, request, queryset):
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            messages.warning(request, gettext("Tick exactly two members to merge them."))
            return None
        return redirect("admin:members_member_merge", *chosen)

    # -- the old address of a record that was merged

    def detail_view(self, request, pk):
        try:
            return super().detail_view(request, pk)
        except Http404:
            return self._to_survivor(request, pk)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        return self._to_survivor(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        try:
            return super().history_view(request, object_id, extra_context)
        except Http404:
            return self._to_survivor(request, object_id)

    def _to_survivor(self, request, pk):
        """On to the record of which that with the key `pk` became a part; 404 if there is none in sight."""
        merges = MemberMerge.objects.in_force().filter(survivor__in=self.get_queryset(request))
        merge = merges.filter(former_id=_key(str(pk))).select_related("survivor").first()
        if merge is None:
            raise Http404
        sentence = gettext("“{gone}” was merged into this record.").format(gone=merge.name)
        self.message_user(request, sentence, messages.INFO)
        return HttpResponseRedirect(self.page_url(request, merge.survivor))

    # -- the pairs

    def _editable_associations(self, request):
        """Ids of the associations whose members the user may change; 403 if there are none."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return request.user.rights.associations_for(Ability.EDIT)

    def possibly_the_same(self, request, member):
        """[(member, sentences)] of those who are probably the same person as `member`, a few."""
        if not self.has_change_permission(request, member):
            return []
        pairs = pairs_with(member, self._editable_associations(request))[:MOST_ALIKE]
        others = {pair: pair.other if pair.one == member.pk else pair.one for pair in pairs}
        found = Member.objects.only("name").in_bulk(others.values()) if pairs else {}
        return [(found[pk], pair.sentences) for pair, pk in others.items() if pk in found]

    def duplicates_view(self, request):
        editable = self._editable_associations(request)
        rows = [row for row in request.user.rights.association_rows if row.pk in editable]
        form = DuplicateFilter(request.GET, associations=rows)
        is_valid = form.is_valid()
        found = find_pairs(form.associations, form.cleaned_data["reason"] or None) if is_valid else None
        page = Paginator(found.pairs if found else [], PAIRS_A_PAGE).get_page(request.GET.get("page"))
        members = self.get_queryset(request).select_related("association", "employer")
        members = members.in_bulk({pk for pair in page for pk in (pair.one, pair.other)})
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            "title": _("Probable duplicates"),
            "form": form,
            "is_filtered": any(form.data.get(name) for name in form.fields),
            "page": page,
            # somebody may have deleted one of them by now
            "pairs": [
                self._pair(request, pair, members)
                for pair in page
                if {pair.one, pair.other} <= members.keys()
            ],
            "is_capped": found is not None and found.is_capped,
            "query": query.urlencode(),
            "here": request.GET.urlencode(),
        }
        return self._answer(request, "duplicates", context, 200 if is_valid else 422)

    def _pair(self, request, pair, members):
        """The pair for the page: both records, field by field, as far as one of them says something."""
        one, other = (members[pk] for pk in (pair.one, pair.other))
        rights = request.user.rights
        several = one.association_id != other.association_id
        lines = []
        for key in SHOWN:
            texts = [text_of(member, key, rights) for member in (one, other)]
            if any(texts) and (key != "association" or several):
                lines.append({"label": label_of(key), "texts": texts, "agree": texts[0] == texts[1]})
        return {"one": one, "other": other, "sentences": pair.sentences, "lines": lines}

    def distinct_view(self, request):
        """Pairs noted as two persons; by POST one more of them, or one fewer."""
        self._editable_associations(request)
        noted = DistinctPair.objects.editable_by(request.user)
        if request.method == "POST" and "forget" in request.POST:
            pair = get_object_or_404(noted, pk=_key(request.POST["forget"]))
            pair.delete()
            sentence = gettext("{one} and {other} may be listed as duplicates again.")
            messages.success(request, sentence.format(one=pair.one, other=pair.other))
            return redirect("admin:members_member_distinct")
        if request.method == "POST":
            one, other = self._two(request, _key(request.POST.get("one")), _key(request.POST.get("other")))
            DistinctPair.objects.get_or_create(one=one, other=other, defaults={"by": request.user})
            sentence = gettext("{one} and {other} are noted as two persons and not listed any more.")
            messages.success(request, sentence.format(one=one, other=other))
            query = QueryDict(request.POST.get("query", "")).urlencode()
            return HttpResponseRedirect(f"{reverse('admin:members_member_duplicates')}?{query}")
        pairs = noted.select_related("one__association", "other__association", "by")
        page = Paginator(pairs, ROWS_A_PAGE).get_page(request.GET.get("page"))
        return self._answer(request, "distinct", {"title": _("Not the same person"), "page": page})

    def _two(self, request, one, other):
        """The members of those keys, the lower one first; 404 if one is out of sight, 403 if one is not editable."""
        members = self.get_queryset(request).select_related("association", "employer", "user")
        pair = list(members.filter(pk__in=[one, other]).order_by("pk"))
        if len(pair) != 2:
            raise Http404
        if not all(self.has_change_permission(request, member) for member in pair):
            raise PermissionDenied
        return pair

    # -- merging

    def merge_view(self, request, one, other):
        try:
            pair = self._two(request, one, other)
        except Http404:
            return self._merged_before(request, one, other)
        form = MergeForm(request.POST or None, pair=pair)
        if not form.is_valid():
            return self._merge_page(request, form)
        try:
            merge = form.merge(request.user)
        except CannotMerge as refusal:
            return self._refused(request, one, other, str(refusal))
        except IntegrityError:
            sentence = gettext("Somebody changed this at the same moment. Please try again.")
            return self._refused(request, one, other, sentence)
        sentence = gettext(
            "“{gone}” was merged into this record. The merge can be taken back in its history."
        )
        messages.success(request, sentence.format(gone=merge.name))
        return HttpResponseRedirect(self.page_url(request, merge.survivor))

    def _merged_before(self, request, one, other):
        """The answer to a second click: the two are one already. Else 404."""
        survivors = self.get_queryset(request).filter(pk__in=[one, other])
        merge = MemberMerge.objects.in_force().filter(survivor__in=survivors, former_id__in=[one, other])
        if (found := merge.select_related("survivor").first()) is None:
            raise Http404
        messages.info(request, gettext("These two records were merged before."))
        return HttpResponseRedirect(self.page_url(request, found.survivor))

    def _refused(self, request, one, other, refusal):
        """The page with the values as they are now, what was chosen still ticked."""
        try:
            pair = self._two(request, one, other)
        except Http404:
            return self._merged_before(request, one, other)
        data = request.POST.copy()
        for member in pair:
            data[f"seen-{member.pk}"] = str(member.version)
        return self._merge_page(request, MergeForm(data, pair=pair), refusal)

    def _merge_page(self, request, form, refusal=""):
        rights, pair = request.user.rights, form.pair
        alike = [
            key for key in CHOSEN if key != "photo" and comparable(pair[0], key) == comparable(pair[1], key)
        ]
        same = [fact(pair[0], key, rights) for key in alike]
        context = {
            "title": _("Merge two members"),
            "form": form,
            "pair": [(member, form.chosen("keep").pk == member.pk) for member in pair],
            "choices": [self._choice(form, key, rights) for key in form.keys],
            "same": [each for each in same if each.text],
            "have_both_accounts": all(member.user_id for member in pair),
            "have_one_association": pair[0].association_id == pair[1].association_id,
            "refusal": refusal,
        }
        return self._answer(request, "merge", context, 422 if refusal or form.errors else 200)

    def _choice(self, form, key, rights):
        """One field of the page of a merge: the texts of both sides, and which is ticked."""
        chosen = form.chosen(key)
        return {
            "key": key,
            "label": label_of(key),
            "sides": [
                {
                    "member": member,
                    "text": "" if key == "photo" else text_of(member, key, rights),
                    "photo": key == "photo" and member.photo and rights.may_read(key, member.association_id),
                    "checked": member.pk == chosen.pk,
                }
                for member in form.pair
            ],
        }

    # -- taking back

    def merges_view(self, request):
        self._editable_associations(request)
        merges = MemberMerge.objects.editable_by(request.user)
        merges = merges.select_related("survivor", "association", "by", "undone_by")
        page = Paginator(merges, ROWS_A_PAGE).get_page(request.GET.get("page"))
        return self._answer(request, "merges", {"title": _("Merged members"), "page": page})

    def unmerge_view(self, request, pk):
        """What taking a merge back would bring back, return and leave; done by a POST."""
        merges = MemberMerge.objects.select_related("survivor", "association", "by")
        merge = get_object_or_404(merges.visible_to(request.user), pk=pk)
        if not all(
            request.user.rights.may(Ability.EDIT, record.association_id) for record in (merge, merge.survivor)
        ):
            raise PermissionDenied
        if merge.undone_at is not None:
            messages.info(request, gettext("This merge was taken back before."))
            return redirect("admin:members_member_merges")
        refusal = ""
        if request.method == "POST":
            try:
                removed = part_members(merge, actor=request.user)
            except CannotPart as error:
                refusal = str(error)
            else:
                if removed is None:
                    messages.info(request, gettext("This merge was taken back before."))
                    return redirect("admin:members_member_merges")
                sentence = gettext("The merge was taken back: {gone} has a record of its own again.")
                messages.success(request, sentence.format(gone=removed.name))
                return HttpResponseRedirect(self.page_url(request, removed))
        context = {"title": _("Take a merge back"), "merge": merge, "refusal": refusal}
        if not refusal:
            try:
                context |= self._parting(request, plan_parting(merge))
            except CannotPart as error:
                context["refusal"] = str(error)
        return self._answer(request, "unmerge", context, 422 if request.method == "POST" else 200)

    def _parting(self, request, plan):
        """A `Parting` for the page, under the field classes of its reader."""
        rights, survivor = request.user.rights, plan.survivor
        removed = [fact(plan.removed, key, rights) for key in CHOSEN if key in SECTION_OF]
        back = []
        for key, (_present, before) in plan.back.items():
            changed = self._with(survivor, key, before)
            back.append((label_of(key), *(_text_of(each, key, rights) for each in (survivor, changed))))
        rows = {}
        for row in (each for found in plan.rows.values() for each in found):
            rows.setdefault(type(row)._meta.verbose_name_plural, []).append(row)
        return {
            "removed": [each for each in removed if each.text],
            "missing": [label_of(key) for key in plan.missing],
            "back": back,
            "kept": [label_of(key) for key in plan.kept],
            "rows": [(capfirst(name), len(found)) for name, found in rows.items()],
            "rows_kept": [f"{capfirst(type(row)._meta.verbose_name)}：{row}" for row in plan.rows_kept],
        }

    @staticmethod
    def _with(member, key, value):
        """A copy of `member` with the value that `key` had, for its text."""
        copy = Member(
            **{each.attname: getattr(member, each.attname) for each in Member._meta.concrete_fields}
        )
        setattr(copy, f"{key}_id" if key in ("employer", "user") else key, value)
        return copy

    def _answer(self, request, name, context, status=200):
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/members/member/{name}.html", context, status=status)


def _key(text):
    """The key that somebody sent as `text`; 404 if it is none."""
    if not is_key(text or ""):
        raise Http404
    return int(text)


def _text_of(member, key, rights):
    """As `text_of`, for the account and the photo too, of which only the fact is told."""
    if key == "photo":
        return gettext("a photo") if member.photo else ""
    if key == "user":
        return gettext("an account") if member.user_id else ""
    return text_of(member, key, rights)
