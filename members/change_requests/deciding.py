"""What staff do with a request for changes: lay it beside the record, decide field by field, tell the member."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.change_requests.asking import joined
from members.change_requests.forms import AcceptedForm
from members.change_requests.values import in_order, in_words, stored
from members.inbox import tell
from members.merging import employer_in
from members.models import ChangeRequest, Member, RequestedChange
from members.rights import Ability, mask
from organizations.models import Action, Change, acting
from organizations.partial_dates import sentence

MESSAGE_LENGTH = 4000


class NotPossible(ValueError):
    """What was accepted cannot be written; `errors` are sentences by field, "" for those about the whole."""

    def __init__(self, errors):
        super().__init__("; ".join(each for sentences in errors.values() for each in sentences))
        self.errors = errors


@dataclass
class Row:
    """One field of a request beside the record, in words as its reader may see them."""

    change: RequestedChange
    before: str
    now: str
    after: str
    is_same: bool
    """Whether the record has the wanted value already."""
    is_overtaken: bool
    """Whether the record has another value than when the change was asked for, and not the wanted one."""
    differs_hidden: bool
    """Whether the values differ in what the reader does not see."""
    mark: str
    """What changes with any of the three values, and tells nothing about them."""
    writer: Action | None = None
    """The action that wrote what overtook it; None where it was not in the record itself (an employer renamed)."""

    @property
    def key(self):
        return self.change.field


def rows_of(request, member, rights):
    """The [Row] of `request` beside its `member`, in the order of a record, for the reader of `rights`."""
    rows = [_row(change, member, rights) for change in in_order(request.fields.all())]
    if any(row.is_overtaken for row in rows):
        writers = _writers(member, since=request.made_at)
        for row in rows:
            if row.is_overtaken:
                row.writer = writers.get(row.key)
    return rows


def _row(change, member, rights):
    key, before, after, now = change.field, change.before, change.after, stored(member, change.field)
    is_readable = rights.may_read(key, member.association_id)
    before_shown, now_shown, after_shown = (
        in_words(key, text) if is_readable else mask(key, text) for text in (before, now, after)
    )
    return Row(
        change,
        before_shown,
        now_shown,
        after_shown,
        is_same=now == after,
        is_overtaken=now not in (before, after),
        differs_hidden=now != after and now_shown == after_shown,
        mark=signing.Signer(salt=f"members.requested.{change.pk}").signature(f"{before}\0{now}\0{after}"),
    )


def _writers(member, since):
    """{field: the last Action that changed it in the record} since that moment."""
    kind = ContentType.objects.get_for_model(Member)
    changes = Change.objects.filter(content_type=kind, object_id=member.pk, action__at__gte=since)
    found = {}
    for change in changes.select_related("action__actor").order_by("-pk"):
        for name in change.diff:
            found.setdefault("id_number" if name == "id_sealed" else name, change.action)
    return found


def may_decide(user, request):
    """Whether `user` decides this request: an editor of the record, and not its own person."""
    return (
        user.has_perm("members.change_changerequest")
        and user.rights.may(Ability.EDIT, request.member.association_id)
        and request.member.user_id != user.pk
    )


def decide(request, member, refused, *, answer, actor):
    """Close the open `request` of `member`, both locked by the caller; return the member as written.

    `refused` is {field: answer}; every other field is accepted and written. One action in the history, and a message
    to the member. Raises NotPossible, with nothing written, if a value cannot be stored.
    """
    changes = in_order(request.fields.all())
    accepted = [each for each in changes if each.field not in refused]
    # who may not read the request sees this note beside the record's own change
    note = _("Decided the request for changes of {day}").format(day=request)
    try:
        with transaction.atomic(), acting(actor, note=note, association=member.association):
            _write(member, {each.field: each.after for each in accepted})
            for change in changes:
                change.answer = refused.get(change.field, "")
                change.state = (
                    RequestedChange.State.REFUSED
                    if change.field in refused
                    else RequestedChange.State.ACCEPTED
                )
                change.save(update_fields=["state", "answer"])
            request.state, request.answer = ChangeRequest.State.DECIDED, answer
            request.decided_by, request.decided_at = actor, timezone.now()
            request.outcome = _outcome(accepted, [each for each in changes if each.field in refused])
            request.save()
            _tell(request, member, changes)
    except IntegrityError as error:
        # what our look did not see yet: another wrote the same number at this moment
        raise NotPossible({"": [_("Somebody changed this at the same moment. Please try again.")]}) from error
    return member


def _write(member, accepted):
    """Write `accepted` ({field: text}) into the record, less what it says already."""
    accepted = {key: text for key, text in accepted.items() if text != stored(member, key)}
    if not accepted:
        return
    form = AcceptedForm(member, accepted)
    if not form.is_valid():
        raise NotPossible({key if key in accepted else "": list(said) for key, said in form.errors.items()})
    if "employer" in accepted:
        name = form.cleaned_data["employer"]
        # kind and code of the record may still be those of the employer before
        kind, uscc = accepted.get("employer_kind", ""), accepted.get("employer_uscc", "")
        member.employer = employer_in(member.association_id, name, kind, uscc)
    member.save()


def _outcome(accepted, refused):
    return _("Accepted: {accepted}. Not accepted: {refused}.").format(
        accepted=joined(accepted) or "—", refused=joined(refused) or "—"
    )


def _tell(request, member, changes):
    """Leave the member a message with the fields and answers; no value stands in it."""
    lines = []
    accepted = [each for each in changes if each.state == RequestedChange.State.ACCEPTED]
    if accepted:
        lines.append(_("Accepted: {fields}").format(fields=joined(accepted)))
    for change in changes:
        if change.state == RequestedChange.State.REFUSED:
            lines.append(
                _("Not accepted: {field} ({answer})").format(field=change.label, answer=change.answer)
            )
    if request.answer:
        lines.append(request.answer)
    tell(
        member,
        title=_("Your request for changes of {day} is decided").format(day=sentence(str(request))),
        text="\n".join(lines)[:MESSAGE_LENGTH],
        link=reverse("portal:request", args=[request.pk]),
    )
