from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import csrf, i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from config import unsent

# the switch stands on the sign-in page too
set_language = login_not_required(i18n.set_language)


def home(request):
    """The first page after signing in: the staff screens, the figures, or one's own record."""
    if request.user.rights.reads_figures_only:
        return redirect("members:statistics")
    return redirect("admin:index" if request.user.is_staff else "portal:home")


@login_not_required
def health(request):
    """For load balancers and monitors: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@never_cache
@require_http_methods(["GET", "POST"])
def unsent_form(request, key):
    """A form typed before signing in again: to be sent once more from here, or thrown away by a POST."""
    form = unsent.find(request, key)
    if form is None:
        messages.info(request, _("There is nothing here that could be sent again."))
        return redirect("home")
    if request.method == "POST":
        unsent.forget(request, key)
        messages.success(request, _("What you had typed was thrown away."))
        return redirect(form.back or "home")
    return render(request, "unsent.html", {"form": form})


def csrf_failure(request, reason=""):
    """A form without a valid token.

    Signing in anew in another tab makes the token of an open form invalid. If the browser says that the form came
    from a page of ours, it is kept and offered once more; a foreign page gets no further than to this refusal.
    """
    if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}":
        try:
            key = unsent.keep(request)
        except unsent.TooLarge:
            key = None
        if key:
            address = unsent.address(key)
            return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    return csrf.csrf_failure(request, reason)
