"""Changes to the register that touch more than one row.

They belong to the action in progress (`organizations.models.acting`; in a request the middleware opens it).
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from members.codes import Status
from members.models import Employer, EmployerAlias, Member, StatusChange
from organizations.models import Action, Association, Change, acting, change_row

# rows of one statement
CHUNK = 1000


class NotRecorded(ValueError):
    """A change of status cannot be recorded; the text is a sentence for people."""


class InTheFuture(NotRecorded):
    """A date lies after today."""


@transaction.atomic
def change_status(member, *, to, on, actor, decided_by="", document="", resolution=None):
    """Record that `member` has the status `to` from `on` (partial ISO date, "" if unknown); return the StatusChange.

    The present status follows, unless a later step is known already: so the past can be filled in. The member as it
    is now is `.member` of the step returned; the object passed in is left as it was. `resolution` is the one that
    decided. Raises InTheFuture for a date after today, since nothing would turn the status when the day comes, and
    NotRecorded for an anonymised record.
    """
    if on > timezone.localdate().isoformat()[: len(on)]:
        raise InTheFuture(_("This date lies in the future."))
    # lock first: two people may record a step at once
    current = Member.objects.select_for_update().get(pk=member.pk)
    if current.is_anonymised:
        raise NotRecorded(_("The record is anonymised."))
    change = StatusChange.objects.create(
        member=current,
        status=to,
        on=on,
        decided_by=decided_by,
        document=document,
        entered_by=actor,
        resolution=resolution,
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


def write_field(members, name, value, action):
    """What `save(update_fields=[name])` does to each of `members`, whom the caller holds locked, in few statements."""
    rows = []
    for member in members:
        setattr(member, name, value)
        rows.append(change_row(action, member, Change.Kind.CHANGED, member.pending_diff([name])))
    Change.objects.bulk_create(rows, batch_size=CHUNK)
    for start in range(0, len(members), CHUNK):
        part = [member.pk for member in members[start : start + CHUNK]]
        Member.objects.filter(pk__in=part).update(
            **{name: value}, version=F("version") + 1, updated_at=timezone.now()
        )


class CannotMerge(ValueError):
    """Two employers cannot become one; the text is a sentence for people."""


@transaction.atomic
def merge_employers(gone, *, into, kind, uscc, actor):
    """Make the employer `gone` one with `into`, which gets `kind` and `uscc`; return the number of members moved.

    Members keep what their own record states as kind and code. The spelling of `gone` is remembered, so that rosters
    that have it mean `into`. All of it is one action; nothing takes it back but merging the other way by hand.
    Raises CannotMerge where one of the two is gone already, or they are of two associations.
    """
    # in the order in which an import locks: the association, the employers, the members
    Association.objects.select_for_update(no_key=True).get(pk=into.association_id)
    found = Employer.objects.select_for_update().filter(pk__in=[gone.pk, into.pk]).order_by("pk").in_bulk()
    if len(found) < 2:
        raise CannotMerge(_("One of the two employers is no longer there."))
    gone, into = found[gone.pk], found[into.pk]
    if gone.association_id != into.association_id:
        raise CannotMerge(_("These employers belong to different associations."))
    note = _("Merged “{gone}” into “{kept}”").format(gone=gone.name, kept=into.name)
    with acting(actor, note=note, association=into.association) as scope:
        members = Member.objects.select_for_update(of=("self",), no_key=True).filter(employer=gone)
        members = list(members.order_by("pk").only("association_id", "employer_id"))
        write_field(members, "employer", into, scope.action())
        into.kind, into.uscc = kind, uscc
        into.save()
        for alias in gone.aliases.all():
            alias.employer = into
            alias.save()
        names = [gone.name, into.name]
        for outdated in EmployerAlias.objects.filter(association=into.association, name__in=names):
            outdated.delete()
        EmployerAlias.objects.create(association=into.association, name=gone.name, employer=into)
        gone.delete()
    return len(members)
