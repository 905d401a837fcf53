"""Inviting members to open their accounts: whom, by which way, anew, taken back, an account taken off (design §6).

A link is good once, for one member. Letters and text messages go out after the transaction; what the servers say is
noted on the invitation, which stays good and can be handed on in another way.
"""

import datetime as dt
import functools
import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.bulk_changes import BulkPlan
from members.codes import Status
from members.invitations.delivery import AT_ONCE, deliver, deliver_later
from members.models import Invitation, Member
from members.models.links import new_token
from members.models.member import LEFT
from members.phones import normal_phone
from members.rights import Ability
from members.services import CHUNK
from members.sms import sender
from organizations.models import Association, Change, acting, change_row, current_action

Way = Invitation.Way
# columns of a member that decide on an invitation
READ = (
    "name",
    "version",
    "association_id",
    "user_id",
    "status",
    "anonymised_on",
    "email",
    "mobile",
)


class CannotInvite(Exception):
    """The member gets no invitation; its text says why."""


@dataclass
class InvitationPlan(BulkPlan):
    replaced: dict = field(default_factory=dict)
    """{key of a member: key of the invitation that a new one takes the place of}"""

    @property
    def digest(self):
        """As of a BulkPlan; changes too when somebody else invited one of them in the meantime."""
        seen = ",".join(
            f"{member.pk}:{member.version}:{self.replaced.get(member.pk, '')}" for member in self.to_change
        )
        return hashlib.sha256(seen.encode()).hexdigest()


def ways():
    """[(value, label)] of the ways that are open here: text messages only where a service sends them."""
    return [choice for choice in Way.choices if choice[0] != Way.SMS or sender() is not None]


def reason_against(member):
    """Why `member` gets no invitation by any way, as a sentence; "" if there is no reason."""
    if member.anonymised_on:
        return _("The record is anonymised.")
    if member.user_id:
        return _("Has an account already.")
    if member.status == Status.DECEASED:
        return _("Has died.")
    if member.status in LEFT:
        return _("Has left the association.")
    if member.status == Status.APPLIED:
        return _("Is not admitted yet.")
    return ""


def address_for(member, way):
    """Where a letter or text message to `member` goes, "" for the other ways or if there is no such address."""
    if way == Way.EMAIL:
        return member.email
    return normal_phone(member.mobile) if way == Way.SMS else ""


def plan_invitations(members, *, way, actor, anew=False):
    """Whom `invite` would invite by `way` and whom not, with the reason; an InvitationPlan.

    `members` with the columns READ. Who has an invitation that is still good gets another only if `anew`.
    """
    editable = actor.rights.associations_for(Ability.EDIT)
    pending = {row.member_id: row for row in _pending_of(members)}
    now, plan = timezone.now(), InvitationPlan()
    for member in members:
        current = pending.get(member.pk)
        if member.association_id not in editable:
            reason = _("You may not edit this record.")
        elif reason := reason_against(member):
            pass
        elif current and current.expires_at > now and not anew:
            reason = _("Has an invitation that is still good.")
        elif way == Way.EMAIL and not address_for(member, way):
            reason = _("No e-mail address is in the record.")
        elif way == Way.SMS and not address_for(member, way):
            reason = _("No mobile number is in the record.")
        if reason:
            plan.leave_out(member, reason)
        else:
            plan.to_change.append(member)
            if current:
                plan.replaced[member.pk] = current.pk
    return plan


def _pending_of(members):
    return Invitation.objects.pending().filter(member__in=[member.pk for member in members])


@transaction.atomic
def invite(members, *, way, actor, site):
    """A new Invitation for each of `members` (of a plan, held locked by the caller); the one before is revoked.

    All are of one moment, `made_at`. Letters and text messages go out on commit, with links that begin with `site`
    (scheme and host); beyond AT_ONCE the worker sends them.
    """
    now = timezone.now()
    by_key = {member.pk: member for member in members}
    days = dict(Association.objects.values_list("pk", "invitation_days"))
    note = _("Invitation: {way}").format(way=Way(way).label)
    with acting(actor, note=note):
        replaced = list(_pending_of(members))
        for row in replaced:
            row.member, row.revoked_at = by_key[row.member_id], now
        made = [
            _new_invitation(member, way, actor, now, now + dt.timedelta(days=days[member.association_id]))
            for member in members
        ]
        _write(replaced, made)
    if way in (Way.EMAIL, Way.SMS):
        send = deliver if len(made) <= AT_ONCE else deliver_later
        transaction.on_commit(functools.partial(send, [row.pk for row in made], site))
    return made


def _new_invitation(member, way, actor, made_at, expires_at):
    row = Invitation(
        member=member,
        way=way,
        sent_to=address_for(member, way),
        made_by=actor,
        made_at=made_at,
        expires_at=expires_at,
    )
    row.token = new_token()
    return row


def _write(replaced, made):
    """Write the invitations in bulk, with the history that saving one by one would leave."""
    if not replaced and not made:
        return
    action = current_action()
    changes = [change_row(action, row, Change.Kind.CHANGED, row.pending_diff()) for row in replaced]
    Invitation.objects.bulk_update(replaced, ["revoked_at"], batch_size=CHUNK)
    Invitation.objects.bulk_create(made, batch_size=CHUNK)
    changes += [change_row(action, row, Change.Kind.CREATED, row.pending_diff()) for row in made]
    Change.objects.bulk_create(changes, batch_size=CHUNK)


@transaction.atomic
def invite_one(member, *, way, actor, site):
    """A new Invitation for `member`, in place of the one before. Raises CannotInvite."""
    locked = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    plan = plan_invitations([locked], way=way, actor=actor, anew=True)
    if not plan.to_change:
        raise CannotInvite(*plan.left_out)
    return invite([locked], way=way, actor=actor, site=site)[0]


@transaction.atomic
def revoke_invitation(member, *, actor):
    """Take back the invitation of `member` that was not used yet; return it, None if there is none."""
    Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    invitation = member.invitations.pending().first()
    if invitation is not None:
        invitation.revoked_at = timezone.now()
        with acting(actor, note=_("Invitation revoked")):
            invitation.save(update_fields=["revoked_at"])
    return invitation


@transaction.atomic
def disconnect_account(member, *, actor):
    """Take the account off the record of `member`; the account stays, the member can be invited anew.

    Returns the User, None if there was none.
    """
    locked = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    user = locked.user
    if user is not None:
        locked.user = None
        with acting(actor, note=_("Account disconnected")):
            locked.save(update_fields=["user"])
    return user


def ask_for_another(invitation):
    """Note that somebody with the expired link of `invitation` asks for a new one; asked twice it is noted once."""
    Invitation.objects.pending().filter(pk=invitation.pk, asked_at=None).update(asked_at=timezone.now())
