"""The second factor of the staff: who needs one, who has one, and how a lost one is taken away.

Whoever works in the staff screens sees the data of others: password alone is not enough there (design §6). Passkey
and authenticator app count; recovery codes come with either and are none by themselves.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from members.inbox import tell
from organizations.models.history import Change, acting, change_row

SESSION_KEY = "second_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_demanded(user):
    """Whether `user` must have a second factor: everybody who works in the staff screens, while the setting is on."""
    return settings.STAFF_SECOND_FACTOR and user.is_staff


def factors_of(user):
    """The Authenticators of `user` that are a second factor, the oldest first."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("pk")


def is_missing(request):
    """Whether the reader of `request` still has to set one up. Once found it is remembered in the session."""
    if not is_demanded(request.user) or request.session.get(SESSION_KEY) == request.user.pk:
        return False
    if not factors_of(request.user).exists():
        return True
    request.session[SESSION_KEY] = request.user.pk
    return False


def may_remove(authenticator):
    """Whether its owner may give it up: not the last second factor while one is demanded."""
    if authenticator.type not in FACTORS or not is_demanded(authenticator.user):
        return True
    return factors_of(authenticator.user).exclude(pk=authenticator.pk).exists()


@transaction.atomic
def remove_lost(user, *, actor, reason):
    """Take away all second factors of `user`, who lost them, with the recovery codes, and sign them out everywhere.

    History says who did it and why; `user` is told in the inbox if there is a record. At the next sign-in the password
    alone leads to setting up a new one.
    """
    names = "、".join(str(each) for each in factors_of(user))
    note = _("Second factor removed: {reason}").format(reason=reason)
    with acting(actor, note=note[:500]) as scope:
        change_row(scope.action(), user, Change.Kind.CHANGED, {"second_factor": [names, None]}).save()
    Authenticator.objects.filter(user=user).delete()
    sign_out_everywhere(user)
    if member := getattr(user, "member", None):
        tell(
            member,
            title=_("Your second factor was removed"),
            text=_(
                "{actor} removed the passkeys and authenticator app of your account ({reason}) and signed it out "
                "everywhere. Was this not agreed with you? Set a new password and tell the secretariat at once."
            ).format(actor=actor, reason=reason),
        )


def sign_out_everywhere(user, *, except_key=""):
    """End all sessions of `user` but the one with the key `except_key`; returns how many."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=except_key))
    for session in sessions:
        session.end()
    return len(sessions)
