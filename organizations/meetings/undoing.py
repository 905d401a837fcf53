"""Taking back one action as a whole: every record it wrote becomes what it was before.

The changes are undone last first, so that what rests on another goes before it. What somebody has changed since
stands in the way, in a sentence.
"""

from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.models import Change
from organizations.models.history import plain
from organizations.services import NotPossible


def in_the_way(action, *, leave_out=()):
    """Sentences of what forbids undoing `action` as things are; `leave_out`: models whose records stay as they are."""
    changes = _changes(action, leave_out)
    records, found, looked_at = _records(changes), [], set()
    for change in changes:
        record = records.get(_key(change))
        if change.kind == Change.Kind.DELETED:
            found.append(_("A record that was deleted then does not come back."))
        elif record is None:
            found.append(_("A record that was written then is no longer there."))
        elif change.kind == Change.Kind.CREATED:
            if Change.objects.of(record).filter(pk__gt=change.pk).exclude(action=action).exists():
                found.append(_("“{record}” was changed since.").format(record=record))
        else:
            for name, pair in change.diff.items():
                seen = (*_key(change), name)
                if seen not in looked_at and (pair is None or _present(record, name) != pair[1]):
                    label = capfirst(record._meta.get_field(name).verbose_name)
                    found.append(
                        _("“{field}” of “{record}” was changed since.").format(field=label, record=record)
                    )
                looked_at.add(seen)
    return list(dict.fromkeys(found))


@transaction.atomic
def undo(action, *, leave_out=()):
    """Undo what `action` wrote; return the number of records. The caller's action tells of it in the history.

    Raises NotPossible, with the sentences of `in_the_way`, or where something else rests on a record made then.
    """
    if sentences := in_the_way(action, leave_out=leave_out):
        raise NotPossible(" ".join(sentences))
    changes = _changes(action, leave_out)
    for change in changes:
        model = change.content_type.model_class()
        record = model._default_manager.select_for_update(of=("self",)).get(pk=change.object_id)
        try:
            with transaction.atomic():
                if change.kind == Change.Kind.CREATED:
                    record.delete()
                else:
                    _restore(record, change.diff)
        except (models.ProtectedError, models.RestrictedError) as error:
            raise NotPossible(
                _("Something else rests on “{record}” by now.").format(record=record)
            ) from error
        except IntegrityError as error:
            raise NotPossible(
                _("“{record}” cannot become what it was: something else has taken its place.").format(
                    record=record
                )
            ) from error
    return len({_key(change) for change in changes})


def _changes(action, leave_out):
    """The changes of `action`, last first."""
    changes = action.changes.select_related("content_type").order_by("-pk")
    return [change for change in changes if change.content_type.model_class() not in leave_out]


def _key(change):
    return change.content_type_id, change.object_id


def _records(changes):
    """{(id of content type, id): record} of what is there, one query a model."""
    ids = {}
    for change in changes:
        ids.setdefault(change.content_type, set()).add(change.object_id)
    return {
        (kind.pk, pk): record
        for kind, keys in ids.items()
        for pk, record in kind.model_class()._default_manager.in_bulk(keys).items()
    }


def _present(record, name):
    field = record._meta.get_field(name)
    return plain(field, getattr(record, field.attname))


def _restore(record, diff):
    for name, (before, _after) in diff.items():
        field = record._meta.get_field(name)
        setattr(record, field.attname, before if field.is_relation else field.to_python(before))
    record.save(update_fields=list(diff))
