"""History of every record: who changed what, when, from what to what, grouped by action.

An `Action` is one thing somebody did (one edit, one import); its `Change` rows are the records it touched with
their differences. `Recorded.save()` and `delete()` write them by themselves; bulk writers call `change_row` and
insert the rows in the same transaction. Fields of the class *identity* are never kept here, masked or not.
"""

import contextlib
import contextvars

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_current = contextvars.ContextVar("current_action", default=None)


class Action(models.Model):
    """One thing that somebody (or a command, `actor` empty) did."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        IMPORT = "import", _("Import")
        EXPORT = "export", _("Export")
        UNDO = "undo", _("Undo")
        REVEAL = "reveal", _("Identity number shown")
        COMMAND = "command", _("Command")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.EDIT)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), auto_now_add=True)
    association = models.ForeignKey(
        "organizations.Association",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("association"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["actor", "-id"], name="action_by_actor"),
            models.Index(fields=["kind", "-id"], name="action_by_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}" if self.at else self.get_kind_display()


class Change(models.Model):
    """What one action did to one record: ``{"mobile": ["13800000001", "13900000001"]}``.

    A created record has ``None`` as every "before", a deleted one as every "after"; a changed identity field is
    listed with the value ``None`` in place of the pair.
    """

    class Kind(models.TextChoices):
        CREATED = "+", pgettext_lazy("history", "created")
        CHANGED = "~", pgettext_lazy("history", "changed")
        DELETED = "-", pgettext_lazy("history", "deleted")

    action = models.ForeignKey(Action, models.CASCADE, related_name="changes", verbose_name=_("action"))
    content_type = models.ForeignKey(
        ContentType,
        models.CASCADE,
        db_index=False,  # the index below begins with it
        verbose_name=_("kind of record"),
    )
    object_id = models.BigIntegerField(_("record"))
    target = GenericForeignKey()
    kind = models.CharField(_("what"), max_length=1, choices=Kind)
    diff = models.JSONField(_("difference"), default=dict)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="change_of_record")]

    def __str__(self):
        return f"{self.content_type} {self.object_id} {self.get_kind_display()}"


class Scope:
    """The action that writes in progress belong to; its row is made when the first change is."""

    def __init__(self, kind, actor, note, association, details):
        self.kind, self.actor, self.note, self.association = kind, actor, note, association
        self.details = details or {}
        self.row = None

    def action(self):
        """The action's row. One that a rolled back transaction took along is made anew."""
        if self.row is None or not Action.objects.filter(pk=self.row.pk).exists():
            actor = self.actor() if callable(self.actor) else self.actor
            self.row = Action.objects.create(
                kind=self.kind,
                actor=actor if actor is not None and actor.pk else None,
                note=self.note,
                association=self.association,
                details=self.details,
            )
        return self.row


@contextlib.contextmanager
def acting(actor=None, *, kind=Action.Kind.EDIT, note="", association=None, details=None):
    """All recorded writes inside belong to one action by `actor` (a user, None, or a function that gives one)."""
    scope = Scope(kind, actor, note, association, details)
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def current_action():
    """The row of the action in progress, or a new one of nobody's (a script outside any scope)."""
    scope = _current.get()
    return scope.action() if scope else Action.objects.create(kind=Action.Kind.COMMAND)


def change_row(action, obj, kind, diff):
    """An unsaved `Change`, for writers that insert many at once; `obj` needs its primary key only."""
    content_type = ContentType.objects.get_for_model(type(obj))
    return Change(action=action, content_type=content_type, object_id=obj.pk, kind=kind, diff=diff)


class Recorded(models.Model):
    """A model whose every save and delete leaves a `Change`.

    `unrecorded_fields` are left out (derived columns); of `identity_fields` only the fact of the change is kept.
    """

    unrecorded_fields = frozenset()
    identity_fields = frozenset()

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, **kwargs):
        created = self._state.adding
        diff = self.pending_diff(kwargs.get("update_fields"))
        super().save(**kwargs)
        if created or diff:
            kind = Change.Kind.CREATED if created else Change.Kind.CHANGED
            change_row(current_action(), self, kind, diff).save(force_insert=True)
        self._remember(None if created else kwargs.get("update_fields"))

    @transaction.atomic
    def delete(self, **kwargs):
        diff = {}
        for field in self.recorded_fields():
            before = getattr(self, field.attname)
            if before not in (None, "", [], {}):
                diff[field.name] = (
                    None if field.name in self.identity_fields else [_plain(field, before), None]
                )
        change_row(current_action(), self, Change.Kind.DELETED, diff).save(force_insert=True)
        return super().delete(**kwargs)

    @classmethod
    def recorded_fields(cls):
        return [
            field
            for field in cls._meta.concrete_fields
            if not field.primary_key and field.attname not in cls.unrecorded_fields
        ]

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._stored = dict(zip(field_names, values, strict=True))
        return instance

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self._remember(fields)

    def _remember(self, names=None):
        """Take the present values for those in the database: all, or those of the fields `names`.

        Only these: a field not written by `save(update_fields=…)`, or set before a deferred one was loaded, has
        still to be recorded when it is saved.
        """
        stored = {
            field.attname: self.__dict__[field.attname]
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__
            and (names is None or field.name in names or field.attname in names)
        }
        self._stored = stored if names is None else (getattr(self, "_stored", None) or {}) | stored

    def pending_diff(self, update_fields=None):
        """What saving would change: ``{field: [before, after]}``, JSON-ready; fields never loaded are left out."""
        stored, diff = getattr(self, "_stored", None), {}
        for field in self.recorded_fields():
            name = field.attname
            if name not in self.__dict__ or (update_fields is not None and field.name not in update_fields):
                continue
            after = self.__dict__[name]
            if stored is None:
                if after not in (None, "", [], {}):
                    diff[field.name] = (
                        None if field.name in self.identity_fields else [None, _plain(field, after)]
                    )
            elif name in stored and stored[name] != after:
                pair = [_plain(field, stored[name]), _plain(field, after)]
                if pair[0] != pair[1]:
                    diff[field.name] = None if field.name in self.identity_fields else pair
        return diff


def _plain(field, value):
    """`value` as JSON keeps it: numbers, booleans and lists as they are, all else as the field's own text."""
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    if isinstance(value, str):
        return value
    return field.value_to_string(_Holder(field.attname, value))


class _Holder:
    """Lets a field write a single value as text without a whole instance."""

    def __init__(self, name, value):
        setattr(self, name, value)
