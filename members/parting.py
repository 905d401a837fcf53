"""Taking a merge of two members back: what comes back, what returns in the survivor, what stays."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import crypto
from members.merging import employer_in, hanging_keys, point, write, written_value
from members.models import DistinctPair, Employer, Member, MemberMerge, StatusChange
from organizations.models import Action, Association, Change, Recorded, acting, change_row


class CannotPart(ValueError):
    """A merge cannot be taken back; the text is a sentence for people."""


@dataclass(slots=True)
class Parting:
    """What taking a merge back would do."""

    removed: Member
    """The record that comes back, unsaved."""
    survivor: Member
    back: dict = field(default_factory=dict)
    """{key: [present value, value to return]} of fields of the survivor that say what the merge wrote."""
    kept: list = field(default_factory=list)
    """Keys of fields of the survivor that say something else by now, or cannot return."""
    missing: list = field(default_factory=list)
    """Keys of fields with which the record cannot come back, since somebody else has the value now or it is gone."""
    rows: dict = field(default_factory=dict)
    """{label of a foreign key: rows that move back}."""
    rows_kept: list = field(default_factory=list)
    """Rows changed since the merge, which stay with the survivor."""
    doubled: list = field(default_factory=list)
    """Unsaved rows that the survivor had the like of; those of records that are gone are left out."""


def plan_parting(merge, *, lock=False):
    """The `Parting` for the `merge` in force; reads only. With `lock` the survivor stays locked.

    Raises CannotPart if the survivor was itself merged into another record since.
    """
    content = merge.content()
    survivors = Member.objects.select_for_update() if lock else Member.objects.select_related("employer")
    survivor = survivors.get(pk=merge.survivor_id)
    if survivor.pk != merge.merged_into:
        raise CannotPart(
            _("The record that stayed was merged into “{name}” later. Take that merge back first.").format(
                name=survivor.name
            )
        )
    if survivor.is_anonymised:
        raise CannotPart(_("The record that stayed is anonymised. Put it back first."))
    parting = Parting(_removed_record(content), survivor)
    _plan_fields(parting, merge, content)
    _plan_identity(parting, content)
    _plan_rows(parting, merge, content)
    return parting


@transaction.atomic
def part_members(merge, *, actor):
    """Take `merge` back as far as nobody touched its outcome since; return the member that came back.

    None if it was taken back before. One action in the history. Raises CannotPart as `plan_parting` does.
    """
    ids = sorted({merge.association_id, merge.survivor.association_id})
    list(Association.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    merge = MemberMerge.objects.select_for_update().filter(pk=merge.pk).first()
    if merge is None:
        raise CannotPart(_("The record that stayed is no longer there."))
    if merge.undone_at is not None:
        return None
    parting = plan_parting(merge, lock=True)
    removed, survivor = parting.removed, parting.survivor
    note = _("Merge taken back: “{gone}” is a record of its own again, beside “{kept}”").format(
        gone=removed.name, kept=survivor.name
    )
    with acting(actor, kind=Action.Kind.UNDO, note=note, association=survivor.association) as scope:
        action = scope.action()
        for key, (_present, before) in parting.back.items():
            write(survivor, key, before)
        if not survivor.pending_diff():
            change_row(action, survivor, Change.Kind.CHANGED, {}).save(force_insert=True)
        # first: the record that comes back may have what the survivor gives up
        survivor.save()
        name, kind, uscc = merge.content()["employer"] or ("", "", "")
        if name and removed.employer_id is None:
            removed.employer = employer_in(removed.association_id, name, kind, uscc)
        if not _insert(removed):
            raise CannotPart(_("Somebody changed this at the same moment. Please try again."))
        for label, rows in parting.rows.items():
            for row in rows:
                point(row, hanging_keys()[label], survivor.pk, removed.pk)
        for row in parting.doubled:
            _insert(row)
        _forget_photo(merge, parting)
        merge.undone_by, merge.undone_at = actor, timezone.now()
        merge.removed, merge.id_digest, merge.photo = b"", None, ""
        merge.save()
    return removed


def _insert(row):
    """Save the new `row` with the moments of entry that it has; False if the database has the like by now."""
    entered = {
        each.attname: getattr(row, each.attname)
        for each in row._meta.concrete_fields
        if getattr(each, "auto_now_add", False)
    }
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    if entered:
        type(row)._base_manager.filter(pk=row.pk).update(**entered)
    return True


def _forget_photo(merge, parting):
    """Delete the photo that was put aside if nobody has it any more."""
    if merge.photo and merge.photo not in (parting.removed.photo, parting.survivor.photo):
        photo = merge.photo
        transaction.on_commit(lambda: default_storage.delete(photo))


# -- the plan


def _row_of(model, values, coming=None):
    """The unsaved row with `values`; references to what is gone become empty. None if it cannot be without one.

    `coming` is the id of the member that comes back.
    """
    row = model()
    for each in model._meta.concrete_fields:
        if each.attname not in values:
            continue
        value = each.to_python(values[each.attname])
        if value is not None and each.is_relation and not _is_there(each.related_model, value, coming):
            if not each.null:
                return None
            value = None
        setattr(row, each.attname, value)
    return row


def _is_there(model, pk, coming):
    return (model is Member and pk == coming) or model._base_manager.filter(pk=pk).exists()


def _removed_record(content):
    member = _row_of(Member, content["record"])
    member.id_number = content["id_number"]
    member.version += 1  # whoever still has it open sees that it moved on
    return member


def _plan_fields(parting, merge, content):
    survivor, removed = parting.survivor, parting.removed
    for key, (before, after) in content["wrote"].items():
        moved_on = key == "status" and _has_later_step(survivor, merge, content)
        if moved_on or not _says(survivor, key, after) or not _can_return(survivor, key, before):
            parting.kept.append(key)
        else:
            parting.back[key] = [after, before]
    if "photo" in parting.kept:
        # it was the removed record's, and went when another one was put in
        removed.photo = ""
        parting.missing.append("photo")


def _has_later_step(survivor, merge, content):
    """Whether somebody turned the status after the merge, which then stays."""
    steps = StatusChange.objects.filter(member=survivor, entered_at__gt=merge.at)
    return steps.exclude(pk__in=content["moved"].get("members.StatusChange.member", [])).exists()


def _says(member, key, value):
    if key == "id_number":
        return member.id_digest == (crypto.digest(value) if value else None)
    return written_value(member, key) == value


def _can_return(survivor, key, before):
    others = Member.objects.filter(association=survivor.association_id).exclude(pk=survivor.pk)
    if key == "number" and before:
        return not others.filter(number=before).exists()
    if key == "id_number" and before:
        return not others.filter(id_digest=crypto.digest(before)).exists()
    if key == "employer" and before:
        return Employer.objects.filter(pk=before).exists()
    return True


def _plan_identity(parting, content):
    """Leave out what is only once and somebody else's by now, or the survivor's who keeps it."""
    removed, survivor = parting.removed, parting.survivor
    others = Member.objects.exclude(pk=survivor.pk)
    fellows = others.filter(association=removed.association_id)
    is_fellow = survivor.association_id == removed.association_id
    for key, column in (("number", "number"), ("id_number", "id_digest")):
        value = getattr(removed, column)
        stays = is_fellow and key not in parting.back and getattr(survivor, column) == value
        if value and (stays or fellows.filter(**{column: value}).exists()):
            write(removed, key, "")
            parting.missing.append(key)
    had = content["record"]["user_id"]
    stays = "user" not in parting.back and survivor.user_id == had
    if had is not None and (removed.user_id is None or stays or others.filter(user=had).exists()):
        removed.user_id = None
        parting.missing.append("user")


def _plan_rows(parting, merge, content):
    survivor = parting.survivor
    for label, key in hanging_keys().items():
        ids = content["moved"].get(label, [])
        model = key.model
        if model is DistinctPair:
            found = model.objects.in_bulk(ids).values()
            parting.rows[label] = [row for row in found if survivor.pk in (row.one_id, row.other_id)]
            continue
        found = list(model._default_manager.filter(pk__in=ids, **{key.name: survivor}).order_by("pk"))
        touched = _touched_since(model, [row.pk for row in found], merge)
        parting.rows[label] = [row for row in found if row.pk not in touched]
        parting.rows_kept += [row for row in found if row.pk in touched]
    for label, values in content["doubled"]:
        row = _row_of(hanging_keys()[label].model, values, parting.removed.pk)
        if row is not None:
            parting.doubled.append(row)


def _touched_since(model, ids, merge):
    """Of the rows `ids`, those with a change in the history after that of the merge."""
    if not issubclass(model, Recorded) or merge.action_id is None:
        return set()
    kind = ContentType.objects.get_for_model(model)
    changes = Change.objects.filter(content_type=kind, object_id__in=ids, action__gt=merge.action_id)
    return set(changes.values_list("object_id", flat=True))
