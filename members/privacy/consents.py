"""Consents: given and withdrawn by purpose, with effect at once; what was given stays in the history.

Source: Personal Information Protection Law (PIPL) arts. 14–16, 23 and 25 (domain.md F1).
"""

from django.db import transaction
from django.utils import timezone

from members.models import Consent, Member, Notice


def notice_in_force(association, day=None):
    """The Notice of `association` in force on the local date `day` (today if None), None without one."""
    return Notice.objects.in_force_on(association, day or timezone.localdate()).first()


@transaction.atomic
def give_consent(member, purpose, *, way, actor, notice=None):
    """That `member` agrees to `purpose`, under `notice` (the one in force today if None): return the Consent.

    One that is in force under the same notice stays as it is; one under an earlier notice ends, since consent is
    given anew when the rules change (art. 14).
    """
    notice = notice or notice_in_force(member.association)
    current = _in_force(member, purpose)
    if current is not None:
        if current.notice_id == (notice and notice.pk):
            return current
        _end(current)
    return Consent.objects.create(member=member, purpose=purpose, notice=notice, way=way, given_by=actor)


@transaction.atomic
def withdraw_consent(member, purpose, *, actor):
    """End what `member` agreed to for `purpose`, at once; return the Consent, None if there was none in force.

    Who did it the history tells: the action in progress is that of `actor`.
    """
    current = _in_force(member, purpose)
    if current is not None:
        _end(current)
    return current


def _in_force(member, purpose):
    # lock first: the same button may be pressed twice at once
    Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
    return member.consents.in_force().filter(purpose=purpose).first()


def _end(consent):
    consent.withdrawn_at = max(timezone.now(), consent.given_at)
    consent.save(update_fields=["withdrawn_at"])
