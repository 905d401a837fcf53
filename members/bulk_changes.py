"""Changes to many members at once: first a plan that says who would change and who not, then the change.

Written in bulk, with the history that saving one by one would leave; each is one action.
"""

import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import FurtherCategory, ListedMember, Member, StatusChange
from members.rights import Ability
from members.services import CHUNK, InTheFuture, write_field
from organizations.models import Change, acting, change_row, current_action


@dataclass
class BulkPlan:
    """Whom a bulk change would touch and whom not: `left_out` is {reason, a sentence: members}."""

    to_change: list = field(default_factory=list)
    left_out: dict = field(default_factory=dict)

    def leave_out(self, member, reason):
        self.left_out.setdefault(reason, []).append(member)

    @property
    def digest(self):
        """Changes when anybody writes one of these members, or other members come to be meant."""
        seen = ",".join(f"{member.pk}:{member.version}" for member in self.to_change)
        return hashlib.sha256(seen.encode()).hexdigest()


def _plan(members, actor, reason_against):
    """The BulkPlan for `members`, of whom those stay that `actor` may not edit or `reason_against` says why."""
    editable = actor.rights.associations_for(Ability.EDIT)
    plan = BulkPlan()
    for member in members:
        if member.association_id not in editable:
            plan.leave_out(member, _("You may not edit this record."))
        elif member.is_anonymised:
            plan.leave_out(member, _("The record is anonymised."))
        elif reason := reason_against(member):
            plan.leave_out(member, reason)
        else:
            plan.to_change.append(member)
    return plan


def plan_status(members, *, to, on, actor):
    """Whom `change_status_of` would give the status `to` from the partial date `on`; a BulkPlan."""
    later = set(
        StatusChange.objects.filter(member__in=[member.pk for member in members], on__gt=on).values_list(
            "member", flat=True
        )
    )

    def reason_against(member):
        if member.status == to:
            return _("Has this status already.")
        return _("A later change of status is recorded.") if member.pk in later else None

    return _plan(members, actor, reason_against)


def plan_assignment(members, *, name, value, actor):
    """Whose field `name` (township or category) `assign` would set to `value`; a BulkPlan."""
    further = set()
    if name == "category":
        rows = FurtherCategory.objects.filter(member__in=[member.pk for member in members], category=value)
        further = set(rows.values_list("member", flat=True))

    def reason_against(member):
        if getattr(member, name) == value:
            return _("Has this value already.")
        return _("Has this category as a further one.") if member.pk in further else None

    return _plan(members, actor, reason_against)


@transaction.atomic
def change_status_of(members, *, to, on, actor, decided_by="", document=""):
    """As `services.change_status`, for the members of a `plan_status`, whom the caller holds locked, as one action."""
    if on > timezone.localdate().isoformat()[: len(on)]:
        raise InTheFuture(_("This date lies in the future."))
    with acting(actor, note=_("Change of several members at once")):
        steps = StatusChange.objects.bulk_create(
            (
                StatusChange(
                    member=member,
                    status=to,
                    on=on,
                    decided_by=decided_by,
                    document=document,
                    entered_by=actor,
                )
                for member in members
            ),
            batch_size=CHUNK,
        )
        action = current_action()
        Change.objects.bulk_create(
            (change_row(action, step, Change.Kind.CREATED, step.pending_diff()) for step in steps),
            batch_size=CHUNK,
        )
        write_field(members, "status", to, action)


@transaction.atomic
def assign(members, *, name, value, actor):
    """Set the field `name` of the members of a `plan_assignment`, whom the caller holds locked, as one action."""
    with acting(actor, note=_("Change of several members at once")):
        write_field(members, name, value, current_action())


@transaction.atomic
def rename_in_members(*, field, old, new, association, actor):
    """Write `new` where the text `field` of a member says `old`, as one action; return how many were changed.

    In `association` and below, or everywhere with None, as far as `actor` may edit.
    """
    members = Member.objects.editable_by(actor).filter(**{field: old})
    if association is not None:
        members = members.filter(association__path__startswith=association.path)
    locked = list(members.select_for_update(of=("self",), no_key=True).order_by("pk"))
    write_field(locked, field, new, current_action())
    return len(locked)


def plan_listing(members, *, saved_list):
    """Whom `add_to_list` would put on `saved_list` (None for a new one); a BulkPlan."""
    plan = BulkPlan()
    known = set(saved_list.entries.values_list("member", flat=True)) if saved_list else ()
    for member in members:
        if member.pk in known:
            plan.leave_out(member, _("Is on the list already."))
        elif member.is_anonymised:
            plan.leave_out(member, _("The record is anonymised."))
        else:
            plan.to_change.append(member)
    return plan


def add_to_list(members, *, saved_list):
    ListedMember.objects.bulk_create(
        (ListedMember(saved_list=saved_list, member=member) for member in members),
        batch_size=CHUNK,
        ignore_conflicts=True,  # somebody may add the same members in another window
    )


def remove_from_list(members, *, saved_list):
    """Take `members` (a queryset) off the picked list; return how many stood on it."""
    return saved_list.entries.filter(member__in=members.values("pk")).delete()[0]
