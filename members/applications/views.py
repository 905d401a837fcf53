"""The staff's pages of applications: the queue, one application, the announcement on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from config.addresses import whole_address
from members.admin.member_page import doubts
from members.applications import introducing, staff_forms
from members.applications.alike import like_applications, like_members
from members.applications.applying import notice_for
from members.applications.reading import answers_by_step
from members.codes import Status
from members.models import Application, Introduction
from members.models.member import IN_FORCE
from members.rights import Ability
from members.waiting import Waiting
from organizations.frame import posted, render_page
from organizations.history_entries import entries
from organizations.keyset import is_key
from organizations.models import Association, Change

State = Application.State
ROWS, CHANGES_SHOWN = 50, 30
# in the order in which they are worked on
TABS = (
    State.SUBMITTED,
    State.RETURNED,
    State.REVIEWED,
    State.NOTICE,
    State.ADMITTED,
    State.REFUSED,
    State.WITHDRAWN,
)
may_view = permission_required("members.view_application", raise_exception=True)


@may_view
def applications(request):
    """The applications of a state, at first those that wait for the first review; latest first."""
    form = staff_forms.Asked(request.GET, user=request.user)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = Application.objects.visible_to(request.user)
    if asked.get("association"):
        rows = rows.filter(association=asked["association"])
    counts = dict(rows.order_by().values_list("state").annotate(count=Count("pk")))
    if asked.get("q"):
        rows = rows.filter(name__icontains=asked["q"].strip())
    state = asked.get("state") or (State.SUBMITTED if not asked.get("q") else "")
    if state:
        rows = rows.filter(state=state)
    before = request.GET.get("before", "")
    if is_key(before):
        rows = rows.filter(pk__lt=int(before))
    confirmed = Count("introductions", filter=Q(introductions__state=Introduction.State.CONFIRMED))
    rows = rows.select_related("association", "member").annotate(confirmed=confirmed)
    page = list(rows.order_by("-pk")[: ROWS + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "title": _("Applications for membership"),
        "form": form,
        "tabs": [_tab(request, each, counts, each == state) for each in TABS],
        "rows": page[:ROWS],
        "older": f"?{query.urlencode()}&before={page[ROWS - 1].pk}" if len(page) > ROWS else "",
        "newest": f"?{query.urlencode()}" if before else "",
        "several": len(request.user.rights.associations_for(Ability.EDIT)) > 1,
        "places": _places(request),
        "may_number": request.user.has_perm("organizations.change_association"),
        "today": timezone.localdate(),
        "State": State,
    }
    return render_page(request, "members/applications.html", context)


def _tab(request, state, counts, is_current):
    query = request.GET.copy()
    query.pop("before", None)
    query["state"] = state
    return {
        "label": state.label,
        "address": f"?{query.urlencode()}",
        "count": counts.get(state, 0),
        "current": is_current,
    }


def _places(request):
    """[(Association, address of its form, "" while it is closed; whether only the notice is missing)]."""
    rows = Association.objects.where_may(request.user, Ability.EDIT).filter(takes_applications=True)
    found = []
    for row in rows[:20]:
        is_open = notice_for(row) is not None
        address = whole_address(reverse("apply_to", args=[row.code]), request) if is_open else ""
        found.append((row, address))
    return found


@may_view
@never_cache
def application(request, pk):
    """One application: all that it says, who introduces, what to decide; POST with `do` decides."""
    rows = Application.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("association", "member", "resolution__meeting"), pk=pk)
    page = ApplicationPage(row, request)
    if request.method == "POST":
        if not request.user.has_perm("members.change_application"):
            raise PermissionDenied
        if done := page.decide():
            messages.success(request, done)
            return redirect(row)
    status = 422 if page.is_refused else 200
    return render_page(request, "members/application.html", page.context(), status=status)


class ApplicationPage:
    """What the page of one application shows and takes."""

    def __init__(self, row, request):
        self.row, self.request, self.user = row, request, request.user
        self.introductions = list(row.introductions.select_related("member__employer"))
        self.confirmed = sum(each.state == Introduction.State.CONFIRMED for each in self.introductions)
        self.wanted = row.association.introducers
        self.record, self.alike = like_members(row, request.user) if row.answers else (None, [])
        self.forms = self._forms(posted(request)) if self._may_decide() else []

    def _may_decide(self):
        return self.user.has_perm("members.change_application")

    def _forms(self, data):
        row, found = self.row, []
        keywords = {"application": row, "user": self.user}
        if row.state == State.SUBMITTED:
            alike = [member for member, _why in self.alike if member.association_id == row.association_id]
            lacking = self.confirmed < self.wanted
            found.append(staff_forms.PassForm(data, alike=alike, lacking=lacking, **keywords))
            found.append(staff_forms.ReturnForm(data, **keywords))
        if row.state in Application.UNDER_REVIEW:
            found.append(staff_forms.IntroducerForm(data, **keywords))
        status = row.member.status if row.member else ""
        if row.state in (State.REVIEWED, State.NOTICE) and status in IN_FORCE:
            found.append(staff_forms.SettleForm(data, **keywords))
        if row.state == State.REVIEWED and status == Status.APPLIED:
            found.append(staff_forms.PaperForm(data, **keywords))
        if row.state == State.NOTICE:
            if timezone.localdate() > row.announced_until and status == Status.APPLIED:
                found.append(staff_forms.AdmitAnnouncedForm(data, **keywords))
            found.append(staff_forms.ObjectionForm(data, **keywords))
        if row.state not in Application.CLOSED:
            found.append(staff_forms.RefuseForm(data, **keywords))
        return found

    def decide(self):
        """The sentence that says what was decided, "" if nothing was."""
        form = next((form for form in self.forms if form.is_bound), None)
        if form is None:
            messages.error(
                self.request,
                _("The application has changed since you opened it. Look at it once more, then decide."),
            )
            return ""
        if not form.attempt():
            return ""
        self.row.refresh_from_db()
        return _("Saved. The application stands at “{state}”.").format(state=self.row.get_state_display())

    @property
    def is_refused(self):
        return any(form.is_bound and form.errors for form in self.forms)

    def context(self):
        row = self.row
        return {
            "title": str(row),
            "application": row,
            "State": State,
            "parts": answers_by_step(row, self.user.rights) if row.answers else [],
            "doubts": list(doubts(self.record)) if self.record else [],
            "introductions": self.introductions,
            "confirmed": self.confirmed,
            "wanted": self.wanted,
            "unmatched": introducing.unmatched(row, self.introductions)
            if row.state in Application.UNDER_REVIEW
            else [],
            "alike": self.alike,
            "others": like_applications(row, self.user),
            "forms": self.forms,
            "address": ""
            if row.state in Application.CLOSED or not row.notice_id
            else whole_address(row.draft_url, self.request),
            "entries": self._history(),
            "today": timezone.localdate(),
        }

    def _history(self):
        if not self.user.has_perm("organizations.view_change"):
            return []
        changes = Change.objects.of(self.row).select_related("action__actor", "content_type").order_by("-pk")
        # of what the applicant wrote the history keeps the fact of a change alone
        return entries(changes[:CHANGES_SHOWN], lambda model, name, text: text, about=self.row)


@may_view
def announcement(request, pk):
    """The announcement of the association with that key on paper: who is to be admitted, by name and employer."""
    places = Association.objects.where_may(request.user, Ability.EDIT)
    association = get_object_or_404(places, pk=pk)
    rows = Application.objects.visible_to(request.user).filter(association=association, state=State.NOTICE)
    rows = rows.filter(member__isnull=False).select_related("member__employer")
    people = list(rows.order_by("member__stroke_key", "member"))
    context = {
        "title": _("Announcement of admissions"),
        "association": association,
        "rows": people,
        "since": min((row.announced_on for row in people), default=None),
        "until": max((row.announced_until for row in people), default=None),
        "today": timezone.localdate(),
    }
    return render_page(request, "members/application_announcement.html", context)


def waiting_for(user):
    """How many applications wait for the staff, for the navigation."""
    rows = Application.objects.visible_to(user)
    return rows.filter(_needs_staff()).count()


def _needs_staff():
    """New ones, and announcements that are over; those before a meeting wait for the meeting."""
    is_over = Q(state=State.NOTICE, announced_until__lt=timezone.localdate())
    return Q(state=State.SUBMITTED) | is_over


def applications_waiting(user, scope):
    """What waits for the staff: new applications, and announcements that are over (members/waiting.py)."""
    if not user.has_perm("members.change_application"):
        return None
    rows = Application.objects.visible_to(user).filter(association__in=scope)
    is_new = Q(state=State.SUBMITTED)
    is_over = Q(state=State.NOTICE, announced_until__lt=timezone.localdate())
    found = rows.aggregate(new=Count("pk", filter=is_new), over=Count("pk", filter=is_over))
    if not found["new"] and not found["over"]:
        return None
    texts, state = [], State.SUBMITTED
    if found["new"]:
        texts.append(
            ngettext(
                "{count} application for membership waits for the first review",
                "{count} applications for membership wait for the first review",
                found["new"],
            ).format(count=found["new"])
        )
    if found["over"]:
        state = state if found["new"] else State.NOTICE
        texts.append(
            ngettext(
                "the announcement of {count} admission is over",
                "the announcements of {count} admissions are over",
                found["over"],
            ).format(count=found["over"])
        )
    return Waiting("；".join(texts), f"{reverse('members:applications')}?state={state}", bool(found["over"]))
