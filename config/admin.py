from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class RegistrySite(admin.AdminSite):
    """The staff screens. Sign-in, sign-out and passwords are allauth's, like everybody's."""

    site_title = _("Member registry")
    site_header = _("Member registry")
    index_title = _("Overview")
    site_url = None
    # the admin's own log in page would be a side door without limits and second factors
    login = secure_admin_login(admin.AdminSite.login)

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff
