"""Whom to ask before photos are shown: who was there and has not agreed to publication (PIPL arts. 25 and 29)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from members.models import Consent, Member

NAMED = 50


@dataclass(frozen=True)
class NotAgreed:
    came: int
    """How many members were there, as far as that is entered."""
    count: int
    """How many of them have not agreed."""
    names: list
    """[Member] of those, at most NAMED; empty for who may not read consents."""

    @property
    def more(self):
        return max(self.count - len(self.names), 0) if self.names else 0


def not_agreed(activity, user):
    """The NotAgreed of `activity` as `user` may read it; three statements at most."""
    came = activity.participations.came().filter(member__isnull=False)
    agreed = Consent.objects.in_force().filter(member=OuterRef("pk"), purpose=Consent.Purpose.PUBLISHING)
    members = Member.objects.filter(~Exists(agreed), pk__in=came.values("member"))
    names = []
    if activity.association_id in user.rights.associations_with("members.view_consent"):
        names = list(members.visible_to(user).order_by("stroke_key", "pk")[:NAMED])
    return NotAgreed(came.count(), members.count(), names)
