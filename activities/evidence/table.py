"""A year of many members at once (履职情况汇总表), by the same rules as the summary of each."""

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from activities.evidence.facts import attendances, participations, services, year_of
from activities.models import PRESENT, Activity, Participation
from members.export import Heading
from members.formats import Xlsx
from members.models import Disclosed, Member, PersonRequest
from members.rights import Ability
from organizations.models import Action, Meeting

# headings of the sheet: a file format, not interface text
HEADERS = ("会员编号", "姓名", "工作单位", "会议应到", "会议实到", "会议出席率", "活动应到", "活动实到", "活动出席率",
           "服务项数", "服务时长")  # fmt: skip
PAPER = "履职情况汇总表"


@dataclass
class MemberYear:
    """The figures of one member; hours with one decimal."""

    member: Member
    meetings_expected: int = 0
    meetings_present: int = 0
    activities_expected: int = 0
    activities_present: int = 0
    services: int = 0
    hours: Decimal = Decimal(0)

    @property
    def meetings_rate(self):
        return percent(self.meetings_present, self.meetings_expected)

    @property
    def activities_rate(self):
        return percent(self.activities_present, self.activities_expected)

    @property
    def texts(self):
        """The cells of the sheet."""
        member = self.member
        figures = (
            self.meetings_expected, self.meetings_present, self.meetings_rate, self.activities_expected,
            self.activities_present, self.activities_rate, self.services, self.hours,
        )  # fmt: skip
        employer = member.employer.name if member.employer else ""
        return [member.number, member.name, employer, *map(str, figures)]


def percent(part, whole):
    return f"{part / whole:.1%}" if whole else "—"


def member_years(members, year, *, user):
    """[MemberYear] of `members` (a sliced or whole queryset) in their order, of what `user` sees; four statements."""
    rows = {member.pk: MemberYear(member) for member in members}
    # a few are named by key, many by the question that found them
    among = list(rows) if len(rows) <= 100 else members.order_by().values("pk")
    period, present = year_of(year), sorted(PRESENT)
    met = attendances(user, period).filter(
        member__in=among, is_entitled=True, meeting__state=Meeting.State.SIGNED
    )
    expected = Participation.objects.expected() & participations(user, period)
    expected = expected.filter(member__in=among, activity__state=Activity.State.CLOSED)
    for name, found in (("meetings", met), ("activities", expected)):
        counted = (
            found.order_by()
            .values("member")
            .annotate(expected=Count("pk"), present=Count("pk", filter=Q(presence__in=present)))
        )
        for each in counted:
            setattr(rows[each["member"]], f"{name}_expected", each["expected"])
            setattr(rows[each["member"]], f"{name}_present", each["present"])
    served = services(user, period).filter(member__in=among).order_by().values("member")
    for each in served.annotate(number=Count("pk"), total=Sum("hours")):
        rows[each["member"]].services = each["number"]
        rows[each["member"]].hours = each["total"] or Decimal(0)
    return list(rows.values())


class TableHeading(Heading):
    """The lines above the table."""

    sheet = PAPER

    def __init__(self, *, year, **kwargs):
        super().__init__(**kwargs)
        self.year = year

    def title(self):
        name = self.taken[0][0].name if len(self.taken) == 1 else ""
        return f"{name}{self.year}年度{PAPER}"

    def note(self, count):
        return f"{super().note(count)}　仅计已确认的会议、活动和服务"


def may_export(members, user):
    """Those of `members` whose figures `user` may take out of the register."""
    restricting = Exists(PersonRequest.objects.restricting().filter(member=OuterRef("pk")))
    places = user.rights.associations_for(Ability.EXPORT)
    return members.named().filter(~restricting, association__in=places)


def export_table(members, year, *, actor, words, reason):
    """Write the table of `members` for `year`; an open temporary file. The log notes it and whose figures are in it.

    Whether `actor` may is asked before; `words` say how the members were chosen.
    """
    seen = defaultdict(list)
    rows = member_years(members, year, user=actor)
    for row in rows:
        seen[row.member.association_id].append(row.member.pk)
    heading = TableHeading(year=year, actor=actor, words=words, seen=seen)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        Xlsx().write(file, list(HEADERS), (row.texts for row in rows), heading)
        details = {
            "fields": list(HEADERS),
            "filter": _("{year}: {members}").format(year=year, members=words),
            "format": "xlsx",
            "reason": reason,
            "identity": False,
            "paper": PAPER,
        }
        with transaction.atomic():
            for above, keys in heading.taken:
                action = Action.objects.create(
                    kind=Action.Kind.EXPORT,
                    actor=actor,
                    association=above,
                    details={"count": len(keys)} | details,
                )
                Disclosed.objects.note(action, keys)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
