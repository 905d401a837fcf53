"""Bringing an old value back out of the history: a normal change, checked as the edit form checks it.

The page shows the field, what it holds now and what it will hold, and refuses in a sentence what has become
impossible, or what somebody changed since the page was opened.
"""

import json

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.changes_in_sight import visible_changes
from organizations.history_entries import EMPTY, field_label, names_of_relations, text_of
from organizations.models import Change, acting
from organizations.models.history import plain

TEMPLATE = "admin/organizations/restore.html"


def offer(model_admin, request, obj, entries):
    """Note in the `entries` of the history of `obj` which lines and parts the user may bring back, and where."""
    editable = _editable_fields(model_admin, request, obj)
    for entry in entries:
        for record in entry["records"]:
            change = record["change"]
            if isinstance(obj, change.content_type.model_class()):
                for line in record["lines"] if change.kind == Change.Kind.CHANGED else ():
                    _offer_value(model_admin, obj, change, line, editable)
    _offer_parts(model_admin, request, obj, entries)


def _offer_value(model_admin, obj, change, line, editable):
    if not line.kept and line.name not in obj.identity_fields:
        return
    if not line.kept:
        line.refusal = _("It cannot be brought back: numbers of documents are not kept in the history.")
    elif not _differs(change.diff[line.name][0], _present(obj, line.name)):
        return
    elif line.name in model_admin.restored_elsewhere:
        line.refusal = model_admin.restored_elsewhere[line.name]
    elif line.name in editable:
        line.restore = f"{_address(obj, change)}?field={line.name}"


def _offer_parts(model_admin, request, obj, entries):
    """Parts taken away, unless the record has the like again."""
    for model in model_admin.restorable_parts:
        gone = [
            record
            for entry in entries
            for record in entry["records"]
            if record["change"].kind == Change.Kind.DELETED
            and record["change"].content_type.model_class() is model
        ]
        if gone and request.user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}"):
            present = [_values(part) for part in model._default_manager.filter(**{model.whole_field: obj})]
            for record in gone:
                if _values(_part(model, obj, record["change"])) not in present:
                    record["restore"] = _address(obj, record["change"])


def restore_view(model_admin, request, object_id, change_id):
    """The page that asks before a value (``?field=``), or a part of the record, is brought back; POST does it."""
    obj = model_admin.get_object(request, object_id)
    if obj is None or not model_admin.has_view_or_change_permission(request, obj):
        raise Http404
    if not model_admin.restorable or not model_admin.has_change_permission(request, obj):
        raise PermissionDenied
    changes = model_admin.history_of(obj).filter(visible_changes(model_admin.admin_site, request))
    change = get_object_or_404(changes.select_related("action__actor", "content_type"), pk=change_id)
    kind = _PartRestore if "field" not in request.GET else _ValueRestore
    restore = kind(model_admin, request, obj, change)
    if request.method == "POST":
        try:
            restore.apply(request.POST.get("seen", ""))
        except ValidationError as error:
            restore.errors = error.messages
        else:
            messages.success(request, restore.done)
            return redirect(_history_address(obj))
    else:
        restore.check()
    context = {
        **model_admin.admin_site.each_context(request),
        "title": restore.title,
        "subtitle": None,
        "restore": restore,
        "change": change,
        "history": _history_address(obj),
        "module_name": capfirst(model_admin.opts.verbose_name_plural),
        "object": obj,
        "opts": model_admin.opts,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, TEMPLATE, context, status=422 if restore.errors else 200)


class _Restore:
    """One thing out of the history of a record that is to come back."""

    def __init__(self, model_admin, request, obj, change):
        self.model_admin, self.request, self.obj, self.change = model_admin, request, obj, change
        self.errors = []

    def check(self):
        """Note in `errors` why it cannot come back, if it cannot."""
        with transaction.atomic():
            try:
                self.prepare()
            except ValidationError as error:
                self.errors = error.messages

    def apply(self, seen):
        """Bring it back; ValidationError with sentences for people if that is impossible, or not as `seen`."""
        try:
            with transaction.atomic():
                # lock first: what the page showed must still be what is overwritten
                rows = type(self.obj)._default_manager.select_for_update(of=("self",), no_key=True)
                self.obj = rows.get(pk=self.obj.pk)
                self.read()
                if seen != self.seen:
                    raise ValidationError(
                        _("This was changed after you opened the page. Look at it again before you go on.")
                    )
                restored = self.prepare()
                with acting(self.request.user, note=self.note(), details={"takes_back": self.change.pk}):
                    self.write(restored)
        except IntegrityError as error:
            raise ValidationError(_("Somebody changed this at the same moment. Please try again.")) from error
        except type(self.obj).DoesNotExist as error:
            raise Http404 from error

    def note(self):
        action = self.change.action
        return _("Takes back what {who} did on {when}").format(
            who=action.actor or _("the system"), when=f"{timezone.localtime(action.at):%Y-%m-%d %H:%M}"
        )


class _ValueRestore(_Restore):
    """The value that a field had before a change."""

    def __init__(self, *args):
        super().__init__(*args)
        self.name = self.request.GET["field"]
        pair = self.change.diff.get(self.name)
        of_the_record = isinstance(self.obj, self.change.content_type.model_class())
        offered = (
            of_the_record
            and self.change.kind == Change.Kind.CHANGED
            and pair is not None
            and self.name not in self.model_admin.restored_elsewhere
            and self.name in _editable_fields(self.model_admin, self.request, self.obj)
        )
        if not offered:
            raise Http404
        self.value = pair[0]
        self.label = field_label(type(self.obj), self.name)
        self.title = _("Restore: {field} of {name}").format(field=self.label, name=self.obj)
        self.done = _("{field} was restored.").format(field=self.label)
        self.read()

    def read(self):
        """What the record holds now, for people and to recognise it by."""
        present = _present(self.obj, self.name)
        self.seen = json.dumps(present, ensure_ascii=False)
        names = names_of_relations([self.change])
        model = type(self.obj)
        self.becomes = text_of(model, self.name, self.value, names)
        self.now = text_of(model, self.name, present, names | self._name_now(model, present))

    def _name_now(self, model, present):
        field = model._meta.get_field(self.name)
        if not field.is_relation or present is None:
            return {}
        return {(field.related_model, present): str(getattr(self.obj, self.name))}

    def prepare(self):
        """The record with the value, checked as the form for editing it and the database would check it."""
        if not _differs(self.value, _present(self.obj, self.name)):
            raise ValidationError(_("The record has this value already."))
        field = type(self.obj)._meta.get_field(self.name)
        if field.is_relation and self.value is not None and not _is_there(field.related_model, self.value):
            raise ValidationError(_("“{name}” is no longer there.").format(name=self.becomes))
        form_class = self.model_admin.get_form(self.request, self.obj, change=True, fields=[self.name])
        # what a form sends along unseen belongs to it, as on its own page
        unseen = {bound.html_name: bound.value() for bound in form_class(instance=self.obj).hidden_fields()}
        data = unseen | {self.name: "" if self.value is None else self.value}
        form = form_class(data=data, instance=self.obj)
        problems = [
            text if name in (self.name, NON_FIELD_ERRORS) else f"{name}: {text}"
            for name, texts in form.errors.items()
            for text in texts
        ]
        if problems:
            raise ValidationError(problems)
        # the form leaves out constraints on fields that are not in it, the member number's for one
        form.instance.validate_constraints()
        return form.instance

    def write(self, restored):
        restored.save(update_fields=[self.name])


class _PartRestore(_Restore):
    """A part of the record that was taken away."""

    def __init__(self, *args):
        super().__init__(*args)
        self.model = self.change.content_type.model_class()
        permission = f"{self.model._meta.app_label}.add_{self.model._meta.model_name}"
        if self.change.kind != Change.Kind.DELETED or self.model not in self.model_admin.restorable_parts:
            raise Http404
        if not self.request.user.has_perm(permission):
            raise PermissionDenied
        self.label = capfirst(self.model._meta.verbose_name)
        self.title = _("Restore: {field} of {name}").format(field=self.label, name=self.obj)
        self.done = _("{field} was restored.").format(field=self.label)
        self.read()

    def read(self):
        self.now, self.seen = "", ""
        self.becomes = str(_part(self.model, self.obj, self.change))

    def prepare(self):
        part = _part(self.model, self.obj, self.change)
        part.full_clean()
        return part

    def write(self, restored):
        restored.save()


def _is_there(model, key):
    return model._default_manager.filter(pk=key).exists()


def _editable_fields(model_admin, request, obj):
    return set(model_admin.get_form(request, obj, change=True).base_fields)


def _present(obj, name):
    """The present value of the field as the history would keep it."""
    field = obj._meta.get_field(name)
    return plain(field, getattr(obj, field.attname))


def _differs(one, other):
    return one != other and not (one in EMPTY and other in EMPTY)


def _part(model, whole, change):
    """A part of `whole` like the one that the change took away, unsaved."""
    values = {
        model._meta.get_field(name).attname: pair[0]
        for name, pair in change.diff.items()
        if pair is not None and name != model.whole_field
    }
    return model(**{model.whole_field: whole}, **values)


def _values(part):
    return {field.name: _present(part, field.name) for field in part.recorded_fields()}


def _address(obj, change):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_restore", args=[obj.pk, change.pk])


def _history_address(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history", args=[obj.pk])
