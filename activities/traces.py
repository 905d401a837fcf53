"""What anonymising a member takes out of activities and contributions. The figures stay: that somebody came, how many
hours, how much was given."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from activities.models import Answer, Donation, Honour, Objection, Participation, Scan, Service
from members.retention.traces import ANONYMOUS, Trace, blank, rows_by
from organizations.models import Change


def _donation(donation, person):
    return {"note": person.without_names(donation.note)}


def _changes_of_donations(ids):
    """The history of the members' donations that tells what the notes said."""
    kind = ContentType.objects.get_for_model(Donation)
    owners = dict(Donation.objects.filter(member__in=ids).values_list("pk", "member"))
    rows = Change.objects.filter(content_type=kind, object_id__in=owners, diff__has_key="note").order_by("pk")
    return [(owners[row.object_id], row) for row in rows]


def _change(change, person):
    return {"diff": {**change.diff, "note": None}}


def _service(service, person):
    return {
        "what": person.without_names(service.what)[:300],
        "for_whom": "",
        "answer": person.without_names(service.answer)[:500],
    }


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
    Trace(Service, rows_by(Service), _service),
    Trace(Change, _changes_of_donations, _change),
    Trace(Donation, rows_by(Donation), _donation),
    Trace(Honour, rows_by(Honour), _honour),
    Trace(Objection, rows_by(Objection), _objection),
)
REMOVED = ((Scan, "member"),)
