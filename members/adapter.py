from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail or mobile number, no open sign-up."""

    def is_open_for_signup(self, request):
        return False
