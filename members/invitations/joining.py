"""Opening an account by an invitation: the account, what it signs in with and the use of the link in one transaction.

A try that is given up, or refused, leaves the link as good as it was.
"""

import uuid

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.invitations.services import reason_against
from members.models import Consent, Invitation, Member, User
from members.privacy.consents import give_consent
from organizations.models import acting

# why a link opens nothing
UNKNOWN, EXPIRED, USED, REVOKED, REPLACED = "unknown", "expired", "used", "revoked", "replaced"


class Closed(Exception):
    """The link opens nothing any more; its text is one of the reasons above."""


class Taken(Exception):
    """The e-mail address or mobile number signs in somebody already; its text is the field, "" if it is not known."""


def find_invitation(text):
    """The Invitation that the token `text` (as typed) opens, with member and association; None without one."""
    rows = Invitation.objects.with_token(text)
    return rows.select_related("member__association").first()


def closed(invitation):
    """Why the link of `invitation` opens no account now, one of the reasons above; "" if it does."""
    if invitation.used_at:
        return USED
    if invitation.revoked_at:
        newer = Invitation.objects.pending().filter(member=invitation.member_id)
        return REPLACED if newer.exists() else REVOKED
    if invitation.member.user_id:
        return USED
    if reason_against(invitation.member):
        return REVOKED
    return EXPIRED if invitation.expires_at <= timezone.now() else ""


def _locked(invitation):
    """`invitation` read anew, its member locked; raises Closed if somebody was quicker."""
    # lock first: of two who open the same link at once the second finds it used
    Member.objects.select_for_update(of=("self",)).filter(pk=invitation.member_id).first()
    found = Invitation.objects.select_related("member__association").get(pk=invitation.pk)
    if reason := closed(found):
        raise Closed(reason)
    return found


def is_taken(field, value):
    """Whether an account signs in with `value` as its `field`, "email" or "phone"."""
    if User.objects.filter(**{field: value}).exists():
        return True
    return field == "email" and EmailAddress.objects.filter(email=value, verified=True).exists()


@transaction.atomic
def open_account(invitation, *, email, phone, password=None, pk=None, add_key=None, notice=None):
    """Make the account of the member whom `invitation` invites, and use the link up; return the User.

    `email` (lower case) and `phone` (as accounts keep it), either may be "". With a `password`, or with `add_key`, a
    function that gives the new user a passkey; `pk` is then the key promised to the passkey. `notice` is the Notice
    that was read, or None. Raises Closed or Taken; then nothing has happened.
    """
    invitation = _locked(invitation)
    for field, value in (("phone", phone), ("email", email)):
        if value and is_taken(field, value):
            raise Taken(field)
    member = invitation.member
    user = User(pk=pk, email=email or None, phone=phone or None, name=member.name)
    user.set_password(password)
    with acting(user, note=_("Account opened by invitation")):
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as error:  # somebody took it since the look above
            raise Taken("") from error
        if add_key is not None:
            add_key(user)
        if invitation.way == Invitation.Way.EMAIL and email and email == invitation.sent_to.lower():
            # the link came by that mailbox
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        _use_up(invitation, user, notice)
    return user


@transaction.atomic
def connect_account(invitation, *, user, notice=None):
    """Give the account `user`, which has no record yet, that of the member whom `invitation` invites; use the link up.

    Raises Closed, or Taken if the account has a record by now.
    """
    invitation = _locked(invitation)
    if Member.objects.filter(user=user).exists():
        raise Taken("")
    with acting(user, note=_("Account connected by invitation")):
        _use_up(invitation, user, notice)


def _use_up(invitation, user, notice):
    member = invitation.member
    member.user = user
    member.save(update_fields=["user"])
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    if notice is not None:
        give_consent(member, Consent.Purpose.NOTICE, way=Consent.Way.SELF, actor=user, notice=notice)


def reserve_key():
    """A primary key that no account has and none will get by itself: passkeys are made for it before the account is.

    Neither database gives out a key twice, whatever became of its row.
    """
    with transaction.atomic():
        row = User(email=f"{uuid.uuid4()}@reserved.invalid", password="!")  # noqa: S106 (opens nothing)
        User.objects.bulk_create([row])
        rows = User.objects.filter(pk=row.pk)
        # nothing can hang on it yet: no need to look through all tables
        rows._raw_delete(rows.db)
    return row.pk


def masked_name(name):
    """The first character alone: whoever has the link need not learn the name."""
    return f"{name[:1]}*" if len(name) > 1 else "*"
