"""History of every record: who changed what, when, from what to what, grouped by action.

An `Action` is one thing somebody did (one edit, one import); its `Change` rows are the records it touched with
their differences. `Recorded.save()` and `delete()` write them by themselves; bulk writers call `change_row` and
insert the rows in the same transaction. Fields of the class *identity* are never kept here, masked or not.

A change knows the association its record belongs to now, and the record it is a part of (a member, of a further
category): so what is in sight and what belongs to one history is found by an index, after the record is gone too.
"""

import contextlib
import contextvars

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
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
        MERGE = "merge", pgettext_lazy("history", "Merge")
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


class ChangeQuerySet(models.QuerySet):
    def of(self, record):
        """The changes of `record` and of the records that are parts of it."""
        kind = ContentType.objects.get_for_model(type(record))
        return self.filter(
            Q(content_type=kind, object_id=record.pk) | Q(part_of_type=kind, part_of_id=record.pk)
        )


class Change(models.Model):
    """What one action did to one record: ``{"mobile": ["13800000001", "13900000001"]}``.

    A created record has ``None`` as every "before", a deleted one as every "after"; a changed identity field is
    listed with the value ``None`` in place of the pair. A record that was only
    looked at (a number shown) has no difference at all.
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
    association = models.ForeignKey(
        "organizations.Association",
        models.DO_NOTHING,
        null=True,
        db_index=False,  # the index below begins with it
        db_constraint=False,  # outlives the association, and an import need not check it for every row
        related_name="+",
        verbose_name=_("association"),
    )
    part_of_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, db_index=False, related_name="+", verbose_name=_("part of")
    )
    part_of_id = models.BigIntegerField(_("part of"), null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"], name="change_of_record"),
            # ascending, read backwards: new rows come at the end of their association's
            models.Index(fields=["association", "id"], name="change_of_association"),
            models.Index(
                fields=["part_of_type", "part_of_id", "id"],
                condition=Q(part_of_id__isnull=False),
                name="change_of_part",
            ),
        ]

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
    """An unsaved `Change` of the record `obj`, for writers that insert many at once."""
    whole = obj.whole()
    return Change(
        action=action,
        content_type=ContentType.objects.get_for_model(type(obj)),
        object_id=obj.pk,
        kind=kind,
        diff=diff,
        association_id=obj.history_association_id(),
        part_of_type=None if whole is None else ContentType.objects.get_for_model(type(whole)),
        part_of_id=None if whole is None else whole.pk,
    )


class Recorded(models.Model):
    """A model whose every save and delete leaves a `Change`.

    `unrecorded_fields` are left out (derived columns); of `identity_fields` only the fact of the change is kept.
    `whole_field` names the foreign key to the record that this one is a part of, whose history tells of it.
    Where `follows_its_sight`, reading the association is not enough to see the record (a hidden body), nor its changes
    and those of its parts; of a deleted one nobody sees them.
    """

    unrecorded_fields = frozenset()
    identity_fields = frozenset()
    whole_field = ""
    follows_its_sight = False

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, **kwargs):
        created = self._state.adding
        diff = self.pending_diff(kwargs.get("update_fields"))
        super().save(**kwargs)
        if (created or diff) and self.leaves_history:
            kind = Change.Kind.CREATED if created else Change.Kind.CHANGED
            change_row(current_action(), self, kind, diff).save(force_insert=True)
        if "association" in diff and not created:
            # the history goes with the record: who no longer sees the one does not see the other
            Change.objects.of(self).update(association_id=self.history_association_id())
        self._remember(None if created else kwargs.get("update_fields"))

    @transaction.atomic
    def delete(self, **kwargs):
        if self.leaves_history:
            change_row(current_action(), self, Change.Kind.DELETED, self.last_values()).save(
                force_insert=True
            )
        return super().delete(**kwargs)

    @property
    def leaves_history(self):
        """Whether writing this record is told of: what somebody drafts and has handed in to nobody is not."""
        return True

    def last_values(self):
        """The difference of deleting the record: ``{field: [value, None]}``, JSON-ready; blank ones are left out."""
        diff = {}
        for field in self.recorded_fields():
            before = getattr(self, field.attname)
            if before not in (None, "", [], {}):
                diff[field.name] = (
                    None if field.name in self.identity_fields else [plain(field, before), None]
                )
        return diff

    def whole(self):
        """The record that this one is a part of, or None."""
        return getattr(self, self.whole_field) if self.whole_field else None

    def history_association_id(self):
        """Id of the association to whose records this one belongs, None for an account."""
        if hasattr(self, "association_id"):
            return self.association_id
        whole = self.whole()
        return None if whole is None else whole.history_association_id()

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
                        None if field.name in self.identity_fields else [None, plain(field, after)]
                    )
            elif name in stored and stored[name] != after:
                pair = [plain(field, stored[name]), plain(field, after)]
                if pair[0] != pair[1]:
                    diff[field.name] = None if field.name in self.identity_fields else pair
        return diff


def plain(field, value):
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
