"""Where a line of the record is put right."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.evidence.facts import ATTENDANCE, DONATION, HONOUR, PARTICIPATION, POST, SERVICE
from activities.models import Participation
from organizations.models import Attendance


@dataclass(frozen=True)
class Correction:
    label: str
    address: str


LABELS = {
    PARTICIPATION: _("Correct the attendance of the activity"),
    ATTENDANCE: _("Correct the attendance of the meeting"),
    SERVICE: _("Correct the service"),
    DONATION: _("Correct the donation"),
    HONOUR: _("Correct the honour"),
    POST: _("Correct the post in the body"),
}


def correction_of(fact):
    """The Correction of the Fact; who may make it the page there decides."""
    address = str(fact.address)
    if fact.source == PARTICIPATION:
        activity = Participation.objects.values_list("activity", flat=True).get(pk=fact.row)
        address = reverse("activities:attendance", args=[activity])
    elif fact.source == ATTENDANCE:
        meeting = Attendance.objects.values_list("meeting", flat=True).get(pk=fact.row)
        address = reverse("organizations:meeting_attendance", args=[meeting])
    return Correction(LABELS[fact.source], address)
