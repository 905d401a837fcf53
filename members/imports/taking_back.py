"""Taking back what a batch wrote of members, their employers and statuses."""

import json

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from members import crypto
from members.imports import bulk, plans
from members.imports.matching import COLUMNS, DIGEST, PLACE, TEXT_KEYS, VERSION, merged_spellings
from members.imports.plans import Plan, Written
from members.imports.writing import record_changes
from members.models import Employer, ImportRow, Member, MemberMerge, StatusChange
from members.models.imports import WRITTEN, payload_opener
from members.pinyin import romanise
from organizations.models import Change
from organizations.strokes import stroke_key, stroke_table


class MemberUndoing:
    """What a `kinds.SheetKind` of members takes back: says what it would do, and does it with the history of it."""

    def __init__(self, batch, action=None):
        """`action` is that of the history, needed once something is carried out."""
        self.batch, self.action = batch, action
        self.now = timezone.now()
        self.moments = moments_of(batch)

    def plans(self, *, lock=False):
        """The `Plan` of the applied batch, part by part. With `lock` the members read stay locked till the
        transaction ends."""
        # of all rows at once, and before the first plan is carried out
        hanging = _hanging(self.batch, self.moments)
        for part, contents in _chunks(self.batch):
            yield _plan(self.batch, part, contents, self.moments, hanging, lock)

    def carry_out(self, plan):
        self._remove(plan.removed)
        self._restore(plan.restored, plan.employers)

    def finish(self):
        """When all plans are carried out."""
        self._remove_employers()

    def _remove(self, rows):
        members = Member.objects.filter(pk__in=[row.member for row in rows])
        self._record(Change.Kind.DELETED, [(member, member.last_values()) for member in members])
        members.delete()

    def _restore(self, rows, employers):
        """Give each member of `rows` the values of its `back`; the rest of the record stays."""
        members = Member.objects.in_bulk([row.member for row in rows])
        changes, order, strokes = [], self.batch.association.name_order, stroke_table()
        for row in rows:
            member = members[row.member]
            for key, (_present, before) in row.back.items():
                if key == "employer":
                    member.employer_id = employers.get(before)
                else:
                    setattr(member, key, before)
            member.pinyin, member.initials = romanise(member.name)
            member.stroke_key = stroke_key(member.sort_name or member.name, order, strokes)
            member.version += 1
            changes.append((member, member.pending_diff()))
        self._record(Change.Kind.CHANGED, changes)
        moment = bulk.moment(self.now)
        bulk.update(
            Member,
            (*_COLUMNS, "updated_at"),
            [
                (member.pk, *[getattr(member, name) for name in _COLUMNS], moment)
                for member in members.values()
            ],
        )
        turned = [row.member for row in rows if "status" in row.back]
        StatusChange.objects.filter(member__in=turned, entered_at__in=self.moments).delete()

    def _remove_employers(self):
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
        gone = list(idle.values_list("pk", flat=True))
        for start in range(0, len(gone), plans.CHUNK):
            employers = Employer.objects.filter(pk__in=gone[start : start + plans.CHUNK])
            self._record(Change.Kind.DELETED, [(employer, employer.last_values()) for employer in employers])
            employers.delete()

    def _record(self, kind, changes):
        """`changes`: (record, difference) pairs of members, or of employers."""
        if changes:
            told = [
                (obj.pk, obj.association_id, json.dumps(diff, ensure_ascii=False)) for obj, diff in changes
            ]
            record_changes(self.action, type(changes[0][0]), kind, told)


def _chunks(batch):
    """([Written], [content of each]) of the rows written, in the file's order."""
    opened, after, merged = payload_opener(), -1, _rows_of_merged(batch)
    rows = batch.rows.filter(outcome__in=WRITTEN, step__lte=batch.steps_applied).order_by("position")
    columns = ("pk", "position", "sheet", "row", "outcome", "member_id", "payload")
    while True:
        found = list(rows.filter(position__gt=after).values_list(*columns)[: plans.CHUNK])
        if found:
            places = (found[0][1], found[-1][1])
            created = Member.objects.filter(imported_from__batch=batch, imported_from__position__range=places)
            made = dict(created.values_list("imported_from_id", "pk"))
            part, contents = [], []
            for pk, _position, sheet, row, outcome, member, payload in found:
                content = opened(payload)
                is_new = outcome == "new"
                member = None if pk in merged else member
                name = content["values"].get("name", "")
                part.append(Written(row, sheet, made.get(pk) if is_new else member, name, is_new))
                contents.append(content)
            yield part, contents
        if len(found) < plans.CHUNK:
            return
        after = places[1]


def _plan(batch, written, contents, moments, hanging, lock):
    records = _records([each.member for each in written if each.member], lock)
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
            is_touched = record[VERSION] != 1 or each.member in hanging
            (plan.kept if is_touched else plan.removed).append(each)
        else:
            _compare(each, record, content["diff"], settled, employers)
            if each.back:
                plan.restored.append(each)
            if each.kept:
                plan.kept.append(each)
    return plan


_COLUMNS = (
    *TEXT_KEYS,
    "employer_id",
    "id_sealed",
    "id_digest",
    "pinyin",
    "initials",
    "stroke_key",
    "version",
)


def _records(ids, lock):
    """{id: record in the order of `matching.PLACE`} of the members `ids`."""
    members = Member.objects.order_by("id")
    if lock:
        members = members.select_for_update(of=("self",))
    return {record[0]: record for record in members.filter(pk__in=ids).values_list(*COLUMNS)}


def moments_of(batch):
    """The moments of entry of what the batch wrote."""
    return list(batch.steps.values_list("at", flat=True))


def _rows_of_merged(batch):
    """Keys of the rows that were about a record which is part of another by now: what they wrote stays there."""
    merges = MemberMerge.objects.in_force().filter(survivor__import_rows__batch=batch).distinct()
    return {pk for merge in merges for pk in merge.content()["moved"].get("members.ImportRow.member", ())}


def _hanging(batch, moments):
    """The members that the batch made on which something hangs that it did not make."""
    found = set()
    for relation in Member._meta.related_objects:
        if relation.related_model is ImportRow:
            continue
        rows = relation.related_model._default_manager.filter(
            **{f"{relation.field.name}__imported_from__batch": batch}
        )
        if relation.related_model is StatusChange:
            rows = rows.exclude(entered_at__in=moments)
        found.update(rows.values_list(relation.field.attname, flat=True))
    found.update(
        Member.objects.filter(imported_from__batch=batch, user__isnull=False).values_list("pk", flat=True)
    )
    return found


def _employers(association, names):
    """{name out of `names`: id of the employer of `association` that it means now}, less those that are gone."""
    spellings = merged_spellings(association, names)
    meant = {name: spellings.get(name, name) for name in names if name}
    found = Employer.objects.filter(association=association, name__listed=set(meant.values()))
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
