"""The list of an activity as staff read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.models import Participation
from members.models.member import IN_FORCE

State = Participation.State


@dataclass
class Line:
    """One person of the list."""

    row: Participation
    conflicts: list
    has_left: bool
    """No longer a member in force, though on the list of something to come."""


@dataclass
class Group:
    key: str
    title: str
    lines: list


def groups_of(activity, conflicts):
    """[Group] of those who come, wait in line (the first first), have not answered, do not come; empty ones left out.

    `conflicts` {id of member: [Conflict]}.
    """
    titles = {
        State.SIGNED_UP: _("Signed up"),
        State.WAITING: _("In line"),
        State.INVITED: _("Expected without signing up")
        if activity.is_compulsory
        else _("Invited, no answer yet"),
        State.WALK_IN: _("Came without signing up"),
        State.DECLINED: _("Declined"),
        State.WITHDRAWN: _("Signed off"),
    }
    groups = {state: Group(state, title, []) for state, title in titles.items()}
    for row in activity.participations.in_order().select_related("member"):
        has_left = bool(row.member_id) and not row.presence and row.member.status not in IN_FORCE
        groups[row.state].lines.append(Line(row, conflicts.get(row.member_id, []), has_left))
    groups[State.WAITING].lines.sort(key=lambda line: (line.row.asked_at, line.row.pk))
    return [group for group in groups.values() if group.lines]


@dataclass
class Table:
    questions: list
    rows: list
    """[(Participation, [text for each of the questions])]"""
    totals: list
    """For each question [(answer, how often)], the most frequent first, empty for texts; [] where nothing counts."""


def answers_table(activity, *, personal):
    """The Table of what those signed up or in line answered; without `personal` only to questions that are not."""
    questions = [each for each in activity.questions.all() if personal or not each.is_personal]
    rows, counted = [], {question.pk: {} for question in questions}
    people = activity.participations.filter(state__in=[State.SIGNED_UP, State.WAITING]).in_order()
    for row in people.select_related("member").prefetch_related("answers"):
        given = {answer.question_id: answer.text for answer in row.answers.all()}
        rows.append((row, [given.get(question.pk, "") for question in questions]))
        for question in questions:
            text = given.get(question.pk)
            if text and question.kind != question.Kind.TEXT:
                counted[question.pk][text] = counted[question.pk].get(text, 0) + 1
    totals = [
        sorted(counted[question.pk].items(), key=lambda pair: (-pair[1], pair[0])) for question in questions
    ]
    return Table(questions, rows, totals if any(totals) else [])
