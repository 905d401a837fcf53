"""What members' self-service leaves for the staff to do: each part of it says what waits, the workbench shows it."""

from dataclasses import dataclass

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Waiting:
    text: str
    """A sentence with the count: "3 requests for changes are waiting"."""
    address: str
    is_late: bool = False


# names of functions of (user, ids of the associations the workbench is about) that give a Waiting or None;
# by name, since they import this module
SOURCES = (
    "members.invitations.queries.invitations_asked_for",
    "members.change_requests.queue.requests_waiting",
    "members.applications.views.applications_waiting",
    "members.privacy.queue.requests_waiting",
    "members.retention.waiting.runs_waiting",
    "activities.signing_up.waiting.lines_waiting",
    "activities.planning.waiting.attendance_open",
    "activities.contributions.queue.services_to_decide",
    "activities.contributions.queue.honours_to_decide",
    "activities.evidence.waiting.objections_waiting",
)


def waiting(user, scope):
    """[Waiting] for `user` in the associations `scope` (ids)."""
    return [found for source in SOURCES if (found := import_string(source)(user, scope))]
