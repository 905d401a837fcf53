"""The pages of retention: who is due, a run from the list to the purge, and what was put back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.models import PersonRequest, RetentionItem, RetentionRun
from members.privacy.requests import NotOpen
from members.retention import services
from members.retention.due import due_list
from members.retention.forms import (
    WORD,
    ChosenForm,
    OnRequestForm,
    PlaceForm,
    PurgeForm,
    ReasonForm,
    RestoreForm,
)
from members.retention.services import NotNow
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.keyset import AFTER, is_key

ROWS = 200

may_see = permission_required("members.view_retentionrun", raise_exception=True)


def _place(request, data):
    """(the form, the association managed that it asks for): 404 for another one."""
    form = PlaceForm(data, user=request.user)
    if form.chosen is None:
        raise Http404
    return form, form.chosen


def _run(request, pk):
    runs = RetentionRun.objects.visible_to(request.user).select_related("association", "started_by")
    return get_object_or_404(runs, pk=pk)


def _item(request, pk):
    runs = RetentionRun.objects.visible_to(request.user)
    items = RetentionItem.objects.filter(run__in=runs).select_related("run__association", "member")
    return get_object_or_404(items, pk=pk)


@may_see
def retention(request):
    """Whose records are due, dry; POST starts a run over those chosen."""
    form, association = _place(request, request.POST if request.method == "POST" else request.GET)
    day = timezone.localdate()
    found = due_list(association, day)
    chosen = ChosenForm(posted(request), due=found.due)
    if chosen.is_bound and chosen.is_valid():
        try:
            run = services.start_run(association, chosen.cleaned_data["member"], actor=request.user)
        except NotNow as error:
            chosen.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("The run is started. Until {day} each record can be taken out of it.").format(
                    day=run.grace_until.isoformat()
                ),
            )
            return redirect("members:retention_run", pk=run.pk)
    context = {
        "title": _("Retention of records"),
        "form": form,
        "several": len(form.places) > 1,
        "association": association,
        "found": found,
        "chosen": chosen,
        "runs": association.retention_runs.select_related("started_by")[:ROWS],
        "applications": services.old_applications(association, day).count(),
    }
    return render_page(request, "members/retention.html", context, status=422 if chosen.errors else 200)


@may_see
@require_POST
def retention_applications(request):
    """Delete old drafts, and applications that came to nothing."""
    _form, association = _place(request, request.POST)
    count = services.delete_old_applications(association, actor=request.user)
    messages.success(
        request,
        ngettext("{count} application deleted.", "{count} applications deleted.", count).format(count=count),
    )
    return redirect(reverse("members:retention", query={"association": association.pk}))


@may_see
def retention_run(request, pk):
    """One run: where it stands, whose records are in it, what can be done next."""
    run, day = _run(request, pk), timezone.localdate()
    items, after = run.items.select_related("member"), request.GET.get(AFTER, "")
    if is_key(after):
        items = items.filter(pk__gt=int(after))
    page = list(items.order_by("pk")[: ROWS + 1])
    state = RetentionRun.State
    context = {
        "title": _("Retention run of {day}").format(day=run.started_on.isoformat()),
        "run": run,
        "items": [(item, _name(item)) for item in page[:ROWS]],
        "further": page[ROWS - 1].pk if len(page) > ROWS else None,
        "counts": _counts(run),
        "may_anonymise": run.state == state.LISTED and day > run.grace_until,
        "may_purge": run.state == state.ANONYMISED and day > run.purge_after,
        "State": state,
        "ItemState": RetentionItem.State,
    }
    return render_page(request, "members/retention_run.html", context)


def _name(item):
    """The name by which those who decide know who it is: out of the record, or out of what can still be put back."""
    if item.state == RetentionItem.State.ANONYMISED:
        return item.content["record"]["name"]
    return str(item.member)


def _counts(run):
    """[(label of a state, number of records)] of those there are."""
    found = {}
    for state in run.items.order_by().values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return [(state.label, found[state]) for state in RetentionItem.State if state in found]


def _carried_out(request, pk, service, sentence):
    """Do `service` to the run `pk`, say `sentence` (a function of what it returned) or why not, and show the run."""
    run = _run(request, pk)
    try:
        done = service(run, actor=request.user)
    except NotNow as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence(done))
    return redirect("members:retention_run", pk=pk)


@may_see
@require_POST
def retention_anonymise(request, pk):
    def sentence(count):
        return ngettext(
            "{count} record is anonymised. It can be put back until the purge.",
            "{count} records are anonymised. They can be put back until the purge.",
            count,
        ).format(count=count)

    return _carried_out(request, pk, services.anonymise_run, sentence)


@may_see
@require_POST
def retention_cancel(request, pk):
    return _carried_out(request, pk, services.cancel_run, lambda run: _("The run is cancelled."))


@may_see
def retention_purge(request, pk):
    """Ask for the word, then drop what was kept."""
    run = _run(request, pk)
    form = PurgeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            count = services.purge_run(run, actor=request.user)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                ngettext("{count} record is purged.", "{count} records are purged.", count).format(
                    count=count
                ),
            )
            return redirect("members:retention_run", pk=pk)
    context = {
        "title": _("Purge for good"),
        "run": run,
        "form": form,
        "word": WORD,
        "count": run.items.filter(state=RetentionItem.State.ANONYMISED).count(),
    }
    return render_page(request, "members/retention_purge.html", context, status=422 if form.errors else 200)


@may_see
def retention_leave_out(request, pk):
    """Take one record out of its run, with the reason."""
    item = _item(request, pk)
    form = ReasonForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            services.leave_out(item, reason=form.cleaned_data["reason"], actor=request.user)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("{name} is taken out of the run.").format(name=item.member))
            return redirect("members:retention_run", pk=item.run_id)
    context = {"title": _("Take out: {name}").format(name=item.member), "item": item, "form": form}
    return render_page(
        request, "members/retention_leave_out.html", context, status=422 if form.errors else 200
    )


@may_see
def retention_request(request, pk):
    """Anonymise the record of who asked for deletion at once, and answer the request with it."""
    places = request.user.rights.associations_for(Ability.MANAGE)
    rows = PersonRequest.objects.select_related("association", "member").exclude(member=None)
    asked = get_object_or_404(
        rows.filter(association__in=places, member__association__in=places).exclude(
            member__user=request.user
        ),
        pk=pk,
        kind__in=services.DELETING,
    )
    initial = _("Your record is anonymised. Until the purge it can still be put back.")
    form = OnRequestForm(posted(request), initial={"answer": initial})
    if form.is_bound and form.is_valid():
        try:
            run = services.anonymise_on_request(
                asked.member, asked, answer=form.cleaned_data["answer"], actor=request.user
            )
        except (NotNow, NotOpen) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The record is anonymised and the request answered."))
            return redirect("members:retention_run", pk=run.pk)
    context = {
        "title": _("Anonymise at once: {name}").format(name=asked.member),
        "asked": asked,
        "form": form,
        "why_not": services.why_not(asked.member, "", asked.association, timezone.localdate(), request=asked),
    }
    return render_page(request, "members/retention_request.html", context, status=422 if form.errors else 200)


@may_see
def retention_restore(request, pk):
    """Put one record back; what cannot come back is listed and asked about."""
    item = _item(request, pk)
    if item.state != RetentionItem.State.ANONYMISED:
        messages.error(request, _("This record cannot be put back any more."))
        return redirect("members:retention_run", pk=item.run_id)
    name, in_the_way = _name(item), services.conflicts(item)
    form = RestoreForm(posted(request))
    if form.is_bound and form.is_valid():
        without = [each.key for each in in_the_way] if form.cleaned_data["without"] else []
        try:
            services.restore(item, actor=request.user, without=without)
        except NotNow as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The record of {name} is put back.").format(name=name))
            return redirect("members:retention_run", pk=item.run_id)
    context = {
        "title": _("Put back: {name}").format(name=name),
        "item": item,
        "name": name,
        "form": form,
        "conflicts": in_the_way,
    }
    return render_page(request, "members/retention_restore.html", context, status=422 if form.errors else 200)
