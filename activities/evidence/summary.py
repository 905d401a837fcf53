"""A member's year in figures, each with how it is counted and the lines it is made of. Derived anew each time, never
stored; no score, no ranking, nobody else to compare with."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.evidence.facts import (
    ATTENDANCE,
    DONATION,
    HONOUR,
    PARTICIPATION,
    POST,
    SERVICE,
    facts_of,
    without_reasons,
    year_of,
)
from activities.models import Presence, Service


@dataclass(frozen=True)
class Line:
    """A fact with its number in the year, by which figures name it."""

    number: int
    fact: object


@dataclass(frozen=True)
class Figure:
    key: str
    label: str
    value: str
    how: str
    """How it is counted, in words."""
    lines: tuple[int, ...] = ()
    """Numbers of the lines it is made of."""

    @property
    def numbers(self):
        return spans(self.lines)


@dataclass(frozen=True)
class Group:
    """Lines of one sort and the figures made of them; each line is in one group."""

    key: str
    title: str
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Summary:
    year: int
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    """What is missing, in sentences."""

    @property
    def figures(self):
        """{key: Figure} of all groups."""
        return {figure.key: figure for group in self.groups for figure in group.figures}

    @property
    def lines(self):
        return [line for group in self.groups for line in group.lines]


def spans(numbers):
    """ "1–3、5" of 1, 2, 3, 5."""
    found = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in found)


def summary_of(member, year, *, user=None, reasons=True):
    """The Summary of `member` for the calendar `year`, of what `user` sees (None: the member, who sees all).

    `reasons`: whether the lines show those of leave.
    """
    facts = facts_of(member, year_of(year), user=user)
    facts = facts if reasons else without_reasons(facts)
    facts.reverse()
    numbered, number = {}, 0
    for source in (ATTENDANCE, PARTICIPATION, SERVICE, DONATION, HONOUR, POST):
        numbered[source] = []
        for fact in facts:
            if fact.source == source:
                number += 1
                numbered[source].append(Line(number, fact))
    groups = (
        _meetings(numbered[ATTENDANCE]),
        _activities(numbered[PARTICIPATION]),
        _services(numbered[SERVICE], numbered[PARTICIPATION]),
        _donations(numbered[DONATION]),
        _honours(numbered[HONOUR]),
        _posts(numbered[POST]),
    )
    return Summary(year, groups, tuple(_notes(member, year, numbered, user)))


def _figure(key, label, lines, how, value=None):
    return Figure(
        key, label, str(len(lines)) if value is None else value, how, tuple(line.number for line in lines)
    )


def _rate(key, label, present, expected, how):
    value = f"{len(present) / len(expected):.1%}" if expected else "—"
    return Figure(key, label, value, how.format(present=len(present), expected=len(expected)))


def _attended(prefix, lines, words):
    """The figures both meetings and activities have; `words` are those that differ."""
    counted = [line for line in lines if line.fact.counts]
    expected = [line for line in counted if line.fact.is_expected]
    present = [line for line in expected if line.fact.is_present]

    def having(presence):
        return [line for line in expected if line.fact.presence == presence]

    found = [
        _figure(f"{prefix}_expected", words["expected"], expected, words["expected_how"]),
        _figure(
            f"{prefix}_present",
            pgettext("evidence", "present"),
            present,
            _("Of those: present, late or by proxy."),
        ),
        _rate(
            f"{prefix}_rate",
            pgettext("evidence", "rate of attendance"),
            present,
            expected,
            _("{present} present of {expected} expected; over those expected, never over those present."),
        ),
        _figure(
            f"{prefix}_late",
            pgettext("evidence", "late"),
            having(Presence.LATE),
            _("Of those present: came late."),
        ),
        _figure(
            f"{prefix}_proxy",
            pgettext("evidence", "by proxy"),
            having(Presence.PROXY),
            _("Of those present: sent somebody."),
        ),
        _figure(
            f"{prefix}_leave",
            pgettext("evidence", "on leave"),
            having(Presence.LEAVE),
            _("Expected, excused beforehand."),
        ),
        _figure(
            f"{prefix}_absent",
            pgettext("evidence", "absent"),
            having(Presence.ABSENT),
            _("Expected, did not come and was not excused."),
        ),
        _figure(
            f"{prefix}_open",
            pgettext("evidence", "nothing entered"),
            having(""),
            _("Expected, and nothing was entered about it."),
        ),
    ]
    besides = [line for line in counted if line.fact.came and not line.fact.is_expected]
    found.append(_figure(f"{prefix}_others", words["others"], besides, words["others_how"]))
    # what is nought is left out, but for those that make the rate
    keep = {f"{prefix}_expected", f"{prefix}_present", f"{prefix}_rate"}
    return tuple(figure for figure in found if figure.key in keep or figure.lines)


def _meetings(lines):
    words = {
        "expected": pgettext("evidence", "meetings entitled to attend"),
        "expected_how": _(
            "Meetings whose minutes are signed and in whose list of those entitled the member stands."
        ),
        "others": pgettext("evidence", "as an observer"),
        "others_how": _("Attended without being entitled; not in the rate."),
    }
    return Group(
        "meetings", pgettext("evidence", "Meetings"), tuple(lines), _attended("meetings", lines, words)
    )


def _activities(lines):
    words = {
        "expected": pgettext("evidence", "activities expected at"),
        "expected_how": _(
            "Activities whose attendance is settled and for which the member signed up, was put on the list, or was "
            "invited with attendance expected."
        ),
        "others": pgettext("evidence", "came besides"),
        "others_how": _("Came without being expected, or as an observer; not in the rate."),
    }
    return Group(
        "activities", pgettext("evidence", "Activities"), tuple(lines), _attended("activities", lines, words)
    )


def _hours(lines):
    return sum((line.fact.hours for line in lines), Decimal(0))


def _services(own, of_activities):
    """Services of one's own; the hours are those of activities too, whose lines stand there."""
    served = [line for line in (*of_activities, *own) if line.fact.is_service]
    timed = [line for line in served if line.fact.hours]
    found = [
        _figure(
            "services",
            pgettext("evidence", "services"),
            served,
            _("Confirmed services: those credited by an activity and those of one's own."),
        ),
        _figure(
            "hours",
            pgettext("evidence", "volunteer hours"),
            timed,
            _("The sum of the hours of these lines."),
            str(_hours(timed)),
        ),
    ]
    fields = {}
    for line in timed:
        fields.setdefault(line.fact.field, []).append(line)
    for name, lines in sorted(fields.items()):
        label = name or pgettext("evidence", "no field named")
        found.append(
            _figure(
                f"hours_{name}",
                _("hours: {field}").format(field=label),
                lines,
                _("Of the volunteer hours: those in this field."),
                str(_hours(lines)),
            )
        )
    return Group("services", pgettext("evidence", "Services"), tuple(own), tuple(found))


def _donations(lines):
    total = sum((line.fact.amount for line in lines), Decimal(0))
    found = (
        _figure(
            "donations", pgettext("evidence", "donations"), lines, _("Booked in the ledger, not voided.")
        ),
        _figure(
            "amount",
            pgettext("evidence", "amount, yuan"),
            lines,
            _("Cash and the value of goods, added up."),
            str(total),
        ),
    )
    return Group("donations", pgettext("evidence", "Donations"), tuple(lines), found)


def _honours(lines):
    figure = _figure("honours", pgettext("evidence", "honours"), lines, _("Confirmed, given in this year."))
    return Group("honours", pgettext("evidence", "Honours"), tuple(lines), (figure,))


def _posts(lines):
    how = _("Held on some day of the year; posts are no activity and count for nothing else.")
    figure = _figure("posts", pgettext("evidence", "posts"), lines, how)
    return Group("posts", pgettext("evidence", "Posts"), tuple(lines), (figure,))


def _notes(member, year, numbered, user):
    unsigned = [line.number for line in numbered[ATTENDANCE] if not line.fact.is_confirmed]
    if unsigned:
        yield _("Not counted yet, since the minutes are not signed: {lines}.").format(lines=spans(unsigned))
    unsettled = [line.number for line in numbered[PARTICIPATION] if not line.fact.is_confirmed]
    if unsettled:
        yield _("Not counted yet, since the attendance is not settled: {lines}.").format(
            lines=spans(unsettled)
        )
    if user is None or member.association_id in user.rights.associations_with("activities.view_service"):
        claims = Service.objects.waiting().filter(member=member, on__range=year_of(year)).count()
        if claims:
            yield _("Services claimed and not confirmed yet, therefore not counted: {count}.").format(
                count=claims
            )
