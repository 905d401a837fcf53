"""The list of bodies: in the order of the tree, with what one asks of a body first."""

from dataclasses import dataclass

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.bodies.seats import people_on, seats_on
from organizations.models import Body, Term, indented

KIND_ORDER = {kind: place for place, kind in enumerate(Body.Kind)}


@dataclass(slots=True)
class Row:
    """A body in the list: how deep it stands, and how it stands on the day."""

    body: Body
    depth: int
    term: Term | None = None
    people: int = 0
    vacant: int = 0
    is_overdue: bool = False
    """Whether its term should have ended before the day."""


class BodyFilter(forms.Form):
    """Which bodies one looks for, out of those in sight."""

    association = forms.ChoiceField(label=_("Association"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of body"), required=False, choices=[("", _("All kinds")), *Body.Kind.choices]
    )
    dissolved = forms.BooleanField(label=_("Dissolved ones too"), required=False)

    def __init__(self, data, *, rights):
        super().__init__(data, label_suffix="")
        self.rows = rights.association_rows
        places = [(str(row.pk), name) for row, name in indented(self.rows)]
        self.fields["association"].choices = [("", _("All in sight")), *places]
        if len(places) < 2:
            del self.fields["association"]

    def narrowed(self, bodies, day):
        """Those of `bodies` asked for on the local date `day`; none where the question is no question."""
        if not self.is_valid():
            return bodies.none()
        asked = self.cleaned_data
        if asked.get("association"):
            root = next(row for row in self.rows if str(row.pk) == asked["association"])
            bodies = bodies.filter(association__path__startswith=root.path)
        if asked["kind"]:
            bodies = bodies.filter(kind=asked["kind"])
        if not asked["dissolved"]:
            bodies = bodies.filter(Q(dissolved_on="") | Q(dissolved_on__gte=day.isoformat()))
        return bodies


def in_tree_order(bodies):
    """[Row] of `bodies`: by association, each followed by those below it; one whose parent is missing stands on top."""
    bodies = sorted(bodies, key=lambda body: (body.association.path, KIND_ORDER[body.kind], body.pk))
    present = {body.pk for body in bodies}
    children = {}
    for body in bodies:
        children.setdefault(body.parent_id if body.parent_id in present else None, []).append(body)
    return list(_below(children, None, 0))


def _below(children, parent, depth):
    for body in children.get(parent, []):
        yield Row(body, depth)
        yield from _below(children, body.pk, depth + 1)


def fill(rows, day):
    """Write into `rows` how their bodies stand on the local date `day`, in four statements."""
    bodies = [row.body for row in rows]
    terms = {term.body_id: term for term in Term.objects.in_force_on(day).filter(body__in=bodies)}
    people, seats = people_on(day, bodies), seats_on(day, bodies)
    for row in rows:
        row.term = terms.get(row.body.pk)
        row.people = people.get(row.body.pk, 0)
        row.vacant = sum(each.vacant for each in seats[row.body.pk])
        row.is_overdue = row.term is not None and row.term.planned_end_on < day
