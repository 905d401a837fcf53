"""The staff's pages of signing up: inviting, the list and its line, one person on it, answers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from activities.frame import activity_in_sight, may_edit, may_view
from activities.models import Activity
from activities.signing_up import by_staff
from activities.signing_up.conflicts import conflicts_in
from activities.signing_up.forms import GuestsForm, MembersForm
from activities.signing_up.inviting import invite, invitees
from activities.signing_up.lists import answers_table, groups_of
from activities.signing_up.row_forms import offered_forms
from activities.signing_up.services import free_places, move_up
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.services import NotPossible


@may_view
def invitation(request, pk):
    """Invite the audience, after a look at whom that reaches and whom not."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    error = ""
    if request.method == "POST":
        try:
            count = invite(activity, actor=request.user)
        except NotPossible as problem:
            error = str(problem)
        else:
            said = ngettext(
                "{count} member was invited and told.", "{count} members were invited and told.", count
            )
            messages.success(request, said.format(count=count))
            return redirect(activity)
    context = {
        "title": _("Invite"),
        "activity": activity,
        "invitees": invitees(activity, request.user),
        "error": error,
    }
    return render_page(request, "activities/invite.html", context, status=422 if error else 200)


@may_view
def sign_ups(request, pk):
    """The list: who comes, waits in line, has not answered, does not come. A POST lets the line move up."""
    is_change = request.method == "POST"
    activity = activity_in_sight(request, pk, ability=Ability.EDIT if is_change else "")
    if is_change:
        count = len(move_up(activity))
        said = ngettext("{count} person moved up.", "{count} people moved up.", count)
        messages.success(request, said.format(count=count))
        return redirect("activities:sign_ups", pk=pk)
    editable = may_edit(request.user, activity)
    context = {
        "title": _("Signed up"),
        "activity": activity,
        "groups": groups_of(activity, conflicts_in(activity, request.user)),
        "free": free_places(activity),
        "counts": activity.participations.counts(),
        "may_edit": editable and activity.state != Activity.State.CANCELLED,
        "shows_reasons": editable,
        "has_questions": activity.questions.exists(),
    }
    return render_page(request, "activities/sign_ups.html", context)


@may_view
def members_new(request, pk):
    """Sign members up: by name or number, or all of a saved list."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = MembersForm(posted(request), activity=activity, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        try:
            entered = by_staff.sign_up_members(
                activity, data["members"], actor=request.user, above=data.get("above", False), reason=form.why
            )
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("{signed_up} signed up, {waiting} in line, {already} had been on the list.").format(
                    **vars(entered)
                ),
            )
            return redirect("activities:sign_ups", pk=pk)
    return _form_page(request, activity, form, _("Sign up members"))


@may_view
def guests_new(request, pk):
    """Put guests who are no members on the list."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = GuestsForm(posted(request), activity=activity)
    if form.is_valid():
        data = form.cleaned_data
        try:
            rows = by_staff.add_guests(
                activity, data["guests"], actor=request.user, above=data.get("above", False), reason=form.why
            )
        except NotPossible as error:
            form.add_error("guests", str(error))
        else:
            said = ngettext("{count} guest is on the list.", "{count} guests are on the list.", len(rows))
            messages.success(request, said.format(count=len(rows)))
            return redirect("activities:sign_ups", pk=pk)
    return _form_page(request, activity, form, _("Add guests"))


def _form_page(request, activity, form, title):
    context = {
        "title": title,
        "activity": activity,
        "form": form,
        "free": free_places(activity),
        "back": reverse("activities:sign_ups", args=[activity.pk]),
    }
    return render_page(request, "activities/sign_up_form.html", context, status=422 if form.errors else 200)


@may_view
def sign_up(request, pk, row_pk):
    """One person on the list: what staff may do about them, a form each; `do` says which was sent."""
    activity = activity_in_sight(request, pk, ability=Ability.EDIT)
    rows = activity.participations.select_related("member", "signed_up_by").prefetch_related("answers")
    row = get_object_or_404(rows, pk=row_pk)
    row.activity = activity
    personal = request.user.rights.may_read("mobile", activity.association_id)
    do = request.POST.get("do", "")
    offered = offered_forms(row, personal=personal, sent=do, data=posted(request))
    if request.method == "POST" and _done(request, offered.get(do), row):
        return redirect("activities:sign_ups", pk=pk)
    context = {
        "title": row.person,
        "activity": activity,
        "row": row,
        "forms": offered.values(),
        "conflicts": conflicts_in(activity, request.user).get(row.member_id, []),
        "free": free_places(activity),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "activities/sign_up.html", context, status=status)


def _done(request, sent, row):
    """Whether what was `sent`, an Offered or None, is done about `row`; else its form or a message says why not."""
    if sent is None:
        messages.error(request, _("That is not possible any more."))
        return False
    if not sent.form.is_valid():
        return False
    try:
        sent.kind.do(row, sent.form, request.user)
    except NotPossible as error:
        sent.form.add_error(None, str(error))
        return False
    messages.success(request, sent.kind.said.format(name=row.person))
    return True


@may_view
@require_GET
def answers(request, pk):
    """What was answered on signing up; personal questions for those alone who read contact data."""
    activity = activity_in_sight(request, pk)
    personal = request.user.rights.may_read("mobile", activity.association_id)
    context = {
        "title": _("Answers"),
        "activity": activity,
        "table": answers_table(activity, personal=personal),
        "is_personal_hidden": not personal and activity.questions.filter(is_personal=True).exists(),
    }
    return render_page(request, "activities/sign_up_answers.html", context)
