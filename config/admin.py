from allauth.account import views as account_views
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from config.navigation import navigation


class RegistrySite(admin.AdminSite):
    """The staff screens. Sign-in, sign-out and passwords are allauth's, like everybody's.

    The admin's own pages for these would be a side door without limits and second factors.
    """

    site_title = _("Member registry")
    site_header = _("Member registry")
    site_url = None

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def get_urls(self):
        urls = super().get_urls()
        for pattern in urls:
            # straight to everybody's sign-in page, without a stop at the admin's
            if hasattr(pattern, "callback") and hasattr(pattern.callback, "login_url"):
                pattern.callback.login_url = reverse_lazy("account_login")
        # "view on site" leads from the key of any record to its address, whoever asks: the address of an invitation is
        # the invitation
        return [pattern for pattern in urls if getattr(pattern, "name", "") != "view_on_site"]

    def each_context(self, request):
        context = super().each_context(request)
        if context["has_permission"]:
            context["navigation"] = navigation(request)
            context["association_name"] = request.user.rights.association_name
        return context

    def index(self, request, extra_context=None):
        if request.user.rights.reads_figures_only:
            return redirect("members:statistics")
        # by its name, as in urls: config imports no app
        workbench = import_string("members.workbench.workbench")
        request.current_app = self.name
        context = self.each_context(request) | workbench(request) | (extra_context or {})
        return TemplateResponse(request, "admin/index.html", context)

    @method_decorator([never_cache, login_not_required])
    def login(self, request, extra_context=None):
        asked = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
            asked = reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(asked, resolve_url("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied(_("The staff screens are open to accounts with a role in an association."))
        return redirect(asked)

    @method_decorator(never_cache)
    def logout(self, request, extra_context=None):
        return account_views.logout(request)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def password_change_done(self, request, extra_context=None):
        return redirect("account_change_password")
