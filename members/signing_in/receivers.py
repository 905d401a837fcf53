"""What happens besides when somebody signs in, sets up a second factor, or chooses a new password."""

from allauth.account import signals as account_signals
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals

from members.signing_in import journal, second_factor
from members.signing_in.middleware import stamp


def connect():
    auth_signals.user_logged_in.connect(stamp, dispatch_uid="stamp")
    auth_signals.user_logged_in.connect(journal.signed_in, dispatch_uid="signed_in")
    auth_signals.user_login_failed.connect(journal.failed, dispatch_uid="failed")
    account_signals.login_code_rejected.connect(journal.code_rejected, dispatch_uid="code_rejected")
    account_signals.password_reset.connect(forget_failures, dispatch_uid="forget_failures")
    mfa_signals.authentication_failed.connect(journal.factor_failed, dispatch_uid="factor_failed")
    mfa_signals.authenticator_added.connect(end_sessions_without_it, dispatch_uid="factor_added")


def forget_failures(sender, request, user, **kwargs):
    get_adapter().forget_failures(request, user)


def end_sessions_without_it(sender, request, user, authenticator, **kwargs):
    """Sessions begun without a second factor end when the first one is there."""
    if authenticator.type in second_factor.FACTORS and second_factor.factors_of(user).count() == 1:
        second_factor.sign_out_everywhere(user, except_key=request.session.session_key)
