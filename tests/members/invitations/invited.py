"""What the tests of invitations share."""

import datetime as dt

from django.utils import timezone

from members.invitations.services import invite_one
from members.models import Invitation
from members.rights import Role
from tests.make import grant, make_user

SITE = "https://registry.example.org"
GOOD = "correct horse battery"


def make_invitation(member, *, way="link", actor=None, expired=False):
    """The open invitation of `member`, or one that ended an hour ago."""
    if actor is None:
        actor = make_user()
        grant(actor, Role.SECRETARY, member.association)
    row = invite_one(member, way=way, actor=actor, site=SITE)
    if expired:
        Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(hours=1))
    return Invitation.objects.get(pk=row.pk)


def states(member):
    """The states of the member's invitations, the last first."""
    return [str(row.state) for row in member.invitations.all()]
