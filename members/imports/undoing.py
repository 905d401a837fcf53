"""Taking back what a batch wrote: what goes, what returns, what stays because somebody touched it since."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from members import crypto
from members.imports import bulk
from members.imports.matching import COLUMNS, DIGEST, PLACE, TEXT_KEYS, VERSION, merged_spellings
from members.models import Employer, ImportBatch, ImportRow, ImportStep, Member, StatusChange
from members.models.imports import WRITTEN, payload_opener
from members.pinyin import romanise
from organizations.models import Action, Association, Change, acting
from organizations.models.history import change_row

CHUNK = 500


@dataclass(slots=True)
class Written:
    """A row that the batch wrote, with the member as it is now."""

    row: int
    """Row of the sheet."""
    sheet: int
    member: int | None
    """Its id, None if it is gone."""
    name: str
    is_new: bool
    back: dict = field(default_factory=dict)
    """{key: [present value, value to return]} of fields that say what the batch wrote."""
    kept: tuple = ()
    """Keys of fields that say something else by now."""


@dataclass(slots=True)
class Plan:
    """What undoing a batch would do."""

    removed: list
    """New members that nobody touched since."""
    restored: list
    """Members of whom some field returns to what it was."""
    kept: list
    """Members touched since: new ones stay as they are, of others the fields in `kept` stay."""
    employers: dict
    """{name that returns as an employer: id of the one that it means now}"""


def plan_undo(batch, *, lock=False):
    """The `Plan` for the applied `batch`; reads only. With `lock` the members stay locked till the transaction ends."""
    opened = payload_opener()
    rows = batch.rows.filter(outcome__in=WRITTEN, step__lte=batch.steps_applied).order_by("position")
    columns = rows.values_list("pk", "sheet", "row", "outcome", "member_id", "payload")
    created = dict(Member.objects.filter(imported_from__batch=batch).values_list("imported_from_id", "pk"))
    written, contents = [], []
    for pk, sheet, row, outcome, member, payload in columns.iterator(chunk_size=2000):
        content = opened(payload)
        is_new = outcome == "new"
        name = content["values"].get("name", "")
        written.append(Written(row, sheet, created.get(pk) if is_new else member, name, is_new))
        contents.append(content)
    records = _records([each.member for each in written if each.member], lock)
    moments = moments_of(batch)
    touched = _touched(
        batch, moments, [each.member for each in written if each.is_new and each.member], records
    )
    turned = [
        each.member for each, content in zip(written, contents, strict=True) if "status" in content["diff"]
    ]
    settled = _moved_on_in_status(moments, turned)
    employers = _employers(
        batch.association_id,
        {content["diff"]["employer"][0] for content in contents if "employer" in content["diff"]},
    )
    plan = Plan([], [], [], employers)
    for each, content in zip(written, contents, strict=True):
        record = records.get(each.member)
        if record is None:
            each.member = None
            plan.kept.append(each)
        elif each.is_new:
            (plan.kept if each.member in touched else plan.removed).append(each)
        else:
            _compare(each, record, content["diff"], settled, employers)
            if each.back:
                plan.restored.append(each)
            if each.kept:
                plan.kept.append(each)
    return plan


def undo_batch(batch, *, actor):
    """Take back what the applied `batch` wrote, as far as nobody touched it since; return the batch as it is then.

    Its `step_made` is the ImportStep of this call, None if there was nothing to do.
    One transaction, one action in the history. A batch undone before, or never applied, is left as it is.
    """
    with bulk.without_collection(), transaction.atomic():
        association = Association.objects.select_for_update(no_key=True).get(pk=batch.association_id)
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        batch.step_made = None
        if batch.state != ImportBatch.State.APPLIED:
            return batch
        with acting(
            actor, kind=Action.Kind.UNDO, association=association, note=batch.file_name[:200]
        ) as scope:
            action = scope.action()
            plan = plan_undo(batch, lock=True)
            undoer = _Undoer(batch, action)
            undoer.remove(plan.removed)
            undoer.restore(plan.restored, plan.employers)
            undoer.remove_employers()
        counts = {name: len(getattr(plan, name)) for name in ("removed", "restored", "kept")}
        batch.step_made = ImportStep.objects.create(
            batch=batch, number=ImportStep.UNDOING, action=action, by=actor, at=undoer.now, counts=counts
        )
        Action.objects.filter(pk=action.pk).update(details={"batch": batch.pk, "counts": counts})
        batch.state = ImportBatch.State.UNDONE
        batch.save()
    return batch


class _Undoer:
    """Writes what a plan says, with the history of it."""

    def __init__(self, batch, action):
        self.batch, self.action = batch, action
        self.now = timezone.now()
        self.moments = moments_of(batch)

    def remove(self, rows):
        for part in _parts(rows):
            ids = [row.member for row in part]
            members = Member.objects.filter(pk__in=ids)
            self._record(Change.Kind.DELETED, [(member, member.last_values()) for member in members])
            members.delete()

    def restore(self, rows, employers):
        """Give each member of `rows` the values of its `back`; the rest of the record stays."""
        for part in _parts(rows):
            members = Member.objects.in_bulk([row.member for row in part])
            changes = []
            for row in part:
                member = members[row.member]
                for key, (_present, before) in row.back.items():
                    if key == "employer":
                        member.employer_id = employers.get(before)
                    else:
                        setattr(member, key, before)
                member.pinyin, member.initials = romanise(member.name)
                member.version += 1
                member.updated_at = self.now
                changes.append((member, member.pending_diff()))
            self._record(Change.Kind.CHANGED, changes)
            Member.objects.bulk_update(members.values(), _COLUMNS, batch_size=CHUNK)
            turned = [row.member for row in part if "status" in row.back]
            StatusChange.objects.filter(member__in=turned, entered_at__in=self.moments).delete()

    def remove_employers(self):
        """Employers that the batch made, that nobody changed since and that have no member any more."""
        kind = ContentType.objects.get_for_model(Employer)
        actions = list(self.batch.steps.exclude(action=None).values_list("action", flat=True))
        made = Change.objects.filter(action__in=actions, content_type=kind, kind=Change.Kind.CREATED)
        changed = Change.objects.filter(content_type=kind, object_id=OuterRef("pk")).exclude(
            action__in=actions
        )
        idle = Employer.objects.filter(
            ~Exists(changed), ~Exists(Member.objects.filter(employer=OuterRef("pk")))
        ).filter(pk__in=made.values("object_id"))
        gone = list(idle)
        self._record(Change.Kind.DELETED, [(employer, employer.last_values()) for employer in gone])
        Employer.objects.filter(pk__in=[employer.pk for employer in gone]).delete()

    def _record(self, kind, changes):
        Change.objects.bulk_create(change_row(self.action, obj, kind, diff) for obj, diff in changes)


_COLUMNS = [
    field.name
    for field in Member._meta.concrete_fields
    if field.name in TEXT_KEYS
    or field.name in ("employer", "id_sealed", "id_digest", "pinyin", "initials", "version", "updated_at")
]


def _parts(rows):
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _records(ids, lock):
    """{id: record in the order of `matching.PLACE`} of the members `ids`."""
    members = Member.objects.order_by("id")
    if lock:
        members = members.select_for_update(of=("self",))
    found = {}
    for start in range(0, len(ids), CHUNK):
        part = members.filter(pk__in=ids[start : start + CHUNK])
        found.update((record[0], record) for record in part.values_list(*COLUMNS))
    return found


def moments_of(batch):
    """The moments of entry of what the batch wrote."""
    return list(batch.steps.values_list("at", flat=True))


def _touched(batch, moments, ids, records):
    """Of the members `ids` that the batch made, those with a write since or with something hanging on them."""
    touched = {pk for pk in ids if pk in records and records[pk][VERSION] != 1}
    for relation in Member._meta.related_objects:
        if relation.related_model is ImportRow:
            continue
        rows = relation.related_model._default_manager.filter(
            **{f"{relation.field.name}__imported_from__batch": batch}
        )
        if relation.related_model is StatusChange:
            rows = rows.exclude(entered_at__in=moments)
        touched.update(rows.values_list(relation.field.attname, flat=True))
    touched.update(
        Member.objects.filter(imported_from__batch=batch, user__isnull=False).values_list("pk", flat=True)
    )
    return touched


def _employers(association, names):
    """{name out of `names`: id of the employer of `association` that it means now}, less those that are gone."""
    spellings = merged_spellings(association, names)
    meant = {name: spellings.get(name, name) for name in names if name}
    found = Employer.objects.filter(association=association, name__listed=sorted(set(meant.values())))
    ids = dict(found.values_list("name", "pk"))
    return {name: ids[now] for name, now in meant.items() if now in ids}


def _moved_on_in_status(moments, ids):
    """Of the members `ids`, whose status the batch changed, those with a later step in their life since."""
    last = StatusChange.objects.filter(member=OuterRef("pk")).order_by("-pk").values("entered_at")[:1]
    moved = Member.objects.filter(pk__in=ids).annotate(last=Subquery(last)).exclude(last__in=moments)
    return set(moved.values_list("pk", flat=True))


def _compare(row, record, diff, settled, employers):
    """Sort the fields that `row` wrote into those that can return and those that say something else by now."""
    kept = []
    for key, pair in diff.items():
        if pair is None:
            kept.append(key)  # written before the ledger kept what a number replaced
        elif key == "id_number":
            same = record[DIGEST] == crypto.digest(pair[1])
            row.back |= {key: [pair[1], pair[0]]} if same else {}
            kept += [] if same else [key]
        elif key == "employer" and pair[0] and pair[0] not in employers:
            kept.append(key)  # the one before is no longer there
        elif (record[PLACE[key]] or "") != pair[1] or (key == "status" and row.member in settled):
            kept.append(key)
        else:
            row.back[key] = [pair[1], pair[0]]
    row.kept = tuple(kept)
