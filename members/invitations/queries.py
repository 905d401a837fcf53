"""Who has an account, who was invited, and whose invitation came to nothing."""

from django.db.models import Exists, OuterRef, Subquery, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext, pgettext_lazy

from members.models import Invitation, Member
from members.models.member import IN_FORCE
from members.rights import Ability
from members.waiting import Waiting


class AccountState(TextChoices):
    """How far a member is on the way to an account."""

    NONE = "none", pgettext_lazy("account of a member", "not invited yet")
    OPEN = "open", pgettext_lazy("account of a member", "invited")
    EXPIRED = "expired", pgettext_lazy("account of a member", "invitation expired")
    REVOKED = "revoked", pgettext_lazy("account of a member", "invitation revoked")
    USED = "used", pgettext_lazy("account of a member", "has an account")


def invited_by(user):
    """The members whom `user` may invite or has invited: those in whose associations the user may edit."""
    return Member.objects.editable_by(user).filter(anonymised_on=None)


def in_state(members, state, moment=None):
    """Those of the queryset `members` in the AccountState `state` at `moment` (now if None).

    Each member who belongs to the association is in one of them; who left is in USED alone, with the account.
    """
    if state == AccountState.USED:
        return members.filter(user__isnull=False)
    of_member = Invitation.objects.filter(member=OuterRef("pk"))
    pending = of_member.pending()
    members = members.filter(user=None, status__in=IN_FORCE)
    if state == AccountState.OPEN:
        return members.filter(Exists(pending.filter(expires_at__gt=moment or timezone.now())))
    if state == AccountState.EXPIRED:
        return members.filter(Exists(pending.filter(expires_at__lte=moment or timezone.now())))
    last_revoked = Subquery(of_member.order_by("-pk").values("revoked_at")[:1])
    members = members.filter(~Exists(pending)).alias(last_revoked=last_revoked)
    # whose account was taken off again is to be invited like somebody new
    return members.filter(last_revoked__isnull=state != AccountState.REVOKED)


def moment_of(text):
    """The moment that `text` (ISO, as of `Invitation.made_at`) says, None if it says none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return None if moment is None or timezone.is_naive(moment) else moment


def of_moment(members, moment):
    """Those of `members` who were invited at `moment`, nobody for None."""
    if moment is None:
        return members.none()
    return members.filter(Exists(Invitation.objects.filter(member=OuterRef("pk"), made_at=moment)))


def last_invitations(members):
    """{key of a member: the last Invitation} of the list `members`, with who made it."""
    rows = Invitation.objects.filter(member__in=[member.pk for member in members]).order_by("pk")
    return {row.member_id: row for row in rows.select_related("made_by")}


def with_last_invitation(members):
    """`members` with what the page of one says of the account, without a statement of its own: see `account_line`."""
    last = Invitation.objects.filter(member=OuterRef("pk")).order_by("-pk")
    return members.select_related("user").annotate(
        invitation_expires_at=Subquery(last.values("expires_at")[:1]),
        invitation_used_at=Subquery(last.values("used_at")[:1]),
        invitation_revoked_at=Subquery(last.values("revoked_at")[:1]),
    )


def account_line(member):
    """(AccountState, moment it is about or None) of a `member` read by `with_last_invitation`."""
    last = None
    if member.invitation_expires_at:
        last = Invitation(
            expires_at=member.invitation_expires_at,
            used_at=member.invitation_used_at,
            revoked_at=member.invitation_revoked_at,
        )
    state = state_of(member, last)
    if state == AccountState.USED:
        return state, member.user.last_login
    return state, member.invitation_expires_at if state == AccountState.OPEN else None


def state_of(member, invitation):
    """The AccountState of `member`, whose last invitation is `invitation` (or None)."""
    if member.user_id:
        return AccountState.USED
    if invitation is None or invitation.used_at:
        return AccountState.NONE
    return AccountState(invitation.state)


def invitations_asked_for(user, scope):
    """What waits in the workbench: members with an expired link who asked for a new one; a Waiting or None."""
    editable = user.rights.associations_for(Ability.EDIT) & frozenset(scope)
    asked = Invitation.objects.pending().filter(
        member__association__in=editable,
        asked_at__isnull=False,
        member__user=None,
        member__status__in=IN_FORCE,
    )
    count = asked.count() if editable else 0
    if not count:
        return None
    text = ngettext(
        "{count} member asks for a new invitation", "{count} members ask for a new invitation", count
    )
    address = f"{reverse('members:invitations')}?state={AccountState.EXPIRED}"
    return Waiting(text.format(count=count), address)
