"""What who was invited sees: the code, the invitation, the form that opens the account.

Looking changes nothing, whoever looks: robots fetch links for their previews. Until somebody presses the button the
page says who invites and the first character of the name; what the record says of mobile number and e-mail comes after.
"""

from functools import wraps

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from members.invitations import joining
from members.invitations.forms import CodeForm, NoticeForm, PasskeyForm, PasswordForm, SignInForm
from members.invitations.joining import Closed, Taken
from members.invitations.services import ask_for_another
from members.models import Member, Notice, User
from members.phones import normal_phone
from members.privacy.consents import notice_in_force
from members.signing_in.limits import too_many, within_limit
from organizations.frame import posted

# in the session of who pressed the button: {"token": digest, "notice": key or None, "pk": key promised to a passkey}
SESSION_KEY = "joining"
STATUS = {joining.UNKNOWN: 404}


def for_invited(view):
    """The decorated view gets the open Invitation of the token in its address; other links get the page that says why.

    Open to everybody, never cached; forms that are sent are counted.
    """

    @login_not_required
    @never_cache
    @wraps(view)
    def with_invitation(request, token):
        invitation = joining.find_invitation(token)
        if invitation is None:
            if not within_limit(request, "join_code"):
                return too_many(request)
            return _closed_page(request, joining.UNKNOWN)
        if request.method == "POST" and not within_limit(request, "join", key=invitation.token_digest):
            return too_many(request)
        if reason := joining.closed(invitation):
            return _closed_page(request, reason, invitation)
        return view(request, invitation)

    return with_invitation


def _closed_page(request, reason, invitation=None):
    """Why the link opens nothing, and what to do; the reader's own account is told in another way."""
    own = _own_record(request)
    if invitation is not None and own is not None and own.pk == invitation.member_id:
        messages.info(request, _("You are signed in: your account is open."))
        return redirect("portal:home")
    context = {
        "reason": reason,
        "invitation": invitation,
        "association": invitation.member.association if invitation else None,
    }
    return render(request, "join/closed.html", context, status=STATUS.get(reason, 410))


def _own_record(request):
    if not request.user.is_authenticated:
        return None
    return Member.objects.filter(user=request.user).only("pk").first()


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request):
    """To type the code of a sheet."""
    if request.method == "POST" and not within_limit(request, "join_code"):
        return too_many(request)
    form = CodeForm(posted(request))
    if form.is_valid():
        return redirect("join", form.cleaned_data["code"])
    return render(request, "join/code.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited
def join(request, invitation):
    """The invitation; by the button on to the account, with the notice read."""
    if request.user.is_authenticated:
        return _signed_in_page(request, invitation)
    notice = notice_in_force(invitation.member.association)
    form = NoticeForm(posted(request), notice=notice) if notice else None
    if request.method == "POST" and (form is None or form.is_valid()):
        request.session[SESSION_KEY] = {
            "token": invitation.token_digest,
            "notice": notice.pk if notice else None,
        }
        return redirect("join_account", invitation.token)
    return _page(request, "join/invitation.html", invitation, form=form, notice=notice)


def _page(request, template, invitation, **context):
    form = context.get("form")
    context |= {
        "invitation": invitation,
        "token": invitation.token,
        "association": invitation.member.association,
        "masked_name": joining.masked_name(invitation.member.name),
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


# -- somebody is signed in already


def _signed_in_page(request, invitation):
    """To connect the account that is signed in with the record, or, if it has one, to sign out first."""
    if _own_record(request) is not None:
        return _page(request, "join/foreign.html", invitation)
    notice = notice_in_force(invitation.member.association)
    form = NoticeForm(posted(request), notice=notice) if notice else None
    if request.method == "POST" and request.POST.get("do") == "connect" and (form is None or form.is_valid()):
        return _connected(request, invitation, notice)
    return _page(request, "join/connect.html", invitation, form=form, notice=notice)


def _connected(request, invitation, notice):
    try:
        joining.connect_account(invitation, user=request.user, notice=notice)
    except Closed as reason:
        return _closed_page(request, str(reason), invitation)
    except Taken:
        return _page(request, "join/foreign.html", invitation)
    messages.success(request, _("Your account is connected with your record now."))
    return redirect("portal:home")


# -- the account


def _begun(request, invitation):
    """What the session knows of this invitation; None before the button of its page was pressed."""
    begun = request.session.get(SESSION_KEY)
    return begun if begun and begun["token"] == invitation.token_digest else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited
def join_account(request, invitation):
    """What to sign in with, and the password or the passkey; with that the account is open."""
    begun = _begun(request, invitation)
    if begun is None or request.user.is_authenticated:
        return redirect("join", invitation.token)
    form_class = PasskeyForm if request.POST.get("credential") else PasswordForm
    form = form_class(posted(request), initial=_initial(invitation.member))
    if form.is_valid():
        try:
            opened = _open_by_passkey if form_class is PasskeyForm else _open_by_password
            return opened(request, invitation, form, begun)
        except Closed as reason:
            return _closed_page(request, str(reason), invitation)
        except Taken as field:
            form.fail_taken(str(field))
    if form_class is PasskeyForm:
        form = _with_password(request, invitation.member, form)
    return _page(request, "join/account.html", invitation, form=form)


def _initial(member):
    return {"phone": normal_phone(member.mobile), "email": member.email.lower(), "name": member.name}


def _with_password(request, member, refused):
    """The form as the page shows it, with what was wrong about the passkey's."""
    form = PasswordForm(request.POST, initial=_initial(member))
    form.full_clean()
    form.errors.clear()
    for field, errors in refused.errors.items():
        for error in errors:
            form.add_error(field if field in form.fields else None, error)
    return form


def _open_by_password(request, invitation, form, begun):
    data = form.cleaned_data
    user = joining.open_account(
        invitation,
        email=data["email"],
        phone=data["phone"],
        password=data["password"],
        notice=_notice(begun),
    )
    _welcome(request, user)
    credentials = {"email": user.email} if user.email else {}
    return perform_password_login(request, credentials, _login(user))


def _open_by_passkey(request, invitation, form, begun):
    data, keys = form.cleaned_data, []
    try:
        webauthn.parse_registration_response(data["credential"])
        binding = webauthn.complete_registration(data["credential"])
    except (ValidationError, ValueError, KeyError, TypeError):
        binding = None
    if binding is None or not binding.is_user_verified() or "pk" not in begun:
        form.add_error(None, _("The passkey was not understood. Try again, or set a password."))
        return _page(
            request, "join/account.html", invitation, form=_with_password(request, invitation.member, form)
        )

    def add_key(user):
        keys.append(webauthn.WebAuthn.add(user, _("Passkey"), data["credential"]).instance)

    user = joining.open_account(
        invitation,
        email=data["email"],
        phone=data["phone"],
        pk=begun["pk"],
        add_key=add_key,
        notice=_notice(begun),
    )
    _welcome(request, user)
    return perform_passwordless_login(request, keys[0], _login(user))


def _notice(begun):
    return Notice.objects.filter(pk=begun["notice"]).first() if begun["notice"] else None


def _welcome(request, user):
    request.session.pop(SESSION_KEY, None)
    messages.success(
        request, _("Welcome, {name}! Your account is open. Here is your own record.").format(name=user)
    )


def _login(user):
    return Login(user=user, redirect_url=reverse("portal:home"))


@require_POST
@for_invited
def join_passkey(request, invitation):
    """What the browser needs to make a passkey (JSON); nothing is stored but the key promised to it, in the session."""
    begun = _begun(request, invitation)
    if begun is None or request.user.is_authenticated:
        return JsonResponse({"message": _("This page is out of date. Load it anew.")}, status=409)
    form = SignInForm(request.POST)
    if not form.is_valid():
        sentences = [error for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(sentences)}, status=422)
    pk = begun.get("pk") or joining.reserve_key()
    request.session[SESSION_KEY] = begun | {"pk": pk}
    data = form.cleaned_data
    user = User(pk=pk, email=data["email"] or None, phone=data["phone"] or None, name=invitation.member.name)
    return JsonResponse(webauthn.begin_registration(user, passwordless=True))


@login_not_required
@never_cache
@require_POST
def join_again(request, token):
    """Who has an expired link asks for another: the secretariat sees it in the list of invitations."""
    if not within_limit(request, "join_code"):
        return too_many(request)
    invitation = joining.find_invitation(token)
    if invitation is not None and joining.closed(invitation) == joining.EXPIRED:
        ask_for_another(invitation)
    return render(request, "join/asked.html", {"association": invitation and invitation.member.association})
