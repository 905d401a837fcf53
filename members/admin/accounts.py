from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from members.admin.signing_in import SigningInScreen
from members.models import RoleGrant, User
from members.phones import normal_phone
from members.rights import Ability
from members.signing_in.second_factor import factors_of
from organizations.admin import ScopedAdmin, SeenInline, only_to_choose
from organizations.models import Body

# Rights come from roles alone (members/rights.py)
if admin.site.is_registered(Group):
    admin.site.unregister(Group)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "email", "phone", "is_active"]
        help_texts = {"phone": _("13800138000, or +852… for a number from abroad")}

    def clean_phone(self):
        written = self.cleaned_data["phone"]
        if not written:
            return None
        phone = normal_phone(written)
        if not phone:
            raise ValidationError(
                _("This is not a mobile number. Write 13800138000, or +852… for a number from abroad.")
            )
        return phone

    def clean_email(self):
        email = self.cleaned_data["email"]
        return email.lower() if email else None


class NewUserForm(UserForm):
    """An account, with a first password or (left empty) none: then nobody signs in before a password is set."""

    password1 = forms.CharField(
        label=_("first password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty for an account that gets its password later."),
    )

    def clean_password1(self):
        password = self.cleaned_data["password1"]
        if password:
            validate_password(password, self.instance)
        return password

    def save(self, commit=True):
        self.instance.set_password(self.cleaned_data["password1"] or None)
        return super().save(commit)


def managed(request):
    """Ids of the associations in which the user of `request` gives and takes roles."""
    return request.user.rights.associations_for(Ability.MANAGE)


class RoleGrantInline(SeenInline, admin.TabularInline):
    """The roles of an account within the manager's associations; those elsewhere are not theirs to see.

    A role is ended by its last day, not deleted, so that one can see later who could do what.
    """

    model = RoleGrant
    extra = 0
    can_delete = False
    fields = ["role", "association", "body", "starts_on", "ends_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(association__in=managed(request)).select_related("user")

    def get_min_num(self, request, obj=None, **kwargs):
        # an account without a role here would be out of its maker's sight at once
        return 1 if obj is None and not request.user.is_superuser else 0

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_min=True, **kwargs)

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


@admin.register(User)
class UserAdmin(SigningInScreen, ScopedAdmin, DjangoUserAdmin):
    """Accounts in the manager's sight.

    Name, address, mobile number and password of an account with a role elsewhere belong to whoever manages both:
    else the manager of a district could take over the account of the city's.
    """

    form = UserForm
    add_form = NewUserForm
    list_display = ["name", "email", "phone", "roles", "state", "last_login"]
    list_filter = ["is_active"]
    list_select_related = False
    sortable_by = []
    search_fields = ["name", "email", "phone"]
    ordering = ["pk"]
    filter_horizontal = []
    inlines = [RoleGrantInline]
    fieldsets = [(None, {"fields": ["name", "email", "phone", "is_active"]})]
    add_fieldsets = [(None, {"fields": ["name", "email", "phone", "password1"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("pk")

    def lookup_allowed(self, lookup, value, request):
        return ScopedAdmin.lookup_allowed(self, lookup, value, request)

    def may(self, request, ability, obj):
        return request.user.is_superuser or bool(managed(request))

    def has_delete_permission(self, request, obj=None):
        # accounts are made inactive: what they did must keep its name
        return False

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        own = [] if is_fully_managed(request, obj) else ["name", "email", "phone", "is_active"]
        return [*own, "password_set", "signing_in"]

    def get_fieldsets(self, request, obj=None):
        sections = super().get_fieldsets(request, obj)
        if obj is None:
            return sections
        if is_fully_managed(request, obj):
            sections = [*sections, (_("Sign-in"), {"fields": ["password_set", "signing_in"]})]
        if request.user.is_superuser:
            sections = [*sections, (_("Installation"), {"fields": ["is_superuser"]})]
        return sections

    @admin.display(description=_("password"))
    def password_set(self, user):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        state = gettext("set") if user.has_usable_password() else gettext("none yet")
        return format_html('{} · <a href="{}">{}</a>', state, address, gettext("Set a new password"))

    @admin.display(description=_("second factor and devices"))
    def signing_in(self, user):
        address = reverse("admin:members_user_signing_in", args=[user.pk])
        count = len(factors_of(user))
        state = (
            ngettext("{count} second factor", "{count} second factors", count).format(count=count)
            if count
            else gettext("no second factor")
        )
        return format_html(
            '{} · <a href="{}">{}</a>', state, address, gettext("Devices, last sign-ins, help")
        )

    def may_help(self, request, user):
        return is_fully_managed(request, user)

    def user_change_password(self, request, id, form_url=""):
        user = self.get_object(request, id)
        if user is not None and not is_fully_managed(request, user):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.strip()[:100])

    # Django's picture for yes and no is read out as "True" and "False"
    @admin.display(description=pgettext_lazy("account", "state"))
    def state(self, user):
        return pgettext("account", "open") if user.is_active else pgettext("account", "closed")

    @admin.display(description=_("roles"))
    def roles(self, user):
        return "；".join(
            f"{each.get_role_display()}（{each.body or each.association}）" for each in user.roles_here
        )

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        grants = RoleGrant.objects.filter(association__in=managed(request)).in_force_on(timezone.localdate())
        grants = grants.select_related("association", "body").order_by("association__path", "role")
        prefetch_related_objects(
            changelist.result_list, Prefetch("role_grants", grants, to_attr="roles_here")
        )
        return changelist


def is_fully_managed(request, user):
    """Whether every role of `user`, and the record behind it, lies where the user of `request` is manager."""
    if request.user.is_superuser:
        return True
    if user.is_superuser:
        return False
    member = getattr(user, "member", None)
    places = {
        *user.role_grants.values_list("association_id", flat=True),
        *([member.association_id] if member else []),
    }
    return places <= managed(request)
