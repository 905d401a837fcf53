"""Changes to the register that touch more than one row.

They belong to the action in progress (`organizations.models.acting`; in a request the middleware opens it).
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.codes import Status
from members.models import Member, StatusChange
from organizations.models import Action, Change, change_row


class InTheFuture(ValueError):
    """A date lies after today; the text is a sentence for people."""


@transaction.atomic
def change_status(member, *, to, on, actor, decided_by="", document=""):
    """Record that `member` has the status `to` from `on` (partial ISO date, "" if unknown); return the StatusChange.

    The present status follows, unless a later step is known already: so the past can be filled in. The member as it
    is now is `.member` of the step returned; the object passed in is left as it was. Raises InTheFuture for a date
    after today, since nothing would turn the status when the day comes.
    """
    if on > timezone.localdate().isoformat()[: len(on)]:
        raise InTheFuture(_("This date lies in the future."))
    # lock first: two people may record a step at once
    current = Member.objects.select_for_update().get(pk=member.pk)
    change = StatusChange.objects.create(
        member=current, status=to, on=on, decided_by=decided_by, document=document, entered_by=actor
    )
    is_last = not on or not current.status_changes.filter(on__gt=on).exists()
    if is_last and current.status != to:
        current.status = to
        current.save(update_fields=["status"])
    return change


def first_status(member, *, actor):
    """The step with which the life of a new `member` in the association begins; return the StatusChange.

    The day of joining is when the registered status began; other steps came later, on a day unknown.
    """
    return StatusChange.objects.create(
        member=member,
        status=member.status,
        on=member.joined if member.status == Status.ACTIVE else "",
        entered_by=actor,
    )


class TooManyReveals(ValueError):
    """The person has had as many identity numbers shown as an hour allows; the text is a sentence for people."""


@transaction.atomic
def reveal_id_number(member, *, reason, actor):
    """The identity number of `member` in clear, after recording that `actor` had it shown and why.

    The action is in the list of actions and in the member's history; the number is in neither. Raises
    TooManyReveals beyond REVEALS_AN_HOUR: whoever needs so many wants an export, which is recorded as one.
    """
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    lately = Action.objects.filter(actor=actor, kind=Action.Kind.REVEAL, at__gte=hour_ago).count()
    if lately >= settings.REVEALS_AN_HOUR:
        raise TooManyReveals(
            _(
                "You have had {count} identity numbers shown within an hour. Wait a little before the next."
            ).format(count=lately)
        )
    action = Action.objects.create(
        kind=Action.Kind.REVEAL,
        actor=actor,
        association=member.association,
        note=reason,
        details={"member": member.name},
    )
    change_row(action, member, Change.Kind.CHANGED, {}).save(force_insert=True)
    return member.id_number
