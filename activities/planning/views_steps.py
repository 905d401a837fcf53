"""Pages that plan an activity, change it and take it from one step to the next."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.frame import activity_in_sight, may_view
from activities.models import Activity
from activities.planning import step_forms
from activities.planning.choices import Choices
from activities.planning.forms import ActivityChangeForm, ActivityForm
from members.rights import Ability
from organizations.frame import posted, render_page


def form_page(request, form, *, title, back, done, template="activities/activity_step.html", **extra):
    """The page of a `form` that a service saves; after saving, where `done` (result → (message, address)) says."""
    if request.method == "POST" and form.is_valid() and form.attempt():
        message, address = done(form.result)
        if message:
            messages.success(request, message)
        return redirect(address)
    context = {"title": title, "form": form, "back": back, **extra}
    return render_page(request, template, context, status=422 if form.is_bound else 200)


def step(request, pk, form_class, done, **texts):
    """The page of one step of the activity with the key `pk`; `texts` are its `title`, `verb`, `note` …"""
    row = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = form_class(posted(request), activity=row, user=request.user)
    texts = {"note": getattr(form, "note", ""), **texts}
    title = texts.pop("title").format(name=row)
    return form_page(
        request, form, title=title, back=row.get_absolute_url(), done=done, activity=row, **texts
    )


@permission_required("activities.add_activity", raise_exception=True)
def activity_new(request):
    """Plan an activity; ``?body=``, ``?campaign=`` and ``?on=`` propose them."""
    form = ActivityForm(posted(request), user=request.user, initial=_proposed(request))
    if not form.choices.places:
        raise PermissionDenied

    def done(activity):
        return _("“{name}” is saved as a draft: nobody but staff sees it.").format(name=activity), activity

    return form_page(
        request,
        form,
        title=_("Plan an activity"),
        back=redirect("activities:activities").url,
        done=done,
        template="activities/activity_form.html",
    )


def _proposed(request):
    """What the address proposes for a new activity: {name of a field: value}."""
    found, asked = {}, request.GET
    body, campaign = asked.get("body", ""), asked.get("campaign", "")
    choices = Choices(request.user)
    if any(str(host.pk) == body for host in choices.hosting):
        found = {"held_by": f"b{body}", "for_all": False, "bodies": [int(body)]}
    elif choices.only_host().startswith("b"):
        found = {"for_all": False, "bodies": [choices.hosting[0].pk]}
    if row := next((row for row in choices.campaign() if str(row.pk) == campaign), None):
        found["campaign"] = row.pk
        found.setdefault("held_by", f"a{row.association_id}")
    try:
        day = parse_date(asked.get("on", ""))
    except ValueError:
        day = None
    if day:
        found["starts_at"] = f"{day.isoformat()}T09:00"
    return found


@may_view
@transaction.atomic
def activity_edit(request, pk):
    if request.method == "POST":
        # lock first: of two who write the second sees what the first has done
        Activity.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    row = activity_in_sight(request, pk, ability=Ability.EDIT)
    form = ActivityChangeForm(posted(request), instance=row, user=request.user)
    address = row.get_absolute_url()

    def done(changed):
        for notice in form.notices(request.user):
            messages.info(request, notice)
        if changed.over:
            messages.warning(request, _over(changed.over))
        return " ".join(filter(None, [_("Saved."), _told(changed.told)])), address

    return form_page(
        request,
        form,
        title=_("Edit: {name}").format(name=activity_in_sight(request, pk)),
        back=address,
        done=done,
        template="activities/activity_form.html",
        activity=row,
    )


def _told(count):
    if not count:
        return ""
    return ngettext(
        "{count} member is told of the new time or place.",
        "{count} members are told of the new time or place.",
        count,
    ).format(count=count)


def _over(count):
    return ngettext(
        "{count} person more than there are places is signed up: nobody loses a place, and nobody moves up until "
        "there are fewer.",
        "{count} people more than there are places are signed up: nobody loses a place, and nobody moves up until "
        "there are fewer.",
        count,
    ).format(count=count)


@may_view
def activity_publish(request, pk):
    def done(activity):
        if activity.ends_at < timezone.now():
            return _("“{name}” is announced. Now enter who was there.").format(name=activity), activity
        message = _("“{name}” is announced. Now invite those whom it is for.").format(name=activity)
        return message, reverse("activities:invite", args=[activity.pk])

    return step(
        request,
        pk,
        step_forms.PublishForm,
        done,
        title=_("Announce: {name}"),
        verb=_("Announce"),
        note=_("Those for whom it is open see it from now on. Nobody is told: inviting is the next step."),
    )


@may_view
def activity_cancel(request, pk):
    def done(result):
        activity, told = result
        sentence = ngettext(
            "The activity is cancelled; {count} member was told.",
            "The activity is cancelled; {count} members were told.",
            told,
        )
        return sentence.format(count=told), activity

    return step(
        request,
        pk,
        step_forms.CancelForm,
        done,
        title=_("Cancel: {name}"),
        verb=_("Cancel the activity"),
        is_grave=True,
    )


@may_view
def activity_delete(request, pk):
    def done(_nothing):
        return _("The draft is deleted."), "activities:activities"

    return step(
        request,
        pk,
        step_forms.DeleteForm,
        done,
        title=_("Delete: {name}"),
        verb=_("Delete the draft"),
        note=_("The draft and what was written for it go; the history keeps that it was there."),
        is_grave=True,
    )


@may_view
def activity_copy(request, pk):
    def done(copy):
        return _("This is the copy, a draft: look through it before it is announced."), copy

    return step(
        request,
        pk,
        step_forms.CopyForm,
        done,
        title=_("Copy: {name}"),
        verb=_("Make the copy"),
        note=_("All is taken over but the people and the files."),
    )


@may_view
def activity_settle(request, pk):
    def done(activity):
        return _("The attendance is settled."), activity

    return step(
        request,
        pk,
        step_forms.SettleForm,
        done,
        title=_("Settle the attendance: {name}"),
        verb=_("Settle the attendance"),
    )


@may_view
def activity_reopen(request, pk):
    def done(activity):
        return _("The attendance is open again."), activity

    return step(
        request,
        pk,
        step_forms.ReopenForm,
        done,
        title=_("Reopen the attendance: {name}"),
        verb=_("Reopen the attendance"),
    )
