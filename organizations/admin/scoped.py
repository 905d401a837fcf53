"""The base of all staff screens, scoped to what their user sees."""

from django.contrib import admin, messages
from django.db import connection, models
from django.forms import BaseInlineFormSet
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organizations.history_screen import HistoryAdmin
from organizations.keyset import KeysetAdmin
from organizations.models import Association, indented
from organizations.opened import OpenedForm
from organizations.seen import SEEN, SeenModelForm

# Abilities of members/rights.py, which this app does not import
EDIT, MANAGE = "edit", "manage"


class ScopedAdmin(KeysetAdmin, HistoryAdmin):
    """A screen over rows that belong to associations (design §4).

    Rows out of sight are 404; rows in sight that the user may not change open read-only, and writing them is 403.
    Of two who write one record the second is told and chooses (organizations/opened.py).
    """

    change_ability = EDIT
    delete_ability = MANAGE
    view_on_site = False

    class Media:
        css = {"all": ["css/lists.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        """As the admin's own; a row that is about to be written is locked, so that of two the second sees the first."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and request.method == "POST" and connection.in_atomic_block:
            return self.model._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
        return obj

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change and not issubclass(self.form, OpenedForm):
            kwargs.setdefault("form", type(self.form.__name__, (OpenedForm, self.form), {}))
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        # it stands above the form, not among what is asked
        return [name for name in super().get_fields(request, obj) if name != "opened"]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        self.say_what_was_kept(request, context["adminform"].form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def construct_change_message(self, request, form, formsets, add=False):
        # the admin calls it when all is written
        self.say_what_was_kept(request, form)
        return super().construct_change_message(request, form, formsets, add)

    def say_what_was_kept(self, request, form):
        """Tell what others changed in the record while `form` was open."""
        if form.is_bound and isinstance(form, OpenedForm):
            for sentence in form.notices(request.user):
                messages.info(request, sentence)

    def association_id(self, obj):
        return obj.association_id

    def may(self, request, ability, obj):
        if obj is None:
            return bool(request.user.rights.associations_for(ability))
        return request.user.rights.may(ability, self.association_id(obj))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self.may(request, self.change_ability, None)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.may(request, self.change_ability, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.may(request, self.delete_ability, obj)

    def lookup_allowed(self, lookup, value, request):
        """Only the filters on the screen: every other lookup in an address could ask about fields one may not read."""
        if "\x00" in value:
            return False
        allowed = set()
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, tuple) else item
            if isinstance(name, str):
                allowed |= {f"{name}__exact", f"{name}__isnull"}
            else:
                allowed |= set(name.parameters) if hasattr(name, "parameters") else {name.parameter_name}
        return lookup in allowed

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Association and "queryset" not in kwargs:
            ids = request.user.rights.associations_for(self.change_ability)
            kwargs["queryset"] = Association.objects.filter(pk__in=ids)
            if len(ids) == 1:
                kwargs.setdefault("initial", next(iter(ids)))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 3
        if db_field.related_model is Association:
            only_to_choose(field)
        return field

    def delete_queryset(self, request, queryset):
        # one by one: a bulk delete would leave nothing in the history
        for obj in queryset:
            obj.delete()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404


def only_to_choose(field):
    """Takes the buttons for making and changing the related record from a form field of the admin."""
    for button in ("can_add_related", "can_change_related", "can_view_related", "can_delete_related"):
        setattr(field.widget, button, False)


class LabelledFormSet(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")


class LabelledInline:
    """Mixin of an inline in a table: its column headings are no labels for who listens to the page."""

    formset = LabelledFormSet

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field


class SeenInline(LabelledInline):
    """Mixin of an inline each of whose rows says so when somebody else changed it after the page was opened."""

    def get_formset(self, request, obj=None, **kwargs):
        form = kwargs.pop("form", self.form)
        if self.has_change_permission(request, obj) and not issubclass(form, SeenModelForm):
            form = type(form.__name__, (SeenModelForm, form), {})
        return super().get_formset(request, obj, form=form, **kwargs)

    def get_fields(self, request, obj=None):
        fields = [name for name in super().get_fields(request, obj) if name != SEEN]
        return [*fields, SEEN] if self.has_change_permission(request, obj) else fields


class ScopedInline(SeenInline):
    """Mixin of an inline whose rows may be written where the record they hang on may be."""

    extra = 0

    def _parent_is_editable(self, request, obj):
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and self._parent_is_editable(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._parent_is_editable(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._parent_is_editable(request, obj)


class AssociationFilter(admin.SimpleListFilter):
    """One association and everything below it, out of those in sight."""

    title = _("association")
    parameter_name = "association"
    path = "association"

    def lookups(self, request, model_admin):
        rows = request.user.rights.association_rows
        return [(str(row.pk), name) for row, name in indented(rows)] if len(rows) > 1 else []

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        rows = request.user.rights.association_rows
        root = next((row.path for row in rows if str(row.pk) == self.value()), None)
        if root is None:
            return queryset.none()
        below = [row.pk for row in rows if row.path.startswith(root)]
        return queryset.filter(**{f"{self.path}__in": below})


class OnlyRead:
    """Mixin of a screen or an inline that writes nothing."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(OnlyRead, KeysetAdmin, admin.ModelAdmin):
    view_on_site = False

    class Media:
        css = {"all": ["css/lists.css"]}

    def lookup_allowed(self, lookup, value, request):
        return ScopedAdmin.lookup_allowed(self, lookup, value, request)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404
