"""Requests of persons about their data: received, answered by a day, with effect (PIPL arts. 44–50, domain.md F1)."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.inbox import tell
from members.models import Consent, PersonRequest
from members.privacy.consents import withdraw_consent

Kind, State = PersonRequest.Kind, PersonRequest.State
FRIDAY = 4


class NotOpen(ValueError):
    """The request was answered or withdrawn already; the text is a sentence for people."""


def working_days_after(day, count):
    """The local date `count` working days after `day`.

    Working days are Monday to Friday: public holidays and the working weekends around them are announced each year
    and not known here, so the day may be earlier than the law would allow, or a little later.
    """
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() <= FRIDAY
    return day


def receive_request(association, *, kind, asker, member=None, text="", received_on=None):
    """Enter a request that came in on the local date `received_on` (today if None); return the PersonRequest.

    It is answered within the association's working days for requests.
    """
    received_on = received_on or timezone.localdate()
    return PersonRequest.objects.create(
        association=association,
        member=member,
        kind=kind,
        asker=asker,
        text=text,
        received_on=received_on,
        due_on=working_days_after(received_on, association.request_days),
    )


@transaction.atomic
def answer_request(request, *, fulfilled, answer, actor):
    """Answer `request`: fulfilled, or refused with the reason; return it. The member finds the answer in the inbox.

    No further use (限制处理), once granted, withdraws all the member's consents and keeps the record out of exports
    until it is lifted. Raises NotOpen.
    """
    found = _open(request)
    found.state = State.FULFILLED if fulfilled else State.REFUSED
    found.answer, found.decided_by, found.decided_on = answer, actor, timezone.localdate()
    found.save()
    if fulfilled and found.kind == Kind.RESTRICTION and found.member:
        _restrict(found.member, actor)
    if found.member:
        said = _("Granted.") if fulfilled else _("Refused.")
        tell(
            found.member,
            title=_("Your request is answered: {kind}").format(kind=found.get_kind_display()),
            text=f"{said} {answer}".strip(),
            link=reverse("portal:person_requests"),
        )
    return found


@transaction.atomic
def withdraw_request(request):
    """The person takes `request` back. Raises NotOpen."""
    found = _open(request)
    found.state, found.decided_on = State.WITHDRAWN, timezone.localdate()
    found.save()
    return found


@transaction.atomic
def lift_restriction(request):
    """From today on the data of the member may be used again; what was withdrawn stays so. Raises NotOpen."""
    found = PersonRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if found.kind != Kind.RESTRICTION or found.state != State.FULFILLED or found.lifted_on:
        raise NotOpen(_("There is nothing to lift any more."))
    found.lifted_on = timezone.localdate()
    found.save(update_fields=["lifted_on"])
    return found


def _open(request):
    # lock first: two may answer at once
    rows = PersonRequest.objects.select_for_update(of=("self",)).select_related("member", "association")
    found = rows.get(pk=request.pk)
    if found.state != State.OPEN:
        raise NotOpen(_("This request has been dealt with in the meantime."))
    return found


def _restrict(member, actor):
    given = member.consents.in_force().exclude(purpose=Consent.Purpose.NOTICE)
    for purpose in list(given.values_list("purpose", flat=True)):
        withdraw_consent(member, purpose, actor=actor)
