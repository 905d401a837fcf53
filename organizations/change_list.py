"""The list of all changes in sight: its filters, and its rows as sentences."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organizations.changes_in_sight import recorded_rows, visible_changes
from organizations.history_entries import field_label, lines_of, names_of_relations
from organizations.history_screen import NOBODY, PeriodForm, made_between, made_by
from organizations.keyset import KeysetChangeList
from organizations.models import Action, Change


class SelectFilter(admin.SimpleListFilter):
    """A filter shown as a drop-down list of the page's one filter form; a value not in the list finds nothing."""

    def options(self):
        """[(value, label, whether it is chosen)]; the first is for all."""
        asked = self.value()
        chosen = [(str(value), label, str(value) == asked) for value, label in self.lookup_choices]
        return [("", gettext("All"), asked is None), *chosen]

    def value(self):
        return super().value() or None  # the form sends what is not chosen too

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in {value for value, _label in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(self.condition(self.value()))


class RecordKindFilter(SelectFilter):
    title = _("kind of record")
    parameter_name = "record"

    def lookups(self, request, model_admin):
        return [
            (model._meta.label_lower, capfirst(model._meta.verbose_name))
            for model, _rows, _key in recorded_rows(model_admin.admin_site, request)
        ]

    def condition(self, value):
        return Q(content_type=ContentType.objects.get_by_natural_key(*value.split(".")))


class FieldFilter(SelectFilter):
    """A field of the kind of record chosen, out of those that the user reads wherever there are rows."""

    title = _("field")
    parameter_name = "field"

    def lookups(self, request, model_admin):
        kind = request.GET.get(RecordKindFilter.parameter_name)
        for model, own_admin in admins(model_admin.admin_site, request).items():
            if model._meta.label_lower == kind:
                return [
                    (field.name, field_label(model, field.name))
                    for field in model.recorded_fields()
                    if field.name != model.whole_field
                    and own_admin.searches_history(request, model, field.name)
                ]
        return []

    def condition(self, value):
        return Q(diff__has_key=value)


class ActorFilter(SelectFilter):
    """Who made the change, out of those who made one that is in sight."""

    title = _("who")
    parameter_name = "actor"

    def lookups(self, request, model_admin):
        changes = Change.objects.filter(visible_changes(model_admin.admin_site, request))
        made_one = Exists(changes.filter(action__actor=OuterRef("pk")))
        users = get_user_model()._default_manager.filter(made_one).order_by("pk")
        return [*((str(user.pk), str(user)) for user in users), (NOBODY, gettext("the system"))]

    def condition(self, value):
        return made_by(value)


class ChangeKindFilter(SelectFilter):
    title = _("what")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return Change.Kind.choices

    def condition(self, value):
        return Q(kind=value)


class ActionKindFilter(SelectFilter):
    title = pgettext_lazy("history", "by way of")
    parameter_name = "way"

    def lookups(self, request, model_admin):
        return Action.Kind.choices

    def condition(self, value):
        return Q(action__kind=value)


class PeriodFilter(admin.ListFilter):
    """From a day to a day, both included."""

    title = _("period")
    parameters = ("since", "until")
    at = "action__at"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        for name in self.parameters:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = PeriodForm(self.used_parameters or None, label_suffix="")

    def expected_parameters(self):
        return list(self.parameters)

    def has_output(self):
        return True

    def choices(self, changelist):
        return []

    def queryset(self, request, queryset):
        if not self.form.is_bound:
            return queryset
        if not self.form.is_valid():
            return queryset.none()
        return queryset.filter(made_between(**self.form.cleaned_data, at=self.at))


def admins(site, request):
    """{model: the admin on whose history pages the changes of its records stand}."""
    found, own = {}, None
    for model, _rows, key in recorded_rows(site, request):
        if key is None:
            own = site.get_model_admin(model)
        found.setdefault(model, own)
    return found


class ChangeOfRecordList(KeysetChangeList):
    """Changes with the record each is about and its lines under the field classes: a query a kind of record."""

    def get_results(self, request):
        super().get_results(request)
        readers = admins(self.model_admin.admin_site, request)
        names = names_of_relations(self.result_list)
        about = {}
        for change in self.result_list:
            model, key = _about(change)
            about.setdefault(model, set()).add(key)
        found = {
            (model, row.pk): row
            for model, keys in about.items()
            for row in model._default_manager.filter(pk__in=keys)
        }
        for change in self.result_list:
            model = change.content_type.model_class()
            change.about = found.get(_about(change))
            read = readers[model].history_reader(request, change)
            change.lines = lines_of(change, read, names, about=change.about)


def _about(change):
    """(model, key) of the record whose history tells of the change."""
    if change.part_of_id is not None:
        return change.part_of_type.model_class(), change.part_of_id
    return change.content_type.model_class(), change.object_id
