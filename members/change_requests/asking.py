"""What members do with their requests for changes: ask, change what they asked for, take it back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.change_requests.values import in_order, stored
from members.models import ChangeRequest, Member, RequestedChange
from organizations.models import Change, acting, change_row


def lock(member):
    """The Member as it is now, locked: first the record, then its request, in asking and deciding alike."""
    rows = Member.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("association", "employer").get(pk=member.pk)


def open_request(member):
    """The request of `member` that waits, or None."""
    return member.change_requests.open().prefetch_related("fields").first()


def joined(rows):
    """The labels of RequestedChange rows, in order."""
    return "、".join(row.label for row in in_order(rows))


@transaction.atomic
def ask_for_changes(member, wanted, *, reason, actor):
    """Put `wanted` ({reviewed field: text}) into the request of `member` that waits, or into a new one; return it.

    A value equal to that of the record is asked for no longer; None is returned where nothing is left to ask for.
    """
    member = lock(member)
    request = member.change_requests.open().select_for_update().first()
    asked = {row.field: row for row in request.fields.all()} if request else {}
    now = {key: stored(member, key) for key in wanted}
    written = {
        key: text
        for key, text in wanted.items()
        if text != now[key] and (key not in asked or asked[key].after != text)
    }
    dropped = [asked.pop(key) for key, text in wanted.items() if text == now[key] and key in asked]
    if request is not None and not asked and not written:
        withdraw(request, actor=actor)
        return None
    if not written and not dropped and (request is None or request.reason == reason):
        return request
    request = request or ChangeRequest(member=member, made_by=actor)
    request.reason = reason
    for row in dropped:
        row.delete()
    for key, text in written.items():
        asked[key] = asked.get(key) or RequestedChange(field=key)
        asked[key].before, asked[key].after = now[key], text
    note = _("Asked for changes: {fields}").format(fields=joined(asked.values()))
    with acting(actor, note=note[:500], association=member.association) as scope:
        _save(request, scope)
        for key in written:
            asked[key].request = request
            asked[key].save()
    return request


@transaction.atomic
def take_back(request, field, *, actor):
    """Ask no longer for the change of `field`, and withdraw a request without any other; True unless it is closed."""
    member = lock(request.member)
    request = _open(request)
    if request is None:
        return False
    row = request.fields.filter(field=field).first()
    if row is None:
        return True
    if request.fields.count() == 1:
        return withdraw(request, actor=actor)
    note = _("No longer asks to change: {field}").format(field=row.label)
    with acting(actor, note=note, association=member.association) as scope:
        row.delete()
        _save(request, scope)
    return True


@transaction.atomic
def withdraw(request, *, actor):
    """Withdraw the request; True unless it was closed already."""
    member = lock(request.member)
    request = _open(request)
    if request is None:
        return False
    note = _("Withdrew the request for changes of {day}").format(day=request)
    with acting(actor, note=note, association=member.association) as scope:
        request.state = ChangeRequest.State.WITHDRAWN
        request.decided_at, request.decided_by = timezone.now(), actor
        _save(request, scope)
    return True


def _open(request):
    """The request as it is now, locked; None if it is closed. The member is locked before."""
    return ChangeRequest.objects.open().select_for_update(of=("self",)).filter(pk=request.pk).first()


def _save(request, scope):
    """Save the request; the history of the member tells of the action even where no column of it has changed."""
    is_told = request._state.adding or request.pending_diff()
    request.save()
    if not is_told:
        change_row(scope.action(), request, Change.Kind.CHANGED, {}).save(force_insert=True)
