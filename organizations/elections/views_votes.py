"""Pages of candidates, of results, of taking office and undoing it, and of the filing."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organizations.elections import checks, filing
from organizations.elections.drafting import (
    ChangedMeanwhile,
    add_candidate,
    incumbents,
    remove_candidate,
    take_over_incumbents,
)
from organizations.elections.forms import CountForm, OfficeForm, SignedForm
from organizations.elections.office import (
    electing_meetings,
    plan_office,
    plan_undoing,
    resolution_text,
    sign_minutes,
    take_office,
    undo_office,
)
from organizations.elections.pages import (
    back_to,
    election_in_sight,
    may_view,
    people_in_sight,
    sentence,
    step_page,
    tried,
)
from organizations.elections.results import NUMBERS, open_round, remove_round, result_of, save_count
from organizations.frame import EDIT, posted
from organizations.meetings.page import may_write
from organizations.models import Election, Meeting, Resolution
from organizations.services import NotPossible

FOUND_AT_MOST = 20


@dataclass
class Standing:
    """A candidate as the list shows one."""

    candidate: object
    is_incumbent: bool
    remarks: list
    """[(level, what is said of this one)]."""


def contest_in(election, key):
    contest = next((each for each in election.contests if each.pk == key), None)
    if contest is None:
        raise Http404
    return contest


# -- candidates


@may_view
def candidates(request, pk, contest_pk=None):
    """The list of one post with what speaks against it; people are added by search or taken over."""
    found = election_in_sight(request, pk)
    if contest_pk is None:
        first = next(iter(found.contests), None)
        return back_to(found, "contest", first.pk) if first else back_to(found, "contests")
    contest = contest_in(found, contest_pk)
    if request.method == "POST":
        _change_candidates(request, found, contest)
        if not request.htmx:
            address = redirect("organizations:election_contest", found.pk, contest.pk)
            if query := request.GET.urlencode():
                address["Location"] += f"?{query}"
            return address
        found = election_in_sight(request, pk)
        contest = contest_in(found, contest_pk)
    query = request.GET.get("q", "").strip()[:50]
    context = {**_candidates(request, found, contest), "query": query}
    if query and found.may_edit:
        listed = [candidate.member_id for candidate in contest.candidates.all()]
        people = (
            people_in_sight(request.user, found.association_id)
            .in_force_on(timezone.localdate())
            .exclude(pk__in=listed)
        )
        people = people.select_related("employer").search(query, request.user)
        context["people"] = list(people[:FOUND_AT_MOST])
        context["is_cut"] = len(context["people"]) == FOUND_AT_MOST
    template = (
        "organizations/_election_candidates.html"
        if request.htmx
        else "organizations/election_candidates.html"
    )
    return step_page(request, found, "candidates", context, template=template)


def _candidates(request, found, contest):
    remarks = [*checks.lists(found), *checks.charter(found, request.user)]
    here = [
        remark for remark in remarks if remark.contest == contest.pk or contest.body.body_id in remark.bodies
    ]
    holding = incumbents(found).get((contest.body.body_id, contest.post_id), set())
    standing = [
        Standing(
            candidate,
            candidate.member_id in holding,
            [
                (remark.level, remark.beside(candidate.member_id))
                for remark in here
                if candidate.member_id in remark.persons
            ],
        )
        for candidate in contest.candidates.all()
    ]
    return {
        "contest": contest,
        "standing": standing,
        "remarks": here,
        "open_elsewhere": len(remarks) - len(here),
        "may_take_over": bool(holding - {each.candidate.member_id for each in standing}),
        "is_counted": bool(contest.rounds.all()),
        "steps_of": "organizations:election_contest",
    }


def _change_candidates(request, found, contest):
    if "take_over" in request.POST:
        tried(request, take_over_incumbents, contest)
    elif "remove" in request.POST:
        candidate = next(
            (each for each in contest.candidates.all() if str(each.pk) == request.POST["remove"]), None
        )
        if candidate:
            tried(request, remove_candidate, candidate)
    elif request.POST.get("add", "").isdecimal():
        people = people_in_sight(request.user, found.association_id).filter(pk=request.POST["add"])
        member = people.first()
        if member is None:
            raise Http404
        tried(request, add_candidate, contest, member)


# -- results


@may_view
def results(request, pk, contest_pk=None):
    """Ballots and votes of one post, who is elected and why."""
    found = election_in_sight(request, pk)
    if contest_pk is None:
        return _all_results(request, found)
    contest = contest_in(found, contest_pk)
    result = result_of(contest)
    form = _count_form(request, found, contest, result) if found.may_edit else None
    if request.method == "POST":
        if form is None:
            messages.error(request, _("This result can no longer be changed."))
            return back_to(found, "result", contest.pk)
        if form.is_valid() and _save(form, contest, result):
            messages.success(request, _("Saved and counted."))
            return back_to(found, "result", contest.pk)
    context = {
        "contest": contest,
        "result": result,
        "form": form,
        "steps_of": "organizations:election_result",
    }
    status = 422 if form and form.errors else 200
    return step_page(
        request, found, "results", context, template="organizations/election_result.html", status=status
    )


def _all_results(request, found):
    rows = [result_of(contest) for contest in found.contests]
    return step_page(
        request, found, "results", {"results": rows, "steps_of": "organizations:election_result"}
    )


def _count_form(request, found, contest, result):
    usual = {}
    for other in found.contests:
        # one meeting votes on several posts: those present are the same
        if other.electorate == contest.electorate and other.pk != contest.pk:
            for ballot in other.rounds.all():
                usual = {name: getattr(ballot, name) for name in NUMBERS[:2]}
    return CountForm(
        posted(request),
        contest=contest,
        counted=result.last,
        people=people_in_sight(request.user, found.association_id),
        usual=usual,
    )


def _save(form, contest, result):
    try:
        save_count(
            contest,
            number=result.last.round.number if result.last else 1,
            version=form.cleaned_data["version"],
            numbers=form.numbers(),
            votes=form.votes(),
            write_ins=form.cleaned_data.get("write_ins", ()),
            note=form.cleaned_data["note"],
        )
    except ChangedMeanwhile as error:
        form.data = form.data.copy()
        form.data["version"] = contest.version
        form.add_error(None, str(error))
        return False
    except NotPossible as error:
        form.add_error(None, str(error))
        return False
    return True


@require_POST
@may_view
def result_change(request, pk, contest_pk):
    """A further ballot, or the last one away."""
    found = election_in_sight(request, pk)
    contest = contest_in(found, contest_pk)
    version = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else None
    if "again" in request.POST:
        tried(request, open_round, contest, version=version)
    elif request.POST.get("remove", "").isdecimal():
        tried(request, remove_round, contest, number=int(request.POST["remove"]), version=version)
    return back_to(found, "result", contest.pk)


# -- office


@may_view
def office(request, pk):
    """The plan; taking office in one step; the signing of the minutes."""
    found = election_in_sight(request, pk)
    is_draft = found.state in (Election.State.DRAFT, Election.State.DROPPED)
    plan = plan_office(found) if is_draft else None
    form = OfficeForm(
        request.POST if "take" in request.POST else None,
        instance=found,
        meetings=_meetings(request, found),
        text=resolution_text(plan) if plan and plan.is_ready else "",
    )
    signed = SignedForm(
        request.POST if "sign" in request.POST else None,
        initial={"on": (found.resolution and found.resolution.meeting.signed_on) or timezone.localdate()},
    )
    if "take" in request.POST and form.is_valid() and _take(request, form):
        return back_to(found, "office")
    if "sign" in request.POST and signed.is_valid():
        tried(request, sign_minutes, found, on=signed.cleaned_data["on"])
        return back_to(found, "office")
    if request.method == "POST":
        found = election_in_sight(request, pk)
    context = {
        "resolution": _resolution_in_sight(request, found),
        "may_undo": found.is_theirs and _may_undo(request, found),
        "plan": plan,
        "made": [] if is_draft else filing.appointments_of(found),
        "form": form,
        "signed": signed,
    }
    has_errors = form.errors or signed.errors
    return step_page(request, found, "office", context, status=422 if has_errors else 200)


def _meetings(request, found):
    """The meetings that may have elected and in which the reader may enter a resolution."""
    if not request.user.has_perm("organizations.change_meeting"):
        return Meeting.objects.none()
    mine = Meeting.objects.where_may(request.user, EDIT)
    return electing_meetings(found).filter(pk__in=mine.values("pk")).select_related("body")


def _resolution_in_sight(request, found):
    return Resolution.objects.visible_to(request.user).filter(election=found).first()


def _may_undo(request, found):
    """Whether the reader may write in the meeting whose resolution goes with the undoing."""
    return not found.resolution or may_write(request.user, found.resolution.meeting)


def _take(request, form):
    said = {name: form.cleaned_data[name] for name in ("basis", "meeting", "text")}
    try:
        take_office(form.instance, actor=request.user, **said)
    except NotPossible as error:
        form.add_error(None, sentence(error))
        return False
    messages.success(request, _("They are in office. Until the minutes are signed it can be undone."))
    return True


@may_view
def undo(request, pk):
    """What undoing would do, in lists; then it is done."""
    found = election_in_sight(request, pk)
    may_undo = found.is_theirs and _may_undo(request, found)
    if request.method == "POST":
        if not may_undo:
            raise PermissionDenied
        if tried(request, undo_office, found, actor=request.user):
            messages.success(request, _("Undone: the terms and posts before are as they were."))
        return back_to(found, "office")
    undoing = plan_undoing(found)
    context = {
        "undoing": undoing,
        "may_undo": may_undo,
        "resolution": _resolution_in_sight(request, found),
    }
    return step_page(request, found, "office", context, template="organizations/election_undo.html")


@may_view
def file(request, pk):
    """The officers to be filed with the registry, and the filing itself."""
    found = election_in_sight(request, pk)
    if request.method == "POST":
        made = []
        if tried(request, lambda: made.append(filing.file_officers(found))) and made[0]:
            messages.success(
                request,
                ngettext("{count} filing is listed.", "{count} filings are listed.", len(made[0])).format(
                    count=len(made[0])
                ),
            )
        return back_to(found, "filing")
    context = {
        "officers": filing.officers_of(found),
        "filings": filing.filings_of(found),
        "may_file": found.is_theirs and found.state in (Election.State.IN_OFFICE, Election.State.FINAL),
    }
    return step_page(request, found, "filing", context)
