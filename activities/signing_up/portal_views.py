"""The members' pages of activities: what there is, one activity, signing up and off."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from activities.frame import own_activity
from activities.models import Participation
from activities.parts import portal_parts
from activities.signing_up import services
from activities.signing_up.conflicts import conflicts_of
from activities.signing_up.forms import DeclineForm, LeaveForm, QuestionsForm, ReplyForm
from activities.signing_up.own import coming_lines, own_side, past_years, place_in_line
from members.portal.frame import for_members, render_portal
from organizations.services import NotPossible

State = Participation.State


@for_members
@require_GET
@never_cache
def activities(request, member):
    """What is still to come and shown to the reader: the own ones, then those open to sign up."""
    mine, others = coming_lines(member, timezone.now())
    return render_portal(request, "portal/activities.html", member, {"mine": mine, "others": others})


@for_members
@require_GET
@never_cache
def past(request, member):
    """What was, and how the reader took part."""
    years = past_years(member, timezone.now())
    return render_portal(request, "portal/activities_past.html", member, {"years": years})


@for_members
@require_http_methods(["GET", "POST"])
@never_cache
def activity(request, member, pk):
    """One activity as the reader sees it; a POST is what the reader says about coming."""
    row, participation = own_activity(member, pk)
    if request.method == "POST":
        return _answered(request, member, row, participation)
    return _page(request, member, row, participation)


def _page(request, member, row, participation, *, do="", form=None):
    """The page of the activity `row`; `form` is what was sent for `do` and refused."""
    own = own_side(row, member, participation)
    shown = {
        "sign_up": QuestionsForm(activity=row, answers=own.answers),
        "leave": LeaveForm(activity=row),
        "decline": DeclineForm(activity=row),
    }
    if form is not None:
        shown["sign_up" if do == "answers" else do] = form
    partners = row.partners.exclude(body__hides_people=True).select_related("body")
    is_coming = row.ends_at > timezone.now() and row.is_announced
    context = {
        "activity": row,
        "participation": participation,
        "own": own,
        "partners": partners,
        "questions_form": shown["sign_up"],
        "leave_form": shown["leave"],
        "decline_form": shown["decline"],
        "refused": do,
        "conflicts": conflicts_of(member, row) if is_coming else [],
        "is_moved": row.moved_at and is_coming,
        "parts": portal_parts(row, member, participation),
    }
    return render_portal(request, "portal/activity.html", member, context, status=422 if form else 200)


def _answered(request, member, row, participation):
    """Do what the POST says: its `do` is a key of DOES."""
    do = request.POST.get("do", "")
    if do not in DOES:
        messages.error(request, _("Please choose one of the buttons."))
        return redirect("own_activities:activity", pk=row.pk)
    form_class, does = DOES[do]
    form = form_class(request.POST, activity=row)
    if not form.is_valid():
        return _page(request, member, row, participation, do=do, form=form)
    try:
        messages.success(request, does(row, member, form, request.user))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("own_activities:activity", pk=row.pk)


def _sign_up(activity, member, form, user):
    row = services.sign_up(activity, member, answers=form.answers(), actor=user)
    if row.state == State.WAITING:
        return _(
            "All places are taken. You are number {place} in line: once a place is free it is yours, and you are told."
        ).format(place=place_in_line(row))
    return _("You are signed up. See you there!")


def _answers(activity, member, form, user):
    services.change_answers(activity, member, answers=form.answers())
    return _("Your answers are saved.")


def _sign_off(activity, member, form, user):
    services.sign_off(activity, member, actor=user)
    return _("You are signed off.")


def _leave(activity, member, form, user):
    services.ask_for_leave(activity, member, reason=form.cleaned_data["reason"], actor=user)
    return _("Your leave is noted.")


def _decline(activity, member, form, user):
    services.decline(activity, member, reason=form.cleaned_data["reason"], actor=user)
    return _("Thank you for answering.")


# {what is done: (its form, function of (activity, member, valid form, user) that gives a sentence)}
DOES = {
    "sign_up": (QuestionsForm, _sign_up),
    "answers": (QuestionsForm, _answers),
    "sign_off": (ReplyForm, _sign_off),
    "leave": (LeaveForm, _leave),
    "decline": (DeclineForm, _decline),
}
