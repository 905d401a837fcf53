"""The history page of a record: what each action changed in it, under the field classes of its reader."""

import datetime as dt

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organizations import restoring
from organizations.changes_in_sight import visible_changes
from organizations.day_input import DayInput
from organizations.history_entries import Line, entries, field_label, in_form_order
from organizations.keyset import BEFORE, is_key
from organizations.models import Action, Change

__all__ = ["HistoryAdmin", "Line", "entries", "field_label", "in_form_order"]

PAGE = 100
# in addresses: whoever acts without an account, a command
NOBODY = "0"


class HistoryAdmin(admin.ModelAdmin):
    """A ModelAdmin whose history page shows `Change` rows instead of the admin's own log.

    With `restorable` the values of earlier changes can be brought back (organizations/restoring.py).
    """

    object_history_template = "admin/organizations/object_history.html"
    restorable = False
    # {field name: sentence that says how else its old values come back}
    restored_elsewhere = {}
    # models of parts of the record that can be brought back after they were taken away
    restorable_parts = ()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [
            path("<path:object_id>/history/<int:change_id>/restore/", view, name=name),
            *super().get_urls(),
        ]

    def history_of(self, obj):
        """The changes shown on the history page of `obj`, a queryset."""
        return Change.objects.of(obj)

    def reads_history(self, request, obj, model, name):
        """Whether the user of `request` reads the field `name` of a `model` record in the history of `obj`."""
        return True

    def searches_history(self, request, model, name):
        """Whether the user of `request` reads that field in the history of every record in sight."""
        return True

    def history_reader(self, request, obj):
        """A function (model, field name, text) → the text as the user of `request` may read it.

        Of `obj` only ``association_id`` matters, so that a `Change` will do.
        """
        return lambda model, name, text: text

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj):
            raise Http404
        changes = self.history_of(obj).filter(visible_changes(self.admin_site, request))
        form = HistoryFilter(request.GET, fields=self._fields_to_filter(request, obj), changes=changes)
        page, older = _page(form.narrowed(changes), request.GET.get(BEFORE, ""))
        found = entries(page, self.history_reader(request, obj), about=obj)
        form.keep_lines(found)
        if self.restorable and self.has_change_permission(request, obj):
            restoring.offer(self, request, obj, found)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History: {name}").format(name=obj),
            "subtitle": None,
            "entries": found,
            "filter": form,
            "older": older and f"?{_query(request, **{BEFORE: older})}",
            "newest": BEFORE in request.GET and f"?{_query(request)}",
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            "media": self.media,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)

    def restore_view(self, request, object_id, change_id):
        return restoring.restore_view(self, request, object_id, change_id)

    def _fields_to_filter(self, request, obj):
        """[(value, label)] of what the history of `obj` can be narrowed to: readable fields, and kinds of parts."""
        fields = [
            (field.name, field_label(self.model, field.name))
            for field in self.model.recorded_fields()
            if self.reads_history(request, obj, self.model, field.name)
        ]
        return fields + [
            (part._meta.label_lower, str(capfirst(part._meta.verbose_name))) for part in parts_of(self.model)
        ]


def parts_of(model):
    """The models whose records are parts of a `model` record."""
    return [
        relation.related_model
        for relation in model._meta.related_objects
        if getattr(relation.related_model, "whole_field", "") == relation.field.name
    ]


def _page(changes, before):
    """(the changes of one page, newest first; the key of the last where there are more, else None).

    The page starts after the change of the key `before`; what one action did stays on one page if it fits there.
    """
    if is_key(before):
        changes = changes.filter(pk__lt=int(before))
    rows = list(changes.select_related("action__actor", "content_type").order_by("-pk")[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, None
    whole = [row for row in rows if row.action_id != rows[-1].action_id] or rows[:PAGE]
    return whole, whole[-1].pk


def _query(request, **more):
    """The query of the page's address without its place among the pages, and with `more`."""
    query = request.GET.copy()
    query.pop(BEFORE, None)
    query.update(more)
    return query.urlencode()


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("To"), required=False, widget=DayInput)


class HistoryFilter(PeriodForm):
    """What one looks for in a history: a field, a person, a period. A value that is none narrows nothing."""

    field = forms.ChoiceField(label=_("Field"), required=False)
    actor = forms.ChoiceField(label=_("Who"), required=False)
    field_order = ["field", "actor", "since", "until"]

    def __init__(self, data, *, fields, changes):
        super().__init__(data, label_suffix="")
        self.fields["field"].choices = [("", gettext("All fields")), *fields]
        self.fields["actor"].choices = [("", gettext("Everybody")), *_actors(changes)]
        self.is_bound = any(data.get(name) for name in self.fields)

    def narrowed(self, changes):
        asked = self._asked()
        name = asked.get("field")
        if name and "." in name:
            changes = changes.filter(content_type=ContentType.objects.get_by_natural_key(*name.split(".")))
        elif name:
            changes = changes.filter(diff__has_key=name, part_of_id=None)
        return changes.filter(
            made_by(asked.get("actor")), made_between(asked.get("since"), asked.get("until"))
        )

    def keep_lines(self, found):
        """Leave only the lines of the field that one looks for in the entries `found`."""
        name = self._asked().get("field")
        if name and "." not in name:
            for entry in found:
                for record in entry["records"]:
                    record["lines"] = [line for line in record["lines"] if line.name == name]

    def _asked(self):
        return self.cleaned_data if self.is_bound and (self.is_valid() or self.cleaned_data) else {}


def _actors(changes):
    """[(value, name)] of those who made any of `changes`."""
    ids = (
        Action.objects.filter(pk__in=changes.order_by().values("action"))
        .order_by()
        .values("actor")
        .distinct()
    )
    users = get_user_model()._default_manager.filter(pk__in=ids)
    return [*((str(user.pk), str(user)) for user in users.order_by("pk")), (NOBODY, gettext("the system"))]


def made_by(actor):
    """The condition for changes by the user with the key `actor` (text; `NOBODY` for commands, blank for all)."""
    if not actor:
        return Q()
    return Q(action__actor=None) if actor == NOBODY else Q(action__actor=int(actor))


def made_between(since, until, at="action__at"):
    """The condition for changes made from the local day `since` to `until`, both included and each possibly None.

    `at` leads to the moment.
    """
    condition = Q()
    if since:
        condition &= Q(**{f"{at}__gte": _midnight(since)})
    if until and until < dt.date.max:
        condition &= Q(**{f"{at}__lt": _midnight(until + dt.timedelta(days=1))})
    return condition


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
