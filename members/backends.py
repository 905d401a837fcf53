from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend


class SignInBackend(AuthenticationBackend):
    """Signs in by e-mail or mobile number; permissions come from roles alone, so that none are asked for here."""

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return set()

    def get_all_permissions(self, user_obj, obj=None):
        return set()

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


class RoleBackend(BaseBackend):
    """Django permissions from the roles granted (members/rights.py); it signs nobody in."""

    def get_user_permissions(self, user_obj, obj=None):
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return set(user_obj.rights.permissions)

    def has_module_perms(self, user_obj, app_label):
        """Whether the user may do anything in an app; what Django's admin lists its apps by."""
        return any(name.startswith(f"{app_label}.") for name in self.get_user_permissions(user_obj))
