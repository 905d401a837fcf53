"""Two records of one person become one; members/parting.py takes it back.

The record that goes is kept sealed (`MemberMerge`), with what the merge wrote into the survivor and what it moved
there.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.models import ChangeRequest, DistinctPair, Employer, EmployerAlias, Member, MemberMerge
from members.numbers import remember_numbers
from members.rights import FIELD_CLASSES
from organizations.models import Action, Association, Change, acting, change_row
from organizations.models.history import plain

# what is chosen between; each record keeps its association
MERGED = (*FIELD_CLASSES, "photo")
# kept apart, or made of what is kept
_NOT_IN_RECORD = frozenset({"id_sealed", "id_digest", "pinyin", "initials", "stroke_key"})


class CannotMerge(ValueError):
    """Two members cannot become one; the text is a sentence for people."""


# -- what hangs on a member


def _same_step(step, survivor):
    columns = ("status", "on", "decided_by", "document")
    return survivor.status_changes.filter(**{name: getattr(step, name) for name in columns}).exists()


def _same_category(further, survivor):
    return further.category == survivor.category


def _same_post(appointment, survivor):
    columns = ("body", "term", "post", "starts_on", "voided_on")
    return survivor.appointments.filter(**{name: getattr(appointment, name) for name in columns}).exists()


def _same_contest(candidate, survivor):
    if survivor.candidacies.filter(contest=candidate.contest_id).exists():
        raise CannotMerge(
            _(
                "Both are candidates for “{contest}” in “{election}”. Take one of them off the list first."
            ).format(contest=candidate.contest, election=candidate.contest.body.election)
        )
    return False


def _same_open_request(request, survivor):
    if request.state == ChangeRequest.State.OPEN and survivor.change_requests.open().exists():
        raise CannotMerge(_("Both have a request for changes that waits. Decide one of them first."))
    return False


def _same_account(invitation, survivor):
    # a link that still works opens the account of one person
    if invitation.used_at is None and invitation.revoked_at is None:
        return survivor.invitations.filter(used_at=None, revoked_at=None).exists()
    return False


def _same_participation(row, survivor):
    mine = survivor.participations.filter(activity=row.activity_id).first()
    if mine is None:
        return False
    came = row.presence and row.presence != mine.presence
    signed_up = row.state in ("signed_up", "waiting", "walk_in") and row.state != mine.state
    if came or signed_up or row.answers.exists():
        raise CannotMerge(
            _(
                "Both are on the list of “{activity}”, and what is entered about them differs. Take one of them off "
                "the list, or enter the same."
            ).format(activity=row.activity)
        )
    return True


def _same_service(row, survivor):
    gone = ("refused", "withdrawn")
    if row.activity_id is None or row.state in gone:
        return False
    return survivor.services.filter(activity=row.activity_id).exclude(state__in=gone).exists()


def _in_retention(item, survivor):
    raise CannotMerge(_("A retention run has one of the two records. Take it out of there first."))


# {foreign key to a member: whether one of its rows says what the survivor's say already, None if the database knows};
# a test fails when a foreign key is not in it
HANGING = {
    "members.StatusChange.member": _same_step,
    "members.FurtherCategory.member": _same_category,
    "members.ImportRow.member": None,
    "members.ListedMember.member": None,
    "members.DistinctPair.one": None,
    "members.DistinctPair.other": None,
    "members.MemberMerge.survivor": None,
    "members.Application.member": None,
    "members.ChangeRequest.member": _same_open_request,
    "members.Consent.member": None,
    "members.Disclosed.member": None,
    "members.Introduction.member": None,
    "members.Invitation.member": _same_account,
    "members.MemberCard.member": None,
    "members.Message.member": None,
    "members.PersonRequest.member": None,
    "members.RetentionItem.member": _in_retention,
    "members.Viewing.member": None,
    "organizations.Appointment.member": _same_post,
    "organizations.Candidate.member": _same_contest,
    "organizations.Scrutineer.member": None,
    "organizations.Attendance.member": None,
    "organizations.Attendance.proxy": None,
    "activities.Donation.member": None,
    "activities.Honour.member": None,
    "activities.Objection.member": None,
    "activities.Participation.member": _same_participation,
    "activities.Scan.member": None,
    "activities.Service.member": _same_service,
}


def hanging_keys():
    """{label as in HANGING: foreign key} of all that refers to a member."""
    relations = Member._meta.get_fields(include_hidden=True)
    keys = [
        relation.field
        for relation in relations
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    ]
    return {str(key): key for key in keys}


def point(row, key, before, after):
    """Have `row`, which hangs by `key` on the member `before`, hang on `after` (ids).

    False, and nothing is written, if `after` has the like already.
    """
    if isinstance(row, DistinctPair):
        ids = {row.one_id, row.other_id} - {before} | {after}
        if len(ids) == 1:
            return False
        row.one_id, row.other_id = sorted(ids)
        written = ["one", "other"]
    else:
        setattr(row, key.attname, after)
        written = [key.name]
    try:
        with transaction.atomic():
            row.save(update_fields=written)
    except IntegrityError:
        return False
    return True


def _move_all(gone, into):
    """({label: [keys of rows moved]}, [[label, values] of rows that the survivor has the like of, taken away])."""
    moved, doubled = {}, []
    for further in into.further_categories.filter(category=into.category):
        doubled.append(["members.FurtherCategory.member", values_of(further)])
        further.delete()
    for label, key in hanging_keys().items():
        says_the_same = HANGING[label]
        rows = key.model._default_manager.filter(**{key.name: gone}).order_by("pk")
        for row in rows:
            values = values_of(row)
            if not (says_the_same and says_the_same(row, into)) and point(row, key, gone.pk, into.pk):
                moved.setdefault(label, []).append(row.pk)
            else:
                doubled.append([label, values])
                rows.model._default_manager.get(pk=row.pk).delete()
    return moved, doubled


def values_of(row):
    """{column attribute: value as JSON} of a row."""
    return {each.attname: plain(each, getattr(row, each.attname)) for each in row._meta.concrete_fields}


# -- the fields


def comparable(member, key):
    """Equal for two members whose field `key` says the same; blank without a value."""
    if key == "id_number":
        return member.id_digest or ""
    if key == "employer":
        return member.employer.name if member.employer else ""
    return getattr(member, key)


def differing(one, other):
    """Keys out of MERGED in which the records differ, in order; the kind of a document goes with its number.

    A member number is of one association: between two there is none to choose.
    """
    keys = [key for key in MERGED if comparable(one, key) != comparable(other, key)]
    left_out = {"id_kind"} if "id_number" in keys else set()
    if one.association_id != other.association_id:
        left_out.add("number")
    return [key for key in keys if key not in left_out]


def better(one, other, key):
    """Of two records that differ in `key`, the one whose value is rather kept: there at all, fuller, written later.

    Name and member number are rather those of the record that stays.
    """
    first, second = comparable(one, key), comparable(other, key)
    if not first or not second:
        return one if first else other
    if key in ("name", "number"):
        return rather_kept(one, other)
    if key not in ("id_number", "photo"):
        if second in first:
            return one
        if first in second:
            return other
    return max((one, other), key=lambda member: (member.updated_at, member.pk))


def rather_kept(one, other):
    """Of two records the one to keep: with an account, else entered first."""
    return min((one, other), key=lambda member: (member.user_id is None, member.pk))


def written_value(member, key):
    """The value of `key` as the note of a merge keeps it, JSON-ready."""
    if key == "id_number":
        return member.id_number
    if key in ("employer", "user"):
        return getattr(member, f"{key}_id")
    return getattr(member, key)


def write(member, key, value):
    """Set `key` of `member` to a value as `written_value` gives it."""
    setattr(member, f"{key}_id" if key in ("employer", "user") else key, value)


def employer_in(association_id, name, kind="", uscc=""):
    """The employer of that association which `name` means, entered if there is none; None without a name."""
    if not name:
        return None
    employers = Employer.objects.filter(association=association_id)
    found = employers.filter(name=name).first()
    if found is None:
        alias = EmployerAlias.objects.filter(association=association_id, name=name).first()
        found = alias and alias.employer
    return found or Employer.objects.create(association_id=association_id, name=name, kind=kind, uscc=uscc)


def _taken(gone, into, keys):
    """{key: value} of what `into` gets of `gone`."""
    new = {key: written_value(gone, key) for key in MERGED if key in keys}
    if "employer" in new and gone.employer and gone.association_id != into.association_id:
        employer = gone.employer
        new["employer"] = employer_in(into.association_id, employer.name, employer.kind, employer.uscc).pk
    if gone.user_id is not None and into.user_id is None:
        new["user"] = gone.user_id
    return new


# -- merging


@transaction.atomic
def merge_members(gone, *, into, taken, seen, actor):
    """Make the member `gone` one with `into`, which gets its values in the fields `taken`; return the MemberMerge.

    `taken` are keys of MERGED; `seen` are the versions {id: version} of both as whoever decided saw them. All that
    hangs on `gone` moves, and what `into` has the like of goes with it. Of two accounts that of `into` stays its
    own. One action in the history. Raises CannotMerge if one of them is gone or was changed meanwhile.
    """
    gone, into = _locked(gone, into, seen)
    keys = set(taken) & set(differing(gone, into))
    keys |= {"id_kind"} if "id_number" in keys else set()
    note = _("“{gone}” became part of “{kept}”").format(gone=gone.name, kept=into.name)
    with acting(actor, kind=Action.Kind.MERGE, note=note, association=into.association) as scope:
        action = scope.action()
        content = {
            "record": {name: value for name, value in values_of(gone).items() if name not in _NOT_IN_RECORD},
            "id_number": gone.id_number,
            "employer": gone.employer and [gone.employer.name, gone.employer.kind, gone.employer.uscc],
        }
        new = _taken(gone, into, keys)
        content["wrote"] = {key: [written_value(into, key), value] for key, value in new.items()}
        put_aside = into.photo if "photo" in keys else gone.photo
        into.category = new.get("category", into.category)
        content["moved"], content["doubled"] = _move_all(gone, into)
        change_row(action, gone, Change.Kind.DELETED, gone.last_values()).save(force_insert=True)
        remember_numbers(gone.association, [gone.number])
        # past `Member.delete`: nothing hangs on it any more, and its photo is kept
        Member.objects.filter(pk=gone.pk).delete()
        for key, value in new.items():
            write(into, key, value)
        if not into.pending_diff():
            # the history of the one that stays tells of it all the same
            change_row(action, into, Change.Kind.CHANGED, {}).save(force_insert=True)
        into.save()
        merge = MemberMerge(
            survivor=into,
            merged_into=into.pk,
            association_id=gone.association_id,
            former_id=gone.pk,
            name=gone.name,
            photo=put_aside,
            action=action,
            by=actor,
        )
        merge.seal(content)
        merge.save()
        Action.objects.filter(pk=action.pk).update(details={"merge": merge.pk})
    return merge


def _locked(gone, into, seen):
    """Both members as they are now, locked; in the order in which an import locks: associations, then members."""
    ids = sorted({gone.association_id, into.association_id})
    list(Association.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    found = Member.objects.select_for_update().filter(pk__in=[gone.pk, into.pk]).order_by("pk").in_bulk()
    if len(found) < 2:
        raise CannotMerge(_("One of the two records is no longer there."))
    gone, into = found[gone.pk], found[into.pk]
    if gone.is_anonymised or into.is_anonymised:
        raise CannotMerge(_("An anonymised record is merged with none."))
    if any(member.version != seen.get(member.pk) for member in (gone, into)):
        raise CannotMerge(
            _(
                "Somebody changed one of the two records after this page was opened. Nothing was merged; look "
                "at the values again."
            )
        )
    return gone, into
