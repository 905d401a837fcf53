"""The history page of a record: what each action changed in it, under the field classes of its reader."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.keyset import BEFORE
from organizations.models import Change

PAGE = 100
EMPTY = (None, "", [], {})


class HistoryAdmin(admin.ModelAdmin):
    """A ModelAdmin whose history page shows `Change` rows instead of the admin's own log."""

    object_history_template = "admin/organizations/object_history.html"

    def history_of(self, obj):
        """The condition that finds the changes shown on the history page of `obj`."""
        return Q(content_type=ContentType.objects.get_for_model(type(obj)), object_id=obj.pk)

    def history_reader(self, request, obj):
        """A function (model, field name, text) → the text as the user of `request` may read it."""
        return lambda model, name, text: text

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_or_change_permission(request, obj):
            raise Http404
        changes = Change.objects.filter(self.history_of(obj)).select_related("action__actor", "content_type")
        edge = request.GET.get(BEFORE, "")
        if edge.isascii() and edge.isdigit() and len(edge) < 19:
            changes = changes.filter(pk__lt=int(edge))
        rows = list(changes.order_by("-pk")[: PAGE + 1])
        page = rows[:PAGE]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: {name}").format(name=obj),
            "subtitle": None,
            "entries": entries(page, self.history_reader(request, obj), about=obj),
            "older": page[-1].pk if len(rows) > PAGE else None,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


def entries(changes, read, about):
    """What the history page of the record `about` shows, one dict an action: ``action``, ``records``, newest first.

    A record is a dict of ``change``, ``model`` (its name where it is not the record itself) and ``lines``, each
    (label, before, after); before and after are None for a field of which only the fact of the change is kept.
    """
    names = _names_of_relations(changes)
    found = {}
    for change in changes:
        model = change.content_type.model_class()
        lines = [
            _line(model, name, pair, names, read)
            for name, pair in in_form_order(model, change.diff)
            if pair is None
            or (any(value not in EMPTY for value in pair) and not _points_to(model, name, about))
        ]
        entry = found.setdefault(change.action_id, {"action": change.action, "records": []})
        entry["records"].append({"change": change, "model": model._meta.verbose_name, "lines": lines})
    return list(found.values())


def in_form_order(model, diff):
    """The items of a difference in the order of the model's fields; databases keep none of their own."""
    order = {field.name: place for place, field in enumerate(model._meta.concrete_fields)}
    return sorted(diff.items(), key=lambda item: order.get(item[0], len(order)))


def _points_to(model, name, about):
    """Whether the field is the one that ties a further category and the like to `about` itself."""
    return name in {
        field.name for field in model._meta.concrete_fields if field.related_model is type(about)
    } and not isinstance(about, model)


def field_label(model, name):
    """The label of a field of a recorded model, the bare name if the field is gone."""
    try:
        label = getattr(model, "field_labels", {}).get(name) or model._meta.get_field(name).verbose_name
        return str(capfirst(label))
    except FieldDoesNotExist:
        return name


def _line(model, name, pair, names, read):
    label = field_label(model, name)
    if pair is None:
        return label, None, None
    return label, *(read(model, name, _text(model, name, value, names)) for value in pair)


def _text(model, name, value, names):
    if value in EMPTY:
        return ""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    if field.is_relation:
        return names.get((field.related_model, value)) or _("no longer there (number {pk})").format(pk=value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(field.flatchoices).get(value, value))


def _names_of_relations(changes):
    """{(model, key): name} of the records which foreign keys in `changes` point to, one query a model."""
    wanted = {}
    for change in changes:
        model = change.content_type.model_class()
        for name, pair in change.diff.items():
            try:
                field = model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if field.is_relation and pair is not None:
                wanted.setdefault(field.related_model, set()).update(key for key in pair if key is not None)
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }
