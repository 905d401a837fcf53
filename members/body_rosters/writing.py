"""Writing rows of a body's roster: the body and term if they are to be made, persons, appointments, ends."""

import contextlib
from types import SimpleNamespace

from members.body_rosters.fields import PERSON
from members.body_rosters.leaving import leaving
from members.imports.kinds import NotWritable
from members.imports.matching import Match
from members.imports.writing import MemberWriter
from members.models import Member
from organizations.models import Appointment
from organizations.services import NotPossible, appoint_all, change_appointment, end_appointment


@contextlib.contextmanager
def told():
    """What a service refuses keeps the import from being written, with the service's own sentence."""
    try:
        yield
    except NotPossible as reason:
        raise NotWritable(str(reason)) from reason


class BodyWriter:
    """Writes one import as `writing.MemberWriter` does; `target` is the `Target` of the batch."""

    target = None

    def __init__(self, association, actor, action):
        self.people = MemberWriter(association, actor, action)
        self.now = self.people.now
        self.is_open = False

    def write(self, register, new, changed):
        self._open()
        self._register_people(register, [row for row in new if row.member is None])
        rows = [*new, *changed]
        members = Member.objects.in_bulk({row.member for row in rows})
        given = []
        for row in rows:
            for step in register.steps[row.position]:
                if step.is_new:
                    given.append(self._appointment(step, members[row.member]))
                elif step.before:
                    with told():
                        change_appointment(
                            step.appointment,
                            **{column: getattr(step.appointment, column) for column in step.before},
                        )
        with told():
            appoint_all(given)

    def finish(self):
        self._open()
        self.people.finish()

    def _open(self):
        """Before the first row: nobody is appointed to what is not there, or where somebody still sits."""
        if self.is_open:
            return
        self.is_open = True
        left = leaving(self.target) if self.target.is_complete else []
        self.target.establish()
        options = self.target.options
        with told():
            for appointment in left:
                end_appointment(
                    appointment,
                    on=self.target.leave_on,
                    reason=options["leave_reason"],
                    basis=options.get("basis", ""),
                )

    def _register_people(self, register, rows):
        """Make members of the persons of `rows`; each gets the id of its own."""
        people = [
            SimpleNamespace(
                pk=row.pk,
                member=None,
                match=Match("new"),
                values={key: text for key, text in row.values.items() if key in PERSON},
            )
            for row in rows
        ]
        self.people.write(register, people, [])
        for row, person in zip(rows, people, strict=True):
            row.member = person.member

    def _appointment(self, step, member):
        """The new appointment of a step, with the records as they are saved by now."""
        columns = {
            each.name: getattr(step.appointment, each.name)
            for each in Appointment._meta.concrete_fields
            if not each.primary_key and each.name not in ("member", "body", "term", "post")
        }
        return Appointment(member=member, **self.target.place(step.named), **columns)
