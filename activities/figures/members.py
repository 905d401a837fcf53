"""How often each member was expected and came, for who reads members: plain numbers, no score and no rank."""

from dataclasses import dataclass

from django import forms
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.attendance.people import percent
from activities.models import Participation
from members.codes import Category
from members.models import Member
from organizations.models import Attendance

MEMBERS_A_PAGE = 100


@dataclass(frozen=True)
class MemberLine:
    """One member's figures of a period; `last_on` is the last local day somebody saw them, in the period."""

    pk: int
    name: str
    number: str
    category: str
    joined: str
    stroke_key: str
    invited: int = 0
    expected: int = 0
    present: int = 0
    leave: int = 0
    absent: int = 0
    others: int = 0
    entitled: int = 0
    attended: int = 0
    last_on: object = None

    @property
    def rate(self):
        return self.present / self.expected if self.expected else None

    @property
    def meeting_rate(self):
        return self.attended / self.entitled if self.entitled else None

    @property
    def rate_text(self):
        return percent(self.rate)

    @property
    def meeting_rate_text(self):
        return percent(self.meeting_rate)

    @property
    def came(self):
        """How often the member was there, at activities and meetings."""
        return self.present + self.others + self.attended

    @property
    def category_label(self):
        return dict(Category.choices).get(self.category, self.category)


# {key of the order: (what it sorts by, whether the highest comes first)}
ORDERS = {
    "name": (lambda line: (line.stroke_key, line.pk), False),
    "invited": (lambda line: line.invited, True),
    "expected": (lambda line: line.expected, True),
    "present": (lambda line: line.present, True),
    "rate": (lambda line: -1 if line.rate is None else line.rate, True),
    "entitled": (lambda line: line.entitled, True),
    "attended": (lambda line: line.attended, True),
    "last": (lambda line: line.last_on.toordinal() if line.last_on else 0, False),
}


class MembersForm(forms.Form):
    """Which members, in which order."""

    who = forms.ChoiceField(
        label=pgettext_lazy("figures", "Members"),
        required=False,
        choices=[
            ("", _("all")),
            ("absent", _("who were members before and came to nothing")),
            ("came", _("who came")),
        ],
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("all")), *Category.choices, ("none", _("Not filled in"))],
    )
    sort = forms.ChoiceField(
        label=_("In the order of"),
        required=False,
        choices=[
            ("name", _("strokes of the name")),
            ("invited", pgettext_lazy("figures", "Invited")),
            ("expected", pgettext_lazy("figures", "Expected (应到)")),
            ("present", pgettext_lazy("figures", "Present (实到)")),
            ("rate", _("Rate of attendance")),
            ("entitled", _("Meetings entitled to")),
            ("attended", _("Meetings attended")),
            ("last", _("last day seen, longest ago first")),
        ],
    )

    def narrowed(self, lines, question):
        """The MemberLines asked for, in the order asked for; who joined in the period is not looked for as absent."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("who") == "came":
            lines = [line for line in lines if line.came]
        elif asked.get("who") == "absent":
            first = question.first.isoformat()
            lines = [line for line in lines if not line.came and line.joined < first]
        if category := asked.get("category"):
            lines = [line for line in lines if line.category == ("" if category == "none" else category)]
        key, descending = ORDERS[asked.get("sort") or "name"]
        lines = sorted(lines, key=ORDERS["name"][0])
        return sorted(lines, key=key, reverse=descending)


def member_lines(question):
    """[MemberLine] of the members in force today whom the user of `question` sees, in three statements."""
    activities = {
        row["member"]: row
        for row in question.participations.filter(member__isnull=False).figures_by("member")
    }
    came = (
        Participation.objects.came()
        .filter(activity__in=question.activities.values("pk"), member__isnull=False)
        .order_by()
    )
    seen = dict(came.values_list("member").annotate(Max("activity__starts_at")))
    present = Count("pk", filter=Q(presence__in=Attendance.PRESENT))
    last = Max("meeting__on", filter=Q(presence__in=Attendance.PRESENT))
    meetings = {
        member: values
        for member, *values in question.attendances.values_list("member").annotate(
            entitled=Count("pk"), came=present, last=last
        )
    }
    people = Member.objects.visible_to(question.user).in_force_on(timezone.localdate())
    people = people.filter(association__in=question.ids).order_by()
    names = ("pk", "name", "number", "category", "joined", "stroke_key")
    return [_line(values, activities, seen, meetings) for values in people.values_list(*names)]


def _line(values, activities, seen, meetings):
    pk = values[0]
    figures = activities.get(pk, {})
    entitled, attended, met_on = meetings.get(pk, (0, 0, None))
    days = [met_on, timezone.localdate(seen[pk]) if seen.get(pk) else None]
    return MemberLine(
        *values,
        **{name: figures.get(name, 0) for name in ("invited", "expected", "present", "leave", "absent")},
        others=figures.get("others", 0) + figures.get("observers", 0),
        entitled=entitled,
        attended=attended,
        last_on=max(filter(None, days), default=None),
    )
