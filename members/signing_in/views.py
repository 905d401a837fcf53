from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.signing_in import journal, second_factor
from members.signing_in.devices import device_of
from members.signing_in.mfa import MFAAdapter
from members.signing_in.middleware import AFTERWARDS


@never_cache
def set_up(request):
    """Why a second factor is needed, and which there are; who has one goes on to where they were going."""
    if second_factor.factors_of(request.user).exists():
        follow = request.session.pop(AFTERWARDS, "/")
        return redirect(follow if url_has_allowed_host_and_scheme(follow, None) else "/")
    return render(request, "mfa/set_up.html", {"is_demanded": second_factor.is_demanded(request.user)})


class TwoSteps(IndexView):
    """allauth's page, which says besides whether a second factor is asked for on this machine."""

    def get_context_data(self, **kwargs):
        context = {"is_left_out": not settings.STAFF_SECOND_FACTOR and self.request.user.is_staff}
        return super().get_context_data(**kwargs) | context


class RemoveKey(RemoveWebAuthnView):
    """allauth's page, which would take the last second factor of somebody who needs one."""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            key = get_object_or_404(
                Authenticator, pk=kwargs["pk"], user=request.user, type=Authenticator.Type.WEBAUTHN
            )
            if not second_factor.may_remove(key):
                messages.error(request, MFAAdapter.error_messages["cannot_delete_authenticator"])
                return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        return super().dispatch(request, *args, **kwargs)


@never_cache
def devices(request):
    """Where the reader is signed in, with the last sign-ins; a POST signs all other devices out."""
    if request.method == "POST":
        second_factor.sign_out_everywhere(request.user, except_key=request.session.session_key)
        messages.success(request, _("All other devices were signed out."))
        return redirect("usersessions_list")
    sessions = sorted(
        UserSession.objects.purge_and_list(request.user),
        key=lambda each: (not each.is_current(), -each.last_seen_at.timestamp()),
    )
    for each in sessions:
        each.device = device_of(each.user_agent)
    context = {
        "sessions": sessions,
        "sign_ins": journal.latest(request.user),
        "idle_minutes": settings.IDLE_MINUTES,
    }
    return render(request, "usersessions/usersession_list.html", context)


@require_POST
def end_session(request, pk):
    """Sign out one other device of the reader."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        messages.error(request, _("This is the device you are using. Sign out by the button at the top."))
    else:
        session.end()
        messages.success(request, _("{device} was signed out.").format(device=device_of(session.user_agent)))
    return redirect("usersessions_list")
