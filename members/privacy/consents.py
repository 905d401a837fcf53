"""Consents: given and withdrawn by purpose, with effect at once; what was given stays in the history.

Source: Personal Information Protection Law (PIPL) arts. 14–16, 23 and 25 (domain.md F1).
"""

from django.db import transaction
from django.utils import timezone

from members.models import Consent, Member, Notice


def notice_in_force(association, day=None):
    """The Notice in force for `association` on the local date `day` (today if None), None without one.

    An association without a notice of its own goes by that of the nearest one above it.
    """
    return notices_in_force([association], day)[association.pk]


def notices_in_force(associations, day=None):
    """{id of the association: Notice or None} as `notice_in_force` says, of several associations by one statement."""
    lineages = {row.pk: [int(step) for step in row.path.split("/") if step] for row in associations}
    published = Notice.objects.published().filter(
        association__in={pk for lineage in lineages.values() for pk in lineage},
        valid_from__lte=day or timezone.localdate(),
    )
    own = {
        notice.association_id: notice
        for notice in published.select_related("association").order_by("version")
    }
    return {
        pk: next((own[step] for step in reversed(lineage) if step in own), None)
        for pk, lineage in lineages.items()
    }


@transaction.atomic
def give_consent(member, purpose, *, way, actor, notice=None, at=None):
    """That `member` agrees to `purpose`, under `notice` (the one in force today if None): return the Consent.

    `at` is the moment where it was given before now, on paper.

    One that is in force under the same notice stays as it is; one under an earlier notice ends, since consent is
    given anew when the rules change (art. 14).
    """
    notice = notice or notice_in_force(member.association)
    current = _in_force(member, purpose)
    if current is not None:
        if current.notice_id == (notice and notice.pk):
            return current
        _end(current)
    given = {"given_at": at} if at else {}
    return Consent.objects.create(
        member=member, purpose=purpose, notice=notice, way=way, given_by=actor, **given
    )


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
