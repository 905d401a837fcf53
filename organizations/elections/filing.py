"""What is filed after an election: the officers (负责人) of the new term, or those changed within one.

Source: domain.md D3 [BA]: each term once, each change again (一届一备、变更必备).
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from organizations.models import Appointment, Election, Filing
from organizations.services import NotPossible


def appointments_of(election):
    """The appointments made by `election`, highest posts first, with member and post."""
    rows = Appointment.objects.valid().filter(pk__in=made_by(election))
    return list(rows.select_related("member__employer", "post", "body", "term").in_order_of_rank())


def made_by(election):
    """Ids of the appointments that taking office made."""
    return [pk for note in election.outcome.get("bodies", []) for pk in note["made"]]


def officers_of(election):
    """The appointments out of it that are filed with the registry."""
    return [row for row in appointments_of(election) if row.post.is_officer]


def terms_of(election):
    """The terms whose officers `election` elected."""
    return {row.term for row in officers_of(election) if row.term}


def filings_of(election):
    """The filings of officers listed for the terms that `election` filled."""
    kind = kind_for(election)
    return list(Filing.objects.filter(kind=kind, term__in=terms_of(election)).order_by("due_on", "pk"))


def kind_for(election):
    return Filing.Kind.OFFICERS_CHANGED if election.is_by_election else Filing.Kind.OFFICERS_OF_TERM


@transaction.atomic
def file_officers(election):
    """List the filing of the officers of each term that `election` filled, unless it is; return the Filings made.

    Due as many days after the election as the association has for changes of registered items. Raises NotPossible
    before office is taken.
    """
    election = Election.objects.select_for_update(of=("self",)).get(pk=election.pk)
    if election.state not in (Election.State.IN_OFFICE, Election.State.FINAL):
        raise NotPossible(_("Officers are filed once they are in office."))
    kind, due_on = kind_for(election), election.day + dt.timedelta(days=election.association.filing_days)
    listed = Filing.objects.filter(kind=kind, due_on=due_on)
    if not election.is_by_election:
        listed = Filing.objects.filter(kind=kind)
    done = set(listed.values_list("term", flat=True))
    return [
        Filing.objects.create(
            association=election.association, kind=kind, term=term, due_on=due_on, note=str(election)
        )
        for term in sorted(terms_of(election), key=lambda term: term.pk)
        if term.pk not in done
    ]
