from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import redirect
from django.views import i18n

# the switch stands on the sign-in page too
set_language = login_not_required(i18n.set_language)


def home(request):
    """The first page after signing in: the staff screens, or one's own record."""
    return redirect("admin:index" if request.user.is_staff else "members:me")


@login_not_required
def health(request):
    """For load balancers and monitors: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
