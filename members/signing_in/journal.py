"""Writes the list of sign-ins (members.models.SignIn) at the signals of Django and allauth."""

import datetime as dt

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from django.utils import timezone

from members.models import SignIn, User
from members.phones import normal_phone

SHOWN = 20


def note(request, user, outcome, ways=""):
    """Write down that `user` (None: nobody's name) signed in or tried to; `request` may be None in a script."""
    SignIn.objects.create(
        user=user,
        outcome=outcome,
        ways=ways,
        ip=get_client_ip(request) if request is not None else None,
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:200] if request is not None else "",
    )


def latest(user):
    """The last sign-ins and tries of `user`, newest first."""
    return SignIn.objects.filter(user=user)[:SHOWN]


def delete_older_than(days):
    """Delete what is more than `days` days old; returns how many."""
    return SignIn.objects.filter(at__lt=timezone.now() - dt.timedelta(days=days)).delete()[0]


# -- receivers, connected in members.apps


def signed_in(sender, request, user, **kwargs):
    records = get_authentication_records(request, user)
    ways = [each.get("type") or each["method"] for each in records]
    # one step repeated is one way
    note(request, user, SignIn.Outcome.SIGNED_IN, ",".join(dict.fromkeys(ways))[:100])


def failed(sender, credentials, request=None, **kwargs):
    note(request, user_named(credentials), SignIn.Outcome.FAILED, SignIn.Way.PASSWORD)


def code_rejected(sender, request, user, **kwargs):
    note(request, user, SignIn.Outcome.WRONG_CODE, SignIn.Way.CODE)


def factor_failed(sender, request, user, authenticator, **kwargs):
    note(request, user, SignIn.Outcome.NO_FACTOR, authenticator.type)


def user_named(credentials):
    """The account that the `email` or `phone` of `credentials` names, or None."""
    if phone := normal_phone(credentials.get("phone") or ""):
        return User.objects.filter(phone=phone).first()
    email = credentials.get("email")
    return User.objects.filter(email=email.lower()).first() if email else None
