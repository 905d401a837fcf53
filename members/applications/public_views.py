"""The public form: an applicant begins, writes step by step under a link of their own, and hands in (phone first)."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from config.addresses import whole_address
from members.applications import applying, tabs
from members.applications.applying import locked, notice_for, takes_applications
from members.applications.fields import STEP_OF, STEPS, ApplicationForm, named_introducers, problems
from members.applications.forms import BeginForm
from members.applications.reading import answers_by_step
from members.models import Application, Introduction
from members.qr import qr_data_uri
from members.signing_in.limits import too_many, within_limit
from organizations.frame import posted
from organizations.models import Association
from organizations.services import NotPossible


def open_page(view):
    """A page without signing in, that no cache keeps."""
    return login_not_required(never_cache(view))


def for_author(view):
    """The decorated view gets the Application that its secret link opens; a wrong one is told nothing."""

    @open_page
    @wraps(view)
    def with_application(request, token, **kwargs):
        rows = Application.objects.with_token(token).select_related("association", "notice")
        application = rows.first()
        if application is None:
            if not within_limit(request, "apply_link"):
                return too_many(request)
            return render(request, "apply/no_draft.html", status=404)
        return view(request, application, **kwargs)

    return with_application


# -- to begin


@open_page
def apply(request):
    """The associations that take applications."""
    found = applying.taking_applications()
    if len(found) == 1:
        return redirect("apply_to", found[0].code)
    return render(request, "apply/associations.html", {"associations": found})


@open_page
def apply_to(request, code):
    """Begin an application to the association with that code."""
    association = get_object_or_404(Association, code=code)
    if not takes_applications(association):
        return render(request, "apply/closed.html", {"association": association})
    return _begin(request, association, begin=lambda **said: applying.begin_application(association, **said))


def _begin(request, association, *, begin, initial=None):
    """The page on which somebody reads the notice and begins: `begin` gives the application of what they said."""
    notice = notice_for(association)
    form = BeginForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        if not within_limit(request, "apply"):
            return too_many(request)
        said = form.cleaned_data
        try:
            application = begin(name=said["name"], mobile=said["mobile"], notice=notice)
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            return redirect("application_link", application.token)
    context = {"association": association, "notice": notice, "form": form, "steps": STEPS}
    return render(request, "apply/begin.html", context, status=422 if form.errors else 200)


# -- to write


@for_author
def application_draft(request, application):
    """Where an application stands: to go on writing, or what happens next."""
    if application.state == Application.State.DRAFT and application.notice is None:
        return _take_over(request, application)
    context = _about(application)
    if application.is_open_to_author:
        found = problems(application, application.answers)
        open_steps = {step.key for step, *_rest in found}
        context["steps"] = [(step, step.key in open_steps) for step in STEPS]
        context["next_step"] = next((step for step in STEPS if step.key in open_steps), None)
        return render(request, "apply/draft.html", context)
    confirmed = application.introductions.filter(state=Introduction.State.CONFIRMED)
    context["confirmed"] = [each.member.name for each in confirmed.select_related("member")]
    context["named"] = [
        name for name, _words in named_introducers(application.answers) if name not in context["confirmed"]
    ]
    return render(request, "apply/state.html", context)


def _take_over(request, application):
    if notice_for(application.association) is None:
        return render(request, "apply/closed.html", {"association": application.association})

    def begin(**said):
        return applying.take_over(application, **said)

    return _begin(request, application.association, begin=begin, initial={"name": application.name})


def _about(application):
    return {
        "application": application,
        "association": application.association,
        "token": application.token,
        "State": Application.State,
    }


@for_author
def application_link(request, application):
    """The link to keep, as text and as QR code."""
    address = whole_address(application.draft_url, request)
    context = _about(application) | {
        "address": address,
        "picture": qr_data_uri(address),
        "first": STEPS[0],
    }
    return render(request, "apply/link.html", context)


@for_author
def application_step(request, application, key):
    """One step of the form: what is typed is kept, then checked as far as there is something."""
    step = STEP_OF.get(key)
    if step is None:
        raise Http404
    if not application.is_open_to_author or application.notice is None:
        return redirect("application_draft", application.token)
    conflicts, answers = [], application.answers
    if request.method == "POST":
        with transaction.atomic():
            try:
                application = locked(application)
                form = ApplicationForm(application=application, keys=step.fields)
                answers = application.answers
                typed = tabs.TypedStep(request.POST, form, answers=answers)
                values, conflicts = typed.values, typed.conflicts
                if not conflicts:
                    answers = applying.save_answers(application, values).answers
            except NotPossible as error:
                messages.error(request, str(error))
                return redirect("application_draft", application.token)
        form = ApplicationForm(values, application=application, keys=step.fields)
        if not conflicts and form.is_valid():
            return _after_step(request, application, step)
    else:
        form = ApplicationForm(application=application, keys=step.fields, initial=answers)
    context = _about(application) | {
        "step": step,
        "number": STEPS.index(step) + 1,
        "steps": STEPS,
        "form": form,
        "opened": tabs.sign_opened(form, answers),
        "conflicts": conflicts,
        "following": _following(step),
        "is_kept": form.is_bound and not conflicts,
    }
    return render(request, "apply/step.html", context, status=422 if form.is_bound else 200)


def _following(step):
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


def _after_step(request, application, step):
    following = _following(step)
    if request.POST.get("go") == "later":
        messages.success(request, _("Saved. Go on whenever you like, with the link you kept."))
        return redirect("application_draft", application.token)
    if following is None:
        return redirect("application_review", application.token)
    return redirect("application_step", application.token, following.key)


@for_author
def application_review(request, application):
    """All that was written, what is still missing, and the button that hands it in."""
    if not application.is_open_to_author or application.notice is None:
        return redirect("application_draft", application.token)
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            applying.submit(
                application, version=int(version) if version.isascii() and version.isdigit() else 0
            )
        except NotPossible as error:
            messages.error(request, str(error))
            return redirect("application_review", application.token)
        return redirect("application_draft", application.token)
    confirmed = application.introductions.filter(state=Introduction.State.CONFIRMED)
    introducers = {name for name, _words in named_introducers(application.answers)}
    introducers |= set(confirmed.values_list("member__name", flat=True))
    context = _about(application) | {
        "parts": answers_by_step(application),
        "problems": problems(application, application.answers),
        "lacking": max(application.association.introducers - len(introducers), 0),
    }
    return render(request, "apply/review.html", context)


@for_author
def application_withdraw(request, application):
    """Ask once, then take the application back."""
    if application.state in Application.CLOSED:
        return redirect("application_draft", application.token)
    if request.method == "POST":
        try:
            left = applying.withdraw(application)
        except NotPossible as error:
            messages.error(request, str(error))
            return redirect("application_draft", application.token)
        if left is None:
            messages.success(request, _("Your draft is deleted."))
            return redirect("apply")
        return redirect("application_draft", application.token)
    return render(request, "apply/withdraw.html", _about(application))
