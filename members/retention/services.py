"""A retention run: listed, after the time of grace anonymised, later purged (PIPL arts. 19 and 47; domain.md F1).

Until the purge everything can be put back. Every count of the association stays what it was.
"""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members import crypto
from members.applications.applying import DRAFT_DAYS
from members.codes import Status
from members.merging import employer_in
from members.models import (
    Application,
    DistinctPair,
    Employer,
    ImportBatch,
    ImportRow,
    Member,
    MemberMerge,
    Message,
    PersonRequest,
    RetentionItem,
    RetentionRun,
    User,
)
from members.models.member import ANONYMOUS, LEFT
from members.numbers import remember_numbers
from members.pinyin import romanise
from members.privacy.requests import answer_request
from members.retention.due import MOST, days_of_leaving, kept_until, years_after
from members.retention.traces import Person, left_of, put_back, take_out, taken_of
from members.rights import Role
from organizations.models import Action, Association, Change, acting, change_row
from organizations.strokes import stroke_key

CHUNK = 100
# kinds of requests that may end with the record anonymised at once
DELETING = frozenset({PersonRequest.Kind.DELETION, PersonRequest.Kind.RELATIVE})
State, ItemState = RetentionRun.State, RetentionItem.State


class NotNow(ValueError):
    """What was asked of a run cannot be done, or not yet; the text is a sentence for people."""


@dataclass(frozen=True)
class Conflict:
    """Something that cannot come back with a record, since it is somebody else's by now or gone."""

    key: str
    text: str


# -- listing


@transaction.atomic
def start_run(association, members, *, actor, on=None):
    """A RetentionRun over `members` of `association`, in grace from the local date `on` (today if None) on.

    Nothing is taken out yet. Raises NotNow if one of them is not due, or in another run.
    """
    on = on or timezone.localdate()
    rows = Member.objects.select_for_update(of=("self",)).filter(pk__in=[member.pk for member in members])
    found = list(rows.order_by("pk"))
    left = days_of_leaving(Member.objects.filter(pk__in=[member.pk for member in found]))
    run = RetentionRun(
        association=association,
        started_by=actor,
        started_on=on,
        grace_until=on + dt.timedelta(days=association.grace_days),
    )
    items = []
    for member in found:
        reason = why_not(member, left.get(member.pk, ""), association, on)
        if reason:
            raise NotNow(_("{name}: {reason}").format(name=member, reason=reason))
        items.append(RetentionItem(run=run, member=member, due_on=kept_until(left[member.pk], association)))
    if not items:
        raise NotNow(_("Choose at least one person."))
    with _acting(actor, association, _("Retention: {count} records listed").format(count=len(items))):
        run.save()
        RetentionItem.objects.bulk_create(items)
    return run


def why_not(member, left_on, association, day, *, request=None):
    """Why the record of `member` cannot be anonymised on `day`, a sentence; "" if nothing is in the way.

    `request` is a PersonRequest that asks for it: then nothing need be due.
    """
    if member.association_id != association.pk:
        return _("The record belongs to another association.")
    if member.is_anonymised:
        return _("The record is anonymised already.")
    waiting = member.person_requests.open()
    if request is not None:
        if member.status not in (*LEFT, Status.APPLIED):
            return _("The person is a member in force. Record the end of the membership first.")
        return ""
    if member.status not in LEFT:
        return _("The person has not left the association.")
    if not left_on:
        return _("The day of leaving is not known. Enter it first.")
    if kept_until(left_on, association) >= day:
        return _("The record is not due yet.")
    if member.retention_items.filter(state__in=(ItemState.LISTED, ItemState.ANONYMISED)).exists():
        return _("The record is in another run.")
    return _("A request of this person waits for an answer.") if waiting.exists() else ""


@transaction.atomic
def leave_out(item, *, reason, actor):
    """Take the member of `item` out of its run, which is still in the time of grace. Raises NotNow."""
    item = RetentionItem.objects.select_for_update(of=("self",)).select_related("run").get(pk=item.pk)
    if item.state != ItemState.LISTED:
        raise NotNow(_("This record is no longer on the list."))
    item.state, item.reason = ItemState.LEFT_OUT, reason
    item.save(update_fields=["state", "reason"])
    return item


@transaction.atomic
def cancel_run(run, *, actor, on=None):
    """End a run that is still in the time of grace; nothing is taken out of any record. Raises NotNow."""
    run = _locked(run, State.LISTED)
    with _acting(actor, run.association, _("Retention: run cancelled")):
        run.items.filter(state=ItemState.LISTED).update(
            state=ItemState.LEFT_OUT, reason=_("The run was cancelled.")
        )
        run.state, run.closed_on = State.CANCELLED, on or timezone.localdate()
        run.save(update_fields=["state", "closed_on"])
    return run


# -- anonymising


def anonymise_run(run, *, actor, on=None):
    """Anonymise the records listed in `run`, whose time of grace is over on the local date `on`; return how many.

    Who is not due any more (came back, another day of leaving, a request waits) is left out with the reason. In
    parts, each in a transaction of its own: stopped on the way it goes on where it was. Raises NotNow.
    """
    on = on or timezone.localdate()
    _check(run, State.LISTED)
    if on <= run.grace_until:
        raise NotNow(_("The time of grace lasts until {day}.").format(day=run.grace_until.isoformat()))
    count = 0
    while part := _part(run, actor, on):
        count += part[0]
    with transaction.atomic(), _acting(actor, run.association, _("Retention: run carried out")):
        run = RetentionRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if run.state == State.LISTED:
            left = run.items.filter(state=ItemState.ANONYMISED).exists()
            run.state = State.ANONYMISED if left else State.CANCELLED
            run.anonymised_on = on if left else None
            run.purge_after = on + dt.timedelta(days=run.association.grace_days) if left else None
            run.closed_on = None if left else on
            run.save()
    return count


@transaction.atomic
def _part(run, actor, on):
    """(number anonymised,) of the next items of `run`, None without any."""
    run = RetentionRun.objects.select_for_update(of=("self",)).select_related("association").get(pk=run.pk)
    if run.state != State.LISTED:
        return None
    items = list(run.items.filter(state=ItemState.LISTED).order_by("pk")[:CHUNK])
    if not items:
        return None
    members = _members(items)
    left = days_of_leaving(Member.objects.filter(pk__in=list(members)))
    ready = []
    for item in items:
        member = members[item.member_id]
        # the item itself is one that is in force
        reason = _still(member, left.get(member.pk, ""), run.association, on)
        if reason:
            item.state, item.reason = ItemState.LEFT_OUT, reason
        else:
            ready.append(item)
    _anonymise(run, ready, members, actor, on)
    RetentionItem.objects.bulk_update(items, ["state", "reason", "kept"], batch_size=CHUNK)
    return (len(ready),)


def _still(member, left_on, association, day):
    if member.is_anonymised or member.status not in LEFT:
        return _("The person has not left the association.")
    if not left_on or kept_until(left_on, association) >= day:
        return _("The record is not due yet.")
    waits = member.person_requests.open().exists()
    return _("A request of this person waits for an answer.") if waits else ""


def _members(items):
    rows = Member.objects.select_for_update(of=("self",)).select_related("association", "employer", "user")
    return rows.filter(pk__in=[item.member_id for item in items]).in_bulk()


def _anonymise(run, items, members, actor, on):
    """Take everything personal out of the members of `items`, into the items; the caller saves these."""
    if not items:
        return
    members = {item.member_id: members[item.member_id] for item in items}
    people = {pk: Person(member, _names(member)) for pk, member in members.items()}
    for former, pk in _former_names(members):
        people[pk].names.add(former)
    kept = take_out(people)
    note = _("Retention: records anonymised")
    with _acting(actor, run.association, note) as scope:
        action, changes = scope.action(), []
        remember_numbers(run.association, [member.number for member in members.values()])
        for item in items:
            member = members[item.member_id]
            content = kept[member.pk] | {"record": taken_of(member), "account": _close_account(member)}
            _empty(member, on, run.association)
            content["version"] = member.version
            item.content, item.state = content, ItemState.ANONYMISED
            diff = {"anonymised_on": [None, on.isoformat()]}
            changes.append(change_row(action, member, Change.Kind.CHANGED, diff))
        Change.objects.bulk_create(changes)


def _names(member):
    return {name for name in (member.name, member.former_name) if len(name) > 1}


def _former_names(members):
    rows = MemberMerge.objects.filter(survivor__in=list(members)).values_list("name", "survivor")
    return [(name, pk) for name, pk in rows if len(name) > 1]


def _empty(member, on, association):
    """Write what is left of `member`, past the history."""
    _write(member, left_of(member) | {"anonymised_on": on}, association)


def _write(member, values, association):
    for name, value in values.items():
        setattr(member, name, value)
    member.pinyin, member.initials = romanise(member.name)
    member.stroke_key = stroke_key(member.sort_name or member.name, association.name_order)
    member.version += 1
    columns = {"pinyin", "initials", "stroke_key", "version"} | set(values)
    Member.objects.filter(pk=member.pk).update(**{name: getattr(member, name) for name in columns})


def _close_account(member):
    """Shut the account of `member` unless it is somebody's who works here; what is needed to open it again."""
    user = member.user
    if user is None:
        return None
    works = user.is_superuser or user.role_grants.exclude(role=Role.MEMBER).exists()
    if user.is_active and not works:
        # lists and histories name who did something; the address stays with the account till the purge
        User.objects.filter(pk=user.pk).update(is_active=False, name=ANONYMOUS)
        return {"user": user.pk, "closed": True, "name": user.name}
    return {"user": user.pk, "closed": False}


@transaction.atomic
def anonymise_on_request(member, request, *, answer, actor, on=None):
    """Anonymise the record of `member` at once, as the PersonRequest `request` asks (art. 47); return the run.

    The request is answered with it. The record can be put back for as long as any other, and is purged as they are.
    Raises NotNow, or NotOpen for a request answered before.
    """
    on = on or timezone.localdate()
    association = Association.objects.get(pk=member.association_id)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    reason = why_not(member, "", association, on, request=request)
    if reason:
        raise NotNow(reason)
    answer_request(request, fulfilled=True, answer=answer, actor=actor)
    for item in member.retention_items.filter(state=ItemState.LISTED):
        leave_out(item, reason=_("Anonymised on request."), actor=actor)
    with _acting(actor, association, _("Retention: a record anonymised on request")):
        run = RetentionRun.objects.create(
            association=association,
            started_by=actor,
            started_on=on,
            grace_until=on,
            state=State.ANONYMISED,
            anonymised_on=on,
            purge_after=on + dt.timedelta(days=association.grace_days),
        )
        item = RetentionItem(
            run=run,
            member=member,
            due_on=on,
            reason=_("Request of {day}").format(day=request.received_on.isoformat()),
        )
        _anonymise(run, [item], _members([item]), actor, on)
        item.save()
    return run


# -- putting back


def conflicts(item):
    """[Conflict] of what cannot come back with the record of `item`."""
    record, member = item.content["record"], item.member
    others = Member.objects.filter(association=member.association_id).exclude(pk=member.pk)
    found = []
    if record["number"] and others.filter(number=record["number"]).exists():
        found.append(Conflict("number", _("The member number is somebody else's now.")))
    if record["id_number"] and others.filter(id_digest=crypto.digest(record["id_number"])).exists():
        found.append(Conflict("id_number", _("Another member of the association has the identity number.")))
    if record["user"] is not None:
        user = User.objects.filter(pk=record["user"]).first()
        if user is None or Member.objects.filter(user=user).exclude(pk=member.pk).exists():
            found.append(Conflict("user", _("The account is gone, or somebody else's.")))
    if record["photo"] and not default_storage.exists(record["photo"]):
        found.append(Conflict("photo", _("The photo is no longer there.")))
    return found


@transaction.atomic
def restore(item, *, actor, without=()):
    """Put the record of `item` back as it was, less the keys `without` (of `conflicts`); return the Member.

    Raises NotNow if it is purged, or was written meanwhile, or something else cannot come back.
    """
    item = RetentionItem.objects.select_for_update(of=("self",)).select_related("run").get(pk=item.pk)
    if item.state != ItemState.ANONYMISED:
        raise NotNow(_("This record cannot be put back any more."))
    association = Association.objects.select_for_update(no_key=True).get(pk=item.run.association_id)
    member = Member.objects.select_for_update().get(pk=item.member_id)
    item.member, content = member, item.content
    if member.version != content["version"]:
        raise NotNow(
            _("Somebody changed the record after it was anonymised. It cannot be put back as a whole.")
        )
    in_the_way = [each for each in conflicts(item) if each.key not in without]
    if in_the_way:
        raise NotNow(" ".join(each.text for each in in_the_way))
    record = content["record"] | {key: "" for key in without if key in ("number", "id_number", "photo")}
    put_back(content)
    with _acting(actor, association, _("Retention: a record put back")) as scope:
        values = {
            name: value for name, value in record.items() if name not in ("employer", "id_number", "user")
        }
        values["anonymised_on"] = None
        values["employer"] = _employer(record["employer"], association)
        if record["user"] is not None and "user" not in without:
            values["user"] = User.objects.get(pk=record["user"])
            if content["account"]["closed"]:
                name = content["account"]["name"]
                User.objects.filter(pk=record["user"]).update(is_active=True, name=name)
        member.id_number = record["id_number"]
        values |= {"id_sealed": member.id_sealed, "id_digest": member.id_digest}
        on = member.anonymised_on
        _write(member, values, association)
        diff = {"anonymised_on": [on.isoformat(), None]}
        change_row(scope.action(), member, Change.Kind.CHANGED, diff).save(force_insert=True)
    item.state, item.content = ItemState.RESTORED, {}
    item.save(update_fields=["state", "kept"])
    _close_if_done(item.run)
    return Member.objects.get(pk=member.pk)


def _employer(kept, association):
    if not kept:
        return None
    name, kind, uscc, pk = kept
    return Employer.objects.filter(pk=pk, association=association).first() or employer_in(
        association.pk, name, kind, uscc
    )


def _close_if_done(run):
    run = RetentionRun.objects.get(pk=run.pk)
    if run.state == State.ANONYMISED and not run.items.filter(state=ItemState.ANONYMISED).exists():
        run.state, run.closed_on = State.CANCELLED, timezone.localdate()
        run.save(update_fields=["state", "closed_on"])


# -- purging


@transaction.atomic
def purge_run(run, *, actor, on=None):
    """Drop what was taken out of the records of `run`, for good; return how many. Raises NotNow before its day.

    What hung on the persons and is not counted goes too: messages, accounts that were theirs alone, photos, merged
    records, what requests said.
    """
    on = on or timezone.localdate()
    run = _locked(run, State.ANONYMISED)
    if on <= run.purge_after:
        raise NotNow(_("The records can be put back until {day}.").format(day=run.purge_after.isoformat()))
    items = list(run.items.select_for_update().filter(state=ItemState.ANONYMISED))
    with _acting(actor, run.association, _("Retention: {count} records purged").format(count=len(items))):
        photos, accounts = [], []
        for item in items:
            content = item.content
            photos.append(content["record"]["photo"])
            if content["account"] and content["account"]["closed"]:
                accounts.append(content["account"]["user"])
            item.state, item.kept = ItemState.PURGED, b""
        RetentionItem.objects.bulk_update(items, ["state", "kept"], batch_size=CHUNK)
        ids = [item.member_id for item in items]
        for start in range(0, len(ids), CHUNK):
            photos += _forget(ids[start : start + CHUNK])
        _remove_accounts(accounts)
        run.state, run.closed_on = State.PURGED, on
        run.save(update_fields=["state", "closed_on"])
    for photo in filter(None, photos):
        transaction.on_commit(lambda photo=photo: default_storage.delete(photo))
    return len(items)


def _forget(ids):
    """Drop what still tells of the members `ids`; return the names of photos that were put aside."""
    Message.objects.filter(member__in=ids).delete()
    DistinctPair.objects.filter(Q(one__in=ids) | Q(other__in=ids)).delete()
    merges = MemberMerge.objects.filter(survivor__in=ids)
    photos = list(merges.values_list("photo", flat=True))
    merges.delete()
    # the look holds the first rows of a sheet; of a batch that is still worked on it is needed
    rows = ImportRow.objects.filter(Q(member__in=ids) | Q(created_members__in=ids))
    batches = ImportBatch.objects.filter(pk__in=rows.values("batch")).exclude(
        state=ImportBatch.State.PREVIEWED
    )
    batches.exclude(look=b"").update(look=b"")
    requests = PersonRequest.objects.filter(member__in=ids)
    _empty_changes(PersonRequest, list(requests.values_list("pk", flat=True)))
    requests.exclude(answer="").update(answer=ANONYMOUS)
    requests.update(asker=ANONYMOUS, text="")
    return photos


def _remove_accounts(ids):
    """Delete the accounts `ids`, which nobody has used for anything else; their history forgets what it said."""
    _empty_changes(User, ids)
    User.objects.filter(pk__in=ids, is_active=False).delete()


def _empty_changes(model, ids):
    kind = ContentType.objects.get_for_model(model)
    whole = Q(content_type=kind, object_id__in=ids) | Q(part_of_type=kind, part_of_id__in=ids)
    changes = list(Change.objects.filter(whole))
    for change in changes:
        change.diff = dict.fromkeys(change.diff)
    Change.objects.bulk_update(changes, ["diff"], batch_size=CHUNK)


# -- applications that came to nothing


def old_applications(association, day):
    """Applications refused or withdrawn more than the days of grace before the local date `day`.

    Drafts that nobody has touched for DRAFT_DAYS too: their authors are told so.
    """
    moment = _beginning(day - dt.timedelta(days=association.grace_days))
    ended = Q(state__in=(Application.State.REFUSED, Application.State.WITHDRAWN), decided_at__lt=moment)
    # withdrawn by the applicant: nobody decided
    ended |= Q(state=Application.State.WITHDRAWN, decided_at=None, submitted_at__lt=moment)
    untouched = _beginning(day - dt.timedelta(days=DRAFT_DAYS))
    drafts = Q(state=Application.State.DRAFT, saved_at__lt=untouched)
    return Application.objects.filter(drafts | ended, association=association, member=None)


def _beginning(day):
    """The moment with which the local date `day` begins."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@transaction.atomic
def delete_old_applications(association, *, actor, on=None):
    """Delete the `old_applications` with all that they said; return how many."""
    ids = list(old_applications(association, on or timezone.localdate()).values_list("pk", flat=True))
    if not ids:
        return 0
    note = _("{count} old applications deleted").format(count=len(ids))
    with _acting(actor, association, note) as scope:
        scope.action()
        kind = ContentType.objects.get_for_model(Application)
        # not one by one through `delete`, which would write down what they said
        Change.objects.filter(content_type=kind, object_id__in=ids).delete()
        Change.objects.filter(part_of_type=kind, part_of_id__in=ids).delete()
        Application.objects.filter(pk__in=ids).delete()
    return len(ids)


# -- records that were deleted


@transaction.atomic
def forget_deleted(association, *, actor, on=None):
    """Empty the history of records deleted as long ago as others are kept; return of how many.

    Deleting leaves the last values in the history, from which they can be read. Of who only applied it is emptied
    after the days of grace. What is part of another record by a merge is that one's. One action, without names.
    """
    on = on or timezone.localdate()
    kind = ContentType.objects.get_for_model(Member)
    gone = Change.objects.filter(content_type=kind, association=association, kind=Change.Kind.DELETED)
    long_ago = _beginning(years_after(on, -association.retention_years))
    lately = _beginning(on - dt.timedelta(days=association.grace_days))
    applied = Q(diff__status__0=Status.APPLIED, action__at__lt=lately)
    merged = MemberMerge.objects.in_force().values("former_id")
    gone = gone.filter(applied | Q(action__at__lt=long_ago), diff__name__0__isnull=False)
    ids = list(gone.exclude(object_id__in=merged).values_list("object_id", flat=True)[:MOST])
    ids = sorted(set(ids) - set(Member.objects.filter(pk__in=ids).values_list("pk", flat=True)))
    for start in range(0, len(ids), CHUNK):
        _empty_changes(Member, ids[start : start + CHUNK])
    if ids:
        note = _("History of {count} deleted records emptied").format(count=len(ids))
        with _acting(actor, association, note) as scope:
            scope.action()
    return len(ids)


# -- shared


def _acting(actor, association, note):
    kind = Action.Kind.EDIT if actor else Action.Kind.COMMAND
    return acting(actor, kind=kind, note=note, association=association)


def _check(run, state):
    if run.state != state:
        raise NotNow(_("Somebody else went on with this run. Look at it again."))


def _locked(run, state):
    run = RetentionRun.objects.select_for_update(of=("self",)).select_related("association").get(pk=run.pk)
    _check(run, state)
    return run
