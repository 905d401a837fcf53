"""The list of an activity for reading: who is on it, what became of the invitation, who was there."""

from dataclasses import dataclass

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.frame import may_edit
from activities.models import Activity, Participation, Presence
from members.codes import Category
from members.models import Member
from organizations.models import Action

# a category that is not filled in, and a presence not entered, among the choices
NONE = "none"


def percent(share):
    """A share of 1 as people read it, "–" where there is none."""
    return "–" if share is None else f"{share:.1%}"


@dataclass(frozen=True)
class Correction:
    """An action that changed the list after the attendance was settled."""

    at: object
    actor: object
    note: str
    count: int


def corrections(activity, most=5):
    """The latest Corrections of `activity`, [] while its attendance is not settled."""
    if activity.state != Activity.State.CLOSED:
        return []
    rows = (
        Action.objects.filter(
            changes__content_type=ContentType.objects.get_for_model(Participation),
            changes__part_of_type=ContentType.objects.get_for_model(Activity),
            changes__part_of_id=activity.pk,
            at__gt=activity.settled_at,
        )
        .exclude(kind=Action.Kind.COMMAND)
        .annotate(rows=Count("changes"))
        .select_related("actor")
        .order_by("-pk")
    )
    return [Correction(row.at, row.actor, row.note, row.rows) for row in rows[:most]]


@dataclass(frozen=True)
class Person:
    """One row of the list as its reader may see it."""

    row: Participation
    employer: str
    position: str
    category: str
    reason: str
    """"" for who does not work on the list: reasons for leave tell of health."""
    is_linked: bool

    @property
    def name(self):
        return self.row.person


def people_of(activity, user, rows, *, most=None):
    """[Person] of the `rows` (a queryset of participations of `activity`) in order, the first `most` if given."""
    seen = Member.objects.visible_to(user).filter(pk=OuterRef("member"))
    rows = rows.in_order().select_related("member__employer").annotate(is_seen=Exists(seen))
    with_reasons = may_edit(user, activity)
    return [_person(row, activity, with_reasons) for row in rows[:most]]


def _person(row, activity, with_reasons):
    row.activity, member = activity, row.member
    # public fields of a row in sight, of whichever association the role is
    return Person(
        row,
        str(member.employer or "") if member else row.guest_from,
        member.position if member else row.guest_post,
        member.get_category_display() if member else "",
        row.reason if with_reasons else "",
        row.is_seen,
    )


class PeopleForm(forms.Form):
    """Narrows the list by what became of the invitation, presence and category; what is no choice narrows nothing."""

    state = forms.ChoiceField(
        label=pgettext_lazy("participation", "State"),
        required=False,
        choices=[("", _("all")), ("expected", _("entitled (应到)")), *Participation.State.choices],
    )
    presence = forms.ChoiceField(
        label=_("Attendance"),
        required=False,
        choices=[
            ("", _("all")),
            ("came", _("came")),
            *Presence.choices,
            (NONE, pgettext_lazy("presence", "open")),
        ],
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[
            ("", _("all")),
            *Category.choices,
            (NONE, _("Not filled in")),
            ("guest", pgettext_lazy("activity", "Guests")),
        ],
    )

    def narrowed(self, rows):
        """The `rows` of the list that are asked for."""
        self.is_valid()
        asked = {name: self.cleaned_data.get(name, "") for name in self.fields}
        if asked["state"]:
            expected = asked["state"] == "expected"
            rows = rows.expected() if expected else rows.filter(state=asked["state"])
        if asked["presence"]:
            came = asked["presence"] == "came"
            presence = "" if asked["presence"] == NONE else asked["presence"]
            rows = rows.came() if came else rows.filter(presence=presence)
        if asked["category"] == "guest":
            rows = rows.filter(member=None)
        elif asked["category"]:
            category = "" if asked["category"] == NONE else asked["category"]
            rows = rows.filter(member__isnull=False, member__category=category)
        return rows

    @property
    def words(self):
        """How the list is narrowed, for people; "" if it is not."""
        found = [
            (self.fields[name].label, dict(self.fields[name].choices)[value])
            for name, value in self.cleaned_data.items()
            if value
        ]
        return "；".join(f"{label}：{value}" for label, value in found)
