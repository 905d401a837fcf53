"""Writing rows of a sign-in sheet: the activity if it is to be made, who is expected, who was there."""

import contextlib
import datetime as dt
import re
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.attendance.sheet import BEFOREHAND, too_early
from activities.attending import enter, write
from activities.crediting import bring_in_line
from activities.models import Participation
from activities.sheets.fields import PERSON
from activities.sheets.target import told
from members.imports import bulk
from members.imports.kinds import NotWritable
from members.imports.matching import Match
from members.imports.writing import MemberWriter
from members.models import ImportRow, payload_sealer
from organizations.meetings.holding import add_observer, record_attendance
from organizations.models import Action, Meeting
from organizations.services import NotPossible

_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


class SheetWriter:
    """Writes one import as `writing.MemberWriter` does; `target` is the `Target` of the batch."""

    target = None

    def __init__(self, association, actor, action):
        self.people = MemberWriter(association, actor, action)
        self.actor, self.action, self.now = actor, action, self.people.now
        self.is_open = False

    def write(self, register, new, changed):
        self._open()
        rows = [*new, *changed]
        steps = [register.steps[row.position] for row in rows]
        self._register_people(register, rows, steps)
        with told():
            (self._enter_meeting if self.target.meeting else self._enter_activity)(rows, steps)
        self._keep_before(changed, register)

    def finish(self):
        if not self.target.is_complete:
            raise NotWritable(_("Choose the activity first."))
        self.people.finish()
        if self.is_open and self.target.is_settled:
            bring_in_line(self.target.activity, actor=self.actor)

    def _open(self):
        if self.is_open:
            return
        self.is_open = True
        self.target.establish(self.actor)
        if self.target.is_settled:
            note = " ".join(filter(None, [self.action.note, self.target.options["correction"]]))
            self.action.note = note[:500]
            Action.objects.filter(pk=self.action.pk).update(note=self.action.note)

    def _enter_activity(self, rows, steps):
        activity = self.target.activity
        said = {step.said.presence for step in steps if step.said is not None}
        if said - BEFOREHAND and (reason := too_early(activity)):
            raise NotPossible(reason)
        new, kept = [], []
        for row, step in zip(rows, steps, strict=True):
            if step.is_new:
                step.row.asked_at, step.row.signed_up_by = self.now, self.actor
            if step.said is not None:
                at = self._came_at(row.values, activity)
                enter(activity, step.row, step.said, way=Participation.Way.SHEET, actor=self.actor, at=at)
            (new if step.is_new else kept).append(step.row)
        write(kept, activity=activity, new=new)

    def _came_at(self, values, activity):
        """The moment that the row gives, on the day of the activity; None without one."""
        if match := _CLOCK.search(values.get("came") or values.get("signature") or ""):
            with contextlib.suppress(ValueError):
                at = dt.datetime.combine(activity.on, dt.time(int(match[1]), int(match[2])))
                return timezone.make_aware(at)
        return None

    def _enter_meeting(self, rows, steps):
        meeting = self.target.meeting
        if meeting.state == Meeting.State.SIGNED:
            raise NotPossible(
                _("The minutes of this meeting are signed: correct the attendance on its own page.")
            )
        entries = {}
        for step in steps:
            if step.before:
                if step.said is not None:
                    entries[step.row.member_id] = step.said
            else:
                add_observer(meeting, step.row.member, actor=self.actor)
        if entries:
            record_attendance(meeting, entries, actor=self.actor)

    def _register_people(self, register, rows, steps):
        """Make members of those of whom somebody said so; each gets the id of its own."""
        new = [
            (row, step)
            for row, step in zip(rows, steps, strict=True)
            if row.match.member is None and not getattr(step.row, "guest_name", "")
        ]
        people = [
            SimpleNamespace(
                pk=row.pk,
                member=None,
                match=Match("new"),
                values={key: text for key, text in row.values.items() if key in PERSON},
            )
            for row, _of in new
        ]
        self.people.write(register, people, [])
        for (row, step), person in zip(new, people, strict=True):
            row.member = step.row.member_id = person.member

    def _keep_before(self, rows, register):
        """Note in the ledger, sealed, what changed rows were, for the undoing: the history has no reasons or guests."""
        seal = payload_sealer()
        noted = []
        for row in rows:
            step = register.steps[row.position]
            before = {name: _plain(value) for name, value in step.before.items()}
            noted.append((row.pk, seal(row.content | {"before": before | {"row": step.row.pk}})))
        bulk.update(ImportRow, ["payload"], noted)


def _plain(value):
    return value.isoformat() if isinstance(value, dt.datetime) else value
