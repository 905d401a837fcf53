"""The list of activities: what one may ask for, and its pages."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.models import Activity, Campaign, Participation, ServiceField
from organizations.day_input import DayInput
from organizations.models import Association, Body, indented

ROWS = 50
COMING, PAST, DRAFTS = "coming", "past", "drafts"
TABS = (
    (COMING, pgettext_lazy("activities", "coming")),
    (PAST, pgettext_lazy("activities", "past")),
    (DRAFTS, pgettext_lazy("activities", "drafts")),
)
EARLIEST, LATEST = dt.date(1949, 1, 1), dt.date(2100, 1, 1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def _day_field(label):
    return forms.DateField(
        label=label,
        required=False,
        widget=DayInput(),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class ActivityFilter(forms.Form):
    """Which activities the list shows; a value that is none narrows nothing."""

    q = forms.CharField(
        label=pgettext_lazy("activity", "title"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    association = forms.ModelChoiceField(
        None, label=gettext_lazy("association"), required=False, empty_label=gettext_lazy("All associations")
    )
    host = forms.ModelChoiceField(
        None, label=gettext_lazy("held by"), required=False, empty_label=gettext_lazy("All")
    )
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "kind"), required=False)
    campaign = forms.ModelChoiceField(
        None, label=gettext_lazy("campaign"), required=False, empty_label=gettext_lazy("All")
    )
    field = forms.ModelChoiceField(
        None, label=gettext_lazy("field of service"), required=False, empty_label=gettext_lazy("All")
    )
    state = forms.ChoiceField(label=pgettext_lazy("activity", "state"), required=False)
    since = _day_field(gettext_lazy("From"))
    until = _day_field(gettext_lazy("To"))
    when = forms.ChoiceField(choices=TABS, required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user):
        super().__init__(data, label_suffix="")
        rows = user.rights.association_rows
        self.several = len(rows) > 1
        places = Association.objects.filter(pk__in=[row.pk for row in rows])
        choices = {
            "association": places if self.several else Association.objects.none(),
            "host": Body.objects.visible_to(user).select_related("association"),
            "campaign": Campaign.objects.visible_to(user).select_related("association"),
            "field": ServiceField.objects.visible_to(user).select_related("association"),
        }
        for name, found in choices.items():
            self.fields[name].queryset = found
            if self.several and name != "association":
                self.fields[name].label_from_instance = lambda row: f"{row}（{row.association}）"
        if self.several:
            names = {row.pk: name for row, name in indented(rows)}
            self.fields["association"].label_from_instance = lambda row: names[row.pk]
        else:
            del self.fields["association"]
        for name in ("campaign", "field"):
            if not choices[name]:
                del self.fields[name]
        self.fields["kind"].choices = [("", _("All kinds")), *Activity.Kind.choices]
        states = [choice for choice in Activity.State.choices if choice[0] != Activity.State.DRAFT]
        self.fields["state"].choices = [("", _("All states")), *states]
        self.is_valid()
        self.tab = self.cleaned_data.get("when") or COMING

    @property
    def is_asked(self):
        """Whether anything but the tab was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "when")

    def narrowed(self, activities, now=None):
        """`activities` as far as they fit what was asked, in the order of the tab."""
        now = now or timezone.now()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if self.tab == DRAFTS:
            activities = activities.filter(state=Activity.State.DRAFT)
            data.pop("state", None)
        else:
            ending = {"ends_at__gte": now} if self.tab == COMING else {"ends_at__lt": now}
            activities = activities.exclude(state=Activity.State.DRAFT).filter(**ending)
        if text := data.get("q"):
            activities = activities.filter(title__icontains=text)
        for name in ("association", "host", "kind", "campaign", "field", "state"):
            if name in data:
                activities = activities.filter(**{name: data[name]})
        if since := data.get("since"):
            activities = activities.filter(starts_at__gte=_midnight(since))
        if until := data.get("until"):
            activities = activities.filter(starts_at__lt=_midnight(until + dt.timedelta(days=1)))
        return activities.order_by(*self.order)

    @property
    def order(self):
        return ("starts_at", "pk") if self.tab == COMING else ("-starts_at", "-pk")


def _midnight(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class Page:
    """One page of the list: its rows with their `counts`, and the addresses of its tabs and of what follows.

    The number of queries does not depend on how many rows there are.
    """

    def __init__(self, activities, form, asked):
        rows = _after(form.narrowed(activities), asked.get("after", ""), form)
        found = list(rows.select_related("association", "host", "campaign")[: ROWS + 1])
        self.rows, self.form = found[:ROWS], form
        counts = Participation.objects.counts_of_each([row.pk for row in self.rows])
        for row in self.rows:
            row.counts = counts.get(row.pk)
        query = asked.copy()
        query.pop("after", None)
        self.following, self.first = "", ""
        if len(found) > ROWS:
            query["after"] = key_of(self.rows[-1])
            self.following = f"?{query.urlencode()}"
            del query["after"]
        if "after" in asked:
            self.first = f"?{query.urlencode()}"
        self.tabs = []
        for name, label in TABS:
            query["when"] = name
            if name == DRAFTS:
                query.pop("state", None)
            self.tabs.append((label, f"?{query.urlencode()}", name == form.tab))


def key_of(activity):
    """The place of `activity` in the list: microseconds since 1970 and its key."""
    return f"{(activity.starts_at - EPOCH) // MICROSECOND}_{activity.pk}"


def _after(rows, key, form):
    """`rows` after the place `key` in the list; all if it is none."""
    moment, _underscore, pk = key.partition("_")
    try:
        at, pk = EPOCH + int(moment) * MICROSECOND, int(pk)
    except (ValueError, OverflowError):
        return rows
    if not (EARLIEST <= at.date() <= LATEST and 0 < pk < 2**63):
        return rows
    if form.tab == COMING:
        return rows.filter(Q(starts_at__gt=at) | Q(starts_at=at, pk__gt=pk))
    return rows.filter(Q(starts_at__lt=at) | Q(starts_at=at, pk__lt=pk))
