"""What figures of activities are asked for: of which associations, and of which days."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity, Participation
from organizations.day_input import DayInput
from organizations.models import Association, Attendance, Body, Meeting, indented

FIRST_DAY, LAST_DAY = dt.date(1949, 1, 1), dt.date(2100, 12, 31)
# more months than these are counted by year
MONTHS = 12


@dataclass(frozen=True)
class Question:
    """Activities over, and meetings held, from `first` to `last` (local dates), of the `associations` and for `user`.

    `association` is the one that was chosen, with everything below it; None stands for all in sight.
    """

    user: object
    associations: tuple
    first: dt.date
    last: dt.date
    association: Association | None = None

    @cached_property
    def ids(self):
        return frozenset(each.pk for each in self.associations)

    @property
    def activities(self):
        """The activities counted: announced, over, and of no body that hides its people from the user."""
        return self.all_time.filter(
            starts_at__gte=midnight(self.first), starts_at__lt=midnight(next_day(self.last))
        )

    @property
    def all_time(self):
        """The same, whenever they took place."""
        shown = self._shown_bodies("host")
        return (
            Activity.objects.announced()
            .filter(Q(host=None) | shown, association__in=self.ids, ends_at__lt=timezone.now())
            .order_by()
        )

    @property
    def meetings(self):
        """Meetings held in the period, of bodies that do not hide their people from the user."""
        return self.all_meetings.filter(on__gte=self.first, on__lte=self.last)

    @property
    def all_meetings(self):
        joint = Q(joint_with=None) | self._shown_bodies("joint_with")
        return (
            Meeting.objects.took_place()
            .filter(joint, self._shown_bodies("body"), body__association__in=self.ids)
            .order_by()
        )

    @property
    def participations(self):
        return Participation.objects.filter(activity__in=self.activities.values("pk"))

    @property
    def attendances(self):
        """Those entitled at the meetings."""
        return Attendance.objects.entitled().filter(meeting__in=self.meetings.values("pk")).order_by()

    @property
    def is_by_year(self):
        """Whether the period is told by years, not months."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return months > MONTHS

    @property
    def spans(self):
        """[(year, month or None)] of the period, in order."""
        if self.is_by_year:
            return [(year, None) for year in range(self.first.year, self.last.year + 1)]
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        months = [self.first.year * 12 + self.first.month - 1 + number for number in range(count)]
        return [(month // 12, month % 12 + 1) for month in months]

    def span_of(self, moment):
        day = timezone.localdate(moment)
        return day.year, None if self.is_by_year else day.month

    def _shown_bodies(self, path):
        """The condition that the body `path` shows its people, to the user at least."""
        return Q(**{f"{path}__hides_people": False}) | Q(
            **{f"{path}__in": Body.objects.visible_to(self.user).values("pk")}
        )


def midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def next_day(day):
    return day + dt.timedelta(days=1)


class QuestionForm(forms.Form):
    """Association and period: a year, or days from and to. What is wrong gets a sentence, and this year in its place.

    `associations` are those whose figures the user may see, in the order of the tree.
    """

    association = forms.ChoiceField(label=_("Association"), required=False)
    year = forms.IntegerField(label=pgettext_lazy("figures", "Year"), required=False, min_value=1949)
    since = forms.DateField(label=_("or from"), required=False, widget=DayInput)
    until = forms.DateField(label=_("to"), required=False, widget=DayInput)

    def __init__(self, query, associations):
        self.today = timezone.localdate()
        given = {name: text for name, text in query.items() if text}
        usual = {} if given.keys() & {"since", "until"} else {"year": str(self.today.year)}
        super().__init__(usual | given, label_suffix="")
        self.associations = {str(each.pk): each for each in associations}
        choices = [(str(each.pk), name) for each, name in indented(associations)]
        top = min((each.path.count("/") for each in associations), default=0)
        if sum(each.path.count("/") == top for each in associations) > 1:
            choices = [("", _("All in sight")), *choices]
        self.fields["association"].choices = choices
        self.fields["year"].widget.attrs["max"] = self.today.year

    def clean_association(self):
        return self.associations.get(self.cleaned_data["association"])

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year and year > self.today.year:
            raise forms.ValidationError(_("This year lies in the future."))
        return year

    def clean_since(self):
        return self._day("since")

    def clean_until(self):
        return self._day("until")

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if until and until < (since or FIRST_DAY):
            self.add_error("until", _("The period ends before it begins."))
        return self.cleaned_data

    def question(self, user):
        """What is asked, as a Question; raises Http404 for an association that is not in sight."""
        self.is_valid()
        if "association" in self.errors:
            raise Http404
        association = self.cleaned_data.get("association")
        if association is None and self.fields["association"].choices:
            association = self.associations.get(self.fields["association"].choices[0][0])
        counted = tuple(
            each
            for each in self.associations.values()
            if association is None or each.path.startswith(association.path)
        )
        first, last = self._period()
        return Question(user, counted, first, last, association)

    def _day(self, name):
        day = self.cleaned_data[name]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Figures are given from 1949 to 2100."))
        return day

    def _period(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since or until:
            last = min(until or self.today, self.today) if not since else max(until or self.today, since)
            return since or dt.date(last.year, 1, 1), last
        year = self.cleaned_data.get("year") or self.today.year
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
