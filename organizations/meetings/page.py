"""What the page of one meeting shows, read by a number of queries that does not depend on its size."""

from functools import cached_property

from django.utils import timezone
from django.utils.module_loading import import_string

from organizations.meetings.checks import counts_of, warnings
from organizations.meetings.counting import quorum
from organizations.meetings.defaults import rule_for
from organizations.meetings.effects import effect_of
from organizations.meetings.entitled import without_a_vote
from organizations.meetings.holding import list_of
from organizations.meetings.resolving import outcome
from organizations.models import Attendance, Meeting
from organizations.papers.offers import offers

# names of functions of (meeting, whether the reader may edit it) that give (template, context) of a further piece of
# the page, with the context as the variable ``part``, or None; a later app adds its own when it starts
PIECES = []


def may_write(user, meeting):
    """Whether `user` may write what belongs to `meeting`, which is in sight."""
    return user.has_perm("organizations.change_meeting") and user.rights.may_in_body("edit", meeting.body)


class MeetingPage:
    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        self.rule = rule_for(meeting.body.association_id, meeting.kind)

    @cached_property
    def attendances(self):
        return list_of(self.meeting)

    @cached_property
    def quorum(self):
        return quorum(self.counts.entitled, self.counts.present, self.meeting.quorum or self.rule.quorum)

    @cached_property
    def counts(self):
        return counts_of(self.attendances)

    @cached_property
    def items(self):
        """The agenda; each item with `shown_votes`: its votes with what came out of each."""
        items = list(self.meeting.items.prefetch_related("votes"))
        for item in items:
            item.shown_votes = [(vote, outcome(vote, self.meeting)) for vote in item.votes.all()]
            for vote, _passed in item.shown_votes:
                vote.item = item
        return items

    @cached_property
    def resolutions(self):
        """The resolutions, each with `effect` (whether carrying it out changes something)."""
        rows = list(self.meeting.resolutions.select_related("vote__item", "item", "carried_out__actor"))
        for row in rows:
            row.meeting, row.effect = self.meeting, effect_of(row)
        return rows

    def groups(self):
        """[(heading, [Attendance])] of the list, by what was entered."""
        kinds = Attendance.Presence
        order = [kinds.ATTENDED, kinds.LATE, kinds.PROXY, kinds.LEAVE, kinds.ABSENT, "", kinds.OBSERVER]
        found = {}
        for row in self.attendances:
            found.setdefault(row.presence, []).append(row)
        return [(kind, found[kind]) for kind in order if kind in found]

    def context(self):
        meeting = self.meeting
        may_edit = may_write(self.user, meeting)
        today = timezone.localdate()
        return {
            "title": str(meeting),
            "meeting": meeting,
            "rule": self.rule,
            "groups": self.groups(),
            "counts": self.counts,
            "quorum": self.quorum,
            "without_a_vote": without_a_vote(meeting.body, meeting.kind, meeting.on),
            "items": self.items,
            "resolutions": self.resolutions,
            "warnings": warnings(meeting, self.rule, self.quorum, self.resolutions, today),
            "pieces": [piece for name in PIECES if (piece := import_string(name)(meeting, may_edit))],
            "papers": offers("meeting", meeting) if may_edit else [],
            "may_edit": may_edit and meeting.state != Meeting.State.CANCELLED,
            "may_hold": may_edit and meeting.state == Meeting.State.PLANNED and meeting.on <= today,
            "may_sign": may_edit and meeting.state == Meeting.State.HELD,
            "is_past": meeting.on <= today,
        }
