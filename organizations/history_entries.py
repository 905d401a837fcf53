"""What people read of recorded changes: sentences by action, under the field classes of their reader."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.models import Action, Change
from organizations.partial_dates import PartialDateField, sentence

EMPTY = (None, "", [], {})


@dataclass(slots=True)
class Line:
    """What became of one field: its label, and the values as text; ``""`` is a blank one.

    Of an identity field only the fact of the change is kept: `kept` is false and both values are ``""``.
    """

    name: str
    label: str
    before: str
    after: str
    kept: bool = True
    restore: str = ""  # address of the page that brings `before` back
    refusal: str = ""  # why there is none, as a sentence


def entries(changes, read, about):
    """What people read of `changes` (with action, its actor and content type), one dict an action, newest first.

    `read`: (model, field name, text) → the text as the reader may see it; `about`: the record the changes are of.
    An entry has ``action``, ``file`` and ``batch`` (name and key of a roster imported, else blank), ``note`` and
    ``records``: dicts of ``change``, ``model`` (label of a part of the record, blank for the record itself) and
    ``lines``, each a `Line`. One query for every model that foreign keys point to, however many changes there are.
    """
    names = names_of_relations(changes)
    found = {}
    for change in changes:
        model = change.content_type.model_class()
        if model is None:
            continue
        record = {
            "change": change,
            "model": "" if isinstance(about, model) else str(capfirst(model._meta.verbose_name)),
            "lines": lines_of(change, read, names, about),
        }
        entry = found.setdefault(change.action_id, _entry(change.action))
        entry["records"].append(record)
    return list(found.values())


def _entry(action):
    batch = action.details.get("batch") if action.kind == Action.Kind.IMPORT else None
    return {
        "action": action,
        "file": action.note if batch else "",
        "batch": batch,
        "note": "" if batch else action.note,
        "records": [],
    }


def lines_of(change, read, names, about=None):
    """The `Line`s of a change in the order of the model's fields; blank before and after is no line."""
    model = change.content_type.model_class()
    found = []
    for name, pair in in_form_order(model, change.diff):
        if _is_derived(model, name) or _points_to(model, name, about):
            continue
        label = field_label(model, name)
        if pair is None:
            found.append(Line(name, label, "", "", kept=False))
        elif any(value not in EMPTY for value in pair):
            before, after = (read(model, name, text_of(model, name, value, names)) for value in pair)
            found.append(Line(name, label, before, after))
    return found


def in_form_order(model, diff):
    """The items of a difference in the order of the model's fields; databases keep none of their own."""
    order = {field.name: place for place, field in enumerate(model._meta.concrete_fields)}
    return sorted(diff.items(), key=lambda item: order.get(item[0], len(order)))


def _points_to(model, name, about):
    """Whether the field is the one that ties a further category and the like to `about` itself."""
    field = _field(model, name)
    return field is not None and field.related_model is type(about) and not isinstance(about, model)


def _is_derived(model, name):
    """Whether the field is not recorded any more, though older changes have it."""
    field = _field(model, name)
    return field is not None and field.attname in model.unrecorded_fields


def _field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def field_label(model, name):
    """The label of a field of a recorded model, the bare name if the field is gone."""
    field = _field(model, name)
    label = getattr(model, "field_labels", {}).get(name) or (field.verbose_name if field else name)
    return str(capfirst(label))


def text_of(model, name, value, names):
    """A value as the history keeps it, for people: relations by `names` (of `names_of_relations`), choices by label."""
    if value in EMPTY:
        return ""
    field = _field(model, name)
    if field is None:
        return str(value)
    if field.is_relation:
        return names.get((field.related_model, value)) or _("no longer there (number {pk})").format(pk=value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        # the numbers of a rule: which they are says the rule
        return "、".join(text_of(model, name, each, names) for each in value.values())
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(dt.datetime.fromisoformat(value)), "DATETIME_FORMAT")
    if isinstance(field, PartialDateField | models.DateField):
        return sentence(str(value))
    return str(dict(field.flatchoices).get(value, value))


def names_of_relations(changes):
    """{(model, key): name} of the records which foreign keys in `changes` point to, those now gone included.

    One query for every model, and one more for every model of which some are gone.
    """
    wanted = {}
    for change in changes:
        model = change.content_type.model_class()
        for name, pair in change.diff.items() if model else ():
            field = _field(model, name)
            if field is not None and field.is_relation and pair is not None:
                wanted.setdefault(field.related_model, set()).update(key for key in pair if key is not None)
    found = {}
    for model, keys in wanted.items():
        found |= {(model, row.pk): str(row) for row in model._default_manager.filter(pk__in=keys)}
        gone = [key for key in keys if (model, key) not in found]
        if gone:
            found |= {(model, key): name for key, name in _last_names(model, gone)}
    return found


def _last_names(model, keys):
    """(key, name) of deleted records, as far as their deletion tells."""
    kind = ContentType.objects.get_for_model(model)
    deleted = Change.objects.filter(content_type=kind, object_id__in=keys, kind=Change.Kind.DELETED)
    for key, diff in deleted.values_list("object_id", "diff"):
        if diff.get("name"):
            yield key, _("{name} (no longer there)").format(name=diff["name"][0])
