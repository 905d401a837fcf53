"""Services and honours that the staff enter for members, confirmed from the start."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.contributions.claims import State
from activities.models import Service
from members.inbox import tell, tell_all
from organizations.models import Change, change_row, current_action
from organizations.services import NotPossible

# rows of one statement
CHUNK = 500


@transaction.atomic
def enter_services(members, *, actor, **values):
    """Enter a service with the columns `values` for each of `members`; return how many.

    Raises NotPossible for the actor's own record, and where somebody has hours of the activity already.
    """
    if any(member.user_id == actor.pk for member in members):
        raise NotPossible(
            _("You cannot confirm hours of your own: claim them on your pages, a colleague confirms them."),
            "members",
        )
    decided = {"state": State.CONFIRMED, "decided_by": actor, "decided_at": timezone.now()}
    rows = [Service(member=member, **values, **decided) for member in members]
    try:
        with transaction.atomic():
            Service.objects.bulk_create(rows, batch_size=CHUNK)
    except IntegrityError as error:
        raise NotPossible(_doubled(values["activity"], members), "members") from error
    action = current_action()
    Change.objects.bulk_create(
        [change_row(action, row, Change.Kind.CREATED, row.pending_diff()) for row in rows], batch_size=CHUNK
    )
    text = _("{hours} hours").format(hours=values["hours"]) if values.get("hours") else ""
    tell_all(
        members,
        title=_("Entered for you: {claim}").format(claim=values["what"])[:150],
        text=text,
        link=reverse("own_activities:contributions"),
    )
    return len(rows)


def _doubled(activity, members):
    """The sentence that names those of `members` who have hours of `activity`."""
    has = Service.objects.filter(activity=activity, member__in=members).exclude(
        state__in=[State.REFUSED, State.WITHDRAWN]
    )
    names = "、".join(row.member.name for row in has.select_related("member"))
    return _("{names}: there are hours of this activity already.").format(names=names)


@transaction.atomic
def enter_honour(honour, *, actor):
    """Enter the new `honour` as confirmed; return it. Raises NotPossible for the actor's own record."""
    if honour.member.user_id == actor.pk:
        raise NotPossible(
            _("You cannot confirm an honour of your own: claim it on your pages, a colleague confirms it."),
            "member",
        )
    honour.state, honour.decided_by, honour.decided_at = State.CONFIRMED, actor, timezone.now()
    honour.save()
    tell(
        honour.member,
        title=_("Entered for you: {claim}").format(claim=honour)[:150],
        link=reverse("own_activities:contributions"),
    )
    return honour
