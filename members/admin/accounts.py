from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
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

from members.admin.role_grants import RoleGrantInline, managed
from members.admin.signing_in import SigningInScreen
from members.granting import left_without_manager
from members.models import RoleGrant, User
from members.phones import normal_phone
from members.signing_in.second_factor import factors_of
from organizations.admin import ScopedAdmin

# Rights come from roles alone (members/rights.py); the screens that allauth brings show secrets of second factors and
# keys of sessions, and would let a superuser pass for anybody
for model in (Group, EmailAddress, Authenticator, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


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

    def clean_is_active(self):
        is_active = self.cleaned_data["is_active"]
        if not is_active and self.initial.get("is_active"):
            for grant in self.instance.role_grants.select_related("association"):
                if left_without_manager(grant, None):
                    raise ValidationError(
                        _(
                            "Nobody else manages {association}. First make somebody else manager there, then close "
                            "this account."
                        ).format(association=grant.association)
                    )
        return is_active


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
        # nobody shuts out themselves, nor the last who may do everything
        oneself = ["is_active", "is_superuser"] if obj == request.user else []
        return [*own, *oneself, "password_set", "signing_in"]

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
