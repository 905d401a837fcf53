"""Pages of resolutions: the text, the plan of what each changes, carrying it out and taking it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.frame import EDIT, posted, render_page
from organizations.meetings import resolving
from organizations.meetings.effects import effect_of
from organizations.meetings.forms import ResolutionForm
from organizations.meetings.page import may_write
from organizations.meetings.views import form_page, may_view, meeting_in_sight
from organizations.meetings.views_agenda import delete_page, part_to_write
from organizations.models import Appointment, Election, Resolution
from organizations.services import NotPossible


def _rows():
    return Resolution.objects.select_related(
        "meeting__body__association", "meeting__term", "vote__item", "item", "carried_out__actor"
    )


def _to_write(request, pk):
    return part_to_write(request, _rows(), pk, lambda resolution: resolution.meeting)


@may_view
def resolution_new(request, pk):
    """A resolution of the meeting with the key `pk`; ``?vote=`` proposes the vote it rests on."""
    meeting = meeting_in_sight(request, pk, ability=EDIT)
    vote = request.GET.get("vote", "")
    vote = int(vote) if vote.isascii() and vote.isdigit() and len(vote) < 19 else None
    form = ResolutionForm(posted(request), meeting=meeting, user=request.user, initial={"vote": vote})
    return _resolution_form(request, form, _("Enter a resolution"))


@may_view
def resolution_edit(request, pk):
    row = _to_write(request, pk)
    form = ResolutionForm(posted(request), instance=row, meeting=row.meeting, user=request.user)
    return _resolution_form(request, form, _("Edit the resolution"))


def _resolution_form(request, form, title):
    back = form.instance.get_absolute_url() if form.instance.pk else form.meeting.get_absolute_url()

    def done(resolution):
        return _("Saved."), resolution.get_absolute_url()

    return form_page(request, form, title=title, back=back, done=done, meeting=form.meeting)


@may_view
def resolution_delete(request, pk):
    row = _to_write(request, pk)
    title = _("Delete the resolution “{resolution}”").format(resolution=row)
    return delete_page(request, row, row.meeting, delete=resolving.delete_resolution, title=title)


@may_view
def resolution(request, pk):
    """One resolution: its text, what it changes or changed; POST notes the plan."""
    row = get_object_or_404(_rows().visible_to(request.user), pk=pk)
    effect = effect_of(row)
    may_edit = may_write(request.user, row.meeting) and row.meeting.state != "cancelled"
    may_plan = bool(may_edit and effect and not row.carried_out_id and effect.may(request.user, row))
    form = None
    refusal = effect.refusal if may_edit and effect and not effect.may(request.user, row) else ""
    if request.method == "POST" and not may_plan:
        raise PermissionDenied(str(refusal))
    if may_plan:
        form = effect.form(posted(request), resolution=row, user=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                resolving.plan_resolution(row, form.plan())
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The plan is noted. Look at it and carry it out."))
                return redirect(f"{row.get_absolute_url()}#plan")
    is_ready = may_plan and bool(row.plan)
    is_seen = bool(effect and row.plan and effect.may_see(request.user, row))
    context = {
        "title": str(row),
        "resolution": row,
        "meeting": row.meeting,
        "effect": effect,
        "form": form,
        "refusal": refusal,
        "lines": effect.lines(row) if is_seen else [],
        "compared": effect.compared(row) if is_seen else [],
        "obstacle": resolving.obstacle(row, actor=request.user) if is_ready and row.is_passed else "",
        "may_edit": may_edit,
        "may_carry_out": is_ready and row.is_passed,
        "may_take_back": bool(may_edit and row.carried_out_id and not refusal),
        "in_the_way": resolving.not_taken_back(row) if may_edit and row.carried_out_id else [],
        **changed_by(row, request.user),
    }
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "organizations/resolution.html", context, status=status)


def changed_by(resolution, user):
    """What `resolution` changed, as far as `user` sees it: querysets by the name they have on the page."""
    seats = Appointment.objects.visible_to(user).select_related("member", "post", "body")
    return {
        "appointed": seats.filter(decided_by=resolution),
        "ended": seats.filter(ended_by=resolution),
        "established": resolution.bodies_established.visible_to(user),
        "dissolved": resolution.bodies_dissolved.visible_to(user),
        "election": Election.objects.visible_to(user).filter(resolution=resolution).first(),
        "admitted": resolution.status_changes.select_related("member"),
        "amended": resolution.charter_rules.visible_to(user),
    }


@may_view
@require_POST
def resolution_carry_out(request, pk):
    return _decided(request, pk, resolving.carry_out, _("The resolution is carried out."))


@may_view
@require_POST
def resolution_take_back(request, pk):
    return _decided(request, pk, resolving.take_back, _("What this resolution changed is taken back."))


def _decided(request, pk, service, done):
    """Let `service` carry out or take back the resolution, for whoever may write all that its plan touches."""
    row = _to_write(request, pk)
    effect = effect_of(row)
    if effect is not None and not effect.may(request.user, row):
        raise PermissionDenied(str(effect.refusal))
    try:
        service(row, actor=request.user)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(row)
