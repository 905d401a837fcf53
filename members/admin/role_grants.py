"""The roles of an account, given and ended on its page (design §4)."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.granting import left_without_manager
from members.models import RoleGrant
from members.rights import Ability
from organizations.admin import SeenInline, only_to_choose
from organizations.admin.scoped import LabelledFormSet
from organizations.models import Body


def managed(request):
    """Ids of the associations in which the user of `request` gives and takes roles."""
    return request.user.rights.associations_for(Ability.MANAGE)


class RoleGrantFormSet(LabelledFormSet):
    """Refuses what would leave an association without anybody who manages it."""

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        for form in self.initial_forms:
            if not form.has_changed():
                continue
            before = RoleGrant.objects.select_related("association").get(pk=form.instance.pk)
            if day := left_without_manager(before, form.instance):
                form.add_error(
                    "ends_on" if "ends_on" in form.changed_data else "role",
                    ValidationError(
                        _(
                            "From {day} on nobody would manage {association}. First make somebody else manager there."
                        ).format(day=day.isoformat(), association=before.association)
                    ),
                )


class RoleGrantInline(SeenInline, admin.TabularInline):
    """The roles of an account within the manager's associations; those elsewhere are not theirs to see.

    A role is ended by its last day, not deleted, so that one can see later who could do what. Nobody gives or
    prolongs a role of their own: somebody else who manages the association does.
    """

    model = RoleGrant
    formset = RoleGrantFormSet
    extra = 0
    can_delete = False
    fields = ["role", "association", "body", "starts_on", "ends_on", "basis"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(association__in=managed(request)).select_related("user")

    def get_min_num(self, request, obj=None, **kwargs):
        # an account without a role here would be out of its maker's sight at once
        return 1 if obj is None and not request.user.is_superuser else 0

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_min=True, **kwargs)

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and not _is_oneself(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not _is_oneself(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "association":
            kwargs["queryset"] = db_field.related_model.objects.filter(pk__in=managed(request))
        if db_field.name == "body":
            kwargs["queryset"] = Body.objects.filter(association__in=managed(request), dissolved_on="")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("association", "body"):
            only_to_choose(field)
        return field


def _is_oneself(request, obj):
    """Whether `obj`, of which the roles are asked about, is the account of the request's user; superusers have all."""
    return obj == request.user and not request.user.is_superuser
