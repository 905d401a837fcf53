from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from members.signing_in import journal, second_factor
from members.signing_in.devices import device_of
from organizations.models.history import Change, acting, change_row


class LostFactorForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("How you know that it is really them who ask: came in person, called back …"),
    )


class SigningInScreen:
    """For UserAdmin: how a colleague signs in, and help for one who lost telephone or key."""

    def get_urls(self):
        def page(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"members_user_{name}")

        return [
            page("<int:pk>/signing-in/", self.signing_in_view, "signing_in"),
            page("<int:pk>/sign-out/", require_POST(self.sign_out_view), "sign_out"),
            *super().get_urls(),
        ]

    def user_to_help(self, request, pk):
        """The account `pk`: 404 out of sight, 403 unless all of it lies where the reader is manager."""
        user = self.get_queryset(request).filter(pk=pk).first()
        if user is None:
            raise Http404
        if not self.may_help(request, user):
            raise PermissionDenied
        return user

    def signing_in_view(self, request, pk):
        user = self.user_to_help(request, pk)
        is_own = user == request.user
        form = LostFactorForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if is_own:
                raise PermissionDenied(
                    _("Nobody takes away their own second factor here: ask another manager.")
                )
            if form.is_valid():
                second_factor.remove_lost(user, actor=request.user, reason=form.cleaned_data["reason"])
                messages.success(
                    request,
                    _(
                        "The second factor of {name} was removed; at the next sign-in they set up a new one."
                    ).format(name=user),
                )
                return redirect("admin:members_user_signing_in", pk)
        sessions = UserSession.objects.purge_and_list(user)
        for each in sessions:
            each.device = device_of(each.user_agent)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Signing in of {name}").format(name=user),
            "account": user,
            "form": form,
            "is_own": is_own,
            "factors": second_factor.factors_of(user),
            "is_demanded": second_factor.is_demanded(user),
            "sessions": sessions,
            "sign_ins": journal.latest(user),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/members/user/signing_in.html", context, status=status)

    def sign_out_view(self, request, pk):
        user = self.user_to_help(request, pk)
        is_own = user == request.user
        with acting(request.user, note=_("Signed out everywhere")) as scope:
            change_row(scope.action(), user, Change.Kind.CHANGED, {}).save()
        second_factor.sign_out_everywhere(user, except_key=request.session.session_key if is_own else "")
        messages.success(request, _("{name} was signed out everywhere.").format(name=user))
        return redirect("admin:members_user_signing_in", pk)
