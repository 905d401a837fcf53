"""One body on one day: who sits in it, which seats are vacant, its terms, who sat in it before."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.bodies.lists import in_tree_order
from organizations.bodies.seats import seats_on
from organizations.day_input import DayInput
from organizations.models import Appointment, Body

PEOPLE_A_PAGE, FORMER_A_PAGE = 100, 20
ALL = "all"
EDIT = "edit"


class DayForm(forms.Form):
    on = forms.DateField(label=_("On the day"), required=False, widget=DayInput())


class BodyPage:
    """What the page of `body` shows to the user of `request` on the day it asks for (`?on=2023-05-10`)."""

    def __init__(self, request, body):
        self.request, self.body = request, body
        self.today = timezone.localdate()
        self.form = DayForm(request.GET or None, label_suffix="")
        asked = self.form.cleaned_data.get("on") if self.form.is_bound and self.form.is_valid() else None
        self.day = asked or self.today

    def context(self):
        body, day = self.body, self.day
        may_edit = self.request.user.rights.may_in_body(EDIT, body)
        rows = body.appointments.select_related("member__employer", "post", "term")
        seats = seats_on(day, [body])[body.pk]
        return {
            "body": body,
            "parent": self._seen(Body.objects.filter(pk=body.parent_id)).first() if body.parent_id else None,
            "form": self.form,
            "day": day,
            "is_today": day == self.today,
            "existed": body.existed_on(day),
            "term": body.terms.in_force_on(day).first(),
            "seats": seats,
            "vacant": [each for each in seats if each.vacant],
            "people": self._people(rows, body.appointments.in_force_on(day).in_order_of_rank()),
            "is_whole": self._is_whole,
            "leavers": self._leavers(rows) if may_edit else [],
            "terms": self._terms(),
            "former": self._former(rows),
            "children": in_tree_order(self._seen(body.children.existing_on(day))),
            "may_edit": may_edit,
            "may_dissolve": self.request.user.rights.may(EDIT, body.association_id) and not body.dissolved_on,
        }

    @property
    def _is_whole(self):
        return self.request.GET.get("rows") == ALL

    def _seen(self, bodies):
        return bodies.visible_to(self.request.user).select_related("association")

    def _people(self, rows, in_order):
        """The page of the roster that is asked for; all of it for printing.

        A person stands in it once, as [Appointment], in the place of the highest post: 会长、理事.
        """
        keys = {}
        for pk, member in in_order.values_list("pk", "member"):
            keys.setdefault(member, []).append(pk)
        size = max(len(keys), 1) if self._is_whole else PEOPLE_A_PAGE
        page = Paginator(list(keys.values()), size).get_page(self.request.GET.get("page"))
        found = rows.in_bulk([pk for each in page.object_list for pk in each])
        page.object_list = [[found[pk] for pk in each] for each in page.object_list]
        return page

    def _leavers(self, rows):
        """Appointments nobody has ended though the member left the association, with when and how they left."""
        left = rows.left_open_on(self.today).in_order_of_rank().prefetch_related("member__status_changes")
        reasons = Appointment.EndReason
        found = []
        for appointment in left:
            day = appointment.member.left_on
            found.append(
                {
                    "appointment": appointment,
                    "left_on": day,
                    # known to the day, and not before the appointment: then one press of a button ends it
                    "ends_on": day if len(day) == 10 and day >= appointment.starts_on.isoformat() else "",
                    "end_reason": reasons.DECEASED if appointment.member.has_died else reasons.LEFT,
                }
            )
        return found

    def _terms(self):
        """Its terms, latest first, each with the number of persons who sat in it (`people`) and a day to show them."""
        valid = Q(appointments__voided_on__isnull=True)
        people = Count("appointments__member", filter=valid, distinct=True)
        terms = list(self.body.terms.annotate(people=people).order_by("-number"))
        for term in terms:
            term.shown_on = term.ended_on or max(term.starts_on, self.today)
        return terms

    def _former(self, rows):
        """The page of those whose appointment had ended before the day, latest first."""
        former = rows.valid().filter(ends_on__lt=self.day).order_by("-ends_on", "post__rank", "id")
        return Paginator(former, FORMER_A_PAGE).get_page(self.request.GET.get("former"))
