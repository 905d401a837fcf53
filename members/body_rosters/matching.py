"""Which member a row of a body's roster is about, and what becomes of the posts it names."""

import datetime as dt
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field

from members.body_rosters.dates import first_day, last_day, lasts_for_the_term
from members.body_rosters.fields import END_REASON, HOW, PERSON, POSTS, WORD_OF
from members.body_rosters.guess import number_of
from members.body_rosters.titles import Named, read_posts, split
from members.imports.matching import BIRTH, ID, NAME, Match, Register
from members.models import Member
from members.models.imports import NEW, OPEN_OUTCOMES
from members.roster.messages import QUESTION, WARNING, Message
from organizations.models import Appointment
from organizations.services import out_of_line

CANDIDATES = 10


@dataclass(slots=True)
class Step:
    """What becomes of one post that a row names."""

    named: Named
    appointment: Appointment
    """A new one, or the one there is with its values as they will be."""
    before: dict = field(default_factory=dict)
    """{column: value} of those that change in the one there is; of a new one nothing."""

    @property
    def is_new(self):
        return self.appointment.pk is None

    @property
    def writes(self):
        return self.is_new or bool(self.before)


class _Unclear(Exception):
    """A person has to decide; the arguments are (field, code, params)."""


class BodyRegister(Register):
    """The members a roster's rows could be about, and the posts they hold. `target` is the `Target` of the batch."""

    target = None

    def __init__(self, association, rows, **kwargs):
        super().__init__(association, rows, **kwargs)
        self.steps = {}
        """{position of the row: [Step]}"""
        # in this file, by desk and title and whose it is or which seat: (Appointment, address)
        self._wanted = defaultdict(list)
        self._named_new = {}
        self._file_names = {row["name"] for row in rows if "name" in row}
        if not self.target.is_complete:
            return
        # in the register, by body and title, and besides by the id of the member
        self._held = defaultdict(list)
        for row in self.target.held:
            self._held[row.body_id, row.post.title].append(row)
            self._held[row.body_id, row.post.title, row.member_id].append(row)

    def match(self, values, position, cell, derived=frozenset(), choice=None):
        """As `Register.match`. New are rows that bring a post, with a member of None whom they register first."""
        if not self.target.is_complete:
            return _question(cell, "name", "body_not_chosen", {})
        person = {key: value for key, value in values.items() if key in PERSON}
        found = super().match(person, position, cell, derived, choice)
        for key in ("number", "employer"):  # what cannot stand is gone, a merged spelling another one
            if key in values and person.get(key) != values[key]:
                values.pop(key)
                values |= {key: person[key]} if key in person else {}
        if found.outcome in OPEN_OUTCOMES:
            return found
        if found.member is None and not self._may_register(person, position, choice):
            members = [record[ID] for record in self.by_name.get(person["name"], ())][:CANDIDATES]
            return _question(cell, "name", "not_registered", {"name": person["name"], "members": members})
        try:
            steps, messages = self._steps(values, found.member, position, cell)
        except _Unclear as unclear:
            key, code, params = unclear.args
            question = _question(cell, key, code, params)
            return Match(QUESTION, found.member, messages=question.messages)
        self.steps[position] = steps
        if found.member is None:
            messages = [*found.messages, *messages]  # of the number that somebody else has
        if any(step.is_new for step in steps):
            outcome = "new"
        else:
            outcome = "update" if any(step.writes for step in steps) else "unchanged"
        return Match(outcome, found.member, None, self._difference(steps, values), messages)

    def _difference(self, steps, values):
        """{key: [before, after]} of what a row writes; the basis only where the row has one of its own."""
        diff = difference(steps)
        if "basis" not in values:
            diff.pop("basis", None)
        return diff

    def is_as_shown(self, match, content):
        return match.diff == content["diff"]

    def _is_first(self, record, position):
        return True  # several rows may name posts of one person

    def _may_register(self, person, position, choice):
        """Whether the row's person, who is nobody in the register, becomes a member."""
        if choice != NEW and not self.target.options.get("registers"):
            return False
        if person.keys() & {"id_number", "mobile"}:
            return True
        return self._named_new.setdefault(person["name"], position) == position

    def _steps(self, values, member, position, cell):
        """([Step], [warnings]) of a row; raises _Unclear."""
        number = number_of(values.get("term", ""))
        target = self.target
        if number and target.term and number != target.term.number:
            raise _Unclear("term", "other_term", {"value": values["term"], "number": target.term.number})
        named, unknown = read_posts(values.get(POSTS, ""), target.desks)
        if unknown or not named:
            raise _Unclear(POSTS, *self._unknown(values.get(POSTS, ""), unknown))
        person = self._person(values, member)
        steps = [self._step(values, person, each) for each in named]
        for step in steps:
            self._check(step, person, cell, position)
        messages = [
            Message(
                cell(POSTS),
                WARNING,
                "post_understood",
                {"value": each.written, "understood": each.title},
                POSTS,
            )
            for each in named
            if each.written
        ]
        return steps, messages

    def _unknown(self, text, unknown):
        """(code, params) of the message that asks for a post, with the cells it could have been."""
        titles = [title for title, post in self.target.own.posts.items() if not post.is_retired]
        body = self.target.body.name
        if not unknown:
            return "post_missing", {"body": body, "choices": titles}
        words, [first, *_rest] = split(text), unknown
        choices = ["、".join(title if word == first else word for word in words) for title in titles]
        left = [word for word in words if word not in unknown]
        if left:
            choices.append("、".join(left))
        return "post_unknown", {"value": text, "title": first, "body": body, "choices": choices}

    def _person(self, values, member):
        """A Member with what the rules of appointments ask for; not to be saved."""
        record = self.by_id.get(member)
        name, birth = (record[NAME], record[BIRTH]) if record else (values["name"], values.get("birth", ""))
        return Member(pk=member, association_id=self.target.batch.association_id, name=name, birth=birth)

    # -- one post

    def _step(self, values, person, named):
        existing = self._existing(person, named, values.get("started", ""))
        if existing is None:
            return Step(named, self._new(values, person, named))
        return self._compared(values, named, existing)

    def _existing(self, person, named, started):
        """The appointment of the person to this post that the row speaks of, None without one."""
        if person.pk is None:
            return None
        desk = named.desk
        rows = [
            row
            for row in self._held[desk.body.pk, named.title, person.pk]
            if row.is_acting == named.is_acting
        ]
        if desk.term:
            rows = [row for row in rows if row.term_id == desk.term.pk]
        elif started:
            # again in the post, after a first time that has ended
            begins = first_day(started)
            rows = [row for row in rows if row.ends_on is None or row.ends_on >= begins]
        return rows[-1] if rows else None

    def _new(self, values, person, named):
        desk, started = named.desk, values.get("started", "")
        if not started and desk.term is None:
            raise _Unclear("started", "start_missing", {"post": named.title})
        starts_on = first_day(started, desk.term) if started else desk.term.starts_on
        ends_on, reason = self._end(values, desk.term)
        if ends_on is None and desk.term and desk.term.ended_on:
            ends_on, reason = desk.term.ended_on, Appointment.EndReason.TERM_END.value
        return Appointment(
            member=person,
            body=desk.body,
            term=desk.term,
            post=desk.posts[named.title],
            starts_on=starts_on,
            ends_on=ends_on,
            end_reason=reason,
            how=self._how(values, desk.term, starts_on),
            is_acting=named.is_acting,
            basis=values.get("basis") or self.target.options.get("basis", ""),
        )

    def _how(self, values, term, starts_on):
        """As the row says; else elected with the term, by a by-election later, appointed where there are no terms."""
        if "how" in values:
            return HOW[values["how"]]
        if term is None:
            return Appointment.How.APPOINTED.value
        is_first = (starts_on.year, starts_on.month) == (term.starts_on.year, term.starts_on.month)
        return (Appointment.How.ELECTED if is_first else Appointment.How.BY_ELECTION).value

    def _end(self, values, term):
        """(last day or None, reason) that the row gives."""
        text = values.get("ended", "")
        if not text or (term and lasts_for_the_term(text, term)):
            return None, ""
        day = last_day(text, term)
        if "end_reason" in values:
            return day, END_REASON[values["end_reason"]]
        if term and day == term.ended_on:
            return day, Appointment.EndReason.TERM_END.value
        raise _Unclear("end_reason", "end_reason_missing", {"value": text})

    def _compared(self, values, named, existing):
        """The Step for a post held already: the row changes what it says otherwise, as far as it says anything."""
        term, said = named.desk.term, {}
        started, ended = values.get("started", ""), values.get("ended", "")
        if started and not existing.starts_on.isoformat().startswith(started):
            said["starts_on"] = first_day(started, term)
        if ended and not (existing.ends_on and existing.ends_on.isoformat().startswith(ended)):
            if existing.ends_on is None or not (term and lasts_for_the_term(ended, term)):
                said["ends_on"], said["end_reason"] = self._end(values, term)
        elif existing.ends_on and "end_reason" in values:
            said["end_reason"] = END_REASON[values["end_reason"]]
        if values.get("basis"):
            said["basis"] = values["basis"]
        if "how" in values:
            said["how"] = HOW[values["how"]]
        before = {
            name: getattr(existing, name) for name, value in said.items() if getattr(existing, name) != value
        }
        if not before:
            return Step(named, existing)
        changed = copy(existing)
        for name in before:
            setattr(changed, name, said[name])
        return Step(named, changed, before)

    # -- whether it can be

    def _check(self, step, person, cell, position):
        """Raises _Unclear where a rule, somebody in the register or another row of the file is in the way."""
        appointment, title = step.appointment, step.named.title
        if step.writes and (reason := out_of_line(appointment)):
            key = "ended" if reason.field == "ends_on" else "started"
            raise _Unclear(key, "post_refused", {"reason": str(reason)})
        post = step.named.desk, title
        mine = self._wanted[*post, "member", person.pk] if person.pk else self._wanted[*post, "row", position]
        seat = self._wanted[*post, "seat", appointment.is_acting]
        for _other, address in _meeting(mine, appointment):
            raise _Unclear(POSTS, "post_repeated", {"name": person.name, "post": title, "other": address})
        if appointment.post.seats == 1:
            for other, address in _meeting(seat, appointment):
                params = {"post": title, "name": other.member.name, "other": address}
                raise _Unclear(POSTS, "post_twice", params)
        if step.writes and (holder := self._holder(step)):
            params = {"post": title, "name": holder.member.name, "day": holder.starts_on.isoformat()}
            raise _Unclear(POSTS, "post_taken", params)
        for wanted in (mine, seat):
            wanted.append((appointment, cell(POSTS)))

    def _holder(self, step):
        """The appointment in the register that leaves no room for the step's."""
        appointment, post = step.appointment, (step.named.desk.body.pk, step.named.title)
        for row in self._held[*post, appointment.member_id]:
            # once in a term, whether the days meet or not
            in_term = row.term_id and row.term_id == appointment.term_id
            if row.pk != appointment.pk and (in_term or overlap(row, appointment)):
                return row
        if appointment.post.seats != 1:
            return None
        for row in self._held[post]:
            is_other = row.member_id != appointment.member_id and row.is_acting == appointment.is_acting
            if is_other and overlap(row, appointment) and not self._makes_room(row, appointment):
                return row
        return None

    def _makes_room(self, row, appointment):
        """Whether the holder is gone by the day the post is given anew."""
        if row.ends_on is not None or row.starts_on >= appointment.starts_on:
            return False
        leaves = self.target.leave_on
        if (
            leaves
            and leaves < appointment.starts_on
            and row.member.name not in self._names
            and (row.body_id == self.target.body.pk)
        ):
            return True
        return Member.objects.left_before(appointment.starts_on).filter(pk=row.member_id).exists()

    @property
    def _names(self):
        """Of the persons of the file."""
        return self._file_names | set(self.target.batch.rows.values_list("name", flat=True))


def _meeting(wanted, appointment):
    """Those of (Appointment, address) pairs that share a day with `appointment`."""
    return (each for each in wanted if overlap(each[0], appointment))


def overlap(one, other):
    """Whether two appointments share a day."""
    return one.starts_on <= (other.ends_on or dt.date.max) and other.starts_on <= (one.ends_on or dt.date.max)


def difference(steps):
    """{key: [before, after]} of what a row writes, in the form of spreadsheets of this kind."""
    writing = [step for step in steps if step.writes]
    if not writing:
        return {}
    diff = {}
    if any(step.is_new for step in steps):
        kept = [step.named.title for step in steps if not step.is_new]
        diff[POSTS] = ["、".join(kept), "、".join(step.named.title for step in steps)]
    for key, column in COLUMNS.items():
        pairs = [
            ("" if step.is_new else _text(step.before[column]), _text(getattr(step.appointment, column)))
            for step in writing
            if step.is_new or column in step.before
        ]
        before, after = (
            list(dict.fromkeys(filter(None, side))) for side in zip(*pairs, ("", ""), strict=True)
        )
        if before or after:
            diff[key] = ["、".join(before), "、".join(after)]
    return diff


COLUMNS = {
    "started": "starts_on",
    "ended": "ends_on",
    "end_reason": "end_reason",
    "how": "how",
    "basis": "basis",
}
"""{key of the sheet: column of Appointment}"""


def _text(value):
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else WORD_OF.get(value, value)


def _question(cell, key, code, params):
    return Match(QUESTION, messages=[Message(cell(key), QUESTION, code, params, key)])
