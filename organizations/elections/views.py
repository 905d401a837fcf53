"""Pages of the draft: the list of elections, a new one, dates, preparations, posts, ballots."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.admin.scoped import EDIT
from organizations.elections import checks
from organizations.elections.drafting import (
    add_body,
    add_contest,
    drop_election,
    electable,
    proposed_dates,
    remove_body,
    remove_contest,
    resume_election,
    start_election,
)
from organizations.elections.forms import (
    ContestForm,
    MarksForm,
    NewContestForm,
    NewPreparationForm,
    PreparationForm,
    ScrutineerForm,
    SetupForm,
    StartForm,
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
from organizations.elections.steps import first_open
from organizations.frame import posted, render_page
from organizations.models import Body, Election, Preparation
from organizations.services import NotPossible


@may_view
def elections(request):
    """The elections in sight, those in preparation first."""
    rows = (
        Election.objects.visible_to(request.user)
        .select_related("association")
        .prefetch_related("bodies__body")
    )
    rows = sorted(rows, key=lambda election: not election.is_open)
    bodies = electable(Body.objects.where_may(request.user, EDIT))
    context = {"title": _("Elections"), "elections": rows, "may_start": bodies.exists()}
    return render_page(request, "organizations/elections.html", context)


@may_view
def new_election(request):
    """Start an election from the term that expires; the body asked for comes with its dates."""
    bodies = electable(Body.objects.where_may(request.user, EDIT))
    if not bodies.exists():
        raise PermissionDenied(_("There is no body that you may elect."))
    form = StartForm(request.POST or None, user=request.user, initial=_proposal(request, bodies))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            election = start_election(
                data["bodies"][0].association,
                kind=data["kind"],
                bodies=data["bodies"],
                day=data["day"],
                starts_on=data["starts_on"],
                planned_end_on=data["planned_end_on"],
                name=data["name"],
            )
        except (NotPossible, ValidationError) as error:
            form.add_error(None, sentence(error))
        else:
            return back_to(election, "setup")
    context = {"title": _("New election"), "form": form}
    return render_page(
        request, "organizations/election_new.html", context, status=422 if form.errors else 200
    )


def _proposal(request, bodies):
    asked = request.GET.get("body", "")
    kind = request.GET.get("kind", "")
    rows = list(bodies.select_related("association"))
    chosen = [body for body in rows if str(body.pk) == asked]
    if not chosen:
        first = rows[0].association_id
        # council and supervisors are elected together; a party branch by itself
        chosen = [
            body for body in rows if body.association_id == first and body.kind != Body.Kind.PARTY_BRANCH
        ] or rows[:1]
    is_by_election = kind == Election.Kind.BY_ELECTION
    today = timezone.localdate()
    dates = {"day": today, "starts_on": today} if is_by_election else proposed_dates(chosen[0], today)
    return {"bodies": [body.pk for body in chosen], "kind": kind or Election.Kind.TERM, **dates}


@may_view
def election(request, pk):
    """Where one goes on: the first step that is not done."""
    found = election_in_sight(request, pk)
    return redirect(first_open(found).address)


@may_view
def setup(request, pk):
    """Name, dates, bodies and terms, with what speaks against the dates."""
    found = election_in_sight(request, pk)
    form = SetupForm(request.POST or None, instance=found)
    if request.method == "POST":
        if not _still_open(request, found):
            return back_to(found, "setup")
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return back_to(found, "setup")
        found = election_in_sight(request, pk)
    others = []
    if found.may_edit:
        present = [part.body_id for part in found.bodies.all()]
        others = electable(Body.objects.where_may(request.user, EDIT)).exclude(pk__in=present)
        others = others.filter(association=found.association_id)
    context = {"form": form, "remarks": checks.timing(found, timezone.localdate()), "others": others}
    return step_page(request, found, "setup", context, status=422 if form.errors else 200)


@require_POST
@may_view
def setup_bodies(request, pk):
    """Another body comes in, or one goes."""
    found = election_in_sight(request, pk)
    if "add" in request.POST:
        bodies = electable(Body.objects.where_may(request.user, EDIT)).filter(
            association=found.association_id
        )
        tried(request, add_body, found, _chosen(bodies, request.POST["add"]))
    else:
        tried(request, remove_body, _chosen(found.bodies, request.POST.get("remove")))
    return back_to(found, "setup")


@require_POST
@may_view
def drop(request, pk):
    """Give the draft up, or take it up again."""
    found = election_in_sight(request, pk)
    tried(request, resume_election if found.state == Election.State.DROPPED else drop_election, found)
    return back_to(found, "setup")


@may_view
def preparations(request, pk):
    """The checklist: each line with day, document and note."""
    found = election_in_sight(request, pk)
    data = request.POST if request.method == "POST" and "add" not in request.POST else None
    rows = list(found.preparations.all())
    forms = [PreparationForm(data, instance=row, prefix=f"p{row.pk}") for row in rows]
    new = NewPreparationForm(request.POST if "add" in request.POST else None, prefix="new")
    if request.method == "POST":
        # later steps are ticked after office was taken too: the result is announced then
        if found.state == Election.State.DROPPED:
            messages.error(request, _("This election was given up. Take it up again first."))
            return back_to(found, "preparations")
        if "add" in request.POST:
            if new.is_valid():
                new.instance.election, new.instance.kind = found, Preparation.Kind.OTHER
                new.save()
                return back_to(found, "preparations")
        elif _all_valid(forms):
            for form in forms:
                if form.has_changed():
                    form.save()
            messages.success(request, _("Saved."))
            return back_to(found, "preparations")
    has_errors = any(form.errors for form in [*forms, new])
    context = {
        "forms": forms,
        "new": new,
        "today": timezone.localdate(),
        "may_tick": found.is_theirs and found.state != Election.State.DROPPED,
    }
    return step_page(request, found, "preparations", context, status=422 if has_errors else 200)


@may_view
def contests(request, pk):
    """Which posts are filled: seats, who elects, equal or more candidates, majority."""
    found = election_in_sight(request, pk)
    data = posted(request)
    forms = {
        contest.pk: ContestForm(data, instance=contest, prefix=f"c{contest.pk}") for contest in found.contests
    }
    if request.method == "POST":
        if not _still_open(request, found):
            return back_to(found, "contests")
        if _all_valid(forms.values()):
            for form in forms.values():
                if form.has_changed():
                    form.save()
            messages.success(request, _("Saved."))
            return back_to(found, "contests")
    parts = [
        (
            part,
            [forms[contest.pk] for contest in part.contests.all()],
            NewContestForm(part=part, prefix=f"n{part.pk}"),
        )
        for part in found.bodies.all()
    ]
    has_errors = any(form.errors for form in forms.values())
    return step_page(request, found, "contests", {"parts": parts}, status=422 if has_errors else 200)


@require_POST
@may_view
def contests_change(request, pk):
    """Another post is filled, or one is not."""
    found = election_in_sight(request, pk)
    if "remove" in request.POST:
        contest = next((each for each in found.contests if str(each.pk) == request.POST["remove"]), None)
        if contest is None:
            raise Http404
        tried(request, remove_contest, contest)
    else:
        part = _chosen(found.bodies, request.POST.get("part"))
        form = NewContestForm(request.POST, part=part, prefix=f"n{part.pk}")
        if form.is_valid():
            tried(
                request, add_contest, part, post=form.cleaned_data["post"], seats=form.cleaned_data["seats"]
            )
        else:
            messages.error(request, _("Choose a post and write how many seats it has."))
    return back_to(found, "contests")


@may_view
def ballots(request, pk):
    """Marks on the ballot, who watches over the vote, what is printed."""
    found = election_in_sight(request, pk)
    asked = posted(request)
    marks = MarksForm(asked if asked and "marks" in asked else None, instance=found)
    person = ScrutineerForm(asked if asked and "person" in asked else None)
    if request.method == "POST":
        if not _still_open(request, found):
            return back_to(found, "ballots")
        if "remove" in asked:
            _chosen(found.scrutineers, asked["remove"]).delete()
            return back_to(found, "ballots")
        form = marks if "marks" in asked else person
        if form is person:
            _whose_name(request, found, person)
        if form.is_valid() and (form is marks or tried(request, form.save)):
            if form is marks:
                form.save()
            messages.success(request, _("Saved."))
            return back_to(found, "ballots")
    context = {
        "marks": marks,
        "person": person,
        "remarks": checks.scrutineers(found),
        "entitled": Preparation.Kind.DELEGATES,
    }
    has_errors = marks.errors or person.errors
    return step_page(request, found, "ballots", context, status=422 if has_errors else 200)


def _whose_name(request, found, form):
    """Put the member of that name, if there is exactly one, beside the name of a scrutineer."""
    form.instance.election = found
    people = people_in_sight(request.user, found.association_id).filter(
        name=form.data.get("name", "").strip()
    )
    if len(same := list(people[:2])) == 1:
        form.instance.member = same[0]


def _all_valid(forms):
    """Whether all are valid; each is asked, so that all that is wrong is said at once."""
    return not [form for form in forms if not form.is_valid()]


def _chosen(rows, key):
    """The row of `rows` with the key that somebody sent; 404 if there is none."""
    try:
        return rows.get(pk=int(key))
    except (rows.model.DoesNotExist, TypeError, ValueError) as error:
        raise Http404 from error


def _still_open(request, found):
    if not found.is_open:
        messages.error(
            request,
            _("“{election}” is no longer in preparation ({state}).").format(
                election=found, state=found.get_state_display()
            ),
        )
    return found.is_open
