"""What anonymising a member takes out of activities and contributions. The figures stay: that somebody came, how many
hours, how much was given."""

from django.utils import timezone

from activities.models import Answer, Donation, Honour, Objection, Participation, Scan, Service
from members.retention.traces import ANONYMOUS, Trace, blank, rows_by


def _donation(donation, person):
    return {"note": person.without_names(donation.note)}


def _honour(honour, person):
    return {"title": ANONYMOUS, "document": "", "answer": ""}


def _objection(objection, person):
    left = {"text": ANONYMOUS, "about": ANONYMOUS, "answer": ANONYMOUS if objection.answer else ""}
    if objection.state == Objection.State.OPEN:
        left |= {"state": Objection.State.WITHDRAWN, "decided_at": timezone.now()}
    return left


TRACES = (
    Trace(Participation, rows_by(Participation), blank("reason", "proxy_name")),
    Trace(Answer, rows_by(Answer, "participation__member"), blank("text")),
    Trace(Service, rows_by(Service), blank("for_whom")),
    Trace(Donation, rows_by(Donation), _donation),
    Trace(Honour, rows_by(Honour), _honour),
    Trace(Objection, rows_by(Objection), _objection),
)
REMOVED = ((Scan, "member"),)
