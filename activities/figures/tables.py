"""Counting activities and who came, and putting the numbers in rows and columns.

One statement gives the figures of each activity, another those of its people by category; all tables are sums of
these, so that they add up. Rates are of those expected (应到), never of those present.
"""

from collections import Counter
from dataclasses import dataclass, fields
from functools import cached_property

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from activities.models import Activity, Campaign, Counts, Participation, ServiceField
from members import codes
from members.statistics.dimensions import BLANK, VALUE
from members.statistics.tables import SHARE, TOTAL, Cell, Column, Row, Table
from organizations.models import Attendance, Body

FIGURES = tuple(field.name for field in fields(Counts))
# years in the table of years
MOST_YEARS = 20
GUEST = "guest"


@dataclass(frozen=True)
class Event:
    """An activity with its figures."""

    pk: int
    title: str
    kind: str
    starts_at: object
    association_id: int
    host_id: int | None
    campaign_id: int | None
    field_id: int | None
    figures: Counter


class Figures:
    """All tables of a `question`, in a number of statements that does not grow with it."""

    def __init__(self, question):
        self.question = question

    def tables(self):
        return [
            self.by_kind(),
            self.by_host(),
            self.by_campaign(),
            self.by_category(),
            self.by_field(),
            self.by_year(),
            self.by_activity(),
        ]

    @cached_property
    def events(self):
        """[Event] counted, the first first."""
        rows = self.question.participations.figures_by("activity")
        figures = {row["activity"]: Counter({name: row[name] for name in FIGURES}) for row in rows}
        names = ("pk", "title", "kind", "starts_at", "association_id", "host_id", "campaign_id", "field_id")
        rows = self.question.activities.order_by("starts_at", "pk").values_list(*names)
        return [Event(*values, figures.get(values[0], Counter())) for values in rows]

    @cached_property
    def meetings(self):
        """{key of a body: Counter of its meetings, those entitled and those present}."""
        return _met(self.question.meetings, self.question.attendances, "body")

    def by_kind(self):
        spans = self.question.spans
        heading = _("Activities by year") if self.question.is_by_year else _("Activities by month")
        is_one_year = len({year for year, _month in spans}) == 1
        labels = [str(month) if month and is_one_year else _span(year, month) for year, month in spans]
        columns = [*_columns(), *(Column(label, group=heading) for label in labels)]
        lines = [(label, VALUE, kind) for kind, label in Activity.Kind.choices]

        def cells(events, key):
            held = Counter(self.question.span_of(event.starts_at) for event in events)
            return [*self._cells(events, kind=key), *(Cell(held[span]) for span in spans)]

        return self._table(
            "kind", pgettext("figures", "Kinds of activities"), pgettext("activity", "kind"), columns, lines,
            lambda event: event.kind, cells,
        )  # fmt: skip

    def by_host(self):
        wanted = {event.host_id for event in self.events} | set(self.meetings)
        bodies = Body.objects.filter(pk__in=wanted - {None}).select_related("association")
        several = len(self.question.associations) > 1
        lines = [
            (f"{body}（{body.association}）" if several else str(body), VALUE, body.pk) for body in bodies
        ]
        lines.insert(0, (_("The association itself"), VALUE, None))
        columns = [*_columns(group=_("Activities")), *_meeting_columns()]

        def cells(events, key):
            met = (
                sum(self.meetings.values(), Counter()) if key is TOTAL else self.meetings.get(key, Counter())
            )
            linked = {"host": key} if key not in (None, TOTAL) else None
            return [*self._cells(events, linked, is_total=key is TOTAL), *_meeting_cells(met)]

        return self._table(
            "host",
            _("Bodies and their meetings"),
            _("held by"),
            columns,
            lines,
            lambda event: event.host_id,
            cells,
        )

    def by_campaign(self):
        wanted = {event.campaign_id for event in self.events} - {None}
        rows = {row.pk: row for row in Campaign.objects.filter(pk__in=wanted)}
        lines = [(row.name, VALUE, pk) for pk, row in rows.items()]
        lines.append((_("Without a campaign"), BLANK, None))
        columns = [
            *_columns(),
            Column(_("came, all in all")),
            Column(_("activities"), group=_("planned")),
            Column(_("attendances"), group=_("planned")),
        ]

        def cells(events, key):
            there = _sum(events)
            planned = rows.get(key)
            return [
                *self._cells(events, {"campaign": key} if planned else None, is_total=key is TOTAL),
                Cell(there["present"] + there["others"] + there["observers"]),
                Cell(planned.planned_activities if planned else None),
                Cell(planned.planned_people if planned else None),
            ]

        return self._table(
            "campaign", _("Campaigns"), capfirst(_("campaign")), columns, lines,
            lambda event: event.campaign_id, cells,
        )  # fmt: skip

    def by_field(self):
        wanted = {event.field_id for event in self.events} - {None}
        lines = [(row.name, VALUE, row.pk) for row in ServiceField.objects.filter(pk__in=wanted)]
        lines.append((_("Not filled in"), BLANK, None))

        def cells(events, key):
            linked = {"field": key} if key not in (None, TOTAL) else None
            return self._cells(events, linked, is_total=key is TOTAL)

        return self._table(
            "field", _("Fields of service"), capfirst(_("field of service")), _columns(), lines,
            lambda event: event.field_id, cells,
        )  # fmt: skip

    def by_category(self):
        members = self.question.participations.filter(member__isnull=False).figures_by("member__category")
        figures = {row["member__category"]: Counter({name: row[name] for name in FIGURES}) for row in members}
        everybody = sum((event.figures for event in self.events), Counter())
        figures[GUEST] = everybody - sum(figures.values(), Counter())
        return category_table(figures)

    def by_year(self):
        """Each year up to the end of the period, whenever the period begins."""
        last = self.question.last.year
        activities = self.question.all_time.filter(
            starts_at__year__lte=last, starts_at__year__gt=last - MOST_YEARS
        )
        people = Participation.objects.filter(activity__in=activities.values("pk"))
        people = people.annotate(year=ExtractYear("activity__starts_at")).figures_by("year")
        figures = {row["year"]: Counter({name: row[name] for name in FIGURES}) for row in people}
        held = dict(
            activities.annotate(year=ExtractYear("starts_at")).values_list("year").annotate(Count("pk"))
        )
        meetings = self.question.all_meetings.filter(on__year__lte=last, on__year__gt=last - MOST_YEARS)
        attendances = Attendance.objects.entitled().filter(meeting__in=meetings.values("pk")).order_by()
        met = _met(meetings, attendances, "on__year")
        years = sorted({*held, *met, last})
        columns = [*_columns(group=_("Activities")), *_meeting_columns()]
        rows = [
            Row(
                str(year),
                VALUE,
                (
                    *_figure_cells(held.get(year, 0), figures.get(year, Counter())),
                    *_meeting_cells(met.get(year, Counter())),
                ),
            )
            for year in range(years[0], last + 1)
        ]
        total = (
            *_figure_cells(sum(held.values()), sum(figures.values(), Counter())),
            *_meeting_cells(sum(met.values(), Counter())),
        )
        rows.append(Row(pgettext("figures", "Total"), TOTAL, total))
        return Table(
            "year", pgettext("figures", "Years"), pgettext("figures", "Year"), tuple(columns), tuple(rows)
        )

    def by_activity(self):
        """A line for each activity; who sees it as staff comes to it and to its people."""
        seen = set(self.question.activities.visible_to(self.question.user).values_list("pk", flat=True))
        rows = []
        for event in self.events:
            address = reverse("activities:people", args=[event.pk]) if event.pk in seen else ""
            label = f"{timezone.localdate(event.starts_at)} {event.title}"
            rows.append(Row(label, VALUE, _asked_cells(event.figures, address=address)))
        rows.append(Row(pgettext("figures", "Total"), TOTAL, _asked_cells(_sum(self.events))))
        return Table("activity", _("Each activity"), _("Activity"), tuple(_asked_columns()), tuple(rows))

    def _table(self, key, title, head, columns, lines, of, cells):
        """A table of `lines` (label, kind, value), each of the events whose `of` is the value, and their sum."""
        groups = {}
        for event in self.events:
            groups.setdefault(of(event), []).append(event)
        rows = [
            Row(str(label), kind, tuple(cells(groups.get(value, []), value))) for label, kind, value in lines
        ]
        rows.append(Row(pgettext("figures", "Total"), TOTAL, tuple(cells(self.events, TOTAL))))
        return Table(key, str(title), capfirst(str(head)), tuple(columns), tuple(rows))

    def _cells(self, events, asked=None, *, is_total=False, kind=None):
        """Number of `events`, leading to their list as far as there is one, and who came."""
        if kind:
            asked, is_total = {"kind": kind}, kind is TOTAL
        address = self._list({} if is_total else asked) if is_total or asked else ""
        return _figure_cells(len(events), _sum(events), address=address)

    def _list(self, asked):
        """The address of the list of past activities narrowed by `asked`, "" where it would show others."""
        question, rights = self.question, self.question.user.rights
        place = {}
        if question.ids != rights.associations:
            if len(question.ids) != 1 or not question.ids <= rights.associations:
                return ""
            place = {"association": next(iter(question.ids))}
        period = {"since": question.first.isoformat(), "until": question.last.isoformat()}
        return f"{reverse('activities:activities')}?{urlencode({'when': 'past', **place, **asked, **period})}"


def category_table(figures, address=""):
    """The table of Counters of figures by category of members ("" and None: not filled in) and GUEST.

    `address` is that of the list of the one activity whose people they are, if it is one.
    """
    known = [(str(label), VALUE, value) for value, label in codes.Category.choices]
    # what is no category of the list stands with the blank
    other = sum(
        (found for key, found in figures.items() if key not in {*codes.Category.values, GUEST}), Counter()
    )
    figures = {**figures, "": other}
    lines = [*known, (_("Not filled in"), BLANK, ""), (pgettext("activity", "Guests"), BLANK, GUEST)]
    rows = []
    for label, kind, value in lines:
        asked = f"{address}?{urlencode({'category': value or 'none'})}" if address else ""
        rows.append(Row(label, kind, _asked_cells(figures.get(value, Counter()), address=asked)))
    total = sum((figures.get(value, Counter()) for _label, _kind, value in lines), Counter())
    rows.append(Row(pgettext("figures", "Total"), TOTAL, _asked_cells(total, address=address)))
    title = _("Categories of members")
    return Table("category", title, _("Category"), tuple(_asked_columns()), tuple(rows))


def _columns(group=""):
    return [Column(pgettext("figures", "Activities"), group=group), *_people_columns(group)]


def _people_columns(group=""):
    return [
        Column(pgettext("figures", "Expected (应到)"), group=group),
        Column(pgettext("figures", "Present (实到)"), group=group),
        Column(_("Rate of attendance"), SHARE, group=group),
        Column(_("On leave"), group=group),
        Column(_("Absent"), group=group),
        Column(_("Not entered"), group=group),
        Column(_("Also there"), group=group),
    ]


def _figure_cells(number, figures, *, address=""):
    return (Cell(number, address=address if number else ""), *_people_cells(figures))


def _people_cells(figures, *, address=""):
    return (
        _people_cell(figures, "expected", address, "state=expected"),
        _people_cell(figures, "present", address, "state=expected&presence=came"),
        _rate(figures["present"], figures["expected"]),
        _people_cell(figures, "leave", address, "state=expected&presence=leave"),
        _people_cell(figures, "absent", address, "state=expected&presence=absent"),
        _people_cell(figures, "open", address, "state=expected&presence=none"),
        Cell(figures["others"] + figures["observers"]),
    )


def _people_cell(figures, name, address, asked):
    """A number that leads to those counted, on the list of one activity at `address`, "" for none."""
    joined = "&" if "?" in address else "?"
    return Cell(figures[name], address=f"{address}{joined}{asked}" if address and figures[name] else "")


def _asked_columns():
    return [
        Column(pgettext("figures", "Invited")),
        Column(pgettext("figures", "Signed up")),
        *_people_columns(),
    ]


def _asked_cells(figures, *, address=""):
    return (
        Cell(figures["invited"]),
        _people_cell(figures, "signed_up", address, "state=signed_up"),
        *_people_cells(figures, address=address),
    )


def _meeting_columns():
    group = _("Meetings")
    return [
        Column(pgettext("figures", "Meetings"), group=group),
        Column(pgettext("figures", "Entitled (应到)"), group=group),
        Column(pgettext("figures", "Present (实到)"), group=group),
        Column(_("Rate of attendance"), SHARE, group=group),
    ]


def _meeting_cells(met):
    return (
        Cell(met["meetings"]),
        Cell(met["entitled"]),
        Cell(met["present"]),
        _rate(met["present"], met["entitled"]),
    )


def _met(meetings, attendances, name):
    """{value of the column `name` of a meeting: Counter of meetings, entitled, present}, in two statements."""
    present = Count("pk", filter=Q(presence__in=Attendance.PRESENT))
    found = {
        key: Counter(meetings=number) for key, number in meetings.values_list(name).annotate(Count("pk"))
    }
    for key, entitled, came in attendances.values_list(f"meeting__{name}").annotate(
        entitled=Count("pk"), came=present
    ):
        found[key] += Counter(entitled=entitled, present=came)
    return found


def _sum(events):
    return sum((event.figures for event in events), Counter())


def _rate(part, whole):
    return Cell(part / whole if whole else None, SHARE)


def _span(year, month):
    return f"{year}-{month:02}" if month else str(year)
